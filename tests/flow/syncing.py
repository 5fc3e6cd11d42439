"""Runs over the lists of fake providers, and what they wrote."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from radiant.domain.sync import ProviderResult, RunReport
from radiant.registry import sources
from radiant.registry.database import Connection, Database
from radiant.registry.events import News
from radiant.sync import service
from tests.flow.playing import Play

START = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


class Told:
    """Everything that was told, in order."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str, dict[str, Any]]] = []

    async def __call__(self, connection: Connection, news: Sequence[News]) -> None:
        await connection.execute("SELECT 1")  # the transaction of the change is still open
        self.events += [(it.type, str(it.subject), dict(it.data)) for it in news]

    def of(self, type: str) -> list[str]:
        return [subject for it, subject, _ in self.events if it == type]


class Syncing:
    """A registry whose providers are those of a play. An hour passes before each run."""

    def __init__(self, database: Database, stage: Play) -> None:
        self.database, self.stage, self.told = database, stage, Told()
        self.at = START
        self.environment = {key: it for id in stage.theater.roles for key, it in stage.environment(id).items()}

    async def begin(self) -> None:
        for id, role in self.stage.theater.roles.items():
            await self.database.rows(
                "INSERT INTO providers (id, display_name, api_base_url, key_variables) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (id) DO UPDATE SET api_base_url = excluded.api_base_url RETURNING id",
                [id, id, role.account.base_url, list(role.account.key_variables)],
            )

    async def enable(self, *catalogs: str) -> None:
        """Have these fake catalogs fetched; all that are played, where none is named."""
        async with self.database.connection() as connection:
            for id in catalogs or self.stage.theater.catalogs:
                await sources.say(connection, id, True, self.stage.theater.catalog_url(id))

    async def run(self, kind: str = "models", **how: Any) -> RunReport:
        self.at += how.pop("after", dt.timedelta(hours=1))
        environment = how.pop("environment", self.environment)
        return await service.run(
            self.database, self.stage.client, kind, environment=environment, at=self.at, **{"tell": self.told, **how}
        )

    async def one(self, provider: str, **how: Any) -> ProviderResult:
        """The result of a run at one provider."""
        report = await self.run(provider=provider, **how)
        (result,) = report.providers
        return result

    async def outbox(self, type: str) -> list[str]:
        """Whom the events of a type are about, in order."""
        rows = await self.database.rows("SELECT subject FROM events WHERE type = %s ORDER BY id", [f"radiant.{type}"])
        return [row["subject"] for row in rows]

    async def deprecated(self, provider: str) -> set[str]:
        rows = await self.database.rows("SELECT model_id FROM models WHERE provider_id = %s AND deprecated", [provider])
        return {row["model_id"] for row in rows}

    async def queue(self, provider: str) -> dict[str, str]:
        rows = await self.database.rows(
            "SELECT model_id, status FROM discovered_models WHERE provider_id = %s ORDER BY model_id", [provider]
        )
        return {row["model_id"]: row["status"] for row in rows}
