"""Opens one registry with all its services, closes them, and gives the faces access to them."""

import asyncio
import datetime as dt
import os
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radiant.domain.errors import DatabaseError
from radiant.embedded.hold import hold
from radiant.embedded.server import EmbeddedServer
from radiant.insight.counters import Counters
from radiant.registry import schema
from radiant.registry.database import Address, Database, connect
from radiant.registry.rds import address_of
from radiant.services import Services
from radiant.settings import ROLES, Settings

if TYPE_CHECKING:
    from radiant.access import Access
    from radiant.admin.syncing import Syncing
    from radiant.events.feed import Feed
    from radiant.insight.metrics import Metrics
    from radiant.insight.run_feed import RunFeed
    from radiant.outcomes import Outcomes
    from radiant.selector import Selector


class App(Services):
    """One open registry. Opening it writes nothing and changes nothing, so a role that may only read can do it.

    What a command does not ask for is not loaded: selector, access and catalogs are most of what there is to load.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        environment: Mapping[str, str],
        selector: "Selector | None" = None,
        queueing: bool = False,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(settings, database, environment=environment)
        self._selector, self._queueing, self._clock = selector, queueing, clock
        self.counters = Counters()
        self._access: Access | None = None
        self._feed: Feed | None = None
        self._run_feed: RunFeed | None = None
        self._syncing: Syncing | None = None
        self._server: EmbeddedServer | None = None
        self._held = AsyncExitStack()

    @classmethod
    async def open(
        cls,
        settings: Settings,
        *,
        environment: Mapping[str, str] = os.environ,
        selecting: bool = False,
        queueing: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> "App":
        """Open the registry that `settings` name, after making sure that its schema fits this program.

        The embedded server is started where it rests. With `selecting`, the selector follows the registry until
        `close`. With `queueing`, runs that are started here are left to workers. Keys of providers are looked for in
        `environment` alone. Raises NoRegistry where there is none yet and other RadiantErrors, each a sentence for
        people.
        """
        async with AsyncExitStack() as held:
            server = None
            if settings.database_url is not None:
                address = address_of(settings, settings.database_url)
            else:
                server = await hold(settings.home, make=False)
                held.push_async_callback(asyncio.to_thread, server.close)
                address = Address(server.url)
            async with connect(address) as connection:
                await schema.check(connection)
            database = await Database.open(address)
            held.push_async_callback(database.close)
            selector, counters = None, Counters()
            if selecting:
                from radiant.selector import Selector

                selector = await Selector.connect(
                    address,
                    clock=clock,
                    on_change=counters.built,
                    variables=settings.variables,
                    connected_only=settings.connected_only,
                )
                selector.handover.most = settings.limits.held_requests
                held.push_async_callback(selector.close)
            app = cls(settings, database, environment=environment, selector=selector, queueing=queueing, clock=clock)
            app._server, app._held, app.counters = server, held.pop_all(), counters
            if selecting:
                app.access.start()
            return app

    async def close(self) -> None:
        """Let go of everything; the embedded server goes too unless somebody else uses it."""
        await self.end_streams()
        if self._access is not None:
            await self._access.close()
        if self._syncing is not None:
            await self._syncing.close()
        await self._held.aclose()

    async def end_streams(self) -> None:
        """Let every open stream end; whoever reads one comes again with the last number it saw."""
        for feed in (self._feed, self._run_feed):
            if feed is not None:
                await feed.close()

    async def __aenter__(self) -> "App":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def access(self) -> "Access":
        """Whom a token belongs to."""
        if self._access is None:
            from radiant.access import Access

            given: dict[str, str] = {role: token for role in ROLES if (token := self.settings.token(role)) is not None}
            self._access = Access(self.database, self._clock, given=given)
        return self._access

    @property
    def run_feed(self) -> "RunFeed":
        """Runs while they go on, here or elsewhere."""
        if self._run_feed is None:
            from radiant.insight.run_feed import RunFeed

            self._run_feed = RunFeed(self.database)
        return self._run_feed

    @cached_property
    def metrics(self) -> "Metrics":
        from radiant.insight.metrics import Metrics

        return Metrics(self.database, self.counters, self._selector, clock=self._clock)

    @property
    def events(self) -> "Feed":
        """What happened in the registry, and what happens."""
        if self._feed is None:
            from radiant.events.feed import Feed

            self._feed = Feed(self.database)
        return self._feed

    @cached_property
    def outcomes(self) -> "Outcomes":
        """What callers tell of their requests, for who opened with `selecting`."""
        from radiant.outcomes import Outcomes

        return Outcomes(self.selector.reports, lambda: self.selector.names)

    @property
    def syncing(self) -> "Syncing":
        """Runs of the sync service, with the keys of the environment."""
        if self._syncing is None:
            from radiant.admin.syncing import Syncing
            from radiant.sync.telling import as_events

            self._syncing = Syncing(
                self.database,
                self.settings,
                environment=self.environment,
                tell=as_events,
                queueing=self._queueing,
            )
        return self._syncing

    @property
    def url(self) -> str:
        return self.database.url

    @property
    def today(self) -> dt.date:
        """The day, in UTC, that retirements are counted from."""
        from radiant.selector import today_utc

        return today_utc()

    @property
    def embedded(self) -> EmbeddedServer | None:
        """The hold on the embedded server; None when the database is somewhere else."""
        return self._server

    @property
    def data_folder(self) -> Path | None:
        """Where the embedded server keeps its data; None when the database is somewhere else."""
        return None if self.settings.database_url else self.settings.home

    @property
    def selector(self) -> "Selector":
        """What chooses, for who opened with `selecting`."""
        if self._selector is None:
            raise RuntimeError("this App was opened without `selecting`")
        return self._selector

    async def selector_for(self, asked: Mapping[str, Any], *, limit: int | None) -> "Selector":
        """What chooses for one question, for who opened without `selecting`; see `radiant.one_question`."""
        from radiant.one_question import selector_for

        settings = self.settings
        return await selector_for(
            self.database, asked, limit=limit, variables=settings.variables, connected_only=settings.connected_only
        )

    async def unready(self) -> str | None:
        """Why requests should go elsewhere, in a sentence: the database does not answer within a second, or what is
        chosen from no longer follows it. None where all is well."""
        try:
            async with asyncio.timeout(1):
                if not await self.database.answers():
                    return "The registry's database does not answer."
        except (TimeoutError, DatabaseError):
            return "The registry's database does not answer."
        if self._selector is not None and not self._selector.following:
            return "What is chosen from no longer follows the registry; the log says why."
        return None
