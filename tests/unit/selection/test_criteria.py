"""One criterion at a time: who is eligible, and what the others are told."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from radiant import Selector

MakeRow = Callable[..., dict[str, Any]]

#: The columns of a model beside a plain one, a demand, and why the model is refused; None where it is eligible.
CASES: list[tuple[dict[str, Any], dict[str, Any], list[str] | None]] = [
    ({}, {}, None),
    ({"enabled": False}, {}, ["it is disabled"]),
    ({"deprecated": True}, {}, ["it is deprecated"]),
    ({"enabled": False, "deprecated": True}, {}, ["it is disabled and deprecated"]),
    ({"health_status": "unhealthy"}, {}, ["it is unhealthy"]),
    ({"health_status": "degraded"}, {}, None),
    ({"health_status": None}, {}, None),
    ({"primary_mode": "image"}, {}, ["its task is image, not chat"]),
    ({}, {"input_modalities": ["text", "image"]}, ["does not accept image"]),
    ({}, {"input_modalities": ["video", "image"]}, ["does not accept video", "does not accept image"]),
    ({"input_modalities": ["image", "text", "audio"]}, {"input_modalities": ["text", "image"]}, None),
    ({"input_modalities": []}, {"input_modalities": []}, None),
    ({}, {"output_modalities": ["audio"]}, ["does not give audio"]),
    ({"min_tier": 3}, {"tenant_tier": 3}, None),
    ({"min_tier": 4}, {"tenant_tier": 3}, ["tier 3 is below the model's minimum tier 4"]),
    ({}, {"prefer_hosting": "external"}, None),
    ({}, {"prefer_hosting": "self_hosted"}, ["it is external, and self_hosted is asked for"]),
    ({"capabilities": ["a", "b"]}, {"required_capabilities": ["b", "a"]}, None),
    ({"capabilities": ["a"]}, {"required_capabilities": ["vision", "a", "ocr"]}, ["lacks vision", "lacks ocr"]),
    ({"capabilities": ["A"]}, {"required_capabilities": ["a"]}, None),
    ({}, {"min_context_window": 8000}, None),
    ({}, {"min_context_window": 8001}, ["its context window is below 8,001 tokens (8,000)"]),
    ({"context_window": None}, {"min_context_window": 0}, ["its context window is unknown"]),
    ({"context_window": None}, {}, None),
    ({"compliance": ["SOC2", "HIPAA"]}, {"require_hipaa": True}, None),
    ({"compliance": ["hipaa"]}, {"require_hipaa": True}, ["Provider p is not listed as HIPAA compliant"]),
    (
        {"conditional_compliance": {"HIPAA": {"url": "https://p/baa", "condition": "Zero Retention on Enterprise."}}},
        {"require_hipaa": True},
        ["Provider p: HIPAA holds only with: Zero Retention on Enterprise"],
    ),
    (
        {"conditional_compliance": {"HIPAA": {"url": "https://p/baa", "covers": "Agents", "condition": "A plan."}}},
        {"require_hipaa": True},
        ["Provider p: HIPAA is stated for Agents, not for this API"],
    ),
    (
        {"conditional_compliance": {"HIPAA": {"url": "https://p/baa", "condition": "A BAA.", "excepted": ["m*"]}}},
        {"require_hipaa": True},
        ["Provider p: HIPAA is not stated for this model"],
    ),
    (
        {"conditional_compliance": {"HIPAA": {"url": "https://p/baa", "condition": "A BAA.", "models": ["m*"]}}},
        {"require_hipaa": True},
        ["Provider p: HIPAA holds only with: A BAA"],
    ),
    ({"commercial_use_allowed": None}, {"require_commercial_use": True}, None),
    ({"commercial_use_allowed": True}, {"require_commercial_use": True}, None),
    ({"commercial_use_allowed": False}, {"require_commercial_use": True}, ["its terms do not allow commercial use"]),
    ({"commercial_use_allowed": False}, {"require_commercial_use": False}, None),
    ({"avg_latency_ms": 200}, {"max_latency_ms": 200}, None),
    ({"avg_latency_ms": Decimal("200.5")}, {"max_latency_ms": 200}, ["its latency is above 200 ms (200.5 ms)"]),
    ({}, {"max_latency_ms": 10**15}, ["its latency is unknown"]),
    ({"avg_latency_ms": 0}, {"max_latency_ms": 0}, None),
    ({"pricing_type": "per_request", "cost_per_request": 2}, {"max_cost_per_request": 2}, None),
    (
        {"pricing_type": "per_request", "cost_per_request": 2, "markup_rate": Decimal("0.4")},
        {"max_cost_per_request": 2},
        ["a request costs more than 2 USD (2.8 USD)"],
    ),
    ({}, {"max_cost_per_request": 2}, ["its cost is unknown"]),
    ({}, {"exclude": ["m"]}, ["the request excludes it"]),
    ({}, {"exclude": ["p/m"]}, ["the request excludes it"]),
    ({}, {"exclude": ["p#m"]}, ["the request excludes it"]),
    ({}, {"exclude": ["p", "x/m", "unknown"]}, None),
    ({}, {"exclude": ["M"]}, ["the request excludes it"]),
    (
        {"enabled": False, "min_tier": 5, "context_window": 10},
        {"require_hipaa": True, "min_context_window": 4000},
        [
            "it is disabled",
            "tier 3 is below the model's minimum tier 5",
            "Provider p is not listed as HIPAA compliant",
            "its context window is below 4,000 tokens (10)",
        ],
    ),
]


@pytest.mark.parametrize(("columns", "demand", "refusals"), CASES, ids=[f"{c} {d}" for c, d, _ in CASES])
def test_who_is_eligible_and_what_the_others_are_told(
    external: MakeRow, chat: dict[str, Any], columns: dict[str, Any], demand: dict[str, Any], refusals: list[str] | None
) -> None:
    selector = Selector.from_rows([external("m", **columns)])
    asked = chat | demand
    found = selector.select(**asked)
    assert (None if found is None else found.model_id) == ("m" if refusals is None else None)
    (verdict,) = selector.explain(**asked, limit=None).verdicts
    assert [str(refusal) for refusal in verdict.refusals] == (refusals or [])
    assert verdict.position == (1 if refusals is None else None)


def test_a_license_has_to_allow_commercial_use_and_is_named_where_it_does_not(
    hosted: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [
        hosted("yes", commercial_use_allowed=True),
        hosted("no", commercial_use_allowed=False, license="CC-BY-NC-4.0"),
        hosted("silent", license="Apache-2.0"),
    ]
    explained = Selector.from_rows(rows).explain(**chat, require_commercial_use=True, limit=None)
    assert {verdict.model_id: [str(refusal) for refusal in verdict.refusals] for verdict in explained.verdicts} == {
        "yes": [],
        "no": ["its license (CC-BY-NC-4.0) does not allow commercial use"],
        "silent": ["its license (Apache-2.0) does not allow commercial use"],
    }


def test_what_is_off_is_never_chosen(hosted: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([hosted("m", "OFF")])
    assert selector.select(**chat) is None
    assert str(selector.explain(**chat, limit=None).verdicts[0].refusals[0]) == (
        "no endpoint: `radiant endpoints add MODEL_ID --runtime RUNTIME --url URL`"
    )


def test_preferred_providers_come_first_as_one_group_and_exclude_nobody(
    external: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [external(name, provider_id=name, avg_latency_ms=ms) for name, ms in zip("abcd", (1, 2, 3, 4), strict=True)]
    selector = Selector.from_rows(rows, providers=["nobody"])
    ranked = selector.rank(**chat, prefer_providers=["d", "b", "nobody"])
    assert [choice.model_id for choice in ranked] == ["b", "d", "a", "c"]
    best = selector.select(**chat, prefer_providers=["d", "b", "nobody"])
    assert best is not None and best.model_id == "b"
    other = selector.select(**chat, prefer_providers=["d"], exclude=["d"])
    assert other is not None and other.model_id == "a"
