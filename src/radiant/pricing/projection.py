"""The prices in force as a row of the registry has them, made from sheets: what the columns of `models` show. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from radiant.catalog.rows import price_columns
from radiant.domain import external
from radiant.domain.currency import USD
from radiant.domain.price_sheet import Context, Price, Sheet
from radiant.domain.units import BY_KEY, LIST_PRICES, PRICE_PLACES, ListPrice
from radiant.domain.vocabulary import Task

from .plan import EXACT
from .row_sheets import BATCH, counted_by
from .speaking import speaking

#: The last place that a price can have.
_SMALLEST: Final = Decimal(1).scaleb(-PRICE_PLACES)

_OF_BATCHES: Final = tuple(name for name in LIST_PRICES if name.startswith("batch_"))
_USUAL: Final = tuple(name for name in LIST_PRICES if name not in _OF_BATCHES)


def in_columns(sheets: Sequence[Sheet], task: Task, details: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """The price columns of a row beside whose prices `details` stand, made of `sheets`, which hold at `now`: those of
    `models`, that of an hour of one's own hardware, and what a request costs at least before the markup."""
    beside = kept(details)
    if not any(it.clocks for it in sheets):
        beside.pop("hours", None)  # a change ended them
    ahead = [step for step in beside.get("steps", ()) if str(step["from"]) > f"{now:%Y-%m-%d}"]
    said = {**beside, **_as_text(prices_of(sheets, task)), "steps": ahead}
    ours = [it for it in sheets if it.tenant_id is None and it.currency == USD]
    hour = _by_meter(ours, {}).get("instance_seconds")
    return {
        **price_columns(msgspec.convert(said, external.Price, strict=False), task),
        "cost_per_hour": None if hour is None else _of(LIST_PRICES["hour"], hour.amount, hour.per),
        "minimum_price": next((it.minimum for it in speaking(ours, {}) if it.minimum is not None), None),
    }


def _as_text(said: Mapping[str, Any]) -> dict[str, Any]:
    def plain(it: Any) -> Any:
        if isinstance(it, Decimal):
            return f"{EXACT.normalize(it):f}"
        if isinstance(it, list):
            return [plain(value) for value in it]
        return {key: plain(value) for key, value in it.items()} if isinstance(it, dict) else it

    return {key: plain(it) for key, it in said.items()}


def prices_of(sheets: Iterable[Sheet], task: Task) -> dict[str, Any]:
    """By the keys of catalog files, what `sheets`, which hold at one moment, charge at all hours, in USD. Who speaks
    first for a kind of request does so here, meter by meter."""
    ours = [it for it in sheets if it.tenant_id is None and it.currency == USD]
    plain, batch = (_by_meter(ours, context) for context in ({}, BATCH))
    tiers: dict[int, dict[str, Any]] = {}
    found = _charged(_USUAL, plain, task, tiers) | _charged(_OF_BATCHES, batch, task, tiers) | _bands(tiers)
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
    own = {counted_by(name, task) for name in _OF_BATCHES} if context == BATCH else set()
    left = {meter: price for meter, price in prices.items() if meter not in own or price.tiers}
    tiers: dict[int, dict[str, Any]] = {}
    found = _charged(_USUAL, left, task, tiers)
    return {"when": dict(context), **found, **_bands(tiers)} if found else {}


def _charged(
    names: Iterable[str], prices: Mapping[str, Price], task: Task, tiers: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    """By the keys of catalog files, what `prices` charge of `names`; into `tiers`, what long requests cost."""
    found: dict[str, Any] = {}
    taken: set[str] = set()
    for name in names:
        listed, of = LIST_PRICES[name], counted_by(name, task)
        price = prices.get(of)
        if listed.key is None or price is None or of in taken:
            continue
        if name == "second" and price.per != 1:
            continue  # the same seconds are told by the minute
        taken.add(of)
        found[listed.key] = _of(listed, price.amount, price.per)
        for tier in price.tiers if listed.tiered else ():
            above = tier.above - 1 if tier.inclusive else tier.above
            tiers.setdefault(above, {"above_input_tokens": above})[listed.key] = _of(listed, tier.amount, price.per)
    return found


def _bands(tiers: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    return {"tiers": [tiers[above] for above in sorted(tiers)]} if tiers else {}


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
    """An amount for `per` as the key has it. No digit is lost where the division ends; where it does not, as of an hour
    told by the minute, as many are kept as a price can have: with more the model could not be chosen."""
    if listed.per == per:
        return amount
    exact = EXACT.divide(EXACT.multiply(amount, listed.per), per)
    exponent = exact.as_tuple().exponent
    return exact if isinstance(exponent, int) and exponent >= -PRICE_PLACES else EXACT.quantize(exact, _SMALLEST)
