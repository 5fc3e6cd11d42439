"""The order of eligible models, by each profile."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.criteria import Usage
from radiant.domain.errors import CatalogError
from radiant.selection.criterion import Measure
from radiant.selection.order.profile import Profile, shipped_profiles
from radiant.selection.order.scale import scale_of, scoring

MakeRow = Callable[..., dict[str, Any]]


def order(rows: list[dict[str, Any]], asked: dict[str, Any], **more: Any) -> list[str]:
    return [choice.model_id for choice in Selector.from_rows(rows).rank(**asked, **more)]


def test_hot_then_warm_then_external_then_cold(external: MakeRow, hosted: MakeRow, chat: dict[str, Any]) -> None:
    rows = [hosted("c", "COLD"), external("e", avg_latency_ms=9000), hosted("w", "WARM"), hosted("h", "HOT")]
    assert order(rows, chat) == ["h", "w", "e", "c"]


def test_then_measured_latency_and_the_unmeasured_last(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("none"), external("slow", avg_latency_ms=900), external("fast", avg_latency_ms=Decimal("0.5"))]
    assert order(rows, chat) == ["fast", "slow", "none"]


def test_then_health(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external(each, health_status=each) for each in ("unknown", "degraded", "healthy")]
    assert order(rows, chat) == ["healthy", "degraded", "unknown"]


def test_then_price_free_first_and_unknown_last(external: MakeRow, chat: dict[str, Any]) -> None:
    tokens = {"pricing_type": "per_token", "output_cost_per_1k": 0}
    rows = [
        external("unknown"),
        external("dear", **tokens, input_cost_per_1k=Decimal("0.2000000000000000000000000001")),
        external("fair", **tokens, input_cost_per_1k=Decimal("0.2")),
        external("free", **tokens, input_cost_per_1k=0),
        external("half", pricing_type="per_request", cost_per_request=Decimal("0.1")),
    ]
    assert order(rows, chat) == ["free", "half", "fair", "dear", "unknown"]


def test_markup_counts(external: MakeRow, chat: dict[str, Any]) -> None:
    request = {"pricing_type": "per_request"}
    rows = [
        external("a", **request, cost_per_request=2, markup_rate=Decimal("0.5")),
        external("b", **request, cost_per_request="2.9"),
    ]
    assert order(rows, chat) == ["b", "a"]


def test_at_last_the_code_points_of_model_and_provider(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("b"), external("é"), external("B"), external("a", provider_id="q"), external("a", provider_id="Q")]
    ranked = Selector.from_rows(rows).rank(**chat)
    assert [(each.model_id, each.provider_id) for each in ranked] == [
        ("B", "p"), ("a", "Q"), ("a", "q"), ("b", "p"), ("é", "p"),
    ]  # fmt: skip


MIXED = {"pricing_type": "per_token", "output_cost_per_1k": 0}


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("ready-first", ["hot", "quick", "large", "cheap", "cold"]),
        ("cheapest", ["cheap", "quick", "large", "hot", "cold"]),
        ("fastest", ["quick", "large", "cheap", "hot", "cold"]),
        ("largest-context", ["large", "hot", "quick", "cheap", "cold"]),
        ("balanced", ["quick", "cheap", "large", "hot", "cold"]),
        ("best", ["hot", "quick", "large", "cheap", "cold"]),
    ],
)
def test_the_shipped_profiles(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any], profile: str, expected: list[str]
) -> None:
    rows = [
        hosted("cold", "COLD", cost_per_hour=0, context_window=10**7),
        hosted("hot", "HOT"),
        external("quick", **MIXED, avg_latency_ms=100, input_cost_per_1k="0.2"),
        external("large", **MIXED, avg_latency_ms=300, input_cost_per_1k="0.4", context_window=10**6),
        external("cheap", **MIXED, avg_latency_ms=400, input_cost_per_1k="0.1", context_window=4000),
    ]
    assert order(rows, chat, profile=profile) == expected


def test_every_shipped_profile_is_tested_here() -> None:
    assert sorted(shipped_profiles()) == ["balanced", "best", "cheapest", "fastest", "largest-context", "ready-first"]


def test_cheapest_goes_by_the_stated_usage_and_ready_first_does_not(external: MakeRow, chat: dict[str, Any]) -> None:
    token = {"pricing_type": "per_token", "context_window": 10**7}
    rows = [
        external("reads", **token, input_cost_per_1k="0.1", output_cost_per_1k=5),
        external("writes", **token, input_cost_per_1k=2, output_cost_per_1k="0.1"),
    ]
    long_input = Usage(input_tokens=10**6, output_tokens=1)
    assert order(rows, chat, profile="cheapest") == ["writes", "reads"]
    assert order(rows, chat, profile="cheapest", usage=long_input) == ["reads", "writes"]
    assert order(rows, chat, usage=long_input) == ["writes", "reads"]


def test_a_profile_may_let_cold_models_in_between(external: MakeRow, hosted: MakeRow, chat: dict[str, Any]) -> None:
    rows = [hosted("cold", "COLD", context_window=9000), external("ready")]
    patient = Profile(description="", order=("context",), cold_last=False)
    impatient = Profile(description="", order=("context",))
    selector = Selector.from_rows(rows, profiles={"patient": patient, "impatient": impatient})
    assert [choice.model_id for choice in selector.rank(**chat, profile="patient")] == ["cold", "ready"]
    assert [choice.model_id for choice in selector.rank(**chat, profile="impatient")] == ["ready", "cold"]


def test_weights_that_tie_are_ordered_by_readiness_and_then_by_id(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    even = Profile(description="", weights={"context": Decimal(1)})
    rows = [external("b"), external("a"), hosted("warm", "WARM"), hosted("hot", "HOT"), hosted("cold", "COLD")]
    selector = Selector.from_rows(rows, profiles={"even": even})
    assert [choice.model_id for choice in selector.rank(**chat, profile="even")] == ["hot", "warm", "a", "b", "cold"]


def test_weights_weigh(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("fast", avg_latency_ms=100, context_window=1000), external("large", avg_latency_ms=400)]
    light = Profile(description="", weights={"context": Decimal(2), "latency": Decimal(1)})
    heavy = Profile(description="", weights={"context": Decimal("0.5"), "latency": Decimal(1)})
    selector = Selector.from_rows(rows, profiles={"light": light, "heavy": heavy})
    assert [choice.model_id for choice in selector.rank(**chat, profile="light")] == ["large", "fast"]
    assert [choice.model_id for choice in selector.rank(**chat, profile="heavy")] == ["fast", "large"]


def scored(measure: Measure, values: list[int | None]) -> list[float]:
    return list(map(scoring(measure, scale_of(measure, values)), values))


@pytest.mark.parametrize(
    ("values", "high", "scores"),
    [
        ([5, 5, 5], False, [1.0, 1.0, 1.0]),  # equal is neutral
        ([None, None], False, [1.0, 1.0]),
        ([None, 5], False, [0.0, 1.0]),
        ([100, 1000, 10_000], False, [1.0, 0.5, 0.0]),  # by the logarithm
        ([100, 1000, 10_000], True, [0.0, 0.5, 1.0]),
        ([0, 10, 1000], False, [1.0, 1.0, 0.0]),  # free is as good as the best
        ([0, 10], False, [1.0, 0.0]),
        ([0, 10], True, [0.0, 1.0]),
        ([0, None], False, [1.0, 0.0]),
        ([10**60, 10**61, 10**62], False, [1.0, 0.5, 0.0]),
        ([], False, []),
    ],
)
def test_scores_are_between_0_and_1(values: list[int | None], high: bool, scores: list[float]) -> None:
    measure = Measure(of=lambda *_: None, words=lambda *_: "", high=high)
    assert scored(measure, values) == scores


def test_classes_have_the_scores_they_are_given_and_equal_ones_are_neutral() -> None:
    measure = Measure(of=lambda *_: None, words=lambda *_: "", scores={0: 1.0, 1: 0.4})
    assert scored(measure, [1, 0, 7, None]) == [0.4, 1.0, 0.0, 0.0]
    assert scored(measure, [1, 1]) == [1.0, 1.0]


@pytest.mark.parametrize(
    ("profile", "problem"),
    [
        (Profile(description=""), "needs either `order` or `[weights]`"),
        (Profile(description="", order=("price",), weights={"price": Decimal(1)}), "needs either"),
        (Profile(description="", order=("price", "price")), "`order`: names a measure twice"),
        (Profile(description="", order=("beauty",)), "`order`: 'beauty' is no measure; expected some of: readiness,"),
        (Profile(description="", weights={"tier": Decimal(1)}), "`weights`: 'tier' is no measure"),
        (Profile(description="", weights={"price": Decimal(0)}), "`weights.price`: is 0; expected a number above 0"),
        (Profile(description="", weights={"price": Decimal("NaN")}), "`weights.price`: is NaN"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused(profile: Profile, problem: str) -> None:
    with pytest.raises(CatalogError) as refused:
        Selector.from_rows([], profiles={"mine": profile})
    assert str(refused.value).startswith("profiles/mine.toml: ") and problem in str(refused.value)
