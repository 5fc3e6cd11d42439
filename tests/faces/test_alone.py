"""`radiant api` and `radiant worker` as processes of their own, on one database."""

import http.client
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from psycopg.rows import DictRow

from tests.faces.conftest import Child, Program
from tests.faces.test_up import greeting, stopped
from tests.waiting import appeared

Query = Callable[..., list[DictRow]]

SYNC = "/api/v2/admin/registry-sync"
NOBODY = "No worker is running, so nobody takes it yet: start `radiant worker` or `radiant up`."


@pytest.fixture
def own(clean_environment: pytest.MonkeyPatch, database_url: str, query: Query, radiant: Program) -> str:
    """RADIANT_DATABASE_URL is a registry of this test alone, prepared, in which nothing is due."""
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    assert radiant("db", "migrate").code == 0
    query(database_url, "UPDATE schedules SET enabled = false")
    return database_url


class Api:
    """`radiant api`, asked with the administrator's token."""

    def __init__(self, child: "subprocess.Popen[str]", token: str) -> None:
        self.said = greeting(child)
        self._place = self.said["address"].removeprefix("http://")
        self._headers = {"Authorization": f"Bearer {token.strip()}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self._place, timeout=30)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, self._headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def state(self, id: str) -> str:
        return str(self.ask("GET", f"{SYNC}/{id}")[1]["status"])


def test_the_api_queues_what_a_worker_elsewhere_does(start: Child, radiant: Program, own: str, query: Query) -> None:
    child = start("api", "--port", "0")
    api = Api(child, radiant("token").out)
    assert api.said["jobs"].startswith("no worker is running yet; `")

    # Without a worker it says that nobody takes it, and so does doctor.
    status, begun = api.ask("POST", SYNC, {"sync_type": "models"})
    assert (status, begun) == (202, {"id": begun["id"], "status": "queued", "workers": 0, "note": NOBODY})
    _, waits = api.ask("GET", f"{SYNC}/{begun['id']}")
    assert (waits["status"], waits["sync_type"], waits["requested_by"]) == ("queued", "models", "api")
    assert api.ask("POST", SYNC, {"sync_type": "models"})[1]["id"] == begun["id"], "what waits does for both"
    _, other = api.ask("POST", SYNC, {"sync_type": "models", "provider": "openai", "dry_run": True})
    assert other["id"] != begun["id"]
    doctor = radiant("doctor")
    assert (doctor.code, "FAIL  worker: none is running" in doctor.out) == (1, True)
    assert "queue: 2 jobs wait" in doctor.out

    # A worker in another process does both, under the ids that were answered.
    worker = start("worker")
    appeared(lambda: api.state(begun["id"]) == "completed" and api.state(other["id"]) == "completed")
    rows = query(own, "SELECT id::text, provider, dry_run, worker FROM registry_sync_log WHERE worker IS NOT NULL")
    assert {(row["id"], row["provider"], row["dry_run"]) for row in rows} == {
        (begun["id"], None, False),
        (other["id"], "openai", True),
    }
    assert {row["worker"].rpartition(":")[2] for row in rows} == {str(worker.pid)}
    _, third = api.ask("POST", SYNC, {"sync_type": "health"})
    assert (third["status"], third["workers"], third["note"]) == ("queued", 1, None)
    appeared(lambda: api.state(third["id"]) == "completed")
    assert stopped(worker).code == 0
    assert stopped(child).code == 0


def test_what_the_api_refuses_it_refuses_before_it_queues(
    start: Child, radiant: Program, own: str, query: Query
) -> None:
    api = Api(start("api", "--port", "0"), radiant("token").out)
    status, problem = api.ask("POST", SYNC, {"sync_type": "models", "provider": "nosuch"})
    assert (status, problem["type"]) == (404, "/problems/provider-not-found")
    (running,) = query(
        own, "INSERT INTO registry_sync_log (sync_type, heartbeat_at) VALUES ('full', now()) RETURNING id::text"
    )
    status, problem = api.ask("POST", SYNC, {"sync_type": "models"})
    assert (status, problem["type"], problem["id"]) == (409, "/problems/run-in-the-way", running["id"])
    assert query(own, "SELECT count(*) AS n FROM jobs.procrastinate_jobs") == [{"n": 0}]


def test_of_what_waits_already_one_run_is_made_under_the_id_that_was_answered(
    start: Child, radiant: Program, own: str, query: Query
) -> None:
    radiant("schedules", "run", "thermal")
    api = Api(start("api", "--port", "0"), radiant("token").out)
    _, begun = api.ask("POST", SYNC, {"sync_type": "thermal"})
    start("worker")
    appeared(lambda: api.state(begun["id"]) == "completed")
    appeared(lambda: query(own, "SELECT count(*) AS n FROM jobs.procrastinate_jobs") == [{"n": 0}])
    assert len(query(own, "SELECT id FROM registry_sync_log WHERE worker IS NOT NULL")) == 1
