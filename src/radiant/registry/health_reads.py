"""Reads of health: how providers and models are, and what they were."""

import datetime as dt
from typing import Any, NamedTuple

from radiant.domain.vocabulary import HealthStatus
from radiant.health.tally import Tally
from radiant.sql import queries

from .database import Connection
from .health_rows import tally_of

_SQL = queries("health_reads")

#: So many models of one provider are told of.
MOST_MODELS = 200

Row = dict[str, Any]


class Counted(NamedTuple):
    """What was counted of a provider in a stretch of time that begins at `at`."""

    at: dt.datetime
    tally: Tally


class Change(NamedTuple):
    """A status that a provider has in a region from a time on."""

    region: str
    at: dt.datetime
    status: HealthStatus
    reason: str | None


async def providers(connection: Connection, provider: str | None) -> list[Row]:
    """`id`, `display_name` and `status` of every provider with an API, or of one."""
    return await _rows(connection, _SQL["providers"], provider=provider)


async def regions(connection: Connection, provider: str | None) -> dict[str, list[Row]]:
    """By provider, its regions as `domain.health.RegionHealth` has them, the best first."""
    return _by_provider(await _rows(connection, _SQL["regions"], provider=provider))


async def resting(connection: Connection, provider: str | None, at: dt.datetime) -> dict[str, list[Row]]:
    """By provider, its models that rest at a time."""
    return _by_provider(await _rows(connection, _SQL["resting"], provider=provider, at=at))


async def pages(connection: Connection, provider: str | None) -> dict[str, Row]:
    """By provider, what its status page said last."""
    return {row["provider_id"]: row for row in await _rows(connection, _SQL["pages"], provider=provider)}


async def counted(
    connection: Connection, provider: str | None, since: dt.datetime, until: dt.datetime
) -> dict[str, list[Counted]]:
    """By provider, what was counted since a time until another, in its order, all regions."""
    found: dict[str, list[Counted]] = {}
    for row in await _rows(connection, _SQL["counted"], provider=provider, since=since, until=until):
        found.setdefault(row["provider_id"], []).append(Counted(row["minute"], tally_of(row)))
    return found


async def changes(connection: Connection, provider: str | None, since: dt.datetime) -> dict[str, list[Change]]:
    """By provider, its statuses since a time and the ones that held before, by region as they were written."""
    found: dict[str, list[Change]] = {}
    for row in await _rows(connection, _SQL["changes"], provider=provider, since=since):
        change = Change(row["region"], row["at"], HealthStatus(row["status"]), row["reason"])
        found.setdefault(row["provider_id"], []).append(change)
    return found


async def models(connection: Connection, provider: str) -> list[Row]:
    """The health of a provider's models, the newest first."""
    return await _rows(connection, _SQL["models"], provider=provider, limit=MOST_MODELS)


async def _rows(connection: Connection, query: bytes, **asked: Any) -> list[Row]:
    return await (await connection.execute(query, asked)).fetchall()


def _by_provider(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["provider_id"], []).append(
            {name: value for name, value in row.items() if name != "provider_id"}
        )
    return found
