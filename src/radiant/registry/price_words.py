"""Which claims of sources prices are made of: what was taken over, and what is said that was not yet."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from radiant.sql import queries

from .connection import Connection
from .exact_json import from_json
from .prices import Key

_SQL = queries("price_words")

#: A source and a model that it speaks of.
Speaker = tuple[str, Key]


class Unsettled(NamedTuple):
    """A claim of `speaker` that no run took over yet; or, where it is not `said` any more, one that still counts.

    `since` is when that began, and `known` whether anything that its source said of the model was ever taken over.
    """

    id: int
    speaker: Speaker
    said: bool
    since: dt.datetime
    known: bool


async def unsettled(connection: Connection) -> list[Unsettled]:
    """The claims about models in which what is said is not what counts."""
    rows = await (await connection.execute(_SQL["unsettled"])).fetchall()
    return [
        Unsettled(
            id=row["id"],
            speaker=(row["source"], (row["provider_id"], row["model_id"])),
            said=row["is_said"],
            since=row["since"],
            known=row["known"],
        )
        for row in rows
    ]


async def counting(connection: Connection, speakers: Collection[Speaker]) -> dict[Speaker, list[dict[str, Any]]]:
    """The claims of each that count, and may be said no longer; those of one without any are none."""
    asked = {
        "sources": [source for source, _ in speakers],
        "providers": [provider for _, (provider, _) in speakers],
        "models": [model for _, (_, model) in speakers],
    }
    found: dict[Speaker, list[dict[str, Any]]] = {speaker: [] for speaker in speakers}
    for row in await (await connection.execute(_SQL["counting"], asked)).fetchall():
        row["prices"] = from_json(row["prices"])
        found[row["source"], (row["provider_id"], row["model_id"])].append(row)
    return found


async def take(connection: Connection, words: Collection[Unsettled]) -> None:
    """Of these claims, what is said counts from now on, and what is said no longer does not."""
    for query, ids in (("take", [it.id for it in words if it.said]), ("leave", [it.id for it in words if not it.said])):
        if ids:
            await connection.execute(_SQL[query], {"ids": ids})
