"""`radiant models`, `model show` and `stats`: lists, one model, counts."""

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.faces.conftest import Program

STATISTICS = [
    "external_count",
    "self_hosted_count",
    "healthy_count",
    "unhealthy_count",
    "hot_count",
    "warm_count",
    "cold_count",
    "category_count",
    "provider_count",
    "off_count",
]

Value = Callable[[str, str], Any]


# models


@pytest.mark.usefixtures("standing")
def test_prices_of_other_hours_are_shown_in_words(radiant: Program) -> None:
    told = " ".join(radiant("model", "show", "deepseek/deepseek-flash").out.split())
    assert "scheduled_prices hours: " in told
    assert "utc: 00:00-24:00, weekdays: 6, 7, input_per_mtok: 0.15" in told
    assert "{" not in told


@pytest.mark.usefixtures("standing")
def test_models_lists_everything_by_hosting_and_counts_it(radiant: Program, on_offer: int) -> None:
    code, out, err = radiant("models")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert " ".join(lines[0].split()) == "model provider USD context task state hosting health category name"
    assert lines[-1] == f"{on_offer + 56} models: {on_offer} external, 56 self-hosted"
    assert len(lines) == on_offer + 56 + 2
    mini = next(line for line in lines if line.startswith("gpt-4o-mini ") and " openai " in line)
    assert "0.15 / 0.6 per M tokens 128,000 chat" in " ".join(mini.split())
    sam = next(line for line in lines if line.startswith("sam-2 "))
    assert " self_hosted 1.408 per hour – " in " ".join(sam.split())


@pytest.mark.usefixtures("standing")
def test_models_prints_whole_rows_as_json_with_exact_prices(radiant: Program, on_offer: int) -> None:
    code, out, _ = radiant("models", "--json")
    rows = json.loads(out)
    assert code == 0
    assert len(rows) == on_offer + 56
    (mini,) = [row for row in rows if row["model_id"] == "gpt-4o-mini" and row["provider_id"] == "openai"]
    assert (mini["input_cost_per_1k"], mini["output_cost_per_1k"]) == ("0.00015", "0.0006")
    assert (mini["thermal_state"], mini["avg_latency_ms"], mini["enabled"]) == (None, None, True)


FILTERS: list[tuple[list[str], Callable[[dict[str, Any]], bool]]] = [
    (["--category", "medical"], lambda row: row["category"] == "medical"),
    (["--hosting", "self_hosted"], lambda row: row["hosting_type"] == "self_hosted"),
    (["--provider", "groq"], lambda row: row["provider_id"] == "groq"),
    (["--task", "embedding"], lambda row: row["primary_mode"] == "embedding"),
    (["--status", "unknown"], lambda row: row["health_status"] == "unknown"),
    (["--capability", "function_calling", "--capability", "vision"],
     lambda row: {"function_calling", "vision"} <= set(row["capabilities"])),
    (["--input", "image", "--output", "text"],
     lambda row: "image" in row["input_modalities"] and "text" in row["output_modalities"]),
    (["WHISPER"], lambda row: "whisper" in (row["model_id"] + row["display_name"] + row["description"]).lower()),
    (["--hosting", "external", "--task", "ocr"],
     lambda row: (row["hosting_type"], row["primary_mode"]) == ("external", "ocr")),
]  # fmt: skip


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(("arguments", "fits"), FILTERS, ids=[" ".join(it[0]) for it in FILTERS])
def test_models_lists_what_fits_and_all_of_it(
    radiant: Program, arguments: list[str], fits: Callable[[dict[str, Any]], bool], everything: list[dict[str, Any]]
) -> None:
    expected = {row["id"] for row in everything if fits(row)}
    code, out, _ = radiant("models", *arguments, "--json")
    assert code == 0
    assert {row["id"] for row in json.loads(out)} == expected
    assert expected


@pytest.fixture(scope="module")
def everything(standing_url: str) -> list[dict[str, Any]]:
    with psycopg.connect(standing_url, row_factory=dict_row) as connection:
        return connection.execute(
            "SELECT * FROM unified_model_registry WHERE coalesce(retires > current_date, true)"
        ).fetchall()


@pytest.mark.usefixtures("standing")
def test_text_means_itself_and_nothing_found_is_no_error(radiant: Program) -> None:
    assert json.loads(radiant("models", "%", "--json").out) == []
    assert radiant("models", "no such thing").out.splitlines()[-1] == "0 models: 0 external, 0 self-hosted"


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--category", "toys"], "--category 'toys' is unknown; expected one of: vision, audio, scientific, "),
        (["--hosting", "cloud"], "--hosting 'cloud' is unknown; expected one of: external, self_hosted.\n"),
        (
            ["--provider", "opnai"],
            "--provider 'opnai' is unknown; did you mean openai?\n",
        ),
        (["--task", "chta"], "--task 'chta' is unknown; did you mean chat? Expected one of: chat, completion, "),
        (["--status", "ill"], "--status 'ill' is unknown; expected one of: healthy, degraded, unhealthy, unknown.\n"),
        (["--input", "smell"], "--input 'smell' is unknown; expected one of: text, image, "),
        (["--output", "smell"], "--output 'smell' is unknown; expected one of: text, image, "),
        (["--capability", "viison"], "--capability 'viison' is unknown; did you mean vision?\n"),
    ],
)
def test_a_misspelled_filter_is_refused_with_what_is_allowed(radiant: Program, arguments: list[str], said: str) -> None:
    code, out, err = radiant("models", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"radiant: {said}")


# model show, stats


@pytest.mark.usefixtures("standing")
def test_model_show_tells_everything_about_a_model_at_each_provider_that_has_it(radiant: Program) -> None:
    table = radiant("model", "show", "openai/gpt-oss-120b").out
    assert "context_window" in table
    rows = json.loads(radiant("model", "show", "openai/gpt-oss-120b", "--json").out)
    assert {row["model_id"] for row in rows} == {"openai/gpt-oss-120b"}
    assert {row["provider_id"] for row in rows} >= {"groq", "together"}
    (one,) = json.loads(radiant("model", "show", "groq/openai/gpt-oss-120b", "--json").out)
    assert one["provider_id"] == "groq"
    assert json.loads(radiant("model", "show", one["id"], "--json").out) == [one]


def test_what_is_past_is_listed_where_it_is_asked_for(
    radiant: Program, clean_environment: pytest.MonkeyPatch, database_url: str, query: Callable[..., Any]
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    query(database_url, "UPDATE models SET retires = current_date - 30 WHERE model_id = 'gpt-4o-mini'")
    query(database_url, "UPDATE models SET deprecated = true WHERE model_id = 'gpt-6-luna'")

    def listed(*arguments: str) -> set[str]:
        return {it["model_id"] for it in json.loads(radiant("models", "-p", "openai", "--json", *arguments).out)}

    assert listed("--past") == {"gpt-4o-mini", "gpt-6-luna"}
    assert listed() and listed().isdisjoint(listed("--past"))
    assert radiant("models", "gpt-4o-mini", "-p", "openai").out.endswith("0 models: 0 external, 0 self-hosted\n")


@pytest.mark.usefixtures("standing")
def test_model_show_writes_lists_and_conditions_as_people_do(radiant: Program) -> None:
    shown = radiant("model", "show", "anthropic/claude-haiku-5-5").out
    assert "{" not in shown and "Terms(" not in shown
    (prices,) = [line for line in shown.splitlines() if line.startswith("further_prices")]
    assert "above_input_tokens: 100,000" in prices
    (condition,) = [line for line in shown.splitlines() if line.startswith("conditional_compliance")]
    assert "HIPAA: url: https://" in condition
    fields = [line.split()[0] for line in shown.splitlines()[2:]]
    asked = json.loads(radiant("model", "show", "anthropic/claude-haiku-5-5", "--json").out)
    assert fields == list(asked[0]), "the names of --json"


@pytest.mark.usefixtures("standing")
def test_a_model_that_is_not_there_is_answered_with_one_that_is(radiant: Program) -> None:
    code, out, err = radiant("model", "show", "gpt-4o-mni")
    assert (code, out) == (1, "")
    assert err == "radiant: No model 'gpt-4o-mni' in the registry. Did you mean gpt-4o-mini?\n"


def test_stats_counts_by_hosting_health_and_state(radiant: Program, standing: str, row: Value) -> None:
    counts = json.loads(radiant("stats", "--json").out)
    assert list(counts) == STATISTICS
    assert (counts["self_hosted_count"], counts["off_count"], counts["cold_count"]) == (56, 56, 0)
    assert counts["external_count"] == row(standing, "SELECT count(*) FROM models WHERE enabled AND NOT deprecated")
    assert ["self", "hosted", "56"] in [line.split() for line in radiant("stats").out.splitlines()]
