"""The composition root: opens everything, closes everything, and passes on what faces may ask and change."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from radiant.access import Access
from radiant.admin.overrides import Overrides
from radiant.domain.errors import DatabaseError
from radiant.embedded.hold import hold
from radiant.embedded.server import EmbeddedServer
from radiant.insight.facts import Facts
from radiant.insight.models import Models
from radiant.insight.runs import Runs
from radiant.registry import schema
from radiant.registry.database import Database, connect
from radiant.selector import Selector, today_utc
from radiant.settings import ROLES, Settings

if TYPE_CHECKING:
    from radiant.admin.catalogs import Catalogs


class App:
    """One open registry. Opening it writes nothing and changes nothing, so a role that may only read can do it."""

    def __init__(
        self, settings: Settings, database: Database, *, selector: Selector | None = None, clock: Callable[[], float]
    ) -> None:
        self.settings, self.database = settings, database
        given: dict[str, str] = {role: token for role in ROLES if (token := settings.token(role)) is not None}
        self.access = Access(database, clock, given=given)
        self.models = Models(database)
        self.facts = Facts(database, self.models)
        self.runs = Runs(database)
        self.overrides = Overrides(database)
        self._selector = selector
        self._server: EmbeddedServer | None = None
        self._held = AsyncExitStack()

    @classmethod
    async def open(
        cls, settings: Settings, *, selecting: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> "App":
        """Open the registry that `settings` name, after making sure that its schema fits this program.

        The embedded server is started where it rests. With `selecting`, the selector follows the registry until
        `close`. Raises NoRegistry where there is none yet and other RadiantErrors, each a sentence for people.
        """
        async with AsyncExitStack() as held:
            url, server = settings.database_url, None
            if url is None:
                server = await hold(settings.home, make=False)
                held.push_async_callback(asyncio.to_thread, server.close)
                url = server.url
            async with connect(url) as connection:
                await schema.check(connection)
            database = await Database.open(url)
            held.push_async_callback(database.close)
            selector = None
            if selecting:
                selector = await Selector.connect(
                    url, clock=clock, variables=settings.variables, connected_only=settings.connected_only
                )
                held.push_async_callback(selector.close)
            app = cls(settings, database, selector=selector, clock=clock)
            app._server, app._held = server, held.pop_all()
            if selecting:
                app.access.start()
            return app

    async def close(self) -> None:
        """Let go of everything; the embedded server goes too unless somebody else uses it."""
        await self.access.close()
        await self._held.aclose()

    async def __aenter__(self) -> "App":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @cached_property
    def catalogs(self) -> "Catalogs":
        # Its readers and its HTTP client are a sixth of the time that a reading command takes to start.
        from radiant.admin.catalogs import Catalogs

        return Catalogs(self.database)

    @property
    def url(self) -> str:
        return self.database.url

    @property
    def today(self) -> dt.date:
        """The day, in UTC, that retirements are counted from."""
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
    def selector(self) -> Selector:
        """What chooses, for who opened with `selecting`."""
        if self._selector is None:
            raise RuntimeError("this App was opened without `selecting`")
        return self._selector

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
