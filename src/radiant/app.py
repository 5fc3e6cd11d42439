"""The composition root: opens everything, closes everything, and is all the faces see."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from radiant.access import Access, keep_token
from radiant.catalog.load import load_catalog
from radiant.catalog.precedence import claims
from radiant.domain.errors import DatabaseError, ModelNotFound, UnknownFilterValue
from radiant.domain.fact import Claim, Conflict
from radiant.domain.registry_model import ModelFilter, RegistryModel
from radiant.domain.vocabulary import Category, HealthStatus, Hosting, Modality, Task
from radiant.embedded.server import EmbeddedServer
from radiant.public_catalogs.roster import BY_ID, PublicSource
from radiant.registry import facts, migrations, models, sync_log
from radiant.registry.database import Database, connect
from radiant.selector import Selector
from radiant.settings import Settings
from radiant.sync.importing import AdoptionReport, ImportReport, adopt, import_facts
from radiant.sync.seed import SeedReport, seed


class App:
    """One running Radiant: a database that is up to date, and what can be asked of it."""

    def __init__(
        self, settings: Settings, database: Database, server: EmbeddedServer | None, *, clock: Callable[[], float]
    ) -> None:
        self.settings, self.database, self.access = settings, database, Access(database, clock)
        self._server = server
        self._selector: Selector | None = None
        self.migrated: tuple[str, ...] = ()
        self.seeded = SeedReport()

    @classmethod
    async def open(cls, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> "App":
        """Start the embedded server where none is given, migrate, seed, and make the tokens.

        Raises RadiantError with a sentence for people.
        """
        server = None
        url = settings.database_url
        if url is None:
            server = await _started(settings.home)
            url = server.url
        try:
            async with connect(url) as connection:
                migrated = await migrations.migrate(connection)
            app = cls(settings, await Database.open(url), server, clock=clock)
            app.migrated = tuple(migrated)
        except BaseException:
            if server is not None:
                await asyncio.to_thread(server.close)
            raise
        try:
            app.seeded = await seed(app.database, await asyncio.to_thread(load_catalog, settings.catalog))
            await keep_token(app.database, settings.admin_token_file, "admin")
            await keep_token(app.database, settings.reader_token_file, "reader")
        except BaseException:
            await app.close()
            raise
        return app

    async def close(self, *, stop_server: bool = False) -> None:
        """Let go of everything. With `stop_server`, the embedded server goes too unless another process uses it."""
        if self._selector is not None:
            await self._selector.close()
        await self.access.close()
        await self.database.close()
        if self._server is not None:
            await asyncio.to_thread(self._server.close, stop=stop_server)

    async def __aenter__(self) -> "App":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def url(self) -> str:
        return self.database.url

    @property
    def embedded(self) -> EmbeddedServer | None:
        """The hold on the embedded server; None when the database is somewhere else."""
        return self._server

    @property
    def data_folder(self) -> Path | None:
        """Where the embedded server keeps its data; None when the database is somewhere else."""
        return self.settings.home if self._server is not None else None

    async def selecting(self) -> Selector:
        """The selector over this registry, loaded when first asked for and fresh until `close`."""
        if self._selector is None:
            self._selector = await Selector.connect(self.url)
        return self._selector

    @property
    def selector(self) -> Selector:
        """The same, once `selecting` was awaited."""
        if self._selector is None:
            raise RuntimeError("await App.selecting() first")
        return self._selector

    async def is_ready(self) -> bool:
        """Whether the database answers within a second."""
        try:
            async with asyncio.timeout(1):
                return await self.database.row("SELECT 1 AS one") is not None
        except (TimeoutError, DatabaseError):
            return False

    async def models(self, wanted: ModelFilter) -> list[RegistryModel]:
        """The models that fit. Raises UnknownFilterValue."""
        async with self.database.connection() as connection:
            _refuse_unknown(wanted, await models.known_values(connection))
            return await models.list_models(connection, wanted)

    async def model(self, name: str) -> list[RegistryModel]:
        """The models called `name`, of each provider that has one. Raises ModelNotFound."""
        async with self.database.connection() as connection:
            found = await models.find_models(connection, name)
            if not found:
                raise ModelNotFound(name, tuple(await models.similar_ids(connection, name)))
            return found

    async def claims(self, name: str) -> list[tuple[RegistryModel, list[Claim]]]:
        """Every claim about the models called `name`, with which one holds and why. Raises ModelNotFound."""
        found = await self.model(name)
        async with self.database.connection() as connection:
            return [
                (
                    model,
                    claims(
                        await facts.facts_about(connection, model.provider_id, model.model_id),
                        await facts.overrides_of(connection, _subject(model)),
                    ),
                )
                for model in found
            ]

    async def conflicts(
        self, *, provider: str | None = None, prices_only: bool = False, limit: int = 100, offset: int = 0
    ) -> list[Conflict]:
        """Where sources disagree: prices first, the largest gap first."""
        async with self.database.connection() as connection:
            return await facts.conflicts(
                connection, provider=provider, prices_only=prices_only, limit=limit, offset=offset
            )

    async def import_catalog(self, source: str, body: bytes) -> ImportReport:
        """Read a public catalog into the table of facts. Raises SourceUnreadable, UnknownFilterValue."""
        return await import_facts(self.database, public_source(source), body, _today())

    async def adopt(self, source: str, providers: list[str] | None) -> AdoptionReport:
        """Make registry models of what an imported catalog lists; `providers` None is all of them."""
        return await adopt(self.database, public_source(source), providers, _today())

    async def statistics(self) -> dict[str, int]:
        async with self.database.connection() as connection:
            return await models.statistics(connection)

    async def history(self) -> list[dict[str, Any]]:
        async with self.database.connection() as connection:
            return await sync_log.newest_runs(connection)


async def _started(home: Path) -> EmbeddedServer:
    """The embedded server; where we are cancelled meanwhile, it does not stay up for nobody."""
    opening = asyncio.ensure_future(asyncio.to_thread(EmbeddedServer.open, home))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await asyncio.wait({opening})
        if opening.exception() is None:
            await asyncio.to_thread(opening.result().close)
        raise


_ALLOWED: dict[str, list[str]] = {
    "hosting": [hosting.value for hosting in Hosting],
    "status": [status.value for status in HealthStatus],
    "task": [task.value for task in Task],
    "input_modalities": [modality.value for modality in Modality],
    "output_modalities": [modality.value for modality in Modality],
    "category": [category.value for category in Category],
}


def _refuse_unknown(wanted: ModelFilter, known: dict[str, list[str]]) -> None:
    """A misspelled value must not look like an empty shelf."""
    for field in _ALLOWED.keys() | known.keys():
        allowed = list(dict.fromkeys([*_ALLOWED.get(field, ()), *known.get(field, ())]))
        given = getattr(wanted, field)
        for value in [given] if isinstance(given, str) else given or ():
            if value not in allowed:
                raise UnknownFilterValue(field, value, tuple(allowed))


def public_source(source: str) -> PublicSource:
    """The public catalog of that id. Raises UnknownFilterValue."""
    if source not in BY_ID:
        raise UnknownFilterValue("source", source, tuple(BY_ID))
    return BY_ID[source]


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _subject(model: RegistryModel) -> str:
    """How the model is called in `overrides`."""
    own = model.hosting_type == "self_hosted"
    return f"self_hosted:{model.model_id}" if own else f"model:{model.provider_id}/{model.model_id}"
