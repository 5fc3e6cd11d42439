"""What usages cost: prices as the registry has them, rated by the one function that there is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from radiant import wording
from radiant.catalog.precedence import trusted
from radiant.domain.cost import Cost, CostAsked, CostChange, CostLine, known, plain
from radiant.domain.errors import RadiantError, UsageInvalid
from radiant.domain.price_sheet import Book, Context, Rating, Sheet, Usage
from radiant.domain.vocabulary import Task
from radiant.names.known import KnownNames
from radiant.names.offering import offering_meant
from radiant.names.providers import provider_named
from radiant.pricing.books import Priced, of_book
from radiant.pricing.currencies import why_unknown
from radiant.pricing.joined import joined
from radiant.pricing.moment import within_reach
from radiant.pricing.quantity import checked
from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed, incomplete
from radiant.pricing.row_sheets import PriceRow, sheets_of
from radiant.pricing.sale import Markup, Scope, with_column
from radiant.pricing.selling import rate_sold
from radiant.pricing.timeline import Timeline
from radiant.registry import costs, doubts, facts, markups, model_names, prices
from radiant.registry.database import Connection, Database

from .currencies import unrated_of

Subject = tuple[str, str]


class Costs:
    """Answers each question for itself: a cost, or what is wrong with the question."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._database, self._now = database, now

    async def of(self, asked: Sequence[Any]) -> list[Cost | RadiantError]:
        """What each of `asked` costs, mappings of the shape `CostAsked`."""
        read = [_read(it) for it in asked]
        async with self._database.connection() as connection:
            priced = await self.priced(connection, {_named(it) for it in read if isinstance(it, CostAsked)})
        now = self._now()  # later than the prices were read: a row that is newer than its sheets holds from then on
        found: list[Cost | RadiantError] = []
        for it in read:
            if isinstance(it, RadiantError):
                found.append(it)
                continue
            model = priced[_named(it)]
            try:
                found.append(model if isinstance(model, RadiantError) else _cost(it, model, now))
            except RadiantError as error:
                found.append(error)
        return found

    async def one(self, asked: Any) -> Cost:
        """The same for one; raises what is wrong with it."""
        (found,) = await self.of([asked])
        if isinstance(found, RadiantError):
            raise found
        return found

    async def priced(
        self, connection: Connection, named: Collection[tuple[str | None, str]]
    ) -> dict[tuple[str | None, str], Priced | RadiantError]:
        """What each provider and model name stands for, with its prices, or why it cannot be told."""
        meant: dict[tuple[str | None, str], Subject | RadiantError] = {it: _literally(*it) for it in named}
        rows = await costs.price_rows(connection, [it for it in meant.values() if not isinstance(it, RadiantError)])
        missing = [it for it, subject in meant.items() if subject not in rows]
        if missing:
            names = await model_names.known(connection)
            for it in missing:
                meant[it] = _understood(names, *it)
            subjects = [it for it in meant.values() if not isinstance(it, RadiantError)]
            rows = await costs.price_rows(connection, subjects)
        standing = await markups.believed(connection)
        stored: dict[Subject, list[Sheet]] = defaultdict(list)
        for _, sheet in await prices.sheets(connection, rows) if rows else ():
            stored[sheet.provider_id, sheet.model_id].append(sheet)
        unrated = await unrated_of(connection, rows)
        found: dict[tuple[str | None, str], Priced | RadiantError] = {}
        for it, subject in meant.items():
            if not isinstance(subject, RadiantError):
                priced = _of_row(rows[subject], stored.get(subject, ()), standing, self._now())
                found[it] = msgspec.structs.replace(priced, unrated=unrated.get(subject, ()))
            else:
                found[it] = await _claimed(connection, *it, standing) or subject
        return found


def _read(asked: Any) -> CostAsked | UsageInvalid:
    try:
        found = msgspec.convert(asked, CostAsked)
    except msgspec.ValidationError as error:
        return UsageInvalid("The question", wording.sentence(error))
    if (found.usage is None) is (found.response is None):
        names = "neither usage nor" if found.usage is None else "both usage and"
        return UsageInvalid("The question", f"names {names} response; one of them is expected")
    if found.tenant is not None and found.book is Book.PURCHASE:
        return UsageInvalid("tenant", "is named with the purchase book, which is one for all; ask for the sale book")
    return found


def _named(asked: CostAsked) -> tuple[str | None, str]:
    return asked.provider, asked.model


def _literally(provider: str | None, model: str) -> Subject:
    """The ids as they are written."""
    if provider is not None:
        return provider, model
    head, _, rest = model.partition("/")
    return head, rest


def _understood(names: KnownNames[model_names.ModelNames], provider: str | None, model: str) -> Subject | RadiantError:
    try:
        found = offering_meant(names, provider, model)
    except RadiantError as error:
        return error
    return found.provider_id, found.model_id


def _of_row(row: PriceRow, stored: Sequence[Sheet], standing: Sequence[Markup], now: dt.datetime) -> Priced:
    sheets = joined(stored, sheets_of(row), row.task, now)
    return Priced(row.provider_id, row.model_id, row.hosting, Timeline(sheets), _markups(standing, row))


def _markups(standing: Sequence[Markup], row: PriceRow) -> tuple[Markup, ...]:
    model = Scope(hosting=row.hosting, provider_id=row.provider_id, model_id=row.model_id)
    return with_column(standing, model, row.markup)


async def _claimed(
    connection: Connection, provider: str | None, model: str, standing: Sequence[Markup]
) -> Priced | None:
    """A model that the registry has not, by what public catalogs claim of it."""
    named, id = _literally(provider, model)
    at = provider_named(named, await model_names.spoken_of(connection))
    if at is None or not id:
        return None
    said = [it for it in await facts.facts_about(connection, at, id) if it.field.startswith("price.")]
    if not said:
        return None
    used, _ = trusted(said, await doubts.about(connection, [(at, id)]))
    sources = sorted({it.source for it in said})
    first = min(it.seen_at if it.source_date is None else _midnight(it.source_date) for it in said)
    row = PriceRow(
        provider_id=at,
        model_id=id,
        hosting="external",
        task=Task.OTHER,
        columns={},
        details={field.removeprefix("price."): value for field, value in used.items()},
        markup=None,
        since=first,
        source=" and ".join(sources),
    )
    note = f"The registry has no model {at}/{id}; its price is what {' and '.join(sources)} claim."
    return Priced(at, id, "external", Timeline(sheets_of(row)), _markups(standing, row), note)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _cost(asked: CostAsked, model: Priced, now: dt.datetime) -> Cost:
    usage: Usage
    context: Context = asked.context
    reported: Decimal | None = None
    lacks: tuple[str, ...] = ()
    if asked.response is not None:
        told = consumed(asked.response, model.provider_id)
        usage, context, reported = told.usage, {**told.context, **asked.context}, told.reported_usd
        lacks = told.lacks
    else:
        usage = checked(asked.usage or {})
    at = now if asked.at is None else within_reach(asked.at)
    book = asked.book or (Book.PURCHASE if asked.tenant is None else Book.SALE)
    prices_then = of_book(model.prices, book, asked.tenant)
    if book is Book.SALE:
        found = rate_sold(prices_then, usage, at, context, markups=model.markups, whom=model.whom(asked.tenant))
    else:
        found = rate(prices_then, usage, at, context)
    if lacks:
        found = msgspec.structs.replace(found, unpriced=(*found.unpriced, *lacks))
    return Cost(
        provider=model.provider_id,
        model=model.model_id,
        book=book,
        at=at,
        usd=known(found.total),
        state=found.state,
        lines=[CostLine.of(line) for line in found.lines],
        unpriced=list(found.unpriced),
        charged_as=found.charged_as,
        usage={name: it if isinstance(it, int) else plain(it) for name, it in usage.items()},
        context=dict(context),
        unmatched=list(found.unmatched),
        valid_until=found.valid_until,
        announced=[CostChange.of(it) for it in found.announced],
        markup=known(found.markup),
        reported_usd=known(reported),
        note=" ".join(filter(None, (_note(found, model, at), incomplete(lacks)))) or None,
    )


def _note(found: Rating, model: Priced, at: dt.datetime) -> str | None:
    """Where prices are from, or why there are none."""
    if found.total is not None and not found.unpriced:
        return model.note
    return why_unknown(model.unrated, at) or model.note
