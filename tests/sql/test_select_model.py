"""`select_model()`: in which order, and what the answer tells."""

from decimal import Decimal
from typing import Any

from tests.sql.selecting import Connection, external, health, names, own, select


def test_ready_ones_come_first_and_an_external_one_before_a_cold_one(registry: Connection) -> None:
    own(registry, "cold", "COLD", hourly_rate=0)
    external(registry, "external", price="0.5")
    own(registry, "warm", "WARM", hourly_rate=9)
    own(registry, "hot", "HOT", hourly_rate=99)
    own(registry, "off", "OFF", hourly_rate=0)
    assert names(registry) == ["hot", "warm", "external", "cold"]


def test_among_equally_ready_ones_the_faster_provider_comes_first_and_an_unmeasured_one_last(
    registry: Connection,
) -> None:
    for provider, latency in (("openai", None), ("groq", 300), ("mistral", 100)):
        health(registry, provider, "healthy", latency)
        external(registry, f"of-{provider}", provider_id=provider)
    assert names(registry) == ["of-mistral", "of-groq", "of-openai"]


def test_at_equal_latency_the_healthier_provider_comes_first(registry: Connection) -> None:
    for provider, status in (("openai", "unknown"), ("groq", "degraded"), ("mistral", "healthy")):
        health(registry, provider, status, 100)
        external(registry, f"of-{provider}", provider_id=provider)
    assert names(registry) == ["of-mistral", "of-groq", "of-openai"]


def test_latency_goes_before_health(registry: Connection) -> None:
    health(registry, "openai", "healthy", 200)
    health(registry, "groq", "degraded", 199)
    external(registry, "healthy")
    external(registry, "faster", provider_id="groq")
    assert names(registry) == ["faster", "healthy"]


def test_then_the_cheaper_one_a_free_one_first_and_an_unknown_price_last(registry: Connection) -> None:
    external(registry, "a-unknown", price=None)
    external(registry, "b-dear", price="2")
    external(registry, "c-cheap", price="0.1")
    external(registry, "d-free", price="0")
    assert names(registry) == ["d-free", "c-cheap", "b-dear", "a-unknown"]


def test_the_price_is_what_the_tenant_pays(registry: Connection) -> None:
    external(registry, "a", price="1.0", markup_rate=Decimal("0.5"))
    external(registry, "b", price="1.2", markup_rate=Decimal("0.2"))
    assert names(registry) == ["b", "a"]


def test_tokens_are_priced_as_a_thousand_in_and_five_hundred_out(registry: Connection) -> None:
    tokens: dict[str, Any] = {"price": None, "pricing_type": "per_token"}
    external(registry, "dear-out", input_cost_per_1k=Decimal("1"), output_cost_per_1k=Decimal("4"), **tokens)
    external(registry, "dear-in", input_cost_per_1k=Decimal("2"), output_cost_per_1k=Decimal("1"), **tokens)
    external(registry, "out-unknown", input_cost_per_1k=Decimal("0"), **tokens)
    assert names(registry) == ["dear-in", "dear-out", "out-unknown"]


def test_then_the_id_by_its_bytes_and_then_the_provider(registry: Connection) -> None:
    for model in ("b", "a", "B", "é", "a-2"):
        external(registry, model)
    external(registry, "a", provider_id="groq")
    rows = select(registry)
    assert [(row["model_id"], row["provider_name"]) for row in rows] == [
        ("B", "OpenAI"),
        ("a", "Groq"),
        ("a", "OpenAI"),
        ("a-2", "OpenAI"),
        ("b", "OpenAI"),
        ("é", "OpenAI"),
    ]


def test_a_provider_stands_with_its_best_region(registry: Connection) -> None:
    registry.execute("INSERT INTO provider_health (provider_id, region, status, avg_latency_ms)"
                     " VALUES ('openai', 'far', 'unhealthy', 1), ('openai', 'near', 'healthy', 50)")  # fmt: skip
    health(registry, "groq", "healthy", 60)
    external(registry, "near")
    external(registry, "next", provider_id="groq")
    rows = select(registry)
    assert [(row["model_id"], row["health_status"]) for row in rows] == [("near", "healthy"), ("next", "healthy")]


def test_at_most_ten_are_given_and_they_are_the_best(registry: Connection) -> None:
    for number in range(15):
        external(registry, f"m{number:02}", price=str(20 - number))
        own(registry, f"c{number:02}")
    assert names(registry) == [f"m{number:02}" for number in range(14, 4, -1)]


def test_ten_of_one_fast_provider_may_fill_the_answer(registry: Connection) -> None:
    health(registry, "groq", "healthy", 10)
    for number in range(12):
        external(registry, f"slow{number:02}", price="0")
        external(registry, f"fast{number:02}", price="9", provider_id="groq")
    assert names(registry) == [f"fast{number:02}" for number in range(10)]


def test_the_answer_tells_what_a_caller_has_to_know(registry: Connection) -> None:
    health(registry, "groq", "degraded", 10)
    external(registry, "away", provider_id="groq")
    own(registry, "cold", "COLD", warmup_time_seconds=240)
    own(registry, "warm", "WARM", warmup_time_seconds=240)
    assert [tuple(row.values()) for row in select(registry)] == [
        ("warm", "WARM", "self_hosted", "Self-hosted", "chat", "WARM", False, 0, "healthy"),
        ("away", "AWAY", "external", "Groq", "chat", None, False, 0, "degraded"),
        ("cold", "COLD", "self_hosted", "Self-hosted", "chat", "COLD", True, 240, "unknown"),
    ]
