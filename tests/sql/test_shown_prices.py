"""Which models show other prices than those in force, right after many came: PostgreSQL, 15 above all, has not counted
anything by then, and takes many for one."""

from collections.abc import Iterator
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from radiant.sql import queries

MANY = 600

ADOPTED = (
    "INSERT INTO providers (id, display_name) VALUES ('crowd', 'Crowd')",
    "INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, input_modalities, output_modalities,"
    " pricing_type, input_cost_per_1k, output_cost_per_1k, minimum_price)"
    " SELECT 'crowd', 'm' || n, 'm', 'M', 'chat', '{text}', '{text}', 'per_token', 1, CASE n WHEN 7 THEN 9 ELSE 2 END,"
    f" CASE n WHEN 9 THEN 5 END FROM generate_series(1, {MANY}) n",
    f"INSERT INTO price_offers (provider_id, model_id) SELECT 'crowd', 'm' || n FROM generate_series(1, {MANY}) n",
    "INSERT INTO price_sheets (offer_id, valid, source, minimum, whole)"
    " SELECT id, tstzrange('2020-01-01Z', NULL), 'test', CASE model_id WHEN 'm8' THEN 3 END, true"
    " FROM price_offers WHERE provider_id = 'crowd'",
    "INSERT INTO price_items (sheet_id, meter, amount, per) SELECT s.id, meter, length(meter) - 11, 1000"
    " FROM price_sheets s JOIN price_offers o ON o.id = s.offer_id,"
    " unnest(ARRAY['input_tokens', 'output_tokens']) meter WHERE o.provider_id = 'crowd'",
)
SHOWN = queries("prices")["shown_otherwise"].replace(b"%(now)s", b"now()")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)


def test_each_model_is_compared_with_its_own_prices_alone(connection: Connection[DictRow]) -> None:
    connection.execute(
        "SET LOCAL session_replication_role = replica"
    )  # what columns follow by themselves stays as told
    for statement in ADOPTED:
        connection.execute(statement.encode())
    connection.execute("SET LOCAL session_replication_role = origin")
    found = connection.execute(SHOWN).fetchall()
    assert {row["model_id"] for row in found if row["provider_id"] == "crowd"} == {"m7", "m8", "m9"}
    explained = connection.execute(b"EXPLAIN (ANALYZE, FORMAT JSON) " + SHOWN).fetchone()
    assert explained is not None
    plan = next(iter(explained.values()))[0]["Plan"]
    walked = sum(node["Actual Loops"] * node["Actual Rows"] for node in nodes(plan) if node["Node Type"] == "CTE Scan")
    assert walked < 10 * MANY
