"""Sheets as they are stored, item by item, and whether two say the same. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal
from typing import Any, Final

import msgspec

from radiant.domain.price_sheet import Book, Clock, Price, Sheet, Tier

#: What stands behind the tenth significant digit is left over from somebody's binary arithmetic, and no change.
_EXACT: Final = Context(prec=10)

_EVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


def items_of(sheet: Sheet) -> list[dict[str, Any]]:
    """The rows of `price_items` of a sheet, amounts as exact text: one for each meter, clock and tier."""
    found = []
    for price in sheet.prices:
        of = {"meter": price.meter, "clock": price.clock or "", "per": price.per, "source": price.source}
        least = None if price.minimum is None else f"{price.minimum:f}"
        found.append({**of, "above": -1, "inclusive": False, "amount": f"{price.amount:f}", "minimum": least})
        found += [
            {**of, "above": it.above, "inclusive": it.inclusive, "amount": f"{it.amount:f}", "minimum": None}
            for it in price.tiers
        ]
    return sorted(found, key=lambda it: (it["meter"], it["clock"], it["above"], it["inclusive"]))


def sheet_of(row: Mapping[str, Any]) -> Sheet:
    """The sheet of a row of `price_sheets` with its offer and, decoded, its items, clocks and context."""
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
                )
            )
        elif prices and (prices[-1].meter, prices[-1].clock) == (it["meter"], it["clock"] or None):
            tier = Tier(it["above"], it["inclusive"], Decimal(it["amount"]))
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
        sold_from=row["sold_from"],
        ended_by=row["ended_by"],
        ended_because=row["ended_because"],
    )


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
    before: Sheet | None = None
    for sheet in sorted(sheets, key=lambda it: (it.rank, sorted(it.context.items()), it.valid_from or _EVER)):
        late = sheet.sold_from
        begins = sheet.valid_from if late is None else max(sheet.valid_from or _EVER, late)
        # By what is stored: what is in `found` may go on for longer, or may have been left out.
        if before is not None and found and _follows(sheet, before) and _offer(found[-1]) == _offer(sheet):
            found[-1] = msgspec.structs.replace(found[-1], valid_to=begins)
        before = sheet
        if begins is None or sheet.valid_to is None or begins < sheet.valid_to:
            found.append(msgspec.structs.replace(sheet, valid_from=begins))
    return found


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
    return items, clocks, sheet.minimum


def holding_at(sheets: Iterable[Sheet], at: dt.datetime | None) -> Sheet | None:
    """The one of sheets of one offer and rank that holds at a moment; None is before all that have a beginning."""
    return next((it for it in sheets if (it.valid_from is None if at is None else it.holds(at))), None)


def _unit(item: Mapping[str, Any]) -> Decimal:
    """The price of one, as far as it is no dust."""
    return _EXACT.divide(Decimal(item["amount"]), Decimal(item["per"])).normalize()
