"""The models of last resort: whether they are models of the registry, and whether they could help."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from radiant.sql import queries

from .database import Connection

_SQL = queries("defaults")


class HelplessDefault(NamedTuple):
    """A default that can answer no request at present. `known`: a model is called so, but cannot be chosen.

    `successor` is what follows it.
    """

    task: str
    model_id: str
    known: bool
    successor: str | None = None


async def takeable(connection: Connection, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of pairs of a task and a model's name, those that the registry takes as a default."""
    given = {"tasks": [task for task, _ in pairs], "models": [name for _, name in pairs]}
    rows = await (await connection.execute(_SQL["takeable"], given)).fetchall()
    return {(row["task"], row["model_id"]) for row in rows}


async def named(connection: Connection) -> list[dict[str, Any]]:
    """The enabled models that defaults name, by the default's name: task, name, successor, and the model's own ids and
    `deprecated`."""
    return await (await connection.execute(_SQL["named"])).fetchall()


async def helpless(connection: Connection) -> list[HelplessDefault]:
    """By task."""
    return [HelplessDefault(**row) for row in await (await connection.execute(_SQL["helpless"])).fetchall()]
