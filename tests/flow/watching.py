"""Runs over the health of fake providers, and what is then known of them."""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from radiant.domain.sync import RunReport
from radiant.registry.database import Database
from tests.flow.playing import play
from tests.flow.syncing import Syncing

FIVE = dt.timedelta(minutes=5)


class Watching(Syncing):
    """A registry whose providers are those of a play and no others. Five minutes pass before each run."""

    async def begin(self) -> None:
        await super().begin()
        # Only whoever is played has a place to be asked at.
        await self.database.rows(
            "UPDATE providers SET api_base_url = NULL WHERE id <> ALL (%s) RETURNING id",
            [list(self.stage.theater.roles)],
        )

    async def check(self, **how: Any) -> RunReport:
        return await self.run("health", after=how.pop("after", FIVE), **how)

    async def of(self, provider: str) -> Mapping[str, Any]:
        (row,) = await self.database.rows("SELECT * FROM provider_health WHERE provider_id = %s", [provider])
        return row

    async def statuses(self, provider: str, times: int) -> list[tuple[str, str | None]]:
        """Status and reason after each of so many runs."""
        found = []
        for _ in range(times):
            await self.check()
            row = await self.of(provider)
            found.append((row["status"], row["reason"]))
        return found

    async def changes(self, provider: str) -> list[tuple[str, str | None]]:
        rows = await self.database.rows(
            "SELECT status, reason FROM status_changes WHERE provider_id = %s ORDER BY id", [provider]
        )
        return [(row["status"], row["reason"]) for row in rows]


@asynccontextmanager
async def watching(database: Database, *providers: dict[str, Any]) -> AsyncIterator[Watching]:
    async with play(*providers) as stage:
        it = Watching(database, stage)
        await it.begin()
        yield it


OTHER = {"id": "mistral", "count": 3}


def after(requests: int, **change: Any) -> dict[str, Any]:
    return {"requests": requests, **change}
