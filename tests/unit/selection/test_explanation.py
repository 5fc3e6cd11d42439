"""Why a model was chosen, why another was not, and what to do if none was."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from radiant import Selector
from radiant.domain.choice import ModelName
from radiant.domain.compliance import Remedy, Step
from radiant.domain.criteria import Usage
from radiant.domain.explanation import Explanation

MakeRow = Callable[..., dict[str, Any]]

TOKENS = {"pricing_type": "per_token", "input_cost_per_1k": Decimal("0.001"), "output_cost_per_1k": Decimal("0.002")}


def reliefs(explained: Explanation) -> list[str]:
    assert explained.diagnosis is not None
    return [str(relief) for relief in explained.diagnosis.reliefs]


def test_every_model_has_its_place_and_reasons_or_its_refusals(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [
        external("b", **TOKENS, avg_latency_ms=7),
        external("a", provider_id="q"),
        hosted("c"),
        external("d", min_tier=4, enabled=False),
        external("e", min_tier=4),
        external("f", primary_mode="image"),
    ]
    explained = Selector.from_rows(rows).explain(**chat, prefer_providers=["q"], limit=None)
    favored = "from a preferred provider"
    assert [(each.position, each.model_id, each.reasons) for each in explained.verdicts] == [
        (1, "a", (favored, "external, always ready", "latency unknown", "health healthy", "price unknown")),
        (
            2,
            "b",
            (
                "external, always ready",
                "latency 7 ms",
                "health healthy",
                "0.002 USD for 1,000 input and 500 output tokens",
            ),
        ),
        (3, "c", ("COLD", "latency unknown", "health unknown", "price unknown")),
        (None, "d", ()),
        (None, "e", ()),
        (None, "f", ()),
    ]  # fmt: skip
    assert [[str(refusal) for refusal in each.refusals] for each in explained.verdicts[3:]] == [
        ["it is disabled", "tier 3 is below the model's minimum tier 4"],
        ["tier 3 is below the model's minimum tier 4"],
        ["its task is image, not chat"],
    ]
    assert [
        (group.criterion, group.reason, [each.model_id for each in group.models]) for group in explained.refused
    ] == [
        ("status", "it is disabled", ["d"]),
        ("task", "its task is image, not chat", ["f"]),
        ("tier", "tier 3 is below the model's minimum tier 4", ["d", "e"]),
    ]
    assert explained.choice is not None and explained.choice.model_id == "a" and explained.diagnosis is None
    assert explained.order == "by readiness, then latency, then health, then price; COLD models last"


def test_an_explanation_is_ready_for_json(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("a", **TOKENS), external("b", context_window=10)]
    explained = Selector.from_rows(rows).explain(**chat, min_context_window=4000, limit=None)
    document = msgspec.json.decode(msgspec.json.encode(explained))
    assert document["verdicts"][0]["estimated_cost"] == "0.002"
    assert document["refused"] == [
        {
            "criterion": "context",
            "reason": "its context window is below 4,000 tokens",
            "count": 1,
            "models": [{"id": "p#b", "model_id": "b", "provider_id": "p"}],
        }
    ]
    assert document["verdicts"][1]["refusals"][0]["found"] == "10"


def test_scores_are_shown_where_a_profile_weighs(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("a", avg_latency_ms=100), external("b", avg_latency_ms=200, health_status="degraded")]
    explained = Selector.from_rows(rows).explain(**chat, profile="balanced", limit=None)
    assert [each.scores for each in explained.verdicts] == [
        {"class": 1.0, "latency": 1.0, "cost": 1.0, "health": 1.0, "readiness": 1.0, "context": 1.0},
        {"class": 1.0, "latency": 0.0, "cost": 1.0, "health": 0.4, "readiness": 1.0, "context": 1.0},
    ]
    assert Selector.from_rows(rows).explain(**chat, limit=None).verdicts[0].scores is None


def test_costs_are_those_of_the_stated_usage(external: MakeRow, chat: dict[str, Any]) -> None:
    usage = Usage(input_tokens=10_000, output_tokens=0)
    (verdict,) = (
        Selector.from_rows([external("a", context_window=10**5, **TOKENS)])
        .explain(**chat, profile="cheapest", usage=usage, limit=None)
        .verdicts
    )
    assert verdict.estimated_cost == Decimal("0.01") and verdict.reasons[0] == "0.01 USD for this request"


def test_a_cold_model_is_told_to_be_cold_where_the_profile_does_not(hosted: MakeRow, chat: dict[str, Any]) -> None:
    (verdict,) = Selector.from_rows([hosted("m")]).explain(**chat, profile="cheapest", limit=None).verdicts
    assert verdict.reasons[1] == "COLD"


def test_the_single_demand_that_brings_models_back_is_told(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [
        external("z", compliance=["HIPAA"]),
        external("a", context_window=100_000),
        external("b", context_window=200_000),
        external("off", context_window=200_000, enabled=False),
    ]
    explained = Selector.from_rows(rows).explain(**chat, require_hipaa=True, min_context_window=64_000, limit=None)
    assert reliefs(explained) == [
        "without require_hipaa: 2 models, first a",
        "without min_context_window: 1 model, first z",
    ]
    assert explained.diagnosis is not None
    assert (explained.diagnosis.usable, explained.diagnosis.emptied_by) == (3, "min_context_window")
    assert explained.diagnosis.reliefs[1].first == ModelName(id="p#z", model_id="z", provider_id="p")


def test_what_is_to_be_done_is_not_advised_to_be_dropped(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("m"), external("n", context_window=9)])
    explained = selector.explain(**chat | {"task": "ocr"}, limit=None)
    assert reliefs(explained) == []
    assert str(explained.diagnosis) == "none of the 2 usable models in the registry is for that task"
    assert reliefs(selector.explain(**chat | {"task": "ocr"}, min_context_window=10, limit=None)) == []


def test_what_every_request_has_to_state_is_advised_to_be_changed(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("m", min_tier=4)])
    assert reliefs(selector.explain(**chat, limit=None)) == ["with a higher tenant_tier: 1 model, first m"]
    spoken = chat | {"output_modalities": ["audio"], "tenant_tier": 5}
    assert reliefs(selector.explain(**spoken, limit=None)) == ["with other output_modalities: 1 model, first m"]


def test_exclusions_and_limits_are_demands_too(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("m", avg_latency_ms=50, context_window=10**7, **TOKENS)])
    assert reliefs(selector.explain(**chat, exclude=["m"], limit=None)) == ["without exclude: 1 model, first m"]
    assert reliefs(selector.explain(**chat, max_latency_ms=49, limit=None)) == [
        "without max_latency_ms: 1 model, first m"
    ]
    cost = selector.explain(**chat, max_cost_per_request=1, usage=Usage(input_tokens=10**7), limit=None)
    assert reliefs(cost) == ["without max_cost_per_request: 1 model; the cheapest is m at 10.001 USD"]


def test_where_no_single_demand_helps_pairs_are_told(external: MakeRow, chat: dict[str, Any]) -> None:
    explained = Selector.from_rows([external("m")]).explain(
        **chat, require_hipaa=True, min_context_window=64_000, limit=None
    )
    assert reliefs(explained) == ["without require_hipaa and min_context_window: 1 model, first m"]


def test_where_nothing_helps_it_says_so(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("m")])
    explained = selector.explain(**chat, require_hipaa=True, min_context_window=64_000, exclude=["m"], limit=None)
    assert reliefs(explained) == []
    assert str(explained.diagnosis) == (
        "1 model is usable, require_hipaa leaves nothing, and dropping two demands does not help"
    )
    assert str(Selector().explain(**chat, limit=None).diagnosis) == "the registry has no usable model at all"


def test_demands_that_demand_nothing_are_not_blamed(external: MakeRow, chat: dict[str, Any]) -> None:
    empty = {"input_modalities": [], "output_modalities": [], "prefer_hosting": "any", "exclude": []}
    asked = chat | empty | {"task": "ocr", "require_hipaa": True}
    assert reliefs(Selector.from_rows([external("m", primary_mode="ocr")]).explain(**asked, limit=None)) == [
        "without require_hipaa: 1 model, first m"
    ]


def test_what_helps_against_a_refusal_stands_with_its_group(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    on_paper = {"HIPAA": {"url": "https://p/baa", "condition": "A BAA."}}
    elsewhere = {"HIPAA": {"url": "https://q/baa", "condition": "A plan.", "covers": "Agents"}}
    rows = [
        external("a", provider_id="p", conditional_compliance=on_paper),
        external("b", provider_id="p", conditional_compliance=on_paper),
        external("c", provider_id="q", provider_name="Q", conditional_compliance=elsewhere),
        hosted("d", license="LicenseRef-NotStated"),
        hosted("e", license="CC-BY-NC-4.0"),
    ]
    asked = {"require_hipaa": True, "require_commercial_use": True}
    explained = Selector.from_rows(rows).explain(**chat, **asked, limit=None)
    helps = {(it.criterion, *(model.model_id for model in it.models)): it.remedy for it in explained.refused}
    assert helps["hipaa", "a", "b"] == Remedy(step=Step.DECLARE, provider_id="p", standard="HIPAA")
    assert helps["hipaa", "c"] is None
    assert helps["commercial_use", "d"] == Remedy(step=Step.DECIDE)
    assert helps["commercial_use", "e"] is None
    assert "none is declared met" in str(explained.diagnosis)


def test_a_statement_about_a_license_quotes_what_needs_it() -> None:
    assert Remedy.decision("o'neil").endswith("WHERE model_id = 'o''neil'\"")
