"""The prices in force as a row of the registry has them, made from sheets: what the columns of `models` show. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from radiant.domain.currency import USD
from radiant.domain.price_sheet import Context, Price, Sheet
from radiant.domain.units import BY_KEY, LIST_PRICES, ListPrice
from radiant.domain.vocabulary import Task

from .row_sheets import BATCH, counted_by
from .speaking import speaking


def prices_of(sheets: Iterable[Sheet], task: Task) -> dict[str, Any]:
    """By the keys of catalog files, what `sheets`, which hold at one moment, charge at all hours, in USD. Who speaks
    first for a kind of request does so here, meter by meter."""
    ours = [it for it in sheets if it.tenant_id is None and it.currency == USD]
    plain, batch = (_by_meter(ours, context) for context in ({}, BATCH))
    found: dict[str, Any] = {}
    tiers: dict[int, dict[str, Any]] = {}
    taken: set[str] = set()
    for name, listed in LIST_PRICES.items():
        of = counted_by(name, task)
        price = (batch if name.startswith("batch_") else plain).get(of)
        if listed.key is None or price is None or (of in taken and not name.startswith("batch_")):
            continue
        if name == "second" and price.per != 1:
            continue  # the same seconds are told by the minute
        if not name.startswith("batch_"):
            taken.add(of)
        found[listed.key] = _of(listed, price.amount, price.per)
        for tier in price.tiers if listed.tiered else ():
            above = tier.above - 1 if tier.inclusive else tier.above
            at = tiers.setdefault(above, {"above_input_tokens": above})
            at[listed.key] = _of(listed, tier.amount, price.per)
    if tiers:
        found["tiers"] = [tiers[above] for above in sorted(tiers)]
    variants = [it for context in _contexts(ours) if (it := _variant(context, ours, task))]
    if variants:
        found["variants"] = variants
    return found


def _contexts(sheets: Iterable[Sheet]) -> list[dict[str, str]]:
    """The kinds of requests that have prices, each once and in a fixed order."""
    found = {tuple(sorted(sheet.context.items())) for sheet in sheets if sheet.context}
    return [dict(it) for it in sorted(found)]


def _variant(context: Context, sheets: Iterable[Sheet], task: Task) -> dict[str, Any]:
    """What requests of a kind cost besides, by the keys of catalog files; of batches, what has no key of its own."""
    prices = _by_meter(sheets, context)
    own = {counted_by(name, task) for name in LIST_PRICES if name.startswith("batch_")} if context == BATCH else set()
    found: dict[str, Any] = {}
    tiers: dict[int, dict[str, Any]] = {}
    taken: set[str] = set()
    for name, listed in LIST_PRICES.items():
        of = counted_by(name, task)
        price = prices.get(of)
        if listed.key is None or price is None or of in taken or name.startswith("batch_"):
            continue
        if (of in own and not price.tiers) or (name == "second" and price.per != 1):
            continue
        taken.add(of)
        found[listed.key] = _of(listed, price.amount, price.per)
        for tier in price.tiers if listed.tiered else ():
            above = tier.above - 1 if tier.inclusive else tier.above
            tiers.setdefault(above, {"above_input_tokens": above})[listed.key] = _of(listed, tier.amount, price.per)
    if not found:
        return {}
    bands = {"tiers": [tiers[above] for above in sorted(tiers)]} if tiers else {}
    return {"when": dict(context), **found, **bands}


def kept(details: Mapping[str, Any]) -> dict[str, Any]:
    """What stands beside prices: counts of tokens, notes, hours, what is announced."""
    return {key: value for key, value in details.items() if key not in BY_KEY and key not in ("tiers", "variants")}


def _by_meter(sheets: Iterable[Sheet], context: Context) -> dict[str, Price]:
    """What sheets of just this kind of request charge, where nobody speaks before them."""
    found: dict[str, Price | None] = {}
    for sheet in speaking(sheets, context):
        for price in sheet.prices:
            if price.clock is None:
                found.setdefault(price.meter, price if sheet.context == context else None)
    return {meter: price for meter, price in found.items() if price is not None}


def _of(listed: ListPrice, amount: Decimal, per: int) -> Decimal:
    """An amount for `per` as the key has it; no digit is lost where one is a multiple of the other."""
    if listed.per == per:
        return amount
    return (amount * listed.per / per) if per > listed.per else amount * (Decimal(listed.per) / per)
