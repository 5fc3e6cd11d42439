"""What providers' lists had, what was decided about it, and the evidence of each model's life."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from radiant.domain.sync import Evidence, Lifecycle
from radiant.sql import queries

from .batches import batches
from .database import Connection
from .exact_json import as_json, from_json

_SQL = queries("lists")

Row = dict[str, Any]


class Listed(NamedTuple):
    """A row of `discovered_models` on its way in. `by` decided it for a `reason`, where it was decided at once."""

    id: str
    status: str
    kind: str
    family: str
    proposed: Mapping[str, Any]
    missing: Sequence[str]
    claimed_by: Sequence[str] = ()
    rule: int | None = None
    by: str | None = None
    reason: str | None = None


class Noted(NamedTuple):
    """A row of `model_evidence` on its way in."""

    provider: str
    id: str
    what: str
    digest: str | None = None
    details: Mapping[str, Any] = {}


async def providers(connection: Connection, provider: str | None = None) -> list[Row]:
    """Every provider with an API, or one; by id."""
    return await (await connection.execute(_SQL["providers"], {"provider": provider})).fetchall()


async def states(connection: Connection) -> dict[str, Row]:
    """By provider, its newest result and its newest complete list, in columns that may be NULL."""
    return {row["id"]: row for row in await (await connection.execute(_SQL["states"])).fetchall()}


async def models(connection: Connection, provider: str) -> list[Row]:
    """The models of a provider as the registry has them."""
    return await (await connection.execute(_SQL["models"], {"provider": provider})).fetchall()


async def listed(connection: Connection, provider: str) -> dict[str, Row]:
    """Every id that the lists of a provider had, with what is kept of it."""
    rows = await (await connection.execute(_SQL["listed"], {"provider": provider})).fetchall()
    return {row["model_id"]: {**row, "proposed": from_json(row["proposed"])} for row in rows}


async def keep(connection: Connection, provider: str, rows: Sequence[Listed], at: dt.datetime) -> None:
    """Write listed ids; they are there again."""
    for some in batches(rows):
        told = as_json([row._asdict() for row in some])
        await connection.execute(_SQL["keep_listed"], {"provider": provider, "at": at, "rows": told})


async def set_absent(connection: Connection, provider: str, ids: Sequence[str], at: dt.datetime) -> None:
    """Note since when ids are missing."""
    if ids:
        await connection.execute(_SQL["set_absent"], {"provider": provider, "ids": list(ids), "at": at})


async def absences(connection: Connection, provider: str) -> dict[str, list[tuple[dt.datetime, str]]]:
    """By model, when and in which lists (their digest) it was missing since it was last there."""
    found: dict[str, list[tuple[dt.datetime, str]]] = {}
    for row in await (await connection.execute(_SQL["absences"], {"provider": provider})).fetchall():
        found.setdefault(row["model_id"], []).append((row["at"], row["digest"]))
    return found


async def ended(connection: Connection, provider: str | None = None) -> dict[tuple[str, str], str]:
    """The models that evidence deprecated, by provider and model id: `deprecated` by absence, or `retired`."""
    rows = await (await connection.execute(_SQL["ended"], {"provider": provider})).fetchall()
    return {(row["provider_id"], row["model_id"]): row["what"] for row in rows}


async def note(connection: Connection, rows: Sequence[Noted], at: dt.datetime, run: UUID) -> None:
    """Write evidence."""
    if rows:
        async with connection.cursor() as cursor:
            await cursor.executemany(
                _SQL["note"],
                [row._asdict() | {"at": at, "run": run, "details": as_json(row.details)} for row in rows],
            )


async def ends(connection: Connection, provider: str | None = None) -> list[Row]:
    """What is said of the end of models, by whom, and what of it was told already."""
    return await (await connection.execute(_SQL["ends"], {"provider": provider})).fetchall()


async def default_for(connection: Connection, provider: str, model: str) -> list[Row]:
    """The tasks whose default a model is, by task, with what follows it there."""
    return await (await connection.execute(_SQL["default_for"], {"provider": provider, "model": model})).fetchall()


async def approved_aliases(connection: Connection) -> list[tuple[str, str, str]]:
    """Provider, name and model for each approved other name that a provider's list has."""
    rows = await (await connection.execute(_SQL["approved_aliases"])).fetchall()
    return [(row["provider_id"], row["model_id"], row["family"]) for row in rows]


async def lifecycle(connection: Connection, provider: str, model: str) -> Lifecycle | None:
    """The life of one external model; None where there is none of that id."""
    asked = {"provider": provider, "model": model}
    row = await (await connection.execute(_SQL["lifecycle"], asked)).fetchone()
    if row is None:
        return None
    told = await (await connection.execute(_SQL["evidence"], asked)).fetchall()
    return Lifecycle(**row, evidence=tuple(Evidence(**it) for it in told))
