"""What a run over prices does about some models: sheets to append, changes to hold, whom to tell. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from radiant.domain.price_sheet import Sheet
from radiant.pricing.currencies import Rates
from radiant.pricing.doubted import doubted_meters
from radiant.pricing.wanted import Said, Wanted
from radiant.pricing.words import Before
from radiant.registry import prices
from radiant.registry.events import News
from radiant.registry.exact_json import as_json

from .price_plan import NOTHING, Plan, corrected, plan
from .rated_anew import rated_anew
from .rising import rising
from .wanted_in_usd import wanted_in_usd

Key = prices.Key

Offer = tuple[str, str, str, str | None, int]

#: The context of requests of no kind.
_USUAL = as_json({})


class _Wants(NamedTuple):
    """The sheets that a model should have, and why what is said of some meters is in doubt, by kind of requests."""

    wanted: Wanted
    by_context: Mapping[str, Sequence[Sheet]]
    doubted: Mapping[str, Mapping[str, str]]


def _wants(said: Said, doubts: Mapping[Any, Any], now: dt.datetime, rates: Rates, kinds: Collection[str]) -> _Wants:
    """What is wanted of a model that has sheets of these kinds."""
    wanted = wanted_in_usd(said, doubts, now, rates)
    by_context: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in wanted.sheets:
        by_context[prices.kind_of(sheet)].append(sheet)
    doubted = {as_json(context): it for context, it in doubted_meters(said, doubts)}
    if doubted or any(it.valid_to is None or it.valid_to > now for it in by_context.get(_USUAL, ())):
        # Kinds of requests that nobody names any more are over, and so is what is left open because it is in doubt. A
        # model that nobody names keeps what it had.
        for context in kinds:
            by_context.setdefault(context, [])
    return _Wants(wanted, by_context, doubted)


class _Step(NamedTuple):
    """What changes of an offer, by its id where there is one: what is taken over, and what is held."""

    offer: int | None
    taken: Plan
    held: Plan


def _steps(
    asked: Iterable[Said],
    doubted: Mapping[Any, Any],
    stored: Mapping[Offer, Sequence[tuple[int, Sheet]]],
    now: dt.datetime,
    grace: dt.timedelta,
    rates: Rates,
    before: Mapping[Key, Before | None],
    known: Mapping[tuple[int, str], Mapping[str, Any]],
) -> dict[Offer, _Step]:
    """By offer, what has to change, if anything."""
    found: dict[Offer, _Step] = {}
    kinds: dict[Key, list[str]] = defaultdict(list)
    for provider, model, context, tenant, rank in stored:
        if tenant is None and rank == 0:
            kinds[provider, model].append(context)
    for said in asked:
        key = (said.provider_id, said.model_id)
        wants = _wants(said, doubted, now, rates, kinds.get(key, ()))
        earlier = before.get(key)
        first = None if earlier is None else _wants(earlier.said, earlier.doubts, now, rates, kinds.get(key, ()))
        for context, sheets in wants.by_context.items():
            offer = (*key, context, None, 0)
            there = stored.get(offer, ())
            if not there:
                result = plan((), wants.wanted, sheets, now, grace)
                if result.sheets:
                    found[offer] = _Step(None, result, NOTHING)
                continue
            id, believed = there[0][0], [it for _, it in there]
            rated, doubts = rated_anew(believed, rates), wants.doubted.get(context, {})
            result = plan(believed, wants.wanted, sheets, now, grace, rated, doubts)
            verdict = known.get((id, result.digest), {}).get("verdict")
            if not result.held:
                found[offer] = _Step(id, result, NOTHING)
            elif key not in before or verdict == "refused" or (first is None and verdict == "held"):
                found[offer] = _Step(id, NOTHING, result)
            elif first is None:
                found[offer] = _Step(id, result.at_once, NOTHING)
            else:
                correction = plan(believed, first.wanted, first.by_context.get(context, ()), now, grace, rated)
                after = corrected(believed, correction.sheets)
                rest = plan(after, wants.wanted, sheets, now, grace, doubted=doubts)
                held = rest.held
                found[offer] = _Step(id, (correction if held else result).at_once, rest if held else NOTHING)
    return found


class Decided(NamedTuple):
    """Rows to append, proposals to make, what to tell beside the factor of its rise, the models whose columns may
    change, offers of which nothing is to be held, and models of which something waits for a decision or was refused."""

    rows: list[dict[str, Any]]
    held: list[dict[str, Any]]
    news: list[tuple[Decimal, News]]
    touched: set[Key]
    settled: set[int]
    waiting: set[Key]


def decide(
    asked: Iterable[Said],
    *,
    doubted: Mapping[Any, Any],
    stored: Mapping[Offer, Sequence[tuple[int, Sheet]]],
    known: Mapping[tuple[int, str], Mapping[str, Any]],
    now: dt.datetime,
    grace: dt.timedelta,
    rates: Rates,
    before: Mapping[Key, Before | None],
) -> Decided:
    """What to do about some models. `before` has those of which a source speaks for the first time, with what would be
    said of them if all others still said what they did. For thousands it takes seconds: not for an event loop."""
    found = Decided([], [], [], set(), set(), set())
    had = {(provider, model) for provider, model, *_ in stored}
    steps = _steps(asked, doubted, stored, now, grace, rates, before, known)
    for (provider, model, *_), (offer, taken, held) in steps.items():
        key = (provider, model)
        found.rows.extend(_row(sheet, offer) for sheet in taken.sheets)
        if taken.rise is not None:
            late = max(sheet.sold_from for sheet in taken.sheets if sheet.sold_from is not None)
            found.news.append((taken.rise, rising(key, taken.rise, late)))
        if taken.sheets and key in had:
            found.touched.add(key)
        if held.held and offer is not None:
            _hold(found, key, offer, held, known.get((offer, held.digest), {}).get("verdict"))
        elif offer is not None:
            found.settled.add(offer)
    return found


def _hold(found: Decided, key: Key, offer: int, held: Plan, verdict: str | None) -> None:
    found.waiting.add(key)
    if verdict == "refused":  # what else was held of it, the sources say no longer
        found.settled.add(offer)
    if verdict in ("held", "refused"):
        return
    rows = [_row(sheet, offer) for sheet in held.sheets]
    found.held.append({"offer": offer, "wanted": rows, "digest": held.digest, "reasons": list(held.reasons)})
    told = {"provider_id": key[0], "model_id": key[1], "reasons": list(held.reasons)}
    found.news.append((held.rise or Decimal(1), News("radiant.price.held", "/".join(key), told)))
    found.touched.add(key)


def _row(sheet: Sheet, offer: int | None) -> dict[str, Any]:
    """A row to append; without prices one that ends what was believed."""
    row = prices.row_of(sheet, offer)
    return row if sheet.prices else {**row, "items": None}
