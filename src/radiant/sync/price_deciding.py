"""What a run over prices does about some models: sheets to append, changes to hold, whom to tell. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from radiant.domain.price_sheet import Sheet
from radiant.pricing.currencies import Rates
from radiant.pricing.wanted import Said, Wanted
from radiant.registry import prices
from radiant.registry.events import News
from radiant.registry.exact_json import as_json

from .price_plan import Plan, plan
from .rated_anew import rated_anew
from .rising import rising
from .wanted_in_usd import wanted_in_usd

Key = prices.Key

Offer = tuple[str, str, str, str | None, int]

#: The context of requests of no kind.
_USUAL = as_json({})


def _plans(
    asked: Iterable[Said],
    doubted: Mapping[Any, Any],
    stored: Mapping[Offer, Sequence[tuple[int, Sheet]]],
    now: dt.datetime,
    grace: dt.timedelta,
    rates: Rates,
) -> dict[Offer, tuple[int | None, Plan]]:
    """By offer, its id where there is one, and what has to change, if anything."""
    found: dict[Offer, tuple[int | None, Plan]] = {}
    kinds: dict[Key, list[str]] = defaultdict(list)
    for provider, model, context, tenant, rank in stored:
        if tenant is None and rank == 0:
            kinds[provider, model].append(context)
    for said in asked:
        wants: Wanted = wanted_in_usd(said, doubted, now, rates)
        by_context: dict[str, list[Sheet]] = defaultdict(list)
        for sheet in wants.sheets:
            by_context[prices.kind_of(sheet)].append(sheet)
        if any(it.valid_to is None or it.valid_to > now for it in by_context.get(_USUAL, ())):
            # Kinds of requests that nobody names any more are over. A model that nobody names keeps what it had.
            for context in kinds.get((said.provider_id, said.model_id), ()):
                by_context.setdefault(context, [])
        for context, sheets in by_context.items():
            key = (said.provider_id, said.model_id, context, None, 0)
            there = stored.get(key, ())
            believed = [it for _, it in there]
            result = plan(believed, wants, sheets, now, grace, rated_anew(believed, rates))
            if result.sheets or there:
                found[key] = (there[0][0] if there else None, result)
    return found


class Decided(NamedTuple):
    """Rows to append, proposals to make, what to tell beside the factor of its rise, the models whose columns may
    change, and offers of which nothing is to be held."""

    rows: list[dict[str, Any]]
    held: list[dict[str, Any]]
    news: list[tuple[Decimal, News]]
    touched: set[Key]
    settled: set[int]


def decide(
    asked: Iterable[Said],
    *,
    doubted: Mapping[Any, Any],
    stored: Mapping[Offer, Sequence[tuple[int, Sheet]]],
    known: Mapping[tuple[int, str], Mapping[str, Any]],
    now: dt.datetime,
    grace: dt.timedelta,
    rates: Rates,
) -> Decided:
    """What to do about some models. For thousands it takes seconds: not for an event loop."""
    found = Decided([], [], [], set(), set())
    had = {(provider, model) for provider, model, *_ in stored}
    for (provider, model, *_), (offer, it) in _plans(asked, doubted, stored, now, grace, rates).items():
        if not it.sheets:
            if offer is not None:
                found.settled.add(offer)
            continue
        said = [_row(sheet, offer) for sheet in it.sheets]
        subject = f"{provider}/{model}"
        if it.held and offer is not None:
            verdict = known.get((offer, it.digest), {}).get("verdict")
            if verdict == "refused":  # what else was held of it, the sources say no longer
                found.settled.add(offer)
            if verdict in ("held", "refused"):
                continue
            found.held.append({"offer": offer, "wanted": said, "digest": it.digest, "reasons": list(it.reasons)})
            told = {"provider_id": provider, "model_id": model, "reasons": list(it.reasons)}
            found.news.append((it.rise or Decimal(1), News("radiant.price.held", subject, told)))
        else:
            found.rows.extend(said)
            if it.rise is not None:
                late = max(sheet.sold_from for sheet in it.sheets if sheet.sold_from is not None)
                found.news.append((it.rise, rising((provider, model), it.rise, late)))
        if (provider, model) in had:
            found.touched.add((provider, model))
        if offer is not None and not it.held:
            found.settled.add(offer)
    return found


def _row(sheet: Sheet, offer: int | None) -> dict[str, Any]:
    """A row to append; without prices one that ends what was believed."""
    row = prices.row_of(sheet, offer)
    return row if sheet.prices else {**row, "items": None}
