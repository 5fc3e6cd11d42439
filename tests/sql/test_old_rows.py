"""A registry of the release before is brought along whole, also where its rows hold what may not be any more."""

from collections.abc import Callable
from typing import Any

from psycopg.rows import DictRow
from structlog.testing import capture_logs

import radiant.sql
from radiant.domain.registry_model import ModelFilter
from radiant.registry import models, schema
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate

Query = Callable[..., list[DictRow]]

#: The books as the first release made them.
OLD_BOOKS = """
    CREATE TABLE schema_migrations (version text PRIMARY KEY, name text NOT NULL,
        applied_by text NOT NULL DEFAULT session_user, applied_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE schema_code (position integer PRIMARY KEY, kind text NOT NULL, name text NOT NULL,
        digest text NOT NULL)
"""

BAD = """
    INSERT INTO models (provider_id, model_id, name, display_name, created_at, released, retires, capabilities,
        input_modalities, output_modalities, description)
    VALUES ('openai', 'endless', 'n', 'N', 'infinity', '0044-03-15 BC', 'infinity', '{{a,b},{c,d}}',
        '{{text,image},{audio,nonsense}}', '{text,NULL}', repeat('x', 30000)),
        ('openai', e'li\\u0007ne\\nend', e'\\t', '  ', now(), NULL, NULL, '[2:4]={"",a,e}',
        '[0:0]={text}', '{}', e'a\\u0007\\nb'),
        ('openai', 'ancient', 'n', 'N', '0044-03-15 BC', '99999-01-01', '0044-03-15 BC', '{NULL}', '{}', '{}', NULL);
    INSERT INTO self_hosted_models (model_id, name, display_name, category, created_at, accuracy, environment)
    VALUES ('own', 'n', 'N', 'llm', '99999-01-01', 'NaN', to_jsonb(repeat('x', 300000)));
    UPDATE provider_health SET last_check_at = 'infinity', last_error = repeat('x', 30000);
    UPDATE thermal_states SET last_activity = '-infinity', target_state = 'WARM', updated_by = 'selector';
    INSERT INTO registry_sync_log (sync_type, status, started_at, completed_at, errors)
    VALUES ('full', 'failed', '-infinity', 'infinity', '{{a,b},{c,d}}');
    INSERT INTO facts (source, entry, field, value, seen_at) VALUES ('s', 'e', repeat('f', 300), '1', 'infinity'),
        ('s', 'e', 'f', '1', 'infinity');
    INSERT INTO access_tokens (name, role, hash, revoked_at) VALUES (repeat('n', 900), 'admin', sha256('x'),
        'infinity');
    UPDATE schema_migrations SET applied_at = 'infinity'
"""


def old_registry(query: Query, url: str, before: str = "039") -> None:
    query(url, OLD_BOOKS)
    for migration in radiant.sql.migrations():
        if migration.version < before:
            query(url, migration.text)
            query(
                url, "INSERT INTO schema_migrations (version, name) VALUES (%s, %s)", migration.version, migration.name
            )
    query(url, "INSERT INTO providers (id, display_name) VALUES ('openai', 'OpenAI')")


async def test_rows_that_nobody_could_read_are_brought_within_bounds(empty_database_url: str, query: Query) -> None:
    old_registry(query, empty_database_url)
    query(empty_database_url, BAD)
    async with connect(empty_database_url) as connection:
        done = await migrate(connection)
        assert done[0].startswith("039_")
        assert (await schema.read_state(connection)).damage == ()
        shown = {it.model_id: it for it in await models.list_models(connection, ModelFilter())}
    endless, ancient = shown["endless"], shown["ancient"]
    assert (endless.created_at.year, endless.retires, endless.capabilities) == (2199, None, ["a", "b", "c", "d"])
    assert (endless.input_modalities, endless.output_modalities) == (["text", "image", "audio"], ["text"])
    assert len(endless.description or "") == 20000
    assert (ancient.created_at.year, ancient.capabilities) == (1970, [])
    assert ancient.retires is not None and ancient.retires.year == 1970
    (plain,) = [it for name, it in shown.items() if name.startswith("li ne end-")]
    assert (plain.display_name, plain.capabilities, plain.description) == (plain.model_id, ["a", "e"], "a \nb")
    assert plain.input_modalities == ["text"]
    (demand,) = query(empty_database_url, "SELECT d.model_id, target_state FROM warmup_demands d, thermal_states")
    assert demand == {"model_id": "own", "target_state": "AUTOMATIC"}
    assert query(empty_database_url, "SELECT field FROM facts") == [{"field": "f"}]
    everything: list[Any] = [
        query(empty_database_url, f"SELECT * FROM {table}")
        for table in ("provider_health", "thermal_states", "registry_sync_log", "access_tokens", "schema_migrations")
    ]
    assert all(everything)


async def test_an_edit_and_an_override_of_the_release_before_survive(empty_database_url: str, query: Query) -> None:
    old_registry(query, empty_database_url)
    query(
        empty_database_url,
        "INSERT INTO models (provider_id, model_id, name, display_name) VALUES ('openai', 'm', 'n', 'N');"
        " UPDATE models SET display_name = 'Ours'",
    )
    async with connect(empty_database_url) as connection:
        await migrate(connection)
    assert query(empty_database_url, "SELECT display_name, min_tier FROM models") == [
        {"display_name": "Ours", "min_tier": 1}
    ]
    assert query(empty_database_url, "SELECT subject, field FROM overrides") == [
        {"subject": "model:openai/m", "field": "display_name"}
    ]


async def test_a_row_that_cannot_be_read_is_left_out_alone_and_named(database: Database, query: Query) -> None:
    """Where the constraint that forbids it was dropped."""
    query(
        database.url,
        "ALTER TABLE models DROP CONSTRAINT model_times, DROP CONSTRAINT model_lists;"
        " SET session_replication_role = replica;"
        " UPDATE models SET created_at = 'infinity' WHERE litellm_id = 'openai/gpt-4o-mini';"
        " UPDATE models SET capabilities = '{{a,b},{c,d}}' WHERE model_id = 'claude-haiku-5-5'",
    )
    (counted,) = query(database.url, "SELECT count(*) AS n FROM unified_model_registry")
    (nested,) = query(database.url, "SELECT count(*) AS n FROM models WHERE model_id = 'claude-haiku-5-5'")
    with capture_logs() as logs:
        async with database.connection() as connection:
            shown = await models.list_models(connection, ModelFilter())
            assert await models.find_models(connection, "openai/gpt-4o-mini") == []
    assert len(shown) == counted["n"] - 1 - nested["n"]
    assert {it["model"] for it in logs} == {"gpt-4o-mini", "claude-haiku-5-5"}
    assert {it["event"] for it in logs} == {"a model cannot be read"}


async def test_a_state_that_nobody_ever_touched_becomes_off_and_what_anybody_wrote_stays(
    empty_database_url: str, query: Query
) -> None:
    old_registry(query, empty_database_url)
    query(
        empty_database_url,
        "INSERT INTO self_hosted_models (model_id, name, display_name, category, default_thermal_state)"
        " SELECT it, 'n', 'N', 'llm', CASE it WHEN 'warm' THEN 'WARM' ELSE 'COLD' END"
        " FROM unnest('{plain,warm,held,up,used,by}'::text[]) it",
    )
    query(
        empty_database_url,
        """
        UPDATE thermal_states SET target_state = 'COLD' WHERE model_id = 'held';
        UPDATE thermal_states SET current_state = 'HOT' WHERE model_id = 'up';
        UPDATE thermal_states SET last_activity = now() WHERE model_id = 'used';
        UPDATE thermal_states SET updated_by = 'ada' WHERE model_id = 'by'
        """,
    )
    async with connect(empty_database_url) as connection:
        await migrate(connection)
    rows = query(empty_database_url, "SELECT model_id, current_state FROM thermal_states")
    assert {row["model_id"]: row["current_state"] for row in rows} == {
        "plain": "OFF", "warm": "OFF", "held": "COLD", "up": "HOT", "used": "COLD", "by": "COLD",
    }  # fmt: skip


async def test_a_markup_that_a_catalog_said_is_what_is_usual_of_its_model(
    empty_database_url: str, query: Query
) -> None:
    old_registry(query, empty_database_url)
    query(
        empty_database_url,
        "INSERT INTO self_hosted_models (model_id, name, display_name, category, markup_percent)"
        " VALUES ('own', 'n', 'N', 'llm', 20), ('usual', 'n', 'N', 'llm', 75)",
    )
    query(
        empty_database_url,
        "INSERT INTO models (provider_id, model_id, name, display_name, markup_rate)"
        " VALUES ('openai', 'dear', 'n', 'N', 0.6), ('openai', 'plain', 'n', 'N', 0.4)",
    )
    async with connect(empty_database_url) as connection:
        await migrate(connection)
    kept = query(
        empty_database_url,
        "SELECT s.model_id, m.rate::float AS rate, m.rank, m.valid::text AS valid FROM markup_scopes s"
        " JOIN markups m ON m.scope_id = s.id WHERE s.model_id IS NOT NULL ORDER BY 1",
    )
    assert [tuple(it.values()) for it in kept] == [("dear", 0.6, 0, "(,)"), ("own", 0.2, 0, "(,)")]


async def test_least_charges_that_were_set_before_there_were_columns_of_them_are_shown(
    empty_database_url: str, query: Query
) -> None:
    url = empty_database_url
    old_registry(query, url, before="108")
    query(
        url,
        """
        INSERT INTO models (provider_id, model_id, name, display_name, cost_per_request, primary_mode)
        SELECT 'openai', it, 'n', 'N', 0.001, 'rerank' FROM unnest('{sold,free}'::text[]) it;
        INSERT INTO self_hosted_models (model_id, name, display_name, category) VALUES ('own', 'n', 'N', 'llm');
        WITH scopes AS (
            INSERT INTO markup_scopes (tenant_id, hosting, provider_id, model_id)
            VALUES (NULL, NULL, 'openai', NULL), (NULL, NULL, 'openai', 'free'), (NULL, 'self_hosted', NULL, NULL),
                ('blue', NULL, NULL, NULL)
            ON CONFLICT ON CONSTRAINT markup_scope_key DO UPDATE SET hosting = excluded.hosting RETURNING *)
        INSERT INTO markups (scope_id, rate, minimum_charge, valid)
        SELECT id, 0.4, CASE WHEN tenant_id = 'blue' THEN 9 WHEN hosting IS NOT NULL THEN 0.25 WHEN model_id IS NULL
            THEN 0.5 END, tstzrange(NULL, NULL) FROM scopes
        """,
    )
    async with connect(url) as connection:
        await migrate(connection)
    rows = query(
        url,
        "SELECT model_id, minimum_charge::float, ranking_price::float FROM models UNION ALL"
        " SELECT model_id, minimum_charge::float, NULL FROM self_hosted_models ORDER BY 1",
    )
    assert [tuple(it.values()) for it in rows] == [("free", None, 0.0014), ("own", 0.25, None), ("sold", 0.5, 0.5)]
    assert query(url, "SELECT FROM overrides") == []


async def test_what_was_set_of_own_models_and_least_prices_of_sheets_are_shown_after_the_migration(
    empty_database_url: str, query: Query
) -> None:
    url = empty_database_url
    old_registry(query, url, before="110")
    query(
        url,
        """
        INSERT INTO models (provider_id, model_id, name, display_name, cost_per_request, primary_mode, markup_rate)
        SELECT 'openai', it, 'n', 'N', 0.001, 'rerank', 0.4 FROM unnest('{plain,least,whole}'::text[]) it;
        INSERT INTO self_hosted_models (model_id, name, display_name, category, primary_mode, per_request, hourly_rate)
        SELECT it, 'n', 'N', 'llm', 'chat', 0.01, 2 FROM unnest('{own,own-set,own-whole}'::text[]) it;
        WITH offers AS (
            INSERT INTO price_offers (provider_id, model_id) VALUES ('openai', 'least'), ('openai', 'whole'),
                ('self_hosted', 'own-set'), ('self_hosted', 'own-whole') RETURNING id, model_id
        ), sheets AS (
            INSERT INTO price_sheets (offer_id, rank, valid, source, minimum, whole)
            SELECT id, rank, tstzrange(NULL, NULL), 'test',
                CASE WHEN rank = 0 THEN 0.5 WHEN model_id = 'own-set' THEN 0.02 END,
                model_id LIKE '%whole' AND rank = 1
              FROM offers CROSS JOIN generate_series(0, 1) AS rank
             WHERE rank = 1 OR model_id IN ('least', 'whole') RETURNING id, rank, offer_id
        )
        INSERT INTO price_items (sheet_id, meter, amount, per)
        SELECT s.id, it.meter, it.amount, it.per FROM sheets s JOIN offers o ON o.id = s.offer_id
         CROSS JOIN (VALUES ('input_tokens', 0.5, 1000000), ('output_tokens', 2, 1000000)) AS it (meter, amount, per)
        """,
    )
    async with connect(url) as connection:
        await migrate(connection)
    rows = query(url, "SELECT model_id, minimum_price::float, ranking_price::float FROM models ORDER BY 1")
    assert [tuple(it.values()) for it in rows] == [
        ("least", 0.5, 0.7),
        ("plain", None, 0.0014),
        ("whole", None, 0.0014),
    ]
    rows = query(
        url,
        "SELECT model_id, input_cost_per_1k::float, output_cost_per_1k::float, cost_per_request::float,"
        " cost_per_hour::float, minimum_price::float, ranking_price::float FROM self_hosted_models ORDER BY 1",
    )
    assert [tuple(it.values()) for it in rows] == [
        ("own", None, None, 0.01, 2, None, 0.0175),
        ("own-set", 0.0005, 0.002, 0.01, 2, 0.02, 0.035),
        ("own-whole", 0.0005, 0.002, None, None, None, 0.002625),
    ]
    assert query(url, "SELECT FROM overrides") == []
