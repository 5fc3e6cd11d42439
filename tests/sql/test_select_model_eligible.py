"""`select_model()`: who may serve."""

from typing import Any

import msgspec
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from radiant.domain.compliance import Terms
from tests.sql.selecting import Connection, external, health, names, own, select

WINDOW = {"p_min_context_window": 1000}


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
    registry.execute("UPDATE providers SET declared_compliance = '{HIPAA}' WHERE id = 'self_hosted'")
    assert names(registry, p_require_hipaa=True) == ["with", "own"]
    assert names(registry, p_require_hipaa=None) == ["with", "without", "own"]


def test_a_standard_with_a_condition_counts_only_once_it_is_declared_met(registry: Connection) -> None:
    external(registry, "m", provider_id="groq")
    own(registry, "own", "HOT")
    conditional = registry.execute("SELECT conditional_compliance ? 'HIPAA' AS it FROM providers WHERE id = 'groq'")
    assert conditional.fetchone() == {"it": True}
    assert names(registry, p_require_hipaa=True) == []
    registry.execute("UPDATE providers SET declared_compliance = '{HIPAA}' WHERE id IN ('groq', 'self_hosted')")
    assert sorted(names(registry, p_require_hipaa=True)) == ["m", "own"]
    registry.execute("UPDATE providers SET declared_compliance = '{}'")
    assert names(registry, p_require_hipaa=True) == []


COVERAGE: list[tuple[str, dict[str, Any], list[str]]] = [
    ("nothing is said of models", {}, ["claude-fable-5", "claude-opus-5", "gpt_1"]),
    ("some are excepted", {"excepted": ["claude-fable-*"]}, ["claude-opus-5", "gpt_1"]),
    ("few are covered", {"models": ["claude-*", "gpt-1"]}, ["claude-fable-5", "claude-opus-5"]),
    ("covered and excepted", {"models": ["claude-*"], "excepted": ["*-fable-*"]}, ["claude-opus-5"]),
    ("a pattern is no pattern of SQL", {"excepted": ["gpt%", "claude_opus_5", "claude"]},
     ["claude-fable-5", "claude-opus-5", "gpt_1"]),
    ("lists are empty", {"models": [], "excepted": []}, ["claude-fable-5", "claude-opus-5", "gpt_1"]),
]  # fmt: skip


@pytest.mark.parametrize(("terms", "covered"), [it[1:] for it in COVERAGE], ids=[it[0] for it in COVERAGE])
@pytest.mark.parametrize("column", ["compliance", "declared_compliance"])
@pytest.mark.parametrize("retires", [None, "tomorrow"])
def test_a_model_that_a_statement_does_not_cover_is_refused_whatever_is_declared(
    registry: Connection, terms: dict[str, Any], covered: list[str], column: str, retires: str | None
) -> None:
    for name in ("claude-fable-5", "claude-opus-5", "gpt_1"):
        external(registry, name, provider_id="openai")
    registry.execute("UPDATE models SET retires = %s::date", [retires])
    stated = Jsonb({"HIPAA": {"url": "https://x.y", "condition": "A BAA.", **terms}})
    registry.execute("UPDATE providers SET conditional_compliance = %s WHERE id = 'openai'", [stated])
    registry.execute(f"UPDATE providers SET {column} = '{{SOC2,HIPAA}}' WHERE id = 'openai'".encode())
    assert sorted(names(registry, p_require_hipaa=True)) == covered
    assert len(names(registry)) == 3
    seen = registry.execute(
        "SELECT model_id, compliance, conditional_compliance ? 'HIPAA' AS told FROM unified_model_registry"
        " WHERE provider_id = 'openai' ORDER BY 1"
    ).fetchall()
    assert [row["model_id"] for row in seen if "HIPAA" in row["compliance"]] == covered
    assert [row["model_id"] for row in seen if not row["told"]] == covered, "and the others say on what page"
    assert all("SOC2" in row["compliance"] for row in seen)
    python = msgspec.convert({"url": "https://x.y", **terms}, Terms)
    assert [row["model_id"] for row in seen if python.covered(row["model_id"])] == covered, "Python has the same rule"


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
