"""What the pods run, run here: with their commands and their environment alone, on a database that is empty."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest

from tests.helm.conftest import Document, Rendered
from tests.waiting import appeared

Start = Callable[[Document], "subprocess.Popen[str]"]

ADMIN, READER = "a" * 32, "r" * 32


@pytest.fixture
def start(empty_database_url: str, home: Path) -> Iterator[Start]:
    """Start what the container of a pod runs; what still runs at the end of the test is killed."""
    secret = {"database-url": empty_database_url, "admin-token": ADMIN, "reader-token": READER}
    children = []

    def begin(pod: Document) -> "subprocess.Popen[str]":
        (container,) = pod["spec"]["containers"]
        told = {
            it["name"]: it["value"] if "value" in it else secret[it["valueFrom"]["secretKeyRef"]["key"]]
            for it in container["env"]
        }
        child = subprocess.Popen(
            # Any free port, and a home of this test's: this machine is not the pod's alone.
            [Path(sys.executable).with_name("radiant"), *("0" if it == "8420" else it for it in container["args"])],
            env={**told, "PATH": os.environ["PATH"], "RADIANT_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        children.append(child)
        return child

    yield begin
    for child in children:
        if child.poll() is None:
            child.kill()
        child.communicate()


def address(child: "subprocess.Popen[str]") -> str:
    """Where a started API listens, as it says."""
    assert child.stdout is not None
    place = next(line.split()[1] for line in child.stdout if line.split()[:1] == ["address"])
    return place.replace("0.0.0.0", "127.0.0.1")  # noqa: S104


def test_pods_migrate_answer_their_probes_work_and_stop(
    default: Rendered, start: Start, empty_database_url: str
) -> None:
    pods = default.pods()
    migration = start(pods["migrate"])
    said, _ = migration.communicate(timeout=90)
    assert migration.returncode == 0, said
    with psycopg.connect(empty_database_url) as connection:
        (kept,) = connection.execute("SELECT count(*) FROM access_tokens").fetchone() or (None,)
        assert kept == 0, "tokens of the Secret stand in no database"

    api, worker = start(pods["api"]), start(pods["worker"])
    place = address(api)
    (container,) = pods["api"]["spec"]["containers"]
    probes = {name: it["httpGet"]["path"] for name, it in container.items() if name.endswith("Probe")}
    assert set(probes) == {"startupProbe", "livenessProbe", "readinessProbe"}
    with httpx2.Client(base_url=place, timeout=30) as client:
        for path in probes.values():
            assert client.get(path).status_code == 200
        stats = "/api/v2/admin/registry/stats"
        assert client.get(stats).status_code == 401
        assert client.get(stats, headers={"Authorization": f"Bearer {ADMIN}"}).status_code == 200
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        appeared(lambda: connection.execute("SELECT 1 FROM jobs.procrastinate_workers").fetchone())

    for child in (api, worker):
        child.send_signal(signal.SIGTERM)
    for child in (api, worker):
        said, _ = child.communicate(timeout=90)
        assert child.returncode == 0, said
