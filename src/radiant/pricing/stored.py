"""Sheets as they are stored, item by item, and whether two say the same. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal
from types import MappingProxyType
from typing import Any, Final

import msgspec

from radiant.domain.currency import USD, Rate
from radiant.domain.price_sheet import Book, Clock, Price, Sheet, Tier

#: What stands behind the tenth significant digit is left over from somebody's binary arithmetic, and no change.
_EXACT: Final = Context(prec=10)

_EVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


def items_of(sheet: Sheet) -> list[dict[str, Any]]:
    """The rows of `price_items` of a sheet, amounts as exact text: one for each meter, clock and tier."""
    found = []
    for price in sheet.prices:
        of = {"meter": price.meter, "clock": price.clock or "", "per": price.per, "source": price.source}
        rate = None if price.rate is None else price.rate.id
        least = None if price.minimum is None else f"{price.minimum:f}"
        usual = {**of, "above": -1, "inclusive": False, "amount": f"{price.amount:f}", "minimum": least}
        found.append(usual | _quoted(price.quoted, rate))
        found += [
            {**of, "above": it.above, "inclusive": it.inclusive, "amount": f"{it.amount:f}", "minimum": None}
            | _quoted(it.quoted, rate)
            for it in price.tiers
        ]
    return sorted(found, key=lambda it: (it["meter"], it["clock"], it["above"], it["inclusive"]))


def _quoted(amount: Decimal | None, rate: int | None) -> dict[str, Any]:
    return {} if amount is None or rate is None else {"quoted": f"{amount:f}", "fx_rate_id": rate}


def sheet_of(row: Mapping[str, Any], rates: Mapping[int, Rate] = MappingProxyType({})) -> Sheet:
    """The sheet of a row of `price_sheets` with its offer and, decoded, its items, clocks and context; `rates` are
    those that its items name."""
    prices: list[Price] = []
    for it in row["items"] or ():
        if it["above"] < 0:
            prices.append(
                Price(
                    meter=it["meter"],
                    amount=Decimal(it["amount"]),
                    per=it["per"],
                    clock=it["clock"] or None,
                    minimum=None if it["minimum"] is None else Decimal(it["minimum"]),
                    source=it["source"],
                    **_said(it, rates),
                )
            )
        elif prices and (prices[-1].meter, prices[-1].clock) == (it["meter"], it["clock"] or None):
            quoted = Decimal(it["quoted"]) if "quoted" in it else None
            tier = Tier(it["above"], it["inclusive"], Decimal(it["amount"]), quoted)
            prices[-1] = msgspec.structs.replace(prices[-1], tiers=(*prices[-1].tiers, tier))
    return Sheet(
        provider_id=row["provider_id"],
        model_id=row["model_id"],
        prices=tuple(prices),
        source=row["source"],
        clocks=tuple(msgspec.convert(it, Clock) for it in row["clocks"]),
        context=row["context"],
        minimum=row["minimum"],
        source_url=row["source_url"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        known_from=row["known_from"],
        known_to=row["known_to"],
        currency=row["currency"],
        book=Book(row["book"]),
        tenant_id=row["tenant_id"],
        rank=row["rank"],
        id=str(row["id"]),
        said=row["said"],
        note=row["reason"],
        whole=row["whole"],
        sold_from=row["sold_from"],
        ended_by=row["ended_by"],
        ended_because=row["ended_because"],
    )


def _said(item: Mapping[str, Any], rates: Mapping[int, Rate]) -> dict[str, Any]:
    """What an item says of the currency in which its source told it."""
    rate = rates.get(item["fx_rate_id"]) if "fx_rate_id" in item else None
    return {} if rate is None else {"quoted": Decimal(item["quoted"]), "rate": rate}


def of_book(sheets: Sequence[Sheet], book: Book, tenant: str | None) -> tuple[Sheet, ...]:
    """What is charged in a book: contracts of the tenant, and rises as late as tenants pay them, in that of sales."""
    if book is Book.PURCHASE:
        return tuple(it for it in sheets if it.tenant_id is None and it.book is Book.PURCHASE)
    return tuple(as_sold(it for it in sheets if it.tenant_id in (None, tenant)))


def as_sold(sheets: Iterable[Sheet]) -> list[Sheet]:
    """The same sheets as tenants pay them: where a rise reaches them later, what they paid before goes on until then.

    Of rises within one period of grace, one that the next replaces before tenants would pay it never reaches them.
    """
    found: list[Sheet] = []
    for sheet in sorted(sheets, key=lambda it: (it.rank, sorted(it.context.items()), it.valid_from or _EVER)):
        late = sheet.sold_from
        if late is not None and (sheet.valid_from is None or sheet.valid_from < late):
            end = late if sheet.valid_to is None else min(late, sheet.valid_to)
            if found and _follows(sheet, found[-1]):
                found[-1] = msgspec.structs.replace(found[-1], valid_to=end)
            if end == sheet.valid_to:
                continue  # another takes its place before tenants pay it
            sheet = msgspec.structs.replace(sheet, valid_from=late)
        found.append(sheet)
    return found


def replacing(sheets: Iterable[Sheet], new: Sheet) -> list[Sheet]:
    """What is believed once `new` is appended: of others of its offer and rank, what lies beside its span."""
    found = [new]
    for it in sheets:
        if not _same_offer(it, new) or not overlap(it, new):
            found.append(it)
            continue
        if new.valid_from is not None and (it.valid_from is None or it.valid_from < new.valid_from):
            found.append(msgspec.structs.replace(it, valid_to=new.valid_from))
        if new.valid_to is not None and (it.valid_to is None or new.valid_to < it.valid_to):
            found.append(msgspec.structs.replace(it, valid_from=new.valid_to))
    return found


def _same_offer(one: Sheet, other: Sheet) -> bool:
    said = ((it.rank, it.book, it.tenant_id, it.context) for it in (one, other))
    return next(said) == next(said)


def overlap(one: Sheet, other: Sheet) -> bool:
    """Whether both hold at some moment."""

    def before(end: dt.datetime | None, start: dt.datetime | None) -> bool:
        return end is not None and start is not None and end <= start

    return not before(one.valid_to, other.valid_from) and not before(other.valid_to, one.valid_from)


def _follows(sheet: Sheet, before: Sheet) -> bool:
    return _offer(sheet) == _offer(before) and before.valid_to is not None and before.valid_to == sheet.valid_from


def _offer(sheet: Sheet) -> tuple[object, ...]:
    return sheet.rank, sheet.context, sheet.tenant_id


def said_by(sheet: Sheet) -> tuple[object, ...]:
    """What a sheet charges, whoever says so: equal for two that differ in no price."""
    items = tuple(
        (it["meter"], it["clock"], it["above"], it["inclusive"], _unit(it), it["minimum"]) for it in items_of(sheet)
    )
    clocks = tuple((it.name, it.zone, it.days, it.spans, it.except_days) for it in sheet.clocks)
    said = (items, clocks, sheet.minimum)
    return said if sheet.currency == USD else (*said, sheet.currency)


def holding_at(sheets: Iterable[Sheet], at: dt.datetime | None) -> Sheet | None:
    """The one of sheets of one offer and rank that holds at a moment; None is before all that have a beginning."""
    return next((it for it in sheets if (it.valid_from is None if at is None else it.holds(at))), None)


def _unit(item: Mapping[str, Any]) -> Decimal:
    """The price of one, as far as it is no dust."""
    return _EXACT.divide(Decimal(item["amount"]), Decimal(item["per"])).normalize()
