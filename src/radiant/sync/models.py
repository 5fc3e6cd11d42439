"""Asks all providers for their lists at once, and makes the registry say what they say."""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from radiant.domain.errors import DatabaseError, ProviderNotFound, RadiantError
from radiant.domain.sync import Progress, ProviderResult
from radiant.providers.http import Client
from radiant.providers.lister import Lister, list_models
from radiant.providers.roster import lister
from radiant.registry import compliance, lists
from radiant.registry.database import Database

from .accounts import account, checked_by_claims, skipped
from .claiming import claimed
from .queueing import Moment
from .reconciling import reconcile
from .retiring import retire
from .telling import Tell, Watch


class Lists(msgspec.Struct, frozen=True, kw_only=True):
    """One run over providers' lists. With `dry_run` all of it is undone, and nobody is told."""

    database: Database
    client: Client
    environment: Mapping[str, str]
    moment: Moment
    dry_run: bool
    tell: Tell | None
    watch: Watch

    async def sync(self, provider: str | None, first: "asyncio.Task[Any]") -> tuple[ProviderResult, ...]:
        """What was found at each provider, or at one; a failure of one is an error of its result.

        Lists are asked for at once, and held against the registry once `first` is done: what public catalogs say of a
        model is there when it is found.
        Raises ProviderNotFound, and DatabaseError where the registry itself fails.
        """
        rows = await self._rows(provider)
        turn = Turn(first)
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self._one(row, turn)) for row in rows]
        await asyncio.wait({first})
        results = {it.provider_id: it for it in (task.result() for task in asked)}
        for id, count in (await self._retire(provider)).items():
            before = results.get(id) or ProviderResult(provider_id=id)
            results[id] = msgspec.structs.replace(before, deprecated=before.deprecated + count)
        return tuple(results[id] for id in sorted(results))

    async def _rows(self, provider: str | None) -> list[Mapping[str, Any]]:
        async with self.database.connection() as connection:
            rows = await lists.providers(connection, provider)
            if provider is not None and not rows:
                raise ProviderNotFound(provider, tuple(await compliance.alike(connection, provider)))
            return list(rows)

    async def _retire(self, provider: str | None) -> dict[str, int]:
        tell = None if self.dry_run else self.tell
        async with self.database.connection() as connection, connection.transaction(force_rollback=self.dry_run):
            return await retire(connection, provider, self.moment.at, self.moment.run, tell)

    async def _one(self, row: Mapping[str, Any], turn: "Turn") -> ProviderResult:
        began, id = time.monotonic(), row["id"]
        try:
            result = await self._asked(row, turn)
        except DatabaseError:
            raise
        except (RadiantError, msgspec.ValidationError) as error:
            result = ProviderResult(provider_id=id, complete=False, errors=(f"{id}: {error}",))
        result = msgspec.structs.replace(result, duration_ms=round((time.monotonic() - began) * 1000))
        self.watch(Progress(provider_id=id, result=result))
        return result

    async def _asked(self, row: Mapping[str, Any], turn: "Turn") -> ProviderResult:
        how = lister(row["id"])
        why = skipped(row, how, self.environment)
        if checked_by_claims(row, how, self.environment):
            return await self._claimed(row["id"], how, turn)
        if why is not None:
            return ProviderResult(provider_id=row["id"], skipped=why)
        self.watch(Progress(provider_id=row["id"]))
        listing = await list_models(how, account(row, self.environment), self.client, self.environment)
        if not listing.models:
            return ProviderResult(
                provider_id=row["id"],
                complete=False,
                digest=listing.digest,
                errors=tuple(map(str, listing.problems)),
            )
        tell = None if self.dry_run else self.tell
        async with (
            turn.taken(),  # who waits to write holds no connection meanwhile
            self.database.connection() as connection,
            connection.transaction(force_rollback=self.dry_run),
        ):
            return await reconcile(connection, listing, self.moment, tell)

    async def _claimed(self, provider: str, how: Lister, turn: "Turn") -> ProviderResult:
        tell = None if self.dry_run else self.tell
        async with (
            turn.taken(),
            self.database.connection() as connection,
            connection.transaction(force_rollback=self.dry_run),
        ):
            result = await claimed(connection, provider, self.moment, tell)
        no_word = f"{how.silent}, and no public catalog that was imported speaks of it"
        return result or ProviderResult(provider_id=provider, skipped=no_word)


class Turn:
    """Who may write: nobody before `first` is done, then one after another."""

    def __init__(self, first: "asyncio.Task[Any]") -> None:
        self._first, self._writing = first, asyncio.Lock()

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        await asyncio.wait({self._first})
        async with self._writing:
            yield


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
