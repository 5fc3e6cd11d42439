"""`radiant select` beside SQL: the same models, and what is asked is kept to."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from psycopg.rows import DictRow

from tests.asleep import ASLEEP
from tests.faces.conftest import Program

Query = Callable[..., list[DictRow]]
Value = Callable[[str, str], Any]


# select


@pytest.mark.usefixtures("standing")
def test_select_chooses_as_select_model_does(radiant: Program, standing: str, row: Value) -> None:
    chosen = json.loads(radiant("select", "chat", "--limit", "10", "--json").out)["choices"]
    by_sql = row(
        standing,
        "SELECT array_agg(model_id) FROM select_model('chat', ARRAY['text'], ARRAY['text'], 3, 'any')",
    )
    assert [choice["model_id"] for choice in chosen] == by_sql
    shown = radiant("select", "chat", "--limit", "10").out.splitlines()
    assert [line.lstrip("→ ").split()[0] for line in shown[1:]] == by_sql


SELECTIONS: list[tuple[list[str], Callable[[dict[str, Any]], bool]]] = [
    (["chat", "--hosting", "external"], lambda it: it["hosting_type"] == "external"),
    (["chat", "--tier", "1"], lambda it: it["hosting_type"] == "external"),
    (["transcription"], lambda it: it["primary_mode"] == "transcription"),
    (["chat", "--provider", "anthropic", "--limit", "1"], lambda it: it["provider_id"] == "anthropic"),
    (["chat", "--exclude", "command-r7b-12-2024"], lambda it: it["model_id"] != "command-r7b-12-2024"),
    (["chat", "--max-cost", "0.001"], lambda it: Decimal(it["estimated_cost"]) <= Decimal("0.001")),
]


def test_own_models_that_sleep_are_selected_and_say_so(
    radiant: Program, clean_environment: pytest.MonkeyPatch, database_url: str, query: Query
) -> None:
    query(database_url, ASLEEP)
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    choices = json.loads(radiant("select", "chat", "--hosting", "self_hosted", "--json").out)["choices"]
    assert choices
    assert {(it["hosting_type"], it["warmup_required"]) for it in choices} == {("self_hosted", True)}


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(("arguments", "fits"), SELECTIONS, ids=[" ".join(it[0]) for it in SELECTIONS])
def test_select_keeps_to_what_is_asked(
    radiant: Program, arguments: list[str], fits: Callable[[dict[str, Any]], bool]
) -> None:
    code, out, _ = radiant("select", *arguments, "--json")
    choices = json.loads(out)["choices"]
    assert code == 0
    assert choices
    assert all(map(fits, choices))


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("criteria", "condition"),
    [
        (["--capability", "function_calling", "--capability", "vision"],
         "capabilities @> '{function_calling,vision}'"),
        (["--input", "text", "--input", "image"], "input_modalities @> '{text,image}'"),
        (["--min-context", "500000"], "context_window >= 500000"),
        (["--commercial"], "commercial_use_allowed IS NOT FALSE"),
    ],
)  # fmt: skip
def test_select_meets_hard_demands(
    radiant: Program, standing: str, row: Value, criteria: list[str], condition: str
) -> None:
    choices = json.loads(radiant("select", "chat", "--limit", "20", "--json", *criteria).out)["choices"]
    ids = [choice["id"] for choice in choices]
    assert ids
    text = f"SELECT count(*) FROM unified_model_registry WHERE id = ANY('{{{','.join(ids)}}}') AND {condition}"
    assert row(standing, text) == len(ids)


@pytest.mark.usefixtures("standing")
def test_select_says_which_demand_left_nothing_and_fails(radiant: Program) -> None:
    code, out, _ = radiant("select", "chat", "--capability", "text_to_video")
    assert code == 3
    assert "No model fits: " in out
    assert "without --capability" in out


@pytest.mark.usefixtures("standing")
def test_select_refuses_what_is_in_no_vocabulary(radiant: Program) -> None:
    code, out, err = radiant("select", "chta")
    assert (code, out) == (2, "")
    assert err.startswith("radiant: TASK: ")
    assert "Expected: chat, completion, embedding" in err


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("option", ["--input", "--output", "--capability", "--only-provider", "--exclude-provider"])
def test_select_names_the_option_of_which_one_value_is_wrong(radiant: Program, option: str) -> None:
    code, out, err = radiant("select", "chat", option, "")
    assert (code, out) == (2, "") and err.startswith(f"radiant: {option}: ")
