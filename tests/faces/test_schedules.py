"""`radiant schedules`, and workers as the program starts them."""

import getpass
import json
import signal
from collections.abc import Callable

import pytest
from psycopg.rows import DictRow

from tests.faces.conftest import Child, Program
from tests.waiting import appeared

Query = Callable[..., list[DictRow]]


@pytest.fixture
def own(clean_environment: pytest.MonkeyPatch, database_url: str) -> str:
    """RADIANT_DATABASE_URL is a registry of this test alone."""
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    return database_url


@pytest.mark.usefixtures("own")
def test_the_schedules_of_a_fresh_registry_are_changed_paused_and_resumed(radiant: Program) -> None:
    fresh = json.loads(radiant("schedules", "list", "--json").out)
    assert {it["kind"]: it["cron"] for it in fresh} == {
        "full": "0 0 * * *",
        "health": "*/5 * * * *",
        "thermal": "*/5 * * * *",
        "pricing": "0 0 * * 0",
    }
    assert radiant("schedules", "set", "models", "0  6 * * *").out.startswith("models: 0 6 * * *, next at ")
    assert "paused" in radiant("schedules", "pause", "models").out
    assert json.loads(radiant("schedules", "resume", "models", "--json").out)["enabled"] is True
    assert "next at 2199-01-02 00:00 UTC" in radiant("schedules", "pause", "full", "--until", "2199-01-01").out


@pytest.mark.usefixtures("own")
def test_what_is_no_kind_or_no_schedule_is_told_in_a_sentence(radiant: Program) -> None:
    code, _, err = radiant("schedules", "set", "everything", "0 0 * * *")
    assert (code, "expected one of: full, models" in err) == (2, True)
    code, _, err = radiant("schedules", "set", "full", "daily")
    assert (code, "CRON: 'daily' is no schedule; expected minute" in err) == (2, True)
    code, _, err = radiant("schedules", "pause", "full", "--until", "2020-01-01")
    assert (code, "--until: A pause ends in the time to come; 2020-01-01T00:00:00+00:00 is over" in err) == (2, True)
    code, _, err = radiant("schedules", "pause", "models")
    assert (code, err) == (
        1,
        "radiant: Runs of the kind 'models' have no schedule; full, health, pricing, thermal have one.\n",
    )


def test_a_worker_alone_does_what_is_asked_for_and_stops(
    start: Child, radiant: Program, own: str, query: Query
) -> None:
    query(own, "UPDATE schedules SET enabled = false")
    asked = radiant("schedules", "run", "full").out
    assert asked.splitlines()[1] == "No worker is running: start `radiant up` or `radiant worker`."
    radiant("schedules", "run", "thermal")
    child = start("worker", RADIANT_DATABASE_URL=own)
    ended = "SELECT sync_type, models_updated, error_message FROM registry_sync_log WHERE heartbeat_at IS NOT NULL"
    done = f"{ended} AND status = 'completed' ORDER BY 1"
    said = appeared(lambda: found if len(found := query(own, done)) == 2 else None)
    assert said == [
        {"sync_type": "full", "models_updated": 0, "error_message": None},
        {"sync_type": "thermal", "models_updated": 0, "error_message": None},
    ]
    who = "SELECT trigger, requested_by FROM registry_sync_log WHERE heartbeat_at IS NOT NULL AND sync_type = %s"
    assert query(own, who, "full") == [{"trigger": "person", "requested_by": getpass.getuser()}]
    query(own, "UPDATE schedules SET enabled = true, cron = '* * * * * *', last_due = now() WHERE kind = 'health'")
    (scheduled, *_) = appeared(lambda: query(own, who, "health"))
    assert scheduled == {"trigger": "schedule", "requested_by": "schedule * * * * * *"}
    child.send_signal(signal.SIGTERM)
    assert child.wait(30) == 0
