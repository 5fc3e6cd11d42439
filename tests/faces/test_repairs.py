"""What was changed by hand or damaged is shown by `radiant`, and undone."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.faces.conftest import Program

Query = Callable[..., Any]

MINI = "model:openai/gpt-4o-mini"


@pytest.fixture
def registry(clean_environment: pytest.MonkeyPatch, database_url: str) -> str:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    return database_url


def test_edits_and_deletions_are_listed_with_who_and_when(radiant: Program, registry: str, query: Query) -> None:
    assert radiant("overrides", "list").out == "Nobody changed anything by hand.\n"
    query(registry, "UPDATE models SET max_output = 7, display_name = 'Ours' WHERE litellm_id = 'openai/gpt-4o-mini'")
    query(registry, "DELETE FROM self_hosted_models WHERE model_id = 'sam-2'")
    query(registry, "UPDATE overrides SET reason = 'what we tested', set_by = 'ada' WHERE field = 'max_output'")
    lines = [" ".join(line.split()) for line in radiant("overrides", "list").out.splitlines()]
    assert lines[0] == "subject field value reason by at (UTC)"
    assert lines[2].startswith(f"{MINI} max_output 7 what we tested ada 20")
    assert lines[3].startswith("self_hosted:sam-2 (deleted) – – ")
    found = json.loads(radiant("overrides", "list", MINI, "--json").out)
    assert [(it["field"], it["value"]) for it in found] == [("display_name", "Ours"), ("max_output", 7)]


def test_a_dropped_override_hands_the_field_back_and_what_was_deleted_comes_back(
    radiant: Program, registry: str, query: Query
) -> None:
    query(registry, "UPDATE models SET max_output = 7, display_name = 'Ours' WHERE litellm_id = 'openai/gpt-4o-mini'")
    query(registry, "DELETE FROM self_hosted_models WHERE model_id = 'sam-2'")
    code, out, _ = radiant("overrides", "drop", MINI, "display_name")
    assert (code, out) == (
        0,
        f"{MINI}: display_name handed back. The catalog holds again from the next `radiant up` or "
        "`radiant db migrate` on.\n",
    )
    assert radiant("overrides", "drop", "self_hosted:sam-2").out.startswith("self_hosted:sam-2: its deletion handed ")
    assert radiant("db", "migrate").code == 0
    shown = query(registry, "SELECT display_name, max_output FROM models WHERE litellm_id = 'openai/gpt-4o-mini'")
    assert shown == [{"display_name": "GPT-4o mini", "max_output": 7}]
    assert query(registry, "SELECT model_id FROM self_hosted_models WHERE model_id = 'sam-2'") == [
        {"model_id": "sam-2"}
    ]


def test_an_override_that_is_not_there_is_told_with_those_that_are(
    radiant: Program, registry: str, query: Query
) -> None:
    query(registry, "UPDATE models SET max_output = 7 WHERE litellm_id = 'openai/gpt-4o-mini'")
    assert radiant("overrides", "drop", MINI, "name") == (
        1,
        "",
        f"radiant: Nobody decided anything about name of {MINI}. There is: max_output.\n",
    )
    for name in ("gpt-4o-min", "openai/gpt-4o-mni"):
        told = f"radiant: Nobody decided anything about {name}. There is: {MINI}.\n"
        assert radiant("overrides", "drop", name).err == told


def test_doctor_says_how_much_was_changed_by_hand(radiant: Program, registry: str, query: Query) -> None:
    assert "ok    edits: nothing was changed by hand\n" in radiant("doctor").out
    query(registry, "DELETE FROM models WHERE provider_id = 'runway'; DELETE FROM default_models WHERE task = 'ocr'")
    (deleted,) = query(registry, "SELECT count(*) AS n FROM overrides WHERE subject LIKE 'model:%'")
    query(registry, "UPDATE models SET max_output = 7 WHERE litellm_id = 'openai/gpt-4o-mini'")
    told = (
        f"ok    edits: {deleted['n']} models were deleted by hand, 1 field was set by hand; no catalog changes that\n"
    )
    assert told in radiant("doctor").out


def test_doctor_says_which_default_models_cannot_help(radiant: Program, registry: str, query: Query) -> None:
    assert "ok    default models: each can be chosen, and none is about to go\n" in radiant("doctor").out
    query(registry, "DELETE FROM models WHERE model_id = 'rerank-v5.0-pro'")
    query(registry, "UPDATE models SET enabled = false WHERE model_id = 'gen4.5'")
    code, out, _ = radiant("doctor")
    assert (
        "default models: rerank-v5.0-pro for rerank is no model here, rerank-v5.0-fast follows it;"
        " gen4.5 for video cannot be chosen, MiniMax-H3 follows it\n"
    ) in out
    assert "UPDATE default_models SET model_id = " in out
    assert code == 0


def test_a_damaged_schema_is_told_by_status_and_doctor_and_mended_by_migrate(
    radiant: Program, registry: str, query: Query
) -> None:
    query(registry, "DROP VIEW unified_model_registry CASCADE")
    said = "materialized view unified_model_stats is missing, view registry_statistics is missing, view unified"
    status = radiant("db", "status").out.splitlines()
    assert status[-2].startswith(f"damaged: {said}")
    assert status[-1] == "pending: views and functions (`radiant db migrate`)"
    assert "FAIL  schema: materialized view unified_model_stats is missing; " in radiant("doctor").out
    code, _, err = radiant("stats")
    assert (code, err.startswith("radiant: The registry is damaged: materialized view")) == (1, True)
    assert "applied views and functions" in radiant("db", "migrate").out
    assert radiant("db", "status").out.splitlines()[-1] == "up to date"
    assert radiant("stats").code == 0


def test_what_migrate_cannot_make_again_it_says(radiant: Program, registry: str, query: Query) -> None:
    query(registry, "ALTER TABLE models DROP CONSTRAINT model_tier")
    status = radiant("db", "status").out.splitlines()
    assert status[-1] == "cannot be made again by `radiant db migrate`: constraint models.model_tier is missing"
    told = "Cannot be made again: constraint models.model_tier is missing. Restore it from a backup.\n"
    assert told in radiant("db", "migrate").out
    assert (
        "FAIL  schema: damaged: constraint models.model_tier is missing; no migration can make that again\n"
        "      Restore the database from a backup.\n"
    ) in radiant("doctor").out


def test_what_somebody_wrote_into_the_database_does_not_move_the_cursor(
    radiant: Program, registry: str, query: Query
) -> None:
    name = "a\n\x1b[2J\x07b"
    # As a registry of an earlier release may hold it: no constraint lets it in any more.
    query(registry, "ALTER TABLE models DROP CONSTRAINT model_names")
    query(registry, "ALTER TABLE overrides DROP CONSTRAINT override_plain_texts")
    query(registry, "UPDATE models SET display_name = %s, model_id = %s WHERE model_id = 'gpt-4o-mini'", name, name)
    for command in (["models", "[2J"], ["model", "show", name], ["overrides", "list"], ["models", name + "?"]):
        code, out, err = radiant(*command)
        assert code in (0, 1)
        assert (out + err).replace("\n", "").isprintable()
    assert radiant("model", "show", name).out.startswith("a  [2J b (OpenAI)\n")
    assert radiant("model", "show", name + "?").err.startswith("radiant: ")
