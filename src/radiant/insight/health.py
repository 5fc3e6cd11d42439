"""The health of providers, for all faces."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from radiant.domain.errors import ProviderNotFound, UnknownFilterValue
from radiant.domain.health import (
    ModelHealth,
    Point,
    ProviderHealth,
    ProviderHistory,
    RegionHealth,
    RestingModel,
    Spending,
    StatusPage,
    Window,
)
from radiant.domain.vocabulary import HealthStatus
from radiant.health.tally import total
from radiant.registry import compliance, health_reads, paid_probes
from radiant.registry.database import Connection, Database

from .health_history import first_step, incidents, points, spans, uptime


class Health:
    """Reads of what probes and real traffic measured. `budget` are USD of a day; `now` is the time in UTC."""

    def __init__(
        self,
        database: Database,
        budget: Decimal,
        *,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._database, self._budget, self._now = database, budget, now

    async def listed(self) -> list[ProviderHealth]:
        """Every provider with an API, by id."""
        async with self._database.connection() as connection:
            return [ProviderHealth(**it) for it in await _providers(connection, None, self._now())]

    async def spending(self) -> Spending:
        """What completions that people asked for have cost today."""
        async with self._database.connection() as connection:
            return Spending(spent_usd=await paid_probes.spent(connection), budget_usd=self._budget)

    async def curves(self, window: str) -> dict[str, list[Point]]:
        """By provider, what was seen in a window, step by step, of those of whom anything was seen.

        Raises UnknownFilterValue.
        """
        asked, now = _window(window), self._now()
        async with self._database.connection() as connection:
            counted = await health_reads.counted(connection, None, first_step(asked, now), now)
        return {provider: points(it, asked, now) for provider, it in counted.items()}

    async def of(self, provider: str, window: str) -> ProviderHistory:
        """One provider and what was seen of it in a window. Raises ProviderNotFound, UnknownFilterValue."""
        asked, now = _window(window), self._now()
        since = first_step(asked, now)
        async with self._database.connection() as connection:
            found = await _providers(connection, provider, now)
            if not found:
                raise ProviderNotFound(provider, tuple(await compliance.alike(connection, provider)))
            counted = (await health_reads.counted(connection, provider, since, now)).get(provider, [])
            changes = (await health_reads.changes(connection, provider, since)).get(provider, [])
            models = await health_reads.models(connection, provider)
        whole, held = total(it.tally for it in counted), spans(changes, now)
        return ProviderHistory(
            **found[0],
            window=asked,
            since=since,
            uptime=uptime(held, since, now),
            success_rate=whole.success_rate,
            p50_latency_ms=whole.latencies.quantile(0.5),
            p95_latency_ms=whole.latencies.quantile(0.95),
            p99_latency_ms=whole.latencies.quantile(0.99),
            points=points(counted, asked, now),
            incidents=incidents(held, since),
            models=[ModelHealth(**_typed(row)) for row in models],
        )


async def _providers(connection: Connection, provider: str | None, now: dt.datetime) -> list[dict[str, Any]]:
    """The members that `ProviderHealth` has, of every provider or of one."""
    rows = await health_reads.providers(connection, provider)
    regions = await health_reads.regions(connection, provider)
    resting = await health_reads.resting(connection, provider, now)
    pages = await health_reads.pages(connection, provider)
    return [
        {
            "provider_id": row["id"],
            "display_name": row["display_name"],
            "status": HealthStatus(row["status"]),
            "regions": [RegionHealth(**_typed(it)) for it in regions.get(row["id"], [])],
            "resting": [RestingModel(**it) for it in resting.get(row["id"], [])],
            "status_page": StatusPage(**pages[row["id"]]) if row["id"] in pages else None,
        }
        for row in rows
    ]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "status": HealthStatus(row["status"])}


def _window(text: str) -> Window:
    if text not in list(Window):
        raise UnknownFilterValue("window", text[:100], tuple(Window))
    return Window(text)
