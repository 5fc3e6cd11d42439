"""What sheets follow from what two and three sources say: each with its own price list, before and after a change."""

import datetime as dt
from decimal import Decimal
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiant.catalog.announced import after
from radiant.claims.wholes import WHOLE
from radiant.domain.fact import Fact
from radiant.domain.meter import ancestors
from radiant.domain.price_sheet import Sheet
from radiant.domain.units import LIST_PRICES
from radiant.domain.vocabulary import Task
from radiant.pricing.rating import rate
from radiant.pricing.row_sheets import COUNTED_BY
from radiant.pricing.stored import holding_at, said_by
from radiant.pricing.wanted import Said, wanted
from radiant.sync.price_plan import plan

from .sheets import NOON, day

CHANGE = "2026-12-01"
BATCH, FLEX, PRIORITY = {"processing": "batch"}, {"service_tier": "flex"}, {"service_tier": "priority"}
CONTEXTS: tuple[dict[str, str], ...] = ({}, BATCH, FLEX, PRIORITY)

Prices = dict[str, Any]


def facts(source: str, **prices: Any) -> list[Fact]:
    """What a source says of the prices of acme/m, by keys without what they are for."""
    return [
        Fact(
            source=source, entry="m", field=f"price.{key}", provider_id="acme", model_id="m", reference=None,
            value=value, source_date=dt.date(2026, 11, 1), seen_at=NOON,
        )
        for key, value in _keys(prices).items()
    ]  # fmt: skip


def _keys(prices: Prices) -> Prices:
    tables = ("tiers", "hours", "variants", "steps", "per_search")
    return {
        key if key in tables else f"{key}_per_mtok": value if key in tables else Decimal(str(value))
        for key, value in prices.items()
    }


def kind(when: dict[str, str], **prices: Any) -> Prices:
    return {"when": when, **{f"{key}_per_mtok": str(value) for key, value in prices.items()}}


def step(day: str = CHANGE, **prices: Any) -> Prices:
    return {"from": day, **_keys(prices)}


def dated(*lists: tuple[str | None, Prices], source: str = "genai-prices") -> tuple[Prices, ...]:
    return tuple(
        {
            "source": source, "entry": "m", "prices": _keys(prices), "said": "always" if start is None else "date",
            "starts": None if start is None else day(start),
        }
        for start, prices in lists
    )  # fmt: skip


def sheets(*said: list[Fact], lists: tuple[Prices, ...] = (), now: dt.datetime = NOON) -> tuple[Sheet, ...]:
    every = tuple(fact for some in said for fact in some)
    return wanted(_said(every, lists), {}, now).sheets


def _said(every: tuple[Fact, ...], lists: tuple[Prices, ...]) -> Said:
    return Said(provider_id="acme", model_id="m", task=Task.CHAT, facts=every, dated=lists)


def at(found: tuple[Sheet, ...], moment: str, context: dict[str, str] | None = None) -> dict[str, Decimal]:
    sheet = holding_at([it for it in found if it.context == (context or {})], day(moment))
    return {} if sheet is None else {it.meter: it.amount for it in sheet.prices if it.clock is None}


ARGON = facts(
    "curated", input=2, output=10, cache_read="0.1", batch_input=1, batch_output=5,
    steps=[step(input=4, output=20, cache_read="0.2", batch_input=2, batch_output=10)],
)  # fmt: skip
LITELLM = facts(
    "litellm", input=2, output=10, cache_read="0.1", reasoning=10, batch_input=1, batch_output=5, per_search="0.014",
    variants=[
        kind(BATCH, cache_read="0.05"),
        kind(FLEX, input=1, output=5),
        kind(PRIORITY, input="3.6", output=18, cache_read="0.18"),
    ],
)  # fmt: skip


def test_of_a_change_that_one_source_announces_the_other_says_nothing() -> None:
    found = sheets(ARGON, LITELLM)
    usage = {"input_tokens": 1000, "output_tokens": 10_000, "output_reasoning_tokens": 9000}
    assert [rate(found, usage, day(it)).total for it in ("2026-11-30", "2026-12-02")] == [
        Decimal("0.102"), Decimal("0.204"),
    ]  # fmt: skip
    assert at(found, "2026-11-30", PRIORITY)["input_tokens"] == Decimal("3.6")
    assert at(found, "2026-11-30", BATCH)["cache_read_tokens"] == Decimal("0.05")
    assert at(found, "2026-12-02") == {
        "input_tokens": 4, "output_tokens": 20, "cache_read_tokens": Decimal("0.2"), "web_searches": Decimal("0.014"),
    }  # fmt: skip
    assert at(found, "2026-12-02", BATCH) == {"input_tokens": 2, "output_tokens": 10}
    assert [at(found, "2026-12-02", it) for it in (FLEX, PRIORITY)] == [{}, {}]


def test_a_third_source_that_knows_the_change_says_its_whole_list() -> None:
    now = {"input": 2, "output": 10, "cache_read": "0.1"}
    then = {"input": 4, "output": 20, "cache_read": "0.2", "variants": [kind(BATCH, cache_read="0.1")]}
    lists = dated((None, now), (CHANGE, then))
    found = sheets(ARGON, LITELLM, facts("genai-prices", **now), lists=lists)
    assert at(found, "2026-12-02", BATCH) == {
        "input_tokens": 2, "output_tokens": 10, "cache_read_tokens": Decimal("0.1"),
    }  # fmt: skip
    assert "output_reasoning_tokens" not in at(found, "2026-12-02")
    assert "output_reasoning_tokens" in at(found, "2026-11-30")


def test_a_list_with_dates_announces_what_it_is_right_about_today() -> None:
    now, then = {"input": 2, "output": 10}, {"input": 4, "output": 20}
    announced = dated((None, now), (CHANGE, then))
    undated = facts("curated", input=2, output=9)
    found = sheets(undated, facts("genai-prices", **now), lists=announced)
    assert at(found, "2026-12-02") == {"input_tokens": 4, "output_tokens": 9}


def test_tiers_and_hours_of_before_do_not_outlive_a_change_that_turns_them_round() -> None:
    tiers = [{"above_input_tokens": 200_000, "input_per_mtok": "0.45"}]
    hours = [{"weekdays": [6, 7], "utc": ["00:00-24:00"], "input_per_mtok": "0.15"}]
    own = facts("curated", input="0.3", tiers=tiers, hours=hours, steps=[step(input="0.6")])
    usage = {"input_tokens": 1_000_000}
    found = sheets(own)
    assert rate(found, usage, day("2026-11-30")).total == Decimal("0.45")
    assert rate(found, usage, day("2026-12-02")).total == Decimal("0.6"), "no tier that is cheaper than the base"
    weekend = day("2026-12-05")
    assert rate(found, {"input_tokens": 1000}, weekend).total == Decimal("0.00015"), (
        "hours stay where nothing ends them"
    )
    others = facts("curated", input="0.3", steps=[step(input="0.6")]), facts("litellm", input="0.3", hours=hours)
    assert rate(sheets(*others), {"input_tokens": 1000}, weekend).total == Decimal("0.0006")


@pytest.mark.parametrize(
    ("before", "change", "then"),
    [
        ({"input": 2, "cache_read": 1}, {"input": 4}, {"input": 4, "cache_read": 1}),
        ({"input": 2, "cache_write": "2.5"}, {"input": 4}, {"input": 4}),
        ({"output": 10, "reasoning": 10}, {"output": 20}, {"output": 20}),
        ({"output": 10, "reasoning": 10}, {"output": 20, "reasoning": 25}, {"output": 20, "reasoning": 25}),
        ({"output": 10, "reasoning": 30}, {"output": 20}, {"output": 20, "reasoning": 30}),
        ({"output": 10, "reasoning": 30}, {"input": 20}, {"input": 20, "output": 10, "reasoning": 30}),
        ({"input": 2, "batch_input": 1}, {"input": "0.5"}, {"input": "0.5"}),
    ],
)
def test_what_a_step_does_not_name_stays_unless_it_followed(before: Prices, change: Prices, then: Prices) -> None:
    assert after(_keys(before), _keys(change)) == _keys(then)


def test_a_part_of_another_price_list_is_none_of_this() -> None:
    """Also where the change has come, and a list that was read before still says the old prices."""
    found = sheets(facts("curated", input=4, output=20), LITELLM)
    assert at(found, "2026-11-30") == {"input_tokens": 4, "output_tokens": 20, "web_searches": Decimal("0.014")}
    assert {tuple(it.context.items()) for it in found} == {()}
    third = facts("models.dev", input=4, output=20, reasoning=22, cache_read="0.4")
    found = sheets(facts("curated", input=4, output=20), LITELLM, third)
    assert at(found, "2026-11-30")["output_reasoning_tokens"] == 22


def test_each_kind_of_requests_is_said_by_who_speaks_first_of_it() -> None:
    genai = facts(
        "genai-prices", input=2, output=10, variants=[kind(BATCH, cache_read="0.04"), kind(FLEX, input="0.9")]
    )
    for order in permutations([ARGON, LITELLM, genai]):
        found = sheets(*order)
        assert at(found, "2026-11-30", BATCH)["cache_read_tokens"] == Decimal("0.04")
        assert at(found, "2026-11-30", FLEX) == {"input_tokens": Decimal("0.9")}
        assert at(found, "2026-11-30", PRIORITY)["input_tokens"] == Decimal("3.6")
        (flex,) = [it for it in found if it.context == FLEX and it.valid_to is not None]
        assert [it.source for it in flex.prices] == ["genai-prices"]


def test_history_is_that_of_the_day_and_a_change_since_the_document_was_read_has_come() -> None:
    now, then = {"input": 2}, {"input": 3}
    lists = dated((None, {"input": 10}), ("2025-06-10", now), (CHANGE, then))
    found = sheets(facts("genai-prices", **now), lists=lists, now=day("2027-01-01"))
    assert [at(found, it)["input_tokens"] for it in ("2025-06-09", "2026-11-30", "2027-01-01")] == [10, 2, 3]


AMOUNT = st.integers(10, 19).map(lambda it: Decimal(it) / 10)
SOME = st.fixed_dictionaries(
    {"input": AMOUNT},
    optional={
        "output": AMOUNT,
        "cache_read": AMOUNT,
        "reasoning": AMOUNT,
        "batch_input": AMOUNT,
        "variants": st.lists(st.sampled_from([BATCH, FLEX, PRIORITY]), unique_by=str, min_size=1).flatmap(
            lambda kinds: st.tuples(*(st.builds(kind, st.just(it), cache_read=AMOUNT, input=AMOUNT) for it in kinds))
        ).map(list),
    },
)  # fmt: skip
ORDERS = st.permutations(["curated", "genai-prices", "litellm", "models.dev"])


def append(stored: list[Sheet], new: Sheet) -> list[Sheet]:
    """As append_sheet() does: what was believed of the span is no more, what lies beside it goes on."""
    found = []
    for it in stored:
        if it.context != new.context:
            found.append(it)
            continue
        early, late = (dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC))
        start, end = it.valid_from or early, it.valid_to or late
        since, until = new.valid_from or early, new.valid_to or late
        for one, other in ((start, min(end, since)), (max(start, until), end)):
            if one < other:
                found.append(_span(it, None if one == early else one, None if other == late else other))
    return [*found, new] if new.prices else found


def _span(sheet: Sheet, start: dt.datetime | None, end: dt.datetime | None) -> Sheet:
    return msgspec.structs.replace(sheet, valid_from=start, valid_to=end)


def synced(stored: list[Sheet], every: list[Fact], lists: tuple[Prices, ...], now: dt.datetime) -> list[Sheet]:
    """One run over the prices of a model; what a guard would hold is approved."""
    wants = wanted(_said(tuple(every), lists), {}, now)
    for context in CONTEXTS:
        there = [it for it in stored if it.context == context]
        for new in plan(there, wants, [it for it in wants.sheets if it.context == context], now).sheets:
            stored = append(stored, new)
    return stored


def in_force(stored: list[Sheet]) -> dict[Any, Any]:
    moments = (NOON + dt.timedelta(hours=9), day("2026-12-02"), day("2027-02-01"))
    return {
        (moment, *context.items()): said_by(sheet)
        for moment in moments
        for context in CONTEXTS
        if (sheet := holding_at([it for it in stored if it.context == context], moment)) is not None
    }


@settings(max_examples=150, deadline=None)
@given(
    st.fixed_dictionaries(dict.fromkeys(("curated", "genai-prices", "litellm", "models.dev"), SOME)),
    st.one_of(st.none(), SOME), st.one_of(st.none(), SOME), ORDERS, st.integers(0, 15),
)  # fmt: skip
def test_the_order_of_imports_and_of_runs_between_is_irrelevant(
    said: dict[str, Prices], announced: Prices | None, ahead: Prices | None, order: list[str], runs: int
) -> None:
    """Random price lists of four sources, one with a step, one with dates; a run after some of the imports."""
    told = {source: facts(source, **prices) for source, prices in said.items()}
    if announced is not None:
        usual = {key: it for key, it in announced.items() if key != "variants"}
        told["curated"] = facts("curated", **said["curated"], steps=[step(**usual)])
    lists = dated((None, said["genai-prices"]), ("2027-01-01", ahead)) if ahead is not None else ()
    stored: list[Sheet] = []
    every: list[Fact] = []
    for place, source in enumerate(order):
        every += told[source]
        if runs >> place & 1 or place == 3:
            dates = lists if "genai-prices" in order[: place + 1] else ()
            stored = synced(stored, every, dates, NOON + dt.timedelta(hours=place))
    once = synced([], [fact for some in told.values() for fact in some], lists, NOON + dt.timedelta(hours=8))
    assert in_force(stored) == in_force(once)
    again = synced(stored, every, lists, NOON + dt.timedelta(hours=8))
    assert again == stored, "a second run writes nothing"


def test_wholes_are_those_of_the_lattice() -> None:
    """Each price that has a meter inside another's is told with it, those of batches beside the usual ones."""
    found = {}
    for name, listed in LIST_PRICES.items():
        of = COUNTED_BY.get(name)
        beside = [
            it for it in ("input", "output") if COUNTED_BY[it] in {of, *ancestors(of or "requests")} and it != name
        ]
        if listed.key is not None and beside:
            found[listed.key] = LIST_PRICES[beside[0]].key
    assert dict(WHOLE) == found
