"""Takes what callers tell of usage into the ledger: each counts once, is rated at once, and is judged for itself."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from radiant.domain.cost import known, plain
from radiant.domain.errors import RadiantError
from radiant.domain.price_sheet import Book, Context, Usage
from radiant.domain.usage import UsageConflict, UsageRecorded
from radiant.pricing.books import Priced, of_book
from radiant.pricing.charged import Charged, Charging, differs, lines_of
from radiant.pricing.timeline import Timeline
from radiant.pricing.usage_told import Read, consumption, read
from radiant.registry import usage as ledger
from radiant.registry.database import Connection, Database

Named = tuple[str | None, str]

#: Answers for each provider and model that is named with its prices, or with why they cannot be told.
PricedBy = Callable[[Connection, Collection[Named]], Awaitable[Mapping[Named, Priced | RadiantError]]]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch, in its order, and how many were new, had been told before, were not right, and have a
    reported cost that differs from the computed one."""

    answers: tuple[UsageRecorded | RadiantError, ...]
    recorded: int
    repeated: int
    refused: int
    differing: int


class _Rated(msgspec.Struct, frozen=True):
    """A usage that was told, with its model, its moment and what it costs. `markup` and `minimum` are what a tenant
    pays on top, and at least."""

    read: Read
    at: dt.datetime
    model: Priced
    usage: Usage
    context: Context
    reported: Decimal | None
    unread: tuple[str, ...]
    charged: Charged
    markup: Decimal | None
    minimum: Decimal | None


class UsageLedger:
    """`priced` answers what models cost."""

    def __init__(
        self, database: Database, priced: PricedBy, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    ) -> None:
        self._database, self._priced, self._now = database, priced, now

    async def record(self, batch: Sequence[Any]) -> Taken:
        """Take each of `batch`, mappings of the shape `UsageTold`, once. What was told before under the same id of a
        request is answered as it stands; told otherwise, it is a UsageConflict and stays as it was."""
        told_now = [read(it, self._now()) for it in batch]
        told = {
            it.told.request_id: it for it in reversed(told_now) if isinstance(it, Read)
        }  # the first of an id counts
        async with self._database.connection() as connection:
            there = await ledger.recorded(connection, told)
            rated, problems = await self._rated(connection, [it for id, it in told.items() if id not in there])
            new: dict[str, int] = {}
            if rated:
                new = await _write(connection, rated, self._now())
                there |= await ledger.recorded(connection, [it.read.told.request_id for it in rated])
        answers = tuple(it if isinstance(it, RadiantError) else _answer(it, there, problems) for it in told_now)
        good = [it for it in answers if isinstance(it, UsageRecorded)]
        return Taken(
            answers=answers,
            recorded=len(new),
            repeated=len(good) - len(new),
            refused=len(answers) - len(good),
            differing=sum(1 for it in good if it.reported_differs and it.request_id in new),
        )

    async def _rated(
        self, connection: Connection, told: Sequence[Read]
    ) -> tuple[list[_Rated], dict[str, RadiantError]]:
        """What each costs; by the id of a request, why one cannot be rated."""
        rated: list[_Rated] = []
        problems: dict[str, RadiantError] = {}
        models = await self._priced(connection, {_named(it) for it in told}) if told else {}
        now, charging, books = self._now(), Charging(), _Books()
        for it in told:
            model = models[_named(it)]
            try:
                if isinstance(model, RadiantError):
                    raise model
                rated.append(_rate(it, it.at or now, model, charging, books))
            except RadiantError as error:
                problems[it.told.request_id] = error
        return rated, problems


class _Books:
    """The prices of both books, made ready once for each model and tenant."""

    def __init__(self) -> None:
        self._ready: dict[tuple[str, str, str | None], tuple[Timeline, Timeline]] = {}

    def of(self, model: Priced, tenant: str | None) -> tuple[Timeline, Timeline]:
        key = (model.provider_id, model.model_id, tenant)
        if key not in self._ready:
            self._ready[key] = of_book(model.prices, Book.PURCHASE, None), of_book(model.prices, Book.SALE, tenant)
        return self._ready[key]


def _named(it: Read) -> Named:
    return it.told.provider, it.told.model


def _rate(it: Read, at: dt.datetime, model: Priced, charging: Charging, books: _Books) -> _Rated:
    usage, context, reported, unread = consumption(it, model.provider_id)
    purchase, sale = books.of(model, it.told.tenant)
    markup = model.markup(it.told.tenant, at)
    charged = charging.charge(purchase, sale, usage, at, context, markup)
    on_top = (None, None) if markup is None else (markup.rate, markup.minimum_charge)
    return _Rated(it, at, model, usage, context, reported, unread, charged, *on_top)


async def _write(connection: Connection, rated: Sequence[_Rated], now: dt.datetime) -> dict[str, int]:
    """Book what nobody told before; the numbers of these by their ids of requests."""
    async with connection.transaction():
        closed = await ledger.open_books(connection)
        booked = {it.read.told.request_id: _booked(it.at, closed, now) for it in rated}
        rows = [
            {
                "request_id": it.read.told.request_id,
                "told": it.read.digest,
                "provider_id": it.model.provider_id,
                "model_id": it.model.model_id,
                "at": it.at,
                "booked_at": booked[it.read.told.request_id][0],
                "tenant_id": it.read.told.tenant,
                "context": it.context,
                "quantities": it.usage,
                "reported_usd": it.reported,
                "unread": list(it.unread) or None,
            }
            for it in rated
        ]
        new = await ledger.record(connection, rows)
        there = [(new[id], it) for it in rated if (id := it.read.told.request_id) in new]
        await ledger.rate(connection, [_rating(id, it, *booked[it.read.told.request_id]) for id, it in there])
        alarming = [id for id, it in there if differs(it.reported, it.charged.purchase)]
        if alarming:
            await ledger.tell_differences(connection, alarming)
    return new


def _booked(at: dt.datetime, closed: Sequence[dt.datetime], now: dt.datetime) -> tuple[dt.datetime, dt.datetime | None]:
    """When a usage counts, since nothing is added to what is closed; and the end of the closed period that it is of."""
    place = bisect_right(closed, at)
    return (at, None) if place == len(closed) else (max(now, closed[-1]), closed[place])


def _rating(id: int, it: _Rated, booked: dt.datetime, corrects: dt.datetime | None) -> dict[str, Any]:
    sale_lines = it.charged.sale_lines
    return {
        "usage_id": id,
        "booked_at": booked,
        "corrects": corrects,
        "state": it.charged.state,
        "purchase_usd": it.charged.purchase,
        "sale_usd": it.charged.sale,
        "markup": it.markup,
        "minimum_charge": it.minimum,
        "stored": it.charged.stored,
        "basis": it.charged.basis,
        "unpriced": list(it.charged.unpriced) or None,
        "unmatched": list(it.charged.unmatched) or None,
        "lines": msgspec.Raw(it.charged.lines.encode()),
        "sale_lines": None if sale_lines is None else msgspec.Raw(sale_lines.encode()),
    }


def _answer(
    it: Read, there: Mapping[str, Mapping[str, Any]], problems: Mapping[str, RadiantError]
) -> UsageRecorded | RadiantError:
    row = there.get(it.told.request_id)
    if row is None:
        return problems[it.told.request_id]
    if row["told"] != it.digest:
        return UsageConflict(it.told.request_id)
    return UsageRecorded(
        request_id=row["request_id"],
        provider=row["provider_id"],
        model=row["model_id"],
        at=row["at"],
        booked_at=row["booked_at"],
        tenant=row["tenant_id"],
        context=row["context"],
        usage={name: value if isinstance(value, int) else plain(value) for name, value in row["quantities"].items()},
        state=row["state"],
        usd=known(row["purchase_usd"]),
        sale_usd=known(row["sale_usd"]),
        markup=known(row["markup"]),
        lines=lines_of(row["lines"]),
        unpriced=row["unpriced"] or [],
        unmatched=row["unmatched"] or [],
        unread=row["unread"] or [],
        reported_usd=known(row["reported_usd"]),
        reported_differs=differs(row["reported_usd"], row["purchase_usd"]),
        run=row["run_id"],
    )
