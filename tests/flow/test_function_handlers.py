"""The handlers themselves, as Lambda calls them: settings and keys from outside, an answer or one sentence back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from psycopg.conninfo import conninfo_to_dict

from radiant.aws import handlers
from radiant.aws.keys import Keys
from radiant.registry import roles

Query = Callable[..., list[dict[str, Any]]]

RUNS = "SELECT * FROM registry_sync_log WHERE worker IS NOT NULL ORDER BY started_at"


class Context:
    """What Lambda tells of a call."""

    function_name, aws_request_id = "radiant-health", "0b5f"

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No variable of this machine, and no keys of another test."""
    for name in ("RADIANT_DATABASE_URL", "DATABASE_URL", "RADIANT_KEYS_SECRET", "RADIANT_DATABASE_IAM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RADIANT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(handlers, "_keys", {})
    return monkeypatch


def test_the_handler_opens_runs_and_closes(alone: pytest.MonkeyPatch, database_url: str, query: Query) -> None:
    alone.setenv("RADIANT_DATABASE_URL", database_url)
    query(database_url, "UPDATE schedules SET enabled = false")
    told = handlers.handler({"syncType": "thermal"}, Context())
    assert json.loads(json.dumps(told))["status"] == "completed"
    (row,) = query(database_url, RUNS)
    assert row["worker"] == "function radiant-health 0b5f"


def test_the_handler_prepares_nothing(alone: pytest.MonkeyPatch, empty_database_url: str, query: Query) -> None:
    alone.setenv("RADIANT_DATABASE_URL", empty_database_url)
    with pytest.raises(handlers.Failed, match="There is no registry"):
        handlers.handler({"syncType": "thermal"}, Context())
    assert query(empty_database_url, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []


def test_the_other_handler_prepares_and_makes_no_tokens(
    alone: pytest.MonkeyPatch, empty_database_url: str, query: Query, tmp_path: Path
) -> None:
    alone.setenv("RADIANT_DATABASE_URL", empty_database_url)
    told = json.loads(json.dumps(handlers.migrate({}, Context())))
    assert told["applied"] and told["seeded"]["models_added"] > 100
    assert query(empty_database_url, "SELECT 1 FROM access_tokens") == [] and not (tmp_path / "home").exists()
    assert json.loads(json.dumps(handlers.migrate({}, Context())))["applied"] == []


def test_a_migration_makes_the_bus_a_sink_of_events_once(
    alone: pytest.MonkeyPatch, database_url: str, query: Query
) -> None:
    alone.setenv("RADIANT_DATABASE_URL", database_url)
    alone.setenv("RADIANT_EVENT_BUS", "radiant")
    assert [handlers.migrate({}, Context())["sink"] for _ in range(2)] == ["eventbridge", None]
    (row,) = query(database_url, "SELECT kind, settings FROM event_sinks")
    assert row == {"kind": "eventbridge", "settings": {"bus": "radiant"}}


def test_a_migration_makes_roles_as_the_master_of_the_database(alone: pytest.MonkeyPatch, database_url: str) -> None:
    alone.setenv("RADIANT_DATABASE_URL", database_url)
    alone.setenv("RADIANT_MASTER_SECRET", "master")
    given: list[str] = []
    user = str(conninfo_to_dict(database_url)["user"])

    async def environment(_: Keys) -> dict[str, str]:
        return {"username": user, "password": "hidden"}

    async def ensure(connection: Any, roles: Any = None) -> list[str]:
        given.append(connection.info.user)
        return ["radiant_sync"]

    alone.setattr(Keys, "environment", environment)
    alone.setattr(roles, "ensure", ensure)
    assert handlers.migrate({}, Context())["roles"] == ["radiant_sync"]
    assert given == [user]


def test_a_database_that_is_away_is_one_sentence_without_its_password(alone: pytest.MonkeyPatch) -> None:
    alone.setenv("RADIANT_DATABASE_URL", "postgresql://radiant:hidden@127.0.0.1:1/radiant")
    with pytest.raises(handlers.Failed) as caught:
        handlers.handler({"syncType": "health"}, Context())
    assert "127.0.0.1:1" in str(caught.value) and "hidden" not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_without_an_address_it_is_said_which_variable_is_missing(alone: pytest.MonkeyPatch) -> None:
    with pytest.raises(handlers.Failed, match="RADIANT_DATABASE_URL is not set, and a function has no database"):
        handlers.handler({"syncType": "health"}, Context())


def test_without_its_secret_nothing_is_begun(alone: pytest.MonkeyPatch, database_url: str, query: Query) -> None:
    alone.setenv("RADIANT_DATABASE_URL", database_url)
    alone.setenv("RADIANT_KEYS_SECRET", "gone")

    def missing(service: str) -> Any:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "sk-hidden"}}, "GetSecretValue")

    alone.setattr(handlers, "_keys", {"gone": Keys("gone", clients=missing)})
    with pytest.raises(handlers.Failed, match="The secret gone cannot be read: ResourceNotFound"):
        handlers.handler({"syncType": "health"}, Context())
    assert query(database_url, RUNS) == []
