"""Fetches the public catalogs that are enabled, and takes over what they say that is new."""

import asyncio
import datetime as dt
import time
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final

import msgspec

from radiant.claims.reading import Refusal
from radiant.domain.errors import DatabaseError, RadiantError, SourceUnreadable
from radiant.domain.source import Outcome, SourceResult
from radiant.domain.sync import SourceProgress
from radiant.providers.http import Answer, Client
from radiant.public_catalogs.roster import LARGEST, SOURCES, PublicSource
from radiant.registry import catalog_tables as tables
from radiant.registry import sources
from radiant.registry.database import Database
from radiant.registry.sources import Fetched, Said

from .importing import import_facts
from .reconciling import FROM_FACTS, write_offers
from .telling import Watch

#: Who reads: a program of another version may read more of the same document.
_READER: Final = version("radiant-registry")


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """A public catalog that is to be fetched, and from where."""

    source: PublicSource
    url: str


def fetches(said: dict[str, Said], *, online: bool) -> list[Fetch]:
    """The public catalogs that are enabled; with `online` all of them. Pure."""
    wanted = [(it, said.get(it.id, Said())) for it in SOURCES]
    return [Fetch(source=it, url=how.url or it.url) for it, how in wanted if online or how.enabled]


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    """One run over the public catalogs at one instant. With `dry_run` all of it is undone."""

    database: Database
    client: Client
    online: bool
    at: dt.datetime
    dry_run: bool
    watch: Watch

    async def refresh(self) -> tuple[SourceResult, ...]:
        """What was found at each that is enabled; a failure of one is its own. Raises DatabaseError."""
        async with self.database.connection() as connection:
            wanted = fetches(await sources.said(connection), online=self.online)
        reading = asyncio.Lock()  # one large document at a time is in pieces
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self._one(it, reading)) for it in wanted]
        results = tuple(task.result() for task in asked)
        if not self.dry_run and any(it.outcome is Outcome.IMPORTED for it in results):
            await self._follow()
        return results

    async def _one(self, it: Fetch, reading: asyncio.Lock) -> SourceResult:
        began, id = time.monotonic(), it.source.id
        self.watch(SourceProgress(source=id))
        try:
            result = await self._fetched(it, reading)
        except DatabaseError:
            raise
        except RadiantError as error:
            said = f"what came {error.problem}." if isinstance(error, SourceUnreadable) else str(error)
            result = SourceResult(source=id, outcome=Outcome.FAILED, error=f"{id}: {said}")
        result = msgspec.structs.replace(result, duration_ms=round((time.monotonic() - began) * 1000))
        self.watch(SourceProgress(source=id, result=result))
        return result

    async def _fetched(self, it: Fetch, reading: asyncio.Lock) -> SourceResult:
        async with self.database.connection() as connection:
            known = await sources.imported_from(connection, it.source.id)
        if not still_good(known, it.url, self.at.date()):
            known = Fetched()
        answer = await self.client.get_newer(it.url, limit=LARGEST, etag=known.etag, last_modified=known.last_modified)
        if answer is None:
            return SourceResult(source=it.source.id, outcome=Outcome.UNCHANGED)
        async with reading:
            report = await import_facts(
                self.database,
                it.source,
                answer.body,
                self.at.date(),
                fetched=came(it.url, answer),
                dry_run=self.dry_run,
            )
        return SourceResult(
            source=it.source.id,
            outcome=Outcome.UNCHANGED if report.unchanged else Outcome.IMPORTED,
            entries=report.entries,
            added=report.added,
            changed=report.changed,
            removed=report.removed,
            refused=len(report.refused),
        )

    async def _follow(self) -> None:
        """Make models of the registry that are made of facts say what the facts say now."""
        refused: list[Refusal] = []  # told when they were approved or adopted
        async with self.database.connection() as connection, connection.transaction():
            await tables.begin(connection)
            wanted = {
                (provider, model): origin
                for origin in FROM_FACTS
                for provider, model in await tables.keys_of_origin(connection, [origin])
            }
            await write_offers(connection, wanted, refused)


def still_good(known: Fetched, url: str, today: dt.date) -> bool:
    """Whether what was imported is what the same document would say today, read by this program. Pure."""
    past = known.good_until is not None and known.good_until <= today
    return known.url == url and known.reader == _READER and not past


def came(url: str, answer: Answer) -> Fetched:
    """How a document came. Validators that a server should not send are not sent back."""
    return Fetched(
        url=url,
        etag=_plain(answer.headers.get("etag"), 500),
        last_modified=_plain(answer.headers.get("last-modified"), 100),
        reader=_READER,
    )


def _plain(text: str | None, most: int) -> str | None:
    return text if text and text.isascii() and text.isprintable() and text.strip() and len(text) <= most else None


def errors(results: Sequence[SourceResult]) -> tuple[str, ...]:
    """What failed, a sentence each."""
    return tuple(it.error for it in results if it.error is not None)
