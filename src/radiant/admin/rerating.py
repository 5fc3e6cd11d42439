"""Rates usages again by the prices that are believed now, and closes periods."""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Final

import msgspec

from radiant.domain.cost import known
from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Sheet
from radiant.domain.usage import ClosedPeriod, Rerating
from radiant.pricing.rerating import Again, Counting
from radiant.registry import costs, events, prices
from radiant.registry import usage as ledger
from radiant.registry.claimed_prices import claimed
from radiant.registry.database import Connection, Database

#: Usages that are read, rated and written at once: while some are rated, the next are read and those before written.
PAGE: Final = 20_000

#: An event names so many models at most; the plan has all.
_TOLD: Final = 200


class Span(msgspec.Struct, frozen=True):
    """Which usages are meant: those from a moment until just before another, or all later ones."""

    since: dt.datetime
    until: dt.datetime | None


class Reratings:
    """A plan reads and writes nothing. What is applied is one run in one transaction: all of it, or nothing."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        *,
        page: int = PAGE,
    ) -> None:
        self._database, self._now, self._page = database, now, page

    async def rerate(
        self, since: dt.datetime, until: dt.datetime | None = None, *, by: str, apply: bool = False
    ) -> Rerating:
        """What usages of a span of time would cost by the prices that are believed now; with `apply`, a run is appended
        for those that cost something else. Where nothing does, none is.

        Usages of closed periods stay as they are; their difference is booked now. Raises UsageInvalid for a span that
        ends before it begins, RatingGoesOn where another writes.
        """
        if until is not None and until <= since:
            raise UsageInvalid("until", f"is {until.isoformat()}, not after {since.isoformat()}")
        span = Span(since, until)
        if not apply:
            return await self._walk(span, None, by)
        async with self._database.connection() as writer, writer.transaction():
            await ledger.alone(writer)
            await ledger.open_books(writer)
            return await self._walk(span, writer, by)

    async def close(self, until: dt.datetime, *, by: str) -> ClosedPeriod:
        """Close the books until a moment: nothing is added there any more, and its totals stay.

        Raises UsageInvalid for a moment that is to come, or closed already, RatingGoesOn where usages are rated again:
        whoever tells of usage would wait for that, too.
        """
        if until > self._now():
            raise UsageInvalid("until", f"is {until.isoformat()}, which is to come; only what is over can be closed")
        async with self._database.connection() as connection, connection.transaction():
            await ledger.alone(connection)
            ends = await ledger.close_books(connection)
            if ends and until <= ends[-1]:
                raise UsageInvalid(
                    "until", f"is {until.isoformat()}; the books are closed until {ends[-1].isoformat()}"
                )
            row = await ledger.close_period(connection, ends[-1] if ends else None, until, by)
        return ClosedPeriod(**{**row, "usd": known(row["usd"]), "sale_usd": known(row["sale_usd"])})

    async def _walk(self, span: Span, writer: Connection | None, by: str) -> Rerating:
        async with self._database.connection() as reader, reader.transaction():
            await ledger.as_of_one_instant(reader)
            stored: dict[prices.Key, list[Sheet]] = defaultdict(list)
            models = await ledger.models(reader, span.since, span.until)
            for _, sheet in await prices.sheets(reader, models) if models else ():
                stored[sheet.provider_id, sheet.model_id].append(sheet)
            for key, sheets in (await self._claimed(reader, models, stored)).items():
                stored[key] += sheets
            again = Again(stored, await ledger.closed(reader), self._now())
            run = await self._pages(span, reader, writer, again, by)
        purchase, sale = again.difference()
        found = Rerating(
            run=run,
            since=span.since,
            until=span.until,
            rows=again.rows,
            changed=again.changed,
            kept=again.kept,
            failed=again.failed,
            why=again.why,
            difference_usd=purchase,
            difference_sale_usd=sale,
            groups=again.groups(),
        )
        if writer is not None and run is not None:
            await _tell(writer, found)
        return found

    async def _claimed(
        self, reader: Connection, models: Collection[prices.Key], stored: Mapping[prices.Key, Sequence[Sheet]]
    ) -> dict[prices.Key, tuple[Sheet, ...]]:
        """What sources claim of models that the registry has not, and of which nothing else is stored."""
        missing = [key for key in models if all(it.rank for it in stored.get(key, ()))]
        there = await costs.price_rows(reader, missing) if missing else {}
        unknown = [key for key in missing if key not in there]
        found = await claimed(reader, unknown, self._now()) if unknown else {}
        return {key: it.sheets for key, it in found.items()}

    async def _pages(
        self, span: Span, reader: Connection, writer: Connection | None, again: Again, by: str
    ) -> int | None:
        """Rate page by page, and write what changed; the run, where anything did."""
        run: int | None = None
        writing: asyncio.Task[None] | None = None
        coming = asyncio.create_task(self._next(reader, (span.since, 0), span))
        try:
            while page := await coming:
                coming = asyncio.create_task(self._next(reader, max((it.at, it.id) for it in page), span))
                ratings = await asyncio.to_thread(again.judge, page, write=writer is not None)
                if writing is not None:
                    await writing
                    writing = None
                if ratings and writer is not None:
                    run = run or await ledger.begin_run(writer, span.since, span.until, by)
                    writing = asyncio.create_task(ledger.append(writer, run, ratings))
            if writing is not None:
                await writing
        finally:
            for task in (coming, writing):
                if task is not None and not task.done():
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task
        return run

    async def _next(self, reader: Connection, after: tuple[dt.datetime, int], span: Span) -> list[Counting]:
        return await ledger.page(reader, after, span.until, limit=self._page)


async def _tell(connection: Connection, found: Rerating) -> None:
    told = {
        "run": found.run,
        "since": found.since.isoformat(),
        "until": None if found.until is None else found.until.isoformat(),
        "changed": found.changed,
        "difference_usd": found.difference_usd,
        "difference_sale_usd": found.difference_sale_usd,
        "models": sorted({it.model for it in found.groups})[:_TOLD],
    }
    await events.emit(connection, "radiant.usage.rerated", None, told)
