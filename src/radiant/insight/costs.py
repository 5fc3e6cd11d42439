"""What usages cost: prices as the registry has them, rated by the one function that there is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from radiant import wording
from radiant.domain.cost import Cost, CostAsked, CostChange, CostLine, known, plain
from radiant.domain.errors import RadiantError, UsageInvalid
from radiant.domain.price_sheet import Book, Context, Rating, Sheet, Usage
from radiant.names.known import KnownNames
from radiant.names.offering import offering_meant
from radiant.pricing.books import Priced, of_book
from radiant.pricing.currencies import why_unknown
from radiant.pricing.joined import joined
from radiant.pricing.moment import within_reach
from radiant.pricing.quantity import checked
from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed, incomplete, unknown_counts
from radiant.pricing.row_sheets import PriceRow, sheets_of
from radiant.pricing.sale import Markup, Scope, with_column
from radiant.pricing.selling import rate_sold
from radiant.pricing.timeline import Timeline
from radiant.pricing.usage_told import conditions
from radiant.registry import costs, markups, model_names, prices
from radiant.registry.claimed_prices import Claimed, claimed
from radiant.registry.database import Connection, Database

from .currencies import unrated_of
from .elsewhere import Named, Subject, literally, said_elsewhere


class Costs:
    """Answers each question for itself: a cost, or what is wrong with the question."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._database, self._now = database, now

    async def of(self, asked: Sequence[Any]) -> list[Cost | RadiantError]:
        """What each of `asked` costs, mappings of the shape `CostAsked`."""
        read = [_read(it) for it in asked]
        async with self._database.connection() as connection:
            priced = await self.priced(connection, {_named(it) for it in read if isinstance(it, CostAsked)})
        now = self._now()
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

    async def priced(self, connection: Connection, named: Collection[Named]) -> dict[Named, Priced | RadiantError]:
        """What each provider and model name stands for, with its prices, or why it cannot be told."""
        meant: dict[Named, Subject | RadiantError] = {it: literally(*it) for it in named}
        rows = await costs.price_rows(connection, [it for it in meant.values() if not isinstance(it, RadiantError)])
        missing = [it for it, subject in meant.items() if subject not in rows]
        if missing:
            names = await model_names.known(connection)
            for it in missing:
                meant[it] = _understood(names, *it)
            subjects = [it for it in meant.values() if not isinstance(it, RadiantError)]
            rows = await costs.price_rows(connection, subjects)
        unknown = [it for it, subject in meant.items() if isinstance(subject, RadiantError)]
        elsewhere = await said_elsewhere(connection, unknown) if unknown else {}
        spoken_of = {key for keys in elsewhere.values() for key in keys}
        claims = await claimed(connection, spoken_of, self._now()) if spoken_of else {}
        standing = await markups.believed(connection)
        stored: dict[Subject, list[Sheet]] = defaultdict(list)
        for _, sheet in await prices.sheets(connection, {*rows, *claims}) if rows or claims else ():
            stored[sheet.provider_id, sheet.model_id].append(sheet)
        unrated = await unrated_of(connection, rows)
        found: dict[Named, Priced | RadiantError] = {}
        for it, subject in meant.items():
            if not isinstance(subject, RadiantError):
                priced = _of_row(rows[subject], stored.get(subject, ()), standing)
                found[it] = msgspec.structs.replace(priced, unrated=unrated.get(subject, ()))
            elif claimed_as := [key for key in elsewhere.get(it, ()) if key in claims]:
                key = claimed_as[0]
                found[it] = _of_claims(key, claims[key], stored.get(key, ()), standing)
            else:
                found[it] = subject
        return found


def _read(asked: Any) -> CostAsked | UsageInvalid:
    try:
        found = msgspec.convert(asked, CostAsked)
    except msgspec.ValidationError as error:
        return UsageInvalid("The question", wording.sentence(error, CostAsked))
    if (found.usage is None) is (found.response is None):
        names = "neither usage nor" if found.usage is None else "both usage and"
        return UsageInvalid("The question", f"names {names} response; one of them is expected")
    try:
        conditions(found.context)
    except UsageInvalid as error:
        return error
    if found.tenant is not None and found.book is Book.PURCHASE:
        return UsageInvalid("tenant", "is named with the purchase book, which is one for all; ask for the sale book")
    return found


def _named(asked: CostAsked) -> Named:
    return asked.provider, asked.model


def _understood(names: KnownNames[model_names.ModelNames], provider: str | None, model: str) -> Subject | RadiantError:
    try:
        found = offering_meant(names, provider, model)
    except RadiantError as error:
        return error
    return found.provider_id, found.model_id


def _of_row(row: PriceRow, stored: Sequence[Sheet], standing: Sequence[Markup]) -> Priced:
    sheets = joined(stored, sheets_of(row))
    return Priced(row.provider_id, row.model_id, row.hosting, Timeline(sheets), _markups(standing, row))


def _markups(standing: Sequence[Markup], row: PriceRow) -> tuple[Markup, ...]:
    model = Scope(hosting=row.hosting, provider_id=row.provider_id, model_id=row.model_id)
    return with_column(standing, model, row.markup)


def _of_claims(key: Subject, claims: Claimed, stored: Sequence[Sheet], standing: Sequence[Markup]) -> Priced:
    """A model that the registry has not, by what sources claim of it beside what is stored."""
    provider, model = key
    markups = with_column(standing, Scope(hosting="external", provider_id=provider, model_id=model), None)
    note = f"The registry has no model {provider}/{model}; its price is what {' and '.join(claims.sources)} claim."
    return Priced(provider, model, "external", Timeline(joined(stored, claims.sheets)), markups, note)


def _cost(asked: CostAsked, model: Priced, now: dt.datetime) -> Cost:
    usage: Usage
    context: Context = asked.context
    reported: Decimal | None = None
    lacks: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    if asked.response is not None:
        told = consumed(asked.response, model.provider_id)
        usage, context, reported = told.usage, {**told.context, **asked.context}, told.reported_usd
        lacks, unread = told.lacks, told.unread
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
        unread=list(unread),
        valid_until=found.valid_until,
        announced=[CostChange.of(it) for it in found.announced],
        markup=known(found.markup),
        reported_usd=known(reported),
        note=" ".join(filter(None, (_note(found, model, at), incomplete(lacks), unknown_counts(unread)))) or None,
    )


def _note(found: Rating, model: Priced, at: dt.datetime) -> str | None:
    """Where prices are from, or why there are none."""
    if found.total is not None and not found.unpriced:
        return model.note
    return why_unknown(model.unrated, at) or model.note
