"""Where self-hosted models run, and what was seen there."""

from collections.abc import Mapping
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from radiant.domain.endpoint import Endpoint, Observed
from radiant.domain.endpoint_state import EndpointState
from radiant.sql import queries

from .database import Connection
from .model_names import ModelNames

_SQL = queries("endpoints")

#: A problem is kept as far as its column takes it.
_LONGEST = 2000


async def listed(connection: Connection, *, id: int | None = None, model_id: str | None = None) -> list[EndpointState]:
    """All endpoints, or one, or those of one model; by model, the first made first."""
    rows = await (await connection.execute(_SQL["listed"], {"id": id, "model_id": model_id})).fetchall()
    return [msgspec.convert(row, EndpointState) for row in rows]


async def ids(connection: Connection) -> tuple[int, ...]:
    """The numbers of all."""
    return tuple(row["id"] for row in await (await connection.execute(_SQL["ids"])).fetchall())


async def own_models(connection: Connection) -> list[ModelNames]:
    """What self-hosted models are called, here and by their makers, by model id: those that are disabled too."""
    rows = await (await connection.execute(_SQL["own_models"])).fetchall()
    return [ModelNames(**{**row, "aliases": tuple(row["aliases"])}) for row in rows]


async def add(connection: Connection, new: Endpoint) -> int:
    """Write an endpoint, whose `id` is left aside; returns the one it got. Raises RuleViolated."""
    row = await (await connection.execute(_SQL["add"], _columns(new))).fetchone()
    if row is None:
        raise RuntimeError("INSERT … RETURNING returned nothing")
    return int(row["id"])


async def propose(connection: Connection, name: str, said: Mapping[str, Any]) -> None:
    """Put a model that a server calls `name` into review, with what is said of it; what was decided stays."""
    await connection.execute(_SQL["propose"], {"name": name, "proposed": Jsonb(dict(said))})


async def in_review(connection: Connection) -> frozenset[str]:
    """The names of models of servers that wait in review."""
    return frozenset(row["model_id"] for row in await (await connection.execute(_SQL["in_review"])).fetchall())


async def hold(connection: Connection, id: int) -> None:
    """Let nobody else change an endpoint until the end of the transaction."""
    await connection.execute(_SQL["hold"], {"id": id})


async def change(connection: Connection, changed: Endpoint) -> None:
    """Write all of an endpoint. Raises RuleViolated."""
    await connection.execute(_SQL["change"], _columns(changed))


async def remove(connection: Connection, id: int) -> None:
    """Delete an endpoint with what was seen there."""
    await connection.execute(_SQL["remove"], {"id": id})


async def note(connection: Connection, endpoint: Endpoint, seen: Observed) -> None:
    """Write what was seen at an endpoint, unless it is another place by now."""
    given = {
        "id": endpoint.id, "runtime": endpoint.runtime, "url": endpoint.url, "region": endpoint.region,
        "name": endpoint.name, "state": seen.state, "moving": seen.transitioning, "instances": seen.instances,
        "in_flight": seen.in_flight, "progress": seen.progress, "at": seen.at,
        "problem": None if seen.problem is None else seen.problem[:_LONGEST],
    }  # fmt: skip
    await connection.execute(_SQL["note"], given)


def _columns(it: Endpoint) -> dict[str, Any]:
    columns = {name: getattr(it, name) for name in Endpoint.__struct_fields__}
    return {**columns, "options": Jsonb(dict(it.options))}
