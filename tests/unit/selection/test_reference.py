"""The index answers what a plain reading of the contract answers, for random registries and requests.

The reference below sorts and filters rows with decimals and knows no mask, no memory and no profile file.
"""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiant import Selector
from radiant.domain.choice import Via
from radiant.domain.errors import NoEligibleModel
from radiant.selection.masks import filter as table
from radiant.selection.masks import ranking as ranked

Row = dict[str, Any]

READINESS = {"HOT": 0, "WARM": 1, None: 2, "COLD": 3}
HEALTH = {"healthy": 0, "degraded": 1, "unknown": 2, None: 2}
UNIT_PRICES = {
    "per_request": "cost_per_request",
    "per_image": "cost_per_image",
    "per_second": "cost_per_second",
    "per_minute": "cost_per_minute",
    "per_character": "cost_per_character",
    "per_page": "cost_per_page",
    "per_hour": "cost_per_hour",
}
PRICES = [
    None,
    Decimal(0),
    Decimal("0.00015"),
    Decimal("0.0006"),
    Decimal("0.02"),
    Decimal("0.020000000000000001"),
    Decimal(3),
]
CAPABILITIES = ["a", "b", "c"]
MODALITIES = ["text", "image", "audio"]


def output_price(row: Row) -> Decimal | None:
    if row["output_cost_per_1k"] is None and row["primary_mode"] in ("embedding", "rerank", "moderation"):
        return Decimal(0)
    found: Decimal | None = row["output_cost_per_1k"]
    return found


def marked_up(row: Row, amount: Decimal) -> Decimal:
    return amount * (1 + (row["markup_rate"] or 0))


def price(row: Row) -> Decimal | None:
    if row["pricing_type"] == "per_token":
        output = output_price(row)
        if row["input_cost_per_1k"] is None or output is None:
            return None
        return marked_up(row, row["input_cost_per_1k"] + output / 2)
    unit = UNIT_PRICES.get(row["pricing_type"])
    return None if unit is None or row[unit] is None else marked_up(row, row[unit])


def cost(row: Row, usage: Row) -> Decimal | None:
    share, seconds = Decimal(usage["cached_share"]), usage["seconds"]
    request = row["cost_per_request"]
    if row["pricing_type"] == "per_token":
        output = output_price(row)
        if row["input_cost_per_1k"] is None or output is None:
            return None
        cached = row["cached_input_cost_per_1k"]
        cached = row["input_cost_per_1k"] if cached is None else cached
        tokens = usage["input_tokens"] * (row["input_cost_per_1k"] * (1 - share) + cached * share)
        return marked_up(row, (tokens + usage["output_tokens"] * output) / 1000 + (request or 0))
    unit = UNIT_PRICES.get(row["pricing_type"])
    if row["pricing_type"] == "per_hour" and (seconds is None or row["cost_per_hour"] is None):
        return None if request is None else marked_up(row, request)
    if unit is None or row[unit] is None:
        return None
    times = {
        "per_request": Decimal(1),
        "per_image": Decimal(usage["images"]),
        "per_second": Decimal(60 if seconds is None else seconds),
        "per_minute": Decimal(60 if seconds is None else seconds) / 60,
        "per_character": Decimal(usage["characters"]),
        "per_page": Decimal(usage["pages"]),
        "per_hour": Decimal(seconds or 0) / 3600,
    }[row["pricing_type"]]
    return marked_up(row, row[unit] * times)


ASSUMED = {
    "input_tokens": 1000,
    "output_tokens": 500,
    "cached_share": 0,
    "images": 1,
    "seconds": None,
    "characters": 1000,
    "pages": 1,
}


def standing(row: Row) -> bool:
    return (
        row["enabled"]
        and not row["deprecated"]
        and row["health_status"] != "unhealthy"
        and row["thermal_state"] != "OFF"
    )


def meets(row: Row, asked: Row) -> bool:
    """Every demand but the task."""
    own = row["hosting_type"] == "self_hosted"
    tier = row["min_tier"] or (3 if own else 1)
    limit, latency, window = asked["max_cost_per_request"], asked["max_latency_ms"], asked["min_context_window"]
    known_cost = cost(row, ASSUMED | (asked["usage"] or {}))
    names = {row["model_id"], f"{row['provider_id']}/{row['model_id']}", row["id"]}
    return (
        set(asked["input_modalities"]) <= set(row["input_modalities"] or ())
        and set(asked["output_modalities"]) <= set(row["output_modalities"] or ())
        and set(asked["required_capabilities"]) <= set(row["capabilities"] or ())
        and tier <= asked["tenant_tier"]
        and asked["prefer_hosting"] in ("any", row["hosting_type"])
        and (window is None or (row["context_window"] is not None and row["context_window"] >= window))
        and (latency is None or (row["avg_latency_ms"] is not None and row["avg_latency_ms"] <= latency))
        and (limit is None or (known_cost is not None and known_cost <= limit))
        and (not asked["require_hipaa"] or "HIPAA" in (row["compliance"] or ()))
        and (not asked["require_commercial_use"] or row["commercial_use_allowed"] is True
             or (row["commercial_use_allowed"] is None and not own))
        and not names & set(asked["exclude"])
    )  # fmt: skip


def known_first(value: Any) -> tuple[bool, Any]:
    return value is None, 0 if value is None else value


def place(row: Row, asked: Row, *, blind: bool = False) -> tuple[Any, ...]:
    """Sorts the eligible; the smallest is the best."""
    own = row["thermal_state"] is not None
    readiness = () if blind else (READINESS[row["thermal_state"]],)
    health = 0 if blind and own else HEALTH[row["health_status"]]
    latency, dear = known_first(row["avg_latency_ms"]), known_first(price(row))
    spent = known_first(cost(row, ASSUMED | asked["usage"])) if asked["usage"] is not None else dear
    window = row["context_window"]
    keys: dict[str, tuple[Any, ...]] = {
        "ready-first": (readiness, latency, health, dear),
        "cheapest": (spent, readiness, latency, health),
        "fastest": (latency, health, readiness, dear),
        "largest-context": (known_first(None if window is None else -window), readiness, latency, health, dear),
    }
    cold = row["thermal_state"] == "COLD" and not blind
    favored = row["provider_id"] not in asked["prefer_providers"]
    return favored, cold, *keys[asked["profile"]], row["model_id"], row["provider_id"]


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
        spare = sorted((row for row in usable if row["model_id"] == default and meets(row, asked)),
                       key=lambda row: place(row, asked))  # fmt: skip
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


def some(values: list[str], most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most)


def often(value: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(value), st.just(value), st.just(value), other)


prices = st.sampled_from(PRICES)
rows_strategy = st.lists(
    st.fixed_dictionaries(
        {
            "provider_id": st.sampled_from(["p", "q", "Q"]),
            "model_id": st.sampled_from(["a", "B", "b", "é", "m1", "m2", "m3", "m4", "m5", "m6"]),
            "own": st.sampled_from([None, None, "HOT", "WARM", "COLD", "COLD", "OFF"]),
            "capabilities": st.one_of(st.none(), some(CAPABILITIES)),
            "input_modalities": often(["text"], st.one_of(st.none(), some(MODALITIES))),
            "output_modalities": often(["text"], some(MODALITIES)),
            "primary_mode": often("chat", st.sampled_from(["embedding", "image", "completion"])),
            "context_window": st.sampled_from([None, 0, 4000, 4001, 8000, 10**6]),
            "pricing_type": st.sampled_from([None, "per_token", "per_token", "per_token", *UNIT_PRICES]),
            "input_cost_per_1k": prices,
            "output_cost_per_1k": prices,
            "cached_input_cost_per_1k": prices,
            **dict.fromkeys(UNIT_PRICES.values(), prices),
            "markup_rate": st.sampled_from([None, Decimal(0), Decimal("0.40"), Decimal("0.75")]),
            "enabled": often(True, st.booleans()),
            "deprecated": often(False, st.booleans()),
            "health_status": st.sampled_from([None, "unknown", "healthy", "healthy", "degraded", "unhealthy"]),
            "avg_latency_ms": st.sampled_from([None, 0, 100, 100.5, Decimal("250.25"), 900]),
            "compliance": st.one_of(st.none(), some(["HIPAA", "SOC2"])),
            "commercial_use_allowed": st.sampled_from([None, True, False]),
            "min_tier": st.sampled_from([None, 1, 2, 3, 4, 5]),
        }
    ),
    max_size=25,
    unique_by=lambda row: ("self_hosted" if row["own"] else row["provider_id"], row["model_id"]),
)
asked_strategy = st.fixed_dictionaries(
    {
        "task": often("chat", st.sampled_from(["embedding", "image", "completion"])),
        "input_modalities": often(["text"], some(MODALITIES)),
        "output_modalities": often(["text"], some(MODALITIES)),
        "tenant_tier": st.sampled_from([1, 2, 3, 4, 5, 5, 5]),
        "prefer_hosting": often("any", st.sampled_from(["external", "self_hosted"])),
        "prefer_providers": often([], some(["p", "Q", "self_hosted", "nobody"])),
        "max_latency_ms": often(None, st.sampled_from([0, 99, 100, 100.5, 899.9, 10**6])),
        "max_cost_per_request": often(None, st.sampled_from([0, *PRICES[1:], Decimal("0.00045"), Decimal("0.00063")])),
        "required_capabilities": often([], some([*CAPABILITIES, "nobody has it"])),
        "min_context_window": often(None, st.sampled_from([0, 4000, 4001, 10**7])),
        "require_hipaa": often(False, st.booleans()),
        "require_commercial_use": often(False, st.booleans()),
        "exclude": often([], some(["a", "p/B", "p#é", "self_hosted/m1", "m2", "nobody"])),
        "profile": st.sampled_from(["ready-first", "cheapest", "fastest", "largest-context"]),
        "usage": often(
            None,
            st.fixed_dictionaries(
                {},
                optional={
                    "input_tokens": st.sampled_from([0, 1, 1000, 10**6]),
                    "output_tokens": st.sampled_from([0, 500, 3]),
                    "cached_share": st.sampled_from(["0", "0.5", "0.125", "1"]),
                    "images": st.sampled_from([0, 4]),
                    "seconds": st.sampled_from([0, 30, 3600]),
                    "characters": st.sampled_from([0, 7]),
                    "pages": st.sampled_from([0, 3]),
                },
            ),
        ),
    }
)


def registry(drawn: list[Row]) -> list[Row]:
    rows = []
    for columns in drawn:
        own = columns["own"]
        provider = "self_hosted" if own else columns["provider_id"]
        rows.append(
            {key: value for key, value in columns.items() if key != "own"}
            | {
                "provider_id": provider,
                "id": f"{provider}#{columns['model_id']}",
                "provider_name": provider,
                "litellm_id": None,
                "display_name": columns["model_id"],
                "hosting_type": "self_hosted" if own else "external",
                "thermal_state": own,
                "is_transitioning": False,
                "warmup_time_seconds": 60 if own else None,
            }
        )
    return rows


@pytest.fixture(params=["roomy", "cramped"])
def space(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Cramped, even small registries are asked as very large ones are: by steps, and the head of the list first."""
    if request.param == "cramped":
        monkeypatch.setattr(table, "ROOM", 0)
        monkeypatch.setattr(table, "FEWEST", 2)
        monkeypatch.setattr(table, "FEWEST_STEPS", 2)
        monkeypatch.setattr(ranked, "HEAD", 2)
    return str(request.param)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=rows_strategy, requests=st.lists(asked_strategy, min_size=1, max_size=6))
def test_lists_and_choices_are_those_of_the_reference(space: str, drawn: list[Row], requests: list[Row]) -> None:
    rows = registry(drawn)
    selector = Selector.from_rows(rows)
    for asked in [*requests, *requests]:
        expected = expected_list(rows, asked)
        ranked_names = [f"{each.provider_id}/{each.model_id}" for each in selector.rank(**asked, limit=100)]
        assert ranked_names == expected
        best = selector.select(**asked)
        assert (None if best is None else f"{best.provider_id}/{best.model_id}") == (expected[0] if expected else None)
        explained = selector.explain(**asked)
        assert [f"{v.provider_id}/{v.model_id}" for v in explained.verdicts if v.position] == expected
        assert all(bool(verdict.refusals) is (verdict.position is None) for verdict in explained.verdicts)
        assert len(explained.verdicts) == len(rows)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=rows_strategy, asked=asked_strategy, default=st.sampled_from(["a", "m1"]))
async def test_fallbacks_are_those_of_the_reference(space: str, drawn: list[Row], asked: Row, default: str) -> None:
    async def start(_: str) -> bool:
        return True

    rows = registry(drawn)
    selector = Selector.from_rows(rows, defaults={asked["task"]: default}, request_warmup=start)
    expected = expected_fallback(rows, asked, default)
    try:
        found = await selector.select_with_fallback(**asked)
    except NoEligibleModel:
        assert expected is None
    else:
        assert (f"{found.provider_id}/{found.model_id}", found.via, found.warming) == expected


@settings(max_examples=100, deadline=None)
@given(drawn=rows_strategy, asked=asked_strategy)
def test_what_a_diagnosis_promises_comes_back(drawn: list[Row], asked: Row) -> None:
    rows = registry(drawn)
    selector = Selector.from_rows(rows)
    nothing = {"prefer_hosting": "any", "usage": asked["usage"]}
    for relief in selector.diagnose(**asked).reliefs:
        dropped = {
            field: nothing.get(field, [] if isinstance(asked[field], list) else None) for field in relief.without
        }
        without = asked | {key: False if key.startswith("require_") else value for key, value in dropped.items()}
        without |= {"tenant_tier": 5} if "tenant_tier" in dropped else {}
        tasks = ["chat", "embedding", "image", "completion"] if "task" in dropped else [asked["task"]]
        back = [name for task in tasks for name in expected_list(rows, without | {"task": task})]
        assert len(back) == relief.models
        assert f"{relief.first.provider_id}/{relief.first.model_id}" in back
