"""A model of last resort is one that the registry knows, whatever comes first, and whatever becomes of it."""

import psycopg
import pytest

from radiant.registry import defaults
from radiant.registry.defaults import HelplessDefault
from tests.sql.migrating import Query, acting_as
from tests.sql.rows import Connection
from tests.sql.selecting import external, own

NOW = "SET CONSTRAINTS ALL IMMEDIATE"


@pytest.mark.parametrize(
    "name",
    ["m-1", "openai/m-1", "lite/one", "first", "s-1", "self_hosted/s-1", "sagemaker/s-1"],
)
def test_a_default_is_named_as_models_are_named(registry: Connection, name: str) -> None:
    external(registry, "m-1", litellm_id="lite/one", aliases=["first"])
    own(registry, "s-1")
    registry.execute("DELETE FROM default_models")
    registry.execute("INSERT INTO default_models (task, model_id) VALUES ('chat', %s)", [name])
    registry.execute(NOW)


@pytest.mark.parametrize("name", ["m", "M-1", "groq/m-1", "The Name"])
def test_a_default_that_nothing_is_called_is_refused_and_named(registry: Connection, name: str) -> None:
    external(registry, "m-1", display_name="The Name")
    registry.execute("UPDATE default_models SET model_id = %s WHERE task = 'chat'", [name])
    with pytest.raises(psycopg.errors.ForeignKeyViolation) as caught:
        registry.execute(NOW)
    assert caught.value.diag.constraint_name == "default_names_a_model"
    assert caught.value.diag.message_primary == f"the default model for 'chat' is '{name}', which no model is known by"


def test_defaults_and_models_are_written_in_either_order(database_url: str, query: Query) -> None:
    model = "INSERT INTO models (provider_id, model_id, name, display_name) VALUES ('openai', 'newcomer', 'n', 'N');"
    default = "INSERT INTO default_models (task, model_id) VALUES ('other', 'newcomer');"
    undone = "DELETE FROM default_models WHERE task = 'other'; DELETE FROM models WHERE model_id = 'newcomer';"
    for statements in (model + default, default + model):
        query(database_url, f"BEGIN; {statements} COMMIT")
        query(database_url, f"BEGIN; {undone} COMMIT")
    query(database_url, f"BEGIN; {default} UPDATE default_models SET model_id = 'gpt-5.5' WHERE task = 'other'; COMMIT")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        query(database_url, "UPDATE default_models SET model_id = 'newcomer' WHERE task = 'other'")


def test_who_may_edit_defaults_alone_is_told_the_same(stranger: str, database_url: str, query: Query) -> None:
    query(database_url, f"GRANT SELECT, UPDATE ON default_models TO {stranger}")
    theirs = acting_as(stranger, database_url)
    query(theirs, "UPDATE default_models SET model_id = 'gpt-5.5' WHERE task = 'chat'")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        query(theirs, "UPDATE default_models SET model_id = 'nosuch' WHERE task = 'chat'")


async def test_a_model_that_is_a_default_may_go_and_the_default_is_told(database_url: str, query: Query) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, row_factory=psycopg.rows.dict_row) as connection:
        assert await defaults.helpless(connection) == []
        query(database_url, "DELETE FROM models WHERE model_id = 'rerank-v5.0-pro'")
        query(database_url, "UPDATE models SET enabled = false WHERE model_id = 'gen4.5'")
        query(database_url, "UPDATE models SET retires = current_date - 2 WHERE model_id = 'gpt-transcribe'")
        query(database_url, "UPDATE providers SET enabled = false WHERE id = 'mistral'")
        query(database_url, "UPDATE default_models SET model_id = 'sam-2' WHERE task = 'inference'")
        query(database_url, "UPDATE thermal_states SET current_state = 'OFF' WHERE model_id = 'sam-2'")
        await connection.rollback()
        assert await defaults.helpless(connection) == [
            HelplessDefault("inference", "sam-2", known=True, successor="efficientnetv2-l"),
            HelplessDefault("ocr", "mistral-ocr-4-1", known=True, successor="parse-v5.0"),
            HelplessDefault("rerank", "rerank-v5.0-pro", known=False, successor="rerank-v5.0-fast"),
            HelplessDefault("transcription", "gpt-transcribe", known=True, successor="nova-3"),
            HelplessDefault("video", "gen4.5", known=True, successor="MiniMax-H3"),
        ]
