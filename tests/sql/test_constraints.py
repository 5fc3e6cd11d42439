"""What a constraint refuses is told by its rule, and every constraint has one."""

from typing import Any

import psycopg
import pytest

from radiant.domain.errors import DatabaseUnusable, RadiantError, RuleViolated, ValueRefused
from radiant.domain.vocabulary import Modality
from radiant.registry.constraints import RULES, violated
from radiant.registry.database import Database
from tests.sql.rows import Connection, filled

#: Checks, exclusions and uniqueness of tables and domains, and triggers that refuse. Keys, references and required
#: columns have a general rule.
NAMED = """
    SELECT conname AS name FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x', 't')
    UNION
    SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = 'public'::regnamespace AND indisunique AND NOT indisprimary
       AND indrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')
"""


def test_every_constraint_has_its_sentence_and_every_sentence_its_constraint(connection: Connection) -> None:
    found = {row["name"] for row in connection.execute(NAMED).fetchall()}
    assert found == set(RULES)


def test_a_rule_is_a_sentence(connection: Connection) -> None:
    for name, rule in RULES.items():
        assert rule.sentence[0].isupper() or rule.sentence.startswith("registry_"), name
        assert rule.sentence[-1] in ".…", name


REFUSED: list[tuple[str, str, str, str]] = [
    ("UPDATE models SET min_tier = 6", "model_tier", "invalid", "A tier is a whole number from 1 to 5."),
    ("UPDATE models SET cost_per_image = -1", "usd_is_a_finite_amount_from_zero", "invalid",
     "A price is a finite amount of US dollars from 0; NULL is unknown."),
    ("UPDATE models SET input_modalities = '{nonsense}'", "model_modalities", "invalid",
     f"Modalities are a list of some of {', '.join(Modality)}."),
    *[
        (f"UPDATE providers SET conditional_compliance = '{value}'", "provider_conditions", "invalid",
         'Conditional compliance is an object: {"HIPAA": {"url": "https://…", "condition": "…"}}, and `covers` where '
         "needed.")
        for value in ('[]', '{"HIPAA": 5}', '{"HIPAA": {}}', '{"HIPAA": {"url": 5}}',
                      '{"HIPAA": {"url": "https://x.y", "condition": 5}}')
    ],
    *[
        (f"UPDATE providers SET conditional_compliance = '{value}'", "provider_coverage", "invalid",
         'Conditional compliance lists ids in `models` and `excepted`: ["claude-fable-*"].')
        for value in ('{"HIPAA": {"url": "https://x.y", "models": "claude-*"}}',
                      '{"HIPAA": {"url": "https://x.y", "excepted": [5]}}')
    ],
    ("UPDATE models SET name = NULL", "models.name", "invalid", "models needs a value for name."),
    ("INSERT INTO default_models (task, model_id) VALUES ('chat', 'x')", "default_models_pkey", "conflict",
     "default_models has a row with task chat already."),
    ("SET CONSTRAINTS ALL IMMEDIATE; UPDATE default_models SET model_id = 'nosuch' WHERE task = 'chat'",
     "default_names_a_model", "conflict",
     "A default model is one of the registry, named by model id, provider/model, LiteLLM id or alias."),
    ("INSERT INTO models (provider_id, model_id, name, display_name) VALUES ('openai', 'gpt-4o-mini', 'n', 'N')",
     "one_model_per_provider_and_id", "conflict", "This provider has a model of that id already."),
    ("DELETE FROM providers WHERE id = 'openai'", "models_provider_id_fkey", "conflict",
     "Other rows stand on the row of models with id openai; they have to go first."),
    ("INSERT INTO models (provider_id, model_id, name, display_name) VALUES ('nobody', 'm', 'n', 'N')",
     "models_provider_id_fkey", "conflict", "A row of models names provider_id nobody, which does not exist."),
    ("ALTER TABLE models ADD CONSTRAINT mine CHECK (max_output <> 7); UPDATE models SET max_output = 7",
     "mine", "invalid", "models has a rule mine that this breaks."),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "rule", "kind", "sentence"), REFUSED, ids=[it[1] for it in REFUSED])
def test_what_is_refused_is_told_by_its_rule(
    connection: Connection, statement: str, rule: str, kind: str, sentence: str
) -> None:
    with pytest.raises(psycopg.IntegrityError) as caught:
        connection.execute(statement.encode())
    told = violated(caught.value)
    assert (told.rule, told.kind, str(told)) == (rule, kind, sentence)


@pytest.mark.parametrize(
    ("statement", "error", "said"),
    [
        ("UPDATE models SET min_tier = 6", RuleViolated, "A tier is a whole number from 1 to 5."),
        ("UPDATE models SET created_at = 'whenever'", ValueRefused, "whenever"),
        ("SELECT nothing FROM models", DatabaseUnusable, 'damaged: column "nothing" does not exist'),
        ("SELECT nothing()", DatabaseUnusable, "damaged: function nothing() does not exist"),
        ("SELECT * FROM nothing", DatabaseUnusable, 'damaged: relation "nothing" does not exist'),
    ],
)
async def test_what_postgresql_refuses_reaches_people_as_our_error(
    database: Database, statement: str, error: type[RadiantError], said: str
) -> None:
    with pytest.raises(error) as caught:
        await database.rows(statement)
    assert said in str(caught.value)


# What no row may hold

TABLES: dict[str, dict[str, str]] = {
    "providers": {
        "created_at": "time", "regions": "names", "compliance": "names", "declared_compliance": "names",
        "key_variables": "names", "display_name": "name", "litellm_prefix": "name", "docs_url": "text", "auth": "json",
        "conditional_compliance": "json",
    },
    "models": {
        "created_at": "time", "updated_at": "time", "released": "day", "retires": "day", "capabilities": "names",
        "input_modalities": "names", "aliases": "names", "doubts": "list", "model_id": "name", "name": "name",
        "display_name": "name", "category": "name", "litellm_id": "name", "successor": "name", "description": "text",
        "price_details": "json",
    },
    "self_hosted_models": {
        "created_at": "time", "license_conditions": "list", "output_modalities": "names", "capabilities": "names",
        "input_formats": "names", "key_variables": "names", "display_name": "name", "license": "name",
        "description": "text", "serving_note": "text", "environment": "json",
    },
    "thermal_states": {"last_activity": "time", "last_state_change": "time", "error_message": "text"},
    "provider_health": {"last_check_at": "time", "last_success_at": "time", "last_error": "text"},
    "default_models": {"model_id": "name", "successor": "name"},
    "access_tokens": {"created_at": "time", "revoked_at": "time", "name": "name"},
    "facts": {
        "seen_at": "time", "source_date": "day", "entry": "name", "field": "name", "reference": "text", "value": "json",
    },
    "fact_doubts": {"entry": "name", "why": "text"},
    "fact_imports": {
        "imported_at": "time", "source_date": "day", "good_until": "day", "etag": "name", "last_modified": "name",
    },
    "public_sources": {"id": "name"},
    "discovered_models": {"claimed_by": "list"},
    "schema_migrations": {"applied_at": "time"},
    "catalogs": {"seeded_at": "time", "name": "name", "folder": "text"},
    "overrides": {"set_at": "time", "reason": "text", "value": "json"},
    "registry_sync_log": {"started_at": "time", "errors": "list", "error_message": "text"},
    "warmup_demands": {"requested_at": "time", "until": "time", "requested_by": "long"},
}  # fmt: skip
LISTS = [
    "'{{text,image},{audio,video}}'", "'{text,NULL}'", "array_fill('text'::text, ARRAY[201])", "'{\"\"}'",
    "'[2:3]={text,audio}'", "'[0:0]={text}'",
]  # fmt: skip
BAD: dict[str, list[str]] = {
    "time": ["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'99999-01-01'"],
    "day": ["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'99999-01-01'"],
    "list": [*LISTS, "ARRAY[e'a\\u0001b']"],
    "names": [
        *LISTS,
        "ARRAY[' ']",
        "ARRAY['text', '\u3000']",
        "ARRAY[e'text\\n']",
        "ARRAY[e'te\\u001fxt']",
        "ARRAY['a\u202eb']",
    ],
    "text": ["repeat('x', 100000)", "e'a\\u0007b'", "'a\u009bb'"],
    "name": ["repeat('x', 1000)", "''", "'  '", "'\u200b'", "e'a\\nb'", "e'a\\u0007b'", "'a\u202eb'"],
    "long": ["repeat('x', 100000)"],
    "json": ["to_jsonb(repeat('x', 300000))"],
}
ATTEMPTS = [
    (table, column, value)
    for table, columns in TABLES.items()
    for column, kind in columns.items()
    for value in BAD[kind]
]
#: updated_at is set by a trigger, which has to be out of the way.
QUIET = "SET LOCAL session_replication_role = replica"


@pytest.mark.parametrize(("table", "column", "value"), ATTEMPTS, ids=[" ".join(it)[:60] for it in ATTEMPTS])
def test_no_row_holds_what_a_reader_cannot_read(connection: Connection, table: str, column: str, value: str) -> None:
    connection.execute(QUIET)
    filled(connection)
    with pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(f"UPDATE {table} SET {column} = {value}".encode())


def columns_that_can_be_endless(connection: Connection) -> Any:
    return connection.execute(
        """
        SELECT attrelid::regclass::text AS table_name, attname FROM pg_attribute
          JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
           AND format_type(atttypid, NULL) IN ('timestamp with time zone', 'date', 'text[]', 'text', 'jsonb')
           AND relname NOT LIKE 'schema_%%' AND relname NOT LIKE 'registry_changes%%'
        """
    ).fetchall()


def test_every_date_list_text_and_json_of_every_table_has_bounds(connection: Connection) -> None:
    """A column that is in no check is one that somebody forgot."""
    checked = {
        (row["table_name"], row["attname"])
        for row in connection.execute(
            """
            SELECT conrelid::regclass::text AS table_name, attname FROM pg_constraint
              JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) WHERE contype IN ('c', 'f')
            """
        ).fetchall()
    }
    found = {(row["table_name"], row["attname"]) for row in columns_that_can_be_endless(connection)}
    assert found - checked == set()
