"""`radiant up`: one command, a running registry, and nothing left behind."""

import http.client
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radiant.catalog.load import Catalog
from radiant.embedded.server import EmbeddedServer
from tests.faces.conftest import Answer, Child
from tests.waiting import appeared

Run = Callable[..., Answer]

CHAT = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5}

#: The commands of the README, as people type them; $ADDRESS is where this server listens.
COMMANDS = """
export DATABASE_URL=$(radiant db url)
export ADMIN_TOKEN=$(radiant token)
psql $DATABASE_URL -c "SELECT COUNT(*) FROM self_hosted_models"
psql $DATABASE_URL -c "SELECT COUNT(*), hosting_type FROM unified_model_registry GROUP BY hosting_type"
psql $DATABASE_URL -c "SELECT * FROM select_model('chat', ARRAY['text'], ARRAY['text'], 3, 'any')"
psql $DATABASE_URL -c "SELECT provider_id, status, avg_latency_ms FROM provider_health"
psql $DATABASE_URL -c "SELECT sync_type, status, providers_updated, models_added FROM registry_sync_log"
curl -sS -w '\\n' -H "Authorization: Bearer $ADMIN_TOKEN" $ADDRESS/api/v2/admin/registry/models
curl -sS -w '\\n' -H "Authorization: Bearer $ADMIN_TOKEN" $ADDRESS/api/v2/admin/registry/stats
"""


@pytest.fixture(autouse=True)
def embedded(clean_environment: pytest.MonkeyPatch, home: Path) -> Path:
    """RADIANT_HOME is a place where nothing is yet, and the database is the embedded one."""
    clean_environment.setenv("RADIANT_HOME", str(home))
    return home


def greeting(child: "subprocess.Popen[str]") -> dict[str, str]:
    """What `up` printed until it serves, by the first word of each line."""
    assert child.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ctrl-C"):
        line = child.stdout.readline()
        assert line, child.stderr and child.stderr.read()
        lines.append(line)
    return {line.split()[0]: line.split(maxsplit=1)[1].strip() for line in lines}


def get(address: str, path: str, token: str | None = None, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    """The answer to a GET, or, with a body, to a POST."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        connection.request("POST" if body else "GET", path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def stopped(child: "subprocess.Popen[str]", by: signal.Signals = signal.SIGINT) -> Answer:
    child.send_signal(by)
    out, err = child.communicate(timeout=30)
    return Answer(child.returncode, out, err)


def test_it_serves_says_where_and_stops_without_a_trace(start: Child, run: Run, home: Path, catalog: Catalog) -> None:
    child = start("up", "--port", "0")
    said = greeting(child)
    address = said["address"]
    assert address.startswith("http://127.0.0.1:")
    providers = len({provider for provider, _ in catalog.external})
    assert said["models"] == f"{len(catalog.external)} external from {providers} providers, 56 self-hosted"
    assert said["catalog"] == f"{len(catalog.external) + 56} models added, 0 updated, 0 deprecated"
    assert said["data"] == str(home)
    assert said["token"].endswith("radiant token")
    assert stat.S_IMODE((home / "admin-token").stat().st_mode) == 0o600
    assert get(address, "/health/live") == (200, {"status": "alive"})
    assert get(address, "/health/ready") == (200, {"status": "ready"})

    environment = {
        **os.environ,
        "ADDRESS": address,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    if shutil.which("psql") and shutil.which("curl"):
        typed = subprocess.run(
            ["/bin/sh", "-eu"], input=COMMANDS, capture_output=True, text=True, env=environment, check=False
        )
        assert (typed.returncode, typed.stderr) == (0, "")
        *tables, models, stats = typed.stdout.strip().splitlines()
        shown = [" ".join(line.split()) for line in tables]
        assert shown[2] == "56"
        assert f"{len(catalog.external)} | external" in shown
        assert "56 | self_hosted" in shown
        assert shown.count("(10 rows)") == 1
        assert "openai | unknown |" in shown
        assert f"models | completed | {len(catalog.providers)} | {len(catalog.external) + 56}" in shown
        assert json.loads(models)["total"] == len(catalog.external) + 56
        assert json.loads(stats)["self_hosted_count"] == 56
    assert EmbeddedServer.status(home).running
    doctor = run("doctor", RADIANT_PORT=address.rsplit(":", 1)[1])
    assert doctor.code == 0
    assert f"ok    port: a Radiant is serving on {address.removeprefix('http://')}" in doctor.out

    ended = stopped(child)
    assert ended == (0, "Radiant has stopped.\n", "")
    assert not EmbeddedServer.status(home).running

    token = (home / "admin-token").read_text()
    again = start("up", "--port", "0")
    said = greeting(again)
    assert "catalog" not in said
    assert (home / "admin-token").read_text() == token
    assert get(said["address"], "/api/v2/admin/registry/stats", token.strip())[1]["self_hosted_count"] == 56
    assert stopped(again, signal.SIGTERM) == (0, "Radiant has stopped.\n", "")
    assert not EmbeddedServer.status(home).running


def test_killed_it_leaves_the_database_to_the_next_and_two_share_it(start: Child, home: Path) -> None:
    killed = start("up", "--port", "0")
    greeting(killed)
    killed.kill()
    killed.wait()
    assert EmbeddedServer.status(home).running
    token = (home / "admin-token").read_text().strip()
    one, other = start("up", "--port", "0"), start("up", "--port", "0")
    addresses = [greeting(one)["address"], greeting(other)["address"]]
    assert len(set(addresses)) == 2
    assert stopped(one).code == 0
    assert get(addresses[1], "/api/v2/admin/registry/stats", token)[0] == 200
    assert stopped(other) == (0, "Radiant has stopped.\n", "")
    assert not EmbeddedServer.status(home).running


def test_where_its_database_is_killed_it_goes_on_choosing_and_starts_it_again(start: Child, home: Path) -> None:
    child = start("up", "--port", "0")
    address = greeting(child)["address"]
    token = (home / "admin-token").read_text().strip()
    assert get(address, "/api/v2/admin/registry/stats", token)[0] == 200
    os.kill(int((home / "postgresql/postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    answers: list[int] = []
    deadline = time.monotonic() + 20
    while (answers or [0])[-1] != 200 and time.monotonic() < deadline:
        assert get(address, "/api/v2/select", token, CHAT)[0] == 200, "choosing needs no database"
        time.sleep(0.1)
        answers.append(get(address, "/api/v2/admin/registry/stats", token)[0])
    assert answers[-1] == 200
    assert set(answers) <= {200, 503}
    ended = stopped(child)
    assert (ended.code, ended.out) == (0, "Radiant has stopped.\n")
    assert "the embedded PostgreSQL died; it is started again" in ended.err
    assert "the embedded PostgreSQL is up again" in ended.err
    assert "Traceback" not in ended.err
    assert not EmbeddedServer.status(home).running


def test_stopped_while_it_starts_it_leaves_nothing_running(start: Child, home: Path) -> None:
    child = start("up", "--port", "0")
    appeared((home / "server/start.lock").exists)
    assert stopped(child) == (0, "Radiant has stopped.\n", "")
    assert not EmbeddedServer.status(home).running


def test_a_taken_port_is_said_before_anything_is_started(run: Run, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("up", "--port", str(port))
        assert answer == (
            1,
            "",
            f"radiant: Cannot listen on 127.0.0.1:{port}: something else listens there; "
            "stop it, or choose another with --port.\n",
        )
        doctor = run("doctor", RADIANT_PORT=str(port))
        assert doctor.code == 1
        assert f"FAIL  port: something other than Radiant listens on 127.0.0.1:{port}" in doctor.out
    assert not home.exists()


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("192.0.2.1", "it is no address of this machine; choose one with --host"),
        ("no.such.host.invalid", "'no.such.host.invalid' is no address of this machine"),
    ],
)
def test_an_address_of_another_machine_is_refused(run: Run, home: Path, host: str, said: str) -> None:
    answer = run("up", "--host", host, "--port", "0")
    assert (answer.code, answer.err) == (1, f"radiant: Cannot listen on {host}:0: {said}.\n")
    assert not home.exists()


def test_the_embedded_database_is_up_for_a_url_until_it_is_stopped(run: Run, home: Path) -> None:
    assert run("db", "status").out.splitlines()[-1].startswith("pending: 035_foundations, ")
    assert not EmbeddedServer.status(home).running
    address = run("db", "url").out.strip()
    assert address == EmbeddedServer.status(home).url
    assert EmbeddedServer.status(home).running
    assert run("db", "stop") == (0, "Stopped.\n", "")
    assert run("db", "stop") == (0, "It was not running.\n", "")
    found = run("doctor")
    assert f"ok    data folder: PostgreSQL 18 in {home}/postgresql" in found.out
    assert "not running; `radiant up` starts it" in found.out
    assert found.code == 0
