"""Which numbers of public catalogs are in doubt: reading what they are held against, keeping what was found."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from radiant.claims.doubt import Doubt, Place, Said, is_weighed, said_by
from radiant.domain.units import BY_KEY
from radiant.sql import queries

from .database import Connection
from .exact_json import from_json

_SQL = queries("doubts")

_FIELDS = [
    "task",
    *filter(is_weighed, ["context_window", "max_input", "max_output", *(f"price.{it}" for it in BY_KEY)]),
]


async def numbers(connection: Connection) -> list[Said]:
    """What all sources say in numbers, entry by entry."""
    rows = await (await connection.execute(_SQL["numbers"], {"fields": _FIELDS})).fetchall()
    return [
        said_by(row["source"], row["entry"], row["provider_id"], row["model_id"], from_json(row["said"]))
        for row in rows
    ]


async def write(connection: Connection, found: Sequence[Doubt]) -> None:
    """Make the table say `found`, writing only what differs, within the caller's transaction."""
    known = set(map(_doubt, await (await connection.execute(_SQL["known"])).fetchall()))
    wanted = set(found)
    async with connection.cursor() as cursor:
        await cursor.executemany(_SQL["forget"], [msgspec.structs.asdict(it) for it in sorted(known - wanted)])
        await cursor.executemany(_SQL["keep"], [msgspec.structs.asdict(it) for it in sorted(wanted - known)])


async def about(connection: Connection, models: Iterable[tuple[str, str]]) -> dict[Place, Doubt]:
    """The doubts about `models` (provider and model id), by where the number stands."""
    wanted = list(models)
    asked = {"providers": [provider for provider, _ in wanted], "models": [model for _, model in wanted]}
    rows = await (await connection.execute(_SQL["about"], asked)).fetchall()
    return {doubt.place: doubt for doubt in map(_doubt, rows)}


def _doubt(row: dict[str, Any]) -> Doubt:
    return msgspec.convert(row, Doubt)
