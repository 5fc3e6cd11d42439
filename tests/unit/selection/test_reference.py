"""The index answers what a plain reading of the contract answers, for random registries and requests.

The reference below sorts and filters rows with fractions and knows no mask, no memory and no profile file.
"""

from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiant import Selector
from radiant.domain.choice import Via
from radiant.domain.errors import NoEligibleModel
from tests.examples import examples
from tests.unit.selection.reference_prices import cost
from tests.unit.selection.strategies import (
    CLASSES,
    CONNECTED,
    NOW,
    PROVIDERS,
    TODAY,
    Row,
    asked_strategy,
    registry,
    rows_strategy,
)

READINESS = {"HOT": 0, "WARM": 1, None: 2, "COLD": 3}
HEALTH = {"healthy": 0, "degraded": 1, "unknown": 2, None: 2}


def standing(row: Row) -> bool:
    return (
        row["enabled"]
        and not row["deprecated"]
        and row["health_status"] != "unhealthy"
        and row["thermal_state"] != "OFF"
        and (row["retires"] is None or row["retires"] > TODAY)
        and row["resting_until"] is None
    )


def leaving(row: Row) -> bool:
    return row["retires"] is not None and (row["retires"] - TODAY).days <= 30


def fits(row: Row, usage: Row) -> bool:
    """The tokens that a request states."""
    into, out = usage.get("input_tokens", 0), usage.get("output_tokens", 0)
    window = row["context_window"]
    if window is None:
        return bool(into + out <= 1000 or row["primary_mode"] == "image")
    return bool(into + out <= window)


def ceiling(row: Row, price: Any, most: Any) -> bool:
    markup = 1 + Fraction(row["markup_rate"] or 0)
    return most is None or (price is not None and Fraction(price) * markup <= Fraction(most))


#: Dropped for the model of last resort.
NO_LIMITS = dict.fromkeys(
    ("max_latency_ms", "max_cost_per_request", "max_input_cost_per_1k", "max_output_cost_per_1k"), None
)


def meets(row: Row, asked: Row) -> bool:
    """Every demand but the task."""
    usage = asked["usage"] or {}
    own = row["hosting_type"] == "self_hosted"
    tier = row["min_tier"] or (3 if own else 1)
    limit, latency, window = asked["max_cost_per_request"], asked["max_latency_ms"], asked["min_context_window"]
    known_cost = cost(row, asked["usage"], asked["input_modalities"], asked["output_modalities"])
    names = {row["model_id"], f"{row['provider_id']}/{row['model_id']}", row["id"]}
    return (
        set(asked["input_modalities"]) <= set(row["input_modalities"] or ())
        and set(asked["output_modalities"]) <= set(row["output_modalities"] or ())
        and set(asked["required_capabilities"]) <= set(row["capabilities"] or ())
        and tier <= asked["tenant_tier"]
        and asked["prefer_hosting"] in ("any", row["hosting_type"])
        and (window is None or (row["context_window"] is not None and row["context_window"] >= window))
        and (latency is None or (row["avg_latency_ms"] is not None and row["avg_latency_ms"] <= latency))
        and (limit is None or (known_cost is not None and known_cost <= Fraction(limit)))
        and (not asked["require_hipaa"] or "HIPAA" in (row["compliance"] or ()))
        and (not asked["require_commercial_use"] or row["commercial_use_allowed"] is True
             or (row["commercial_use_allowed"] is None and not own))
        and not names & set(asked["exclude"])
        and (not asked["only_providers"] or row["provider_id"] in asked["only_providers"])
        and row["provider_id"] not in asked["exclude_providers"]
        and (not asked["connected_only"] or own or row["provider_id"] in CONNECTED)
        and (asked["min_class"] is None
             or (row["class"] is not None and CLASSES.index(row["class"]) >= CLASSES.index(asked["min_class"])))
        and ceiling(row, row["input_cost_per_1k"], asked["max_input_cost_per_1k"])
        and ceiling(row, 0 if row["primary_mode"] == "embedding" else row["output_cost_per_1k"],
                    asked["max_output_cost_per_1k"])
        and (asked.get("any_size") or (
            fits(row, usage)
            and (row["max_input"] is None or usage.get("input_tokens", 0) <= row["max_input"])
            and (row["max_output"] is None or usage.get("output_tokens", 0) <= row["max_output"])
        ))
    )  # fmt: skip


def known_first(value: Any) -> tuple[bool, Any]:
    return value is None, 0 if value is None else value


def place(row: Row, asked: Row, *, blind: bool = False) -> tuple[Any, ...]:
    """Sorts the eligible; the smallest is the best."""
    own = row["thermal_state"] is not None
    readiness = () if blind else (READINESS[row["thermal_state"]],)
    health = 0 if blind and own else HEALTH[row["health_status"]]
    latency, dear = known_first(row["avg_latency_ms"]), known_first(cost(row, None))
    spent = known_first(cost(row, asked["usage"], asked["input_modalities"], asked["output_modalities"]))
    window, speed = row["context_window"], row["throughput_tps"]
    size = None if row["class"] is None else CLASSES.index(row["class"])
    fast, light = known_first(None if speed is None else -speed), known_first(size)
    keys: dict[str, tuple[Any, ...]] = {
        "ready-first": (readiness, latency, health, dear),
        "cheapest": (spent, readiness, latency, health),
        "fastest": (latency, fast, light, health, readiness, dear),
        "best": (known_first(None if size is None else -size), readiness, latency, health, dear),
        "largest-context": (known_first(None if window is None else -window), readiness, latency, health, dear),
    }
    cold = row["thermal_state"] == "COLD" and not blind
    favored = row["provider_id"] not in asked["prefer_providers"]
    return favored, cold, *keys[asked["profile"]], leaving(row), row["model_id"], row["provider_id"]


def name(row: Row) -> str:
    return f"{row['provider_id']}/{row['model_id']}"


def expected_list(rows: list[Row], asked: Row) -> list[str]:
    eligible = [row for row in rows if standing(row) and row["primary_mode"] == asked["task"] and meets(row, asked)]
    return [name(row) for row in sorted(eligible, key=lambda row: place(row, asked))]


def expected_fallback(rows: list[Row], asked: Row, default: str) -> tuple[str, Via, str | None] | None:
    usable = [row for row in rows if standing(row)]
    task = [row for row in usable if row["primary_mode"] == asked["task"]]
    eligible = sorted((row for row in task if meets(row, asked)), key=lambda row: place(row, asked, blind=True))
    if not eligible:
        named = [row for row in usable if row["model_id"] == default and meets(row, asked | NO_LIMITS)]
        spare = sorted(named, key=lambda row: (leaving(row), place(row, asked)))
        cold = spare and spare[0]["thermal_state"] == "COLD"
        return (name(spare[0]), Via.DEFAULT, spare[0]["model_id"] if cold else None) if spare else None
    best = eligible[0]
    if best["thermal_state"] != "COLD":
        return name(best), Via.PREFERRED, None
    for demand in (asked, asked | {"prefer_hosting": "any"}):
        ready = [row for row in task if row["thermal_state"] != "COLD" and meets(row, demand)]
        if ready:
            return name(min(ready, key=lambda row: place(row, asked))), Via.HANDOVER, best["model_id"]
    return name(best), Via.PREFERRED, best["model_id"]


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=rows_strategy, requests=st.lists(asked_strategy, min_size=1, max_size=6))
def test_lists_and_choices_are_those_of_the_reference(space: str, drawn: list[Row], requests: list[Row]) -> None:
    rows = registry(drawn)
    selector = Selector.from_rows(rows, today=TODAY, now=NOW, connected=CONNECTED, providers=PROVIDERS)
    for asked in [*requests, *requests]:
        expected = expected_list(rows, asked)
        ranked_names = [f"{each.provider_id}/{each.model_id}" for each in selector.rank(**asked, limit=100)]
        assert ranked_names == expected
        best = selector.select(**asked)
        assert (None if best is None else f"{best.provider_id}/{best.model_id}") == (expected[0] if expected else None)
        explained = selector.explain(**asked, limit=None)
        assert [f"{v.provider_id}/{v.model_id}" for v in explained.verdicts if v.position] == expected
        assert all(bool(verdict.refusals) is (verdict.position is None) for verdict in explained.verdicts)
        assert len(explained.verdicts) == len(rows)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=rows_strategy, asked=asked_strategy, default=st.sampled_from(["a", "m1"]))
async def test_fallbacks_are_those_of_the_reference(space: str, drawn: list[Row], asked: Row, default: str) -> None:
    async def start(_: str) -> bool:
        return True

    rows = registry(drawn)
    selector = Selector.from_rows(
        rows,
        defaults={asked["task"]: default},
        request_warmup=start,
        today=TODAY,
        now=NOW,
        connected=CONNECTED,
        providers=PROVIDERS,
    )
    expected = expected_fallback(rows, asked, default)
    try:
        found = await selector.select_with_fallback(**asked)
    except NoEligibleModel:
        assert expected is None
    else:
        assert (f"{found.provider_id}/{found.model_id}", found.via, found.warming) == expected


#: What a demand is when it is dropped; the others are then None.
DROPPED: Row = {
    "input_modalities": [],
    "output_modalities": [],
    "required_capabilities": [],
    "exclude": [],
    "tenant_tier": 5,
    "prefer_hosting": "any",
    "require_hipaa": False,
    "require_commercial_use": False,
    "only_providers": [],
    "exclude_providers": [],
}
DEMANDS = (*DROPPED, *NO_LIMITS, "min_context_window", "connected_only", "min_class", "usage")


def expected_reliefs(rows: list[Row], asked: Row, together: int) -> dict[frozenset[str], set[str]]:
    """The models that come back, for every set of so many demands whose dropping brings any."""
    stated = [
        field
        for field in DEMANDS
        if asked[field] is not None and (field == "tenant_tier" or asked[field] != DROPPED.get(field))
    ]
    found = {}
    for dropped in combinations(stated, together):
        without = asked | {field: DROPPED.get(field) for field in dropped if field != "usage"}
        without["any_size"] = "usage" in dropped  # what a request costs stays: only its size is no demand any more
        back = set(expected_list(rows, without))
        if back:
            found[frozenset(dropped)] = back
    return found


@settings(max_examples=examples(100), deadline=None)
@given(drawn=rows_strategy, asked=asked_strategy)
def test_a_diagnosis_promises_what_comes_back_and_forgets_nothing(drawn: list[Row], asked: Row) -> None:
    rows = registry(drawn)
    expected = expected_reliefs(rows, asked, 1) or expected_reliefs(rows, asked, 2)
    reliefs = (
        Selector.from_rows(rows, today=TODAY, now=NOW, connected=CONNECTED, providers=PROVIDERS)
        .diagnose(**asked)
        .reliefs
    )
    assert {frozenset(it.without): it.models for it in reliefs} == {key: len(back) for key, back in expected.items()}
    assert all(f"{it.first.provider_id}/{it.first.model_id}" in expected[frozenset(it.without)] for it in reliefs)
    assert [it.models for it in reliefs] == sorted((it.models for it in reliefs), reverse=True)
