"""Reads and decides about discovered models."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from radiant.domain.review_rule import ReviewRule, RuleTerms
from radiant.sql import queries

from .database import Connection

_SQL = queries("review")

Key = tuple[str, str]


async def listed(connection: Connection, provider: str | None, status: str | None) -> list[dict[str, Any]]:
    """Models in review or once in it, by provider and family."""
    asked = {"provider": provider, "status": status}
    return await (await connection.execute(_SQL["listed"], asked)).fetchall()


async def decide(connection: Connection, keys: Sequence[Key], status: str, by: str, reason: str | None) -> None:
    """Write a decision about each of `keys`, which are provider and model id."""
    await connection.execute(_SQL["decide"], {"status": status, "by": by, "reason": reason, **_columns(keys)})


async def hold(connection: Connection, reasons: Mapping[Key, str]) -> None:
    """Write why models, by provider and id, wait on."""
    await connection.execute(_SQL["hold"], {"reasons": list(reasons.values()), **_columns(list(reasons))})


async def unname(connection: Connection, provider: str, model: str, names: Sequence[str]) -> None:
    """Take names off a model of our catalog."""
    await connection.execute(_SQL["unname"], {"provider": provider, "model": model, "names": list(names)})


async def take_back(connection: Connection, keys: Sequence[Key]) -> None:
    """Delete the models of the registry that came from the approval of these."""
    await connection.execute(_SQL["take_back"], _columns(keys))


async def make_own(connection: Connection, models: Sequence[str]) -> None:
    """Make self-hosted models of what scans found, each with the endpoint where it was found."""
    await connection.execute(_SQL["make_own"], {"models": list(models)})
    await connection.execute(_SQL["place_own"], {"models": list(models)})


async def take_back_own(connection: Connection, models: Sequence[str]) -> None:
    """Delete the self-hosted models that came from the approval of these."""
    await connection.execute(_SQL["take_back_own"], {"models": list(models)})


async def rules(connection: Connection) -> list[ReviewRule]:
    """All rules, in the order in which they are asked."""
    rows = await (await connection.execute(_SQL["rules"])).fetchall()
    return [msgspec.convert(row, ReviewRule) for row in rows]


async def add_rule(connection: Connection, terms: RuleTerms, by: str) -> int:
    """Write a rule, and return its id."""
    row = await (await connection.execute(_SQL["add_rule"], msgspec.structs.asdict(terms) | {"by": by})).fetchone()
    if row is None:
        raise RuntimeError("INSERT … RETURNING returned nothing")
    return int(row["id"])


async def remove_rule(connection: Connection, id: int) -> bool:
    """Delete a rule; what it approved stays approved. Whether there was one."""
    return (await connection.execute(_SQL["remove_rule"], {"id": id})).rowcount > 0


def _columns(keys: Sequence[Key]) -> dict[str, list[str]]:
    return {"providers": [provider for provider, _ in keys], "models": [model for _, model in keys]}
