"""What is remembered of probes and of status pages."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from radiant.domain.health import StatusPage
from radiant.domain.observation import Observation
from radiant.sql import queries

from .database import Connection

_SQL = queries("probes")

Row = dict[str, Any]


async def providers(connection: Connection, provider: str | None = None) -> list[Row]:
    """Every provider with an API, or one, as it is probed; by id."""
    return await (await connection.execute(_SQL["providers"], {"provider": provider})).fetchall()


async def last(connection: Connection, provider: str | None = None) -> dict[tuple[str, str], Row]:
    """By provider and region, what speaks for or against asking it now: `status` and its `reason`, `retry_at`, when
    something was seen of it last (`last_check_at`, `last_failure_at`, `last_traffic_at`, `probed_at`), and `skipped`,
    why it was not asked before."""
    rows = await (await connection.execute(_SQL["last"], {"provider": provider})).fetchall()
    return {(row["provider_id"], row["region"]): row for row in rows}


async def keep(connection: Connection, seen: Sequence[Observation]) -> None:
    """Write when providers were probed in which regions."""
    if seen:
        async with connection.cursor() as cursor:
            await cursor.executemany(
                _SQL["keep"], [{"provider": it.provider_id, "region": it.region, "at": it.at} for it in seen]
            )


async def skip(connection: Connection, skipped: Mapping[tuple[str, str], str]) -> None:
    """Write why providers were not probed in regions, where that is news."""
    if skipped:
        async with connection.cursor() as cursor:
            await cursor.executemany(
                _SQL["skip"],
                [{"provider": id, "region": region, "skipped": why} for (id, region), why in skipped.items()],
            )


async def keep_pages(connection: Connection, pages: Sequence[StatusPage]) -> None:
    """Write what status pages say."""
    if pages:
        async with connection.cursor() as cursor:
            await cursor.executemany(
                _SQL["keep_page"],
                [
                    {
                        "provider": it.provider_id,
                        "at": it.at,
                        "indicator": it.indicator,
                        "description": it.description,
                        "problem": it.problem,
                    }
                    for it in pages
                ],
            )


async def forget(connection: Connection, at: dt.datetime) -> None:
    """Let go of changes of status that are older than a year."""
    await connection.execute(_SQL["forget"], {"at": at})
