"""What triggers keep by themselves: when a row changed, what begins with it, what a person decided."""

from typing import Any

import pytest

from tests.sql.rows import Connection, insert, self_hosted


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("providers", "display_name = 'x' WHERE id = 'openai'"),
        ("models", "max_output = 7 WHERE model_id = 'gpt-4o-mini' AND provider_id = 'openai'"),
        ("self_hosted_models", "min_tier = 5 WHERE model_id = 'sam-2'"),
        ("thermal_states", "instance_count = 2 WHERE model_id = 'sam-2'"),
        ("provider_health", "last_error = 'x' WHERE provider_id = 'openai'"),
        ("default_models", "model_id = 'x' WHERE task = 'chat'"),
    ],
)
def test_a_changed_row_says_when(connection: Connection, table: str, change: str) -> None:
    row = connection.execute(f"UPDATE {table} SET {change} RETURNING updated_at > now() AS moved".encode()).fetchone()
    assert row == {"moved": True}


def test_a_new_provider_is_listed_with_unknown_health_in_each_region(connection: Connection) -> None:
    insert(connection, "providers", id="newcomer", display_name="N", regions=["eu", "us"])
    rows = connection.execute(
        "SELECT region, status, avg_latency_ms FROM provider_health WHERE provider_id = 'newcomer' ORDER BY region"
    ).fetchall()
    assert rows == [
        {"region": "eu", "status": "unknown", "avg_latency_ms": None},
        {"region": "us", "status": "unknown", "avg_latency_ms": None},
    ]


def test_every_provider_but_our_own_hardware_has_a_health_row(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT id FROM providers WHERE id NOT IN (SELECT provider_id FROM provider_health)"
    ).fetchall()
    assert [row["id"] for row in rows] == ["self_hosted"]


def test_a_new_self_hosted_model_has_a_thermal_state_from_its_first_moment(connection: Connection) -> None:
    name = self_hosted(connection, default_thermal_state="OFF")["model_id"]
    row = connection.execute("SELECT * FROM thermal_states WHERE model_id = %s", [name]).fetchone()
    assert row is not None
    assert (row["current_state"], row["target_state"], row["is_transitioning"]) == ("OFF", "AUTOMATIC", False)
    assert (row["instance_count"], row["last_activity"], row["error_message"]) == (0, None, None)
    connection.execute("DELETE FROM self_hosted_models WHERE model_id = %s", [name])
    assert connection.execute("SELECT FROM thermal_states WHERE model_id = %s", [name]).fetchone() is None


def overrides(connection: Connection) -> dict[tuple[str, str], Any]:
    rows = connection.execute(
        "SELECT subject, field, value, set_by, session_user::text AS me FROM overrides"
    ).fetchall()
    assert {row["set_by"] for row in rows} <= {row["me"] for row in rows}
    return {(row["subject"], row["field"]): row["value"] for row in rows}


def test_what_a_person_changes_is_remembered_by_field_and_what_the_service_changes_is_not(
    connection: Connection,
) -> None:
    connection.execute("UPDATE models SET max_output = 5, enabled = false WHERE litellm_id = 'openai/gpt-4o-mini'")
    connection.execute("UPDATE models SET max_output = 6 WHERE litellm_id = 'openai/gpt-4o-mini'")
    connection.execute("UPDATE models SET name = name WHERE provider_id = 'groq'")
    connection.execute("UPDATE self_hosted_models SET min_tier = 5 WHERE model_id = 'sam-2'")
    connection.execute("UPDATE providers SET compliance = '{HIPAA}' WHERE id = 'self_hosted'")
    connection.execute("UPDATE default_models SET model_id = 'gpt-5.5' WHERE task = 'chat'")
    connection.execute("DELETE FROM default_models WHERE task = 'ocr'")
    connection.execute("SET LOCAL radiant.writer = 'service'")
    connection.execute("UPDATE self_hosted_models SET max_instances = 9 WHERE model_id = 'sam-2'")
    assert overrides(connection) == {
        ("model:openai/gpt-4o-mini", "max_output"): 6,
        ("model:openai/gpt-4o-mini", "enabled"): False,
        ("self_hosted:sam-2", "min_tier"): 5,
        ("provider:self_hosted", "compliance"): ["HIPAA"],
        ("default:chat", "model_id"): "gpt-5.5",
        ("default:ocr", "*"): None,
    }


def test_a_deletion_replaces_what_was_decided_before(connection: Connection) -> None:
    connection.execute("UPDATE self_hosted_models SET min_tier = 5 WHERE model_id = 'sam-2'")
    connection.execute("DELETE FROM self_hosted_models WHERE model_id = 'sam-2'")
    assert overrides(connection) == {("self_hosted:sam-2", "*"): None}
