"""What setting prices by hand makes of the sheets of a model, and what that changes. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from radiant.domain.cost import plain
from radiant.domain.price_sheet import Book, Context, Price, Sheet
from radiant.domain.prices import PriceChange, PriceEdit, PriceSheet, SetPrices, SoldBelow
from radiant.pricing.guards import factor_of
from radiant.pricing.lattice import price_for
from radiant.pricing.plan import Plan
from radiant.pricing.rises import Rise, rise_between
from radiant.pricing.stored import holding_at, of_book, replacing
from radiant.pricing.timeline import Timeline

#: The ranks of what people set: an administrator's word, and a contract of one tenant.
BY_HAND: Final = 1
CONTRACT: Final = 2


def is_by_hand(sheet: Sheet, tenant: str | None, context: Context | None = None) -> bool:
    """Whether somebody set it, of one kind of requests or of any. One that names nothing only leaves tenants time."""
    rank = BY_HAND if tenant is None else CONTRACT
    of = sheet.rank == rank and sheet.tenant_id == tenant and (bool(sheet.prices) or sheet.minimum is not None)
    return of and context in (None, sheet.context)


def by_hand(
    key: tuple[str, str], stored: Sequence[Sheet], wanted: SetPrices, given: Mapping[str, Price], since: dt.datetime,
    until: dt.datetime | None,
) -> Sheet:  # fmt: skip
    """The sheet that follows: beside what is named, what was set before, unless it is to be whole."""
    before = holding_at((it for it in stored if is_by_hand(it, wanted.tenant, wanted.context)), since)
    kept = None if wanted.whole else before
    merged = {it.meter: it for it in (kept.prices if kept else ())} | dict(given)
    return Sheet(
        provider_id=key[0],
        model_id=key[1],
        prices=tuple(merged.values()),
        source="administrator" if wanted.tenant is None else "contract",
        context=dict(wanted.context),
        book=Book.PURCHASE if wanted.tenant is None else Book.SALE,
        tenant_id=wanted.tenant,
        rank=BY_HAND if wanted.tenant is None else CONTRACT,
        whole=wanted.whole or (kept is not None and kept.whole),
        minimum=wanted.minimum if wanted.minimum is not None or kept is None else kept.minimum,
        valid_from=since,
        valid_to=until or (kept.valid_to if kept else None),
        said="instant",
        note=wanted.reason,
    )


def rise_by(
    stored: Sequence[Sheet], sheet: Sheet, since: dt.datetime, now: dt.datetime, grace: dt.timedelta
) -> Rise | None:
    """How much dearer it gets for tenants, and from when they pay that; None of a contract: it is what was agreed."""
    if sheet.tenant_id is not None:
        return None
    after, contexts = replacing(stored, sheet), _contexts(stored, [sheet])
    return rise_between(stored, after, contexts, since, sheet.valid_to, now=now, told_until=now + grace)


def rise_without(stored: Sequence[Sheet], ended: Sequence[Sheet], now: dt.datetime, grace: dt.timedelta) -> Rise:
    """The same where some sheets end now, or do not begin."""
    gone = {it.id for it in ended}
    after = [
        msgspec.structs.replace(it, valid_to=now) if it.id in gone else it
        for it in stored
        if it.id not in gone or it.valid_from is None or it.valid_from < now
    ]
    return rise_between(stored, after, _contexts(stored, ended), now, None, now=now, told_until=now + grace)


def until_told(sheet: Sheet, now: dt.datetime, sold_from: dt.datetime) -> Sheet:
    """What stands for a while in place of a sheet that ends: it names nothing, so that we pay what others say, and
    tenants, whom it reaches when it is over, what they paid."""
    until = sold_from if sheet.valid_to is None else min(sold_from, sheet.valid_to)
    return msgspec.structs.replace(
        sheet, prices=(), whole=False, minimum=None, valid_from=now, valid_to=until, sold_from=sold_from
    )


def edit(
    sheet: Sheet, stored: Sequence[Sheet], given: Mapping[str, Price], since: dt.datetime, rise: Rise | None,
    below: tuple[SoldBelow, ...],
) -> PriceEdit:  # fmt: skip
    """What a sheet changes, beside what held without it."""
    was, will_be = (
        Timeline(of_book(sheets, sheet.book, sheet.tenant_id)) for sheets in (stored, replacing(stored, sheet))
    )
    named = {it.meter for it in sheet.prices}
    changes: list[PriceChange] = []
    for context in _contexts(stored, [sheet]):
        plans = was.plan(since, context), will_be.plan(since, context)
        changes += _changes(plans, context, given if context == sheet.context else (), changes)
    return PriceEdit(
        model=f"{sheet.provider_id}/{sheet.model_id}",
        sheet=PriceSheet.of(sheet),
        changes=tuple(changes),
        left=tuple(meter for meter in will_be.plan(since, sheet.context).prices if meter not in named),
        below_cost=below,
        rise=in_words(rise),
    )


def in_words(rise: Rise | None) -> str | None:
    """The factor of a rise that is told."""
    return None if rise is None or not rise.told else factor_of(rise.factor) or "free"


def _contexts(stored: Iterable[Sheet], set_: Iterable[Sheet]) -> list[Context]:
    """The kinds of requests that sheets which somebody sets may charge otherwise, their own first."""
    found: list[Context] = []
    for sheet in set_:
        others = (it.context for it in stored if it.context.items() > sheet.context.items())
        found += [it for it in (sheet.context, *others) if it not in found]
    return found


def _changes(
    plans: tuple[Plan, Plan], context: Context, given: Iterable[str], told: Sequence[PriceChange]
) -> list[PriceChange]:
    """What is given, then whatever becomes another; but for what was told of requests without that condition."""
    meters = dict.fromkeys((*given, *plans[0].prices, *plans[1].prices))
    named, said = set(given), {(it.meter, it.before, it.after) for it in told}
    found = [_change(meter, plans, context) for meter in meters]
    return [
        it
        for it in found
        if it.meter in named or (it.before != it.after and (it.meter, it.before, it.after) not in said)
    ]


def _change(meter: str, plans: tuple[Plan, Plan], context: Context) -> PriceChange:
    (before, of), (after, _) = (it.prices.get(meter, (None, None)) for it in plans)
    price = after or before
    per = 1 if price is None else price.per
    return PriceChange(
        meter=meter,
        context=dict(context),
        before=None if before is None else plain(before.amount * per / before.per),
        after=None if after is None else plain(after.amount),
        per=per,
        source=None if before is None or of is None else before.source or of.source,
        charged_as=price_for(meter, plans[1].prices) if after is None else None,
    )
