"""`select_model()`: who may serve, in which order, and what it costs to find out."""

import json
import re
from decimal import Decimal
from typing import Any, TypeAlias

import psycopg
import pytest
from psycopg import errors
from psycopg.rows import DictRow

Connection: TypeAlias = psycopg.Connection[DictRow]

CHAT = {"primary_mode": "chat", "input_modalities": ["text"], "output_modalities": ["text"]}
WINDOW = {"p_min_context_window": 1000}


@pytest.fixture
def registry(connection: Connection) -> Connection:
    """A registry of all providers and no model."""
    connection.execute("SET LOCAL radiant.writer = 'service'")
    connection.execute("DELETE FROM models; DELETE FROM self_hosted_models")
    return connection


def external(connection: Connection, model_id: str, *, price: str | None = "1", **values: Any) -> None:
    """A chat model of OpenAI's that costs `price` for the request models are ranked by, before markup."""
    given = {"provider_id": "openai", **CHAT, **values}
    if price is not None:
        given |= {"pricing_type": "per_request", "cost_per_request": Decimal(price)}
    _insert(connection, "models", model_id, given)


def own(connection: Connection, model_id: str, state: str = "COLD", **values: Any) -> None:
    """A self-hosted chat model for tier 1 at a dollar an hour."""
    given = {"category": "llm", "min_tier": 1, "hourly_rate": 1, "default_thermal_state": state, **CHAT, **values}
    _insert(connection, "self_hosted_models", model_id, given)


def _insert(connection: Connection, table: str, model_id: str, values: dict[str, Any]) -> None:
    given = {"model_id": model_id, "name": model_id, "display_name": model_id.upper(), **values}
    places = ", ".join(["%s"] * len(given))
    connection.execute(f"INSERT INTO {table} ({', '.join(given)}) VALUES ({places})".encode(), list(given.values()))


def health(connection: Connection, provider: str, status: str, latency: int | None = None) -> None:
    connection.execute(
        "UPDATE provider_health SET status = %s, avg_latency_ms = %s WHERE provider_id = %s",
        [status, latency, provider],
    )


def select(connection: Connection, **arguments: Any) -> list[dict[str, Any]]:
    """Ask for chat with text in and out, tier 5, unless `arguments` say otherwise."""
    asked = {
        "p_task": "chat",
        "p_input_modalities": ["text"],
        "p_output_modalities": ["text"],
        "p_tenant_tier": 5,
        **arguments,
    }
    given = ", ".join(f"{name} => %({name})s" for name in asked)
    return connection.execute(f"SELECT * FROM select_model({given})".encode(), asked).fetchall()


def names(connection: Connection, **arguments: Any) -> list[str]:
    return [row["model_id"] for row in select(connection, **arguments)]


# In which order


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


# Who may serve

EXTERNAL_REFUSALS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("disabled", {"enabled": False}, {}),
    ("deprecated", {"deprecated": True}, {}),
    ("of another task", {"primary_mode": "completion"}, {}),
    ("without an input that is sent", {}, {"p_input_modalities": ["text", "image"]}),
    ("without an output that is wanted", {}, {"p_output_modalities": ["text", "audio"]}),
    ("of a tier above the tenant's", {"min_tier": 4}, {"p_tenant_tier": 3}),
    ("without a capability that is wanted", {"capabilities": ["vision"]},
     {"p_required_capabilities": ["vision", "function_calling"]}),
    ("with too small a window", {"context_window": 999}, WINDOW),
    ("with an unknown window", {"context_window": None}, WINDOW),
]  # fmt: skip


@pytest.mark.parametrize("hosting", ["external", "self_hosted"])
@pytest.mark.parametrize(
    ("values", "asked"), [it[1:] for it in EXTERNAL_REFUSALS], ids=[it[0] for it in EXTERNAL_REFUSALS]
)
def test_a_model_is_not_eligible(
    registry: Connection, hosting: str, values: dict[str, Any], asked: dict[str, Any]
) -> None:
    good: dict[str, Any] = {
        "input_modalities": ["text", "image"],
        "output_modalities": ["text", "audio"],
        "capabilities": ["vision", "function_calling"],
        "context_window": 1000,
    }
    refused: dict[str, Any] = {"capabilities": ["vision"], "context_window": 1000, **values}
    if hosting == "external":
        external(registry, "good", **good)
        external(registry, "refused", price="0", **refused)
    else:
        own(registry, "good", **good)
        own(registry, "refused", "HOT", **refused)
    assert names(registry, **asked) == ["good"]


def test_a_model_whose_provider_is_unhealthy_or_disabled_is_not_eligible(registry: Connection) -> None:
    for provider in ("openai", "groq", "mistral"):
        external(registry, provider, provider_id=provider)
    health(registry, "openai", "unhealthy", 1)
    registry.execute("UPDATE providers SET enabled = false WHERE id = 'groq'")
    assert names(registry) == ["mistral"]


def test_a_model_that_is_off_is_not_eligible_whatever_is_asked(registry: Connection) -> None:
    own(registry, "off", "OFF")
    assert names(registry) == []
    assert names(registry, p_prefer_hosting="self_hosted") == []


@pytest.mark.parametrize(
    ("hosting", "expected"),
    [
        ("any", ["hot", "external", "cold"]),
        (None, ["hot", "external", "cold"]),
        ("external", ["external"]),
        ("self_hosted", ["hot", "cold"]),
    ],
)
def test_a_hosting_that_is_named_restricts(registry: Connection, hosting: str | None, expected: list[str]) -> None:
    own(registry, "cold")
    own(registry, "hot", "HOT")
    external(registry, "external")
    assert names(registry, p_prefer_hosting=hosting) == expected


def test_hipaa_is_met_by_the_providers_compliance_and_ours_is_the_operators_to_declare(registry: Connection) -> None:
    external(registry, "with", provider_id="openai")
    external(registry, "without", provider_id="groq")
    own(registry, "own")
    registry.execute("UPDATE providers SET compliance = '{SOC2,HIPAA}' WHERE id = 'openai'")
    registry.execute("UPDATE providers SET compliance = '{SOC2}' WHERE id = 'groq'")
    assert names(registry, p_require_hipaa=True) == ["with"]
    registry.execute("UPDATE providers SET compliance = '{HIPAA}' WHERE id = 'self_hosted'")
    assert names(registry, p_require_hipaa=True) == ["with", "own"]
    assert names(registry, p_require_hipaa=None) == ["with", "without", "own"]


def test_demands_that_are_null_or_empty_demand_nothing(registry: Connection) -> None:
    external(registry, "m", input_modalities=[], output_modalities=[])
    nothing: dict[str, Any] = {
        "p_input_modalities": None,
        "p_output_modalities": [],
        "p_required_capabilities": None,
        "p_min_context_window": None,
    }
    assert names(registry, **nothing) == ["m"]


def test_nothing_eligible_is_no_row_and_no_error(registry: Connection) -> None:
    assert select(registry) == []


def test_it_is_called_with_five_arguments_as_people_do(connection: Connection) -> None:
    rows = connection.execute("SELECT * FROM select_model('chat', ARRAY['text'], ARRAY['text'], 3, 'any')").fetchall()
    assert len(rows) == 10
    assert {row["hosting_type"] for row in rows} == {"external"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"p_task": "chta"}, "unknown task 'chta'; expected one of chat, completion, embedding, image, video, audio,"),
        ({"p_task": None}, "unknown task NULL; expected one of chat, "),
        ({"p_input_modalities": ["txt"]}, "unknown modality in {txt,text}; expected among text, image, audio, "),
        ({"p_output_modalities": [None]}, "unknown modality in {text,NULL}; expected among text, "),
        ({"p_tenant_tier": 0}, "tenant tier 0 is outside 1 to 5"),
        ({"p_tenant_tier": 6}, "tenant tier 6 is outside 1 to 5"),
        ({"p_tenant_tier": None}, "tenant tier NULL is outside 1 to 5"),
        ({"p_prefer_hosting": "cloud"}, "unknown hosting 'cloud'; expected one of any, external, self_hosted"),
    ],
)
def test_what_is_in_no_vocabulary_is_refused_with_what_is_allowed(
    registry: Connection, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(errors.InvalidParameterValue) as caught:
        select(registry, **asked)
    assert str(caught.value).startswith(said)


# What it costs

MANY = 100_000
PARAMETERS = {
    "p_task": "text",
    "inputs": "text[]",
    "outputs": "text[]",
    "wanted": "text[]",
    "wanted_window": "integer",
    "hosting": "text",
    "compliant": "text[]",
    "p_tenant_tier": "integer",
}
ARGUMENTS = "'chat', '{text}', '{text}', '{}', 0, 'any', '{}', 3"


def crowd(connection: Connection) -> None:
    """A hundred thousand models of thirty providers, half of them for chat."""
    connection.execute("INSERT INTO providers (id, display_name) SELECT 'p' || n, 'P' FROM generate_series(1, 30) n")
    connection.execute(
        """
        INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, input_modalities,
                            output_modalities, context_window, pricing_type, cost_per_request)
        SELECT 'p' || (1 + n %% 30), 'm' || n, 'm', 'M', CASE n / 30 %% 2 WHEN 0 THEN 'chat' ELSE 'embedding' END,
               '{text}', '{text}', 1000, 'per_request', (n * 7919) %% 100003 / 1000.0
          FROM generate_series(1, %s) n
        """,
        [MANY],
    )
    connection.execute("ANALYZE models")


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in nodes(child))]


def body(connection: Connection) -> str:
    """The one query of select_model(), with its variables as parameters."""
    row = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = 'select_model'").fetchone()
    assert row is not None
    found = re.search(r"RETURN QUERY\s+(SELECT .*?);\s*END", row["prosrc"], re.DOTALL)
    assert found is not None
    text = re.sub(r"--.*", "", found[1])
    for number, name in enumerate(PARAMETERS, 1):
        text = re.sub(rf"\b{name}\b(?!')", f"${number}", text)
    return text


def counters(connection: Connection) -> dict[str, int]:
    row = connection.execute(
        "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'models'"
    ).fetchone()
    return dict(row or {})


def test_among_a_hundred_thousand_models_it_walks_one_index_and_reads_a_few_rows(registry: Connection) -> None:
    crowd(registry)
    cheapest = registry.execute(
        "SELECT model_id FROM models WHERE primary_mode = 'chat'"
        ' ORDER BY ranking_price, model_id COLLATE "C" LIMIT 10'
    ).fetchall()
    before = counters(registry)
    for _ in range(8):  # from the sixth call on PostgreSQL may take one plan for all
        assert names(registry) == [row["model_id"] for row in cheapest]
    after = counters(registry)
    assert after["seq_scan"] == before["seq_scan"]
    assert after["idx_tup_fetch"] - before["idx_tup_fetch"] <= 8 * 30 * 10

    registry.execute("SET LOCAL enable_bitmapscan = off")  # as the function itself does
    registry.execute(f"PREPARE chosen ({', '.join(PARAMETERS.values())}) AS {body(registry)}".encode())
    for mode in ("force_custom_plan", "force_generic_plan"):
        registry.execute(f"SET LOCAL plan_cache_mode = {mode}".encode())
        explained = registry.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE chosen ({ARGUMENTS})".encode()).fetchone()
        assert explained is not None
        plan = next(iter(explained.values()))[0]["Plan"]
        on_models = [node for node in nodes(plan) if node.get("Relation Name") == "models"]
        assert [node.get("Index Name") for node in on_models] == ["models_in_selection_order"], json.dumps(plan)
        read = sum(
            (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in on_models
        )
        assert read < 30 * 12
