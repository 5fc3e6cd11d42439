"""`radiant` as a process: how it starts, ends, and gets along with a shell."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radiant.embedded.server import psql_path
from tests.faces.conftest import Answer, Child

HEAVY = {
    "psycopg",
    "litestar",
    "uvicorn",
    "structlog",
    "license_expression",
    "radiant.app",
    "radiant.api",
    "radiant.registry",
    "radiant.catalog",
    "radiant.selection",
    "radiant.selector",
    "radiant.sync",
}

Run = Callable[..., Answer]


def test_help_starts_without_loading_what_only_commands_need(clean_environment: pytest.MonkeyPatch) -> None:
    program = Path(sys.executable).with_name("radiant")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", program, "--help"], capture_output=True, text=True, check=True
    )
    assert "Usage: radiant [OPTIONS] COMMAND [ARGS]..." in done.stdout
    loaded = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if "|" in line}
    assert {"radiant.cli.program", "typer"} <= loaded
    assert loaded & HEAVY == set()


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("arguments", [["models"], ["models", "--json"]])
def test_a_reader_that_goes_away_ends_it_silently(start: Child, arguments: list[str]) -> None:
    child = start(*arguments)
    assert child.stdout and child.stderr
    assert child.stdout.readline()
    child.stdout.close()
    assert child.stderr.read() == ""
    assert child.wait(30) != 2


def test_a_failure_is_one_line_on_stderr(run: Run) -> None:
    answer = run("models", RADIANT_DATABASE_URL="postgresql://ada:secret@127.0.0.1:1/x")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("radiant: PostgreSQL at 127.0.0.1:1, database x does not answer: ")
    assert len(answer.err.splitlines()) == 1
    assert "secret" not in answer.err


def test_a_shell_completes_commands(run: Run) -> None:
    answer = run(_RADIANT_COMPLETE="complete_bash", COMP_WORDS="radiant mod", COMP_CWORD="1")
    assert answer.out.split() == ["models", "model"]


@pytest.mark.skipif(psql_path() is None, reason="this platform has no carried psql")
def test_db_psql_hands_its_arguments_on_and_needs_no_psql_on_the_machine(standing: str, run: Run) -> None:
    question = ["db", "psql", "-XAtc", "SELECT count(*) FROM self_hosted_models"]
    assert run(*question) == (0, "56\n", "")
    assert run(*question, PATH="/nonexistent") == (0, "56\n", "")
    assert run("db", "psql", "-XAtc", "SELECT nothing").code == 1


def test_the_environment_is_read_by_name_only(run: Run, standing: str) -> None:
    answer = run("db", "url", RADIANT_DATABASE_URL="", DATABASE_URL=standing)
    assert answer == (0, f"{standing}\n", "")
    assert os.environ["RADIANT_DATABASE_URL"] == standing


def test_processes_that_start_at_once_on_an_empty_database_share_one_registry_and_one_token(
    start: Child, empty_database_url: str, folder: Path, row: Callable[[str, str], Any]
) -> None:
    children = [start("db", "migrate", "--json", RADIANT_DATABASE_URL=empty_database_url) for _ in range(4)]
    said = [child.communicate(timeout=60) for child in children]
    assert [(child.returncode, err) for child, (_, err) in zip(children, said, strict=True)] == [(0, "")] * 4
    reports = [json.loads(out) for out, _ in said]
    assert sum(bool(report["applied"]) for report in reports) == 1
    assert sorted(bool(report["seeded"]["models_added"]) for report in reports) == [False, False, False, True]
    assert row(empty_database_url, "SELECT count(*) FROM registry_sync_log") == 1
    assert row(empty_database_url, "SELECT count(*) FROM access_tokens") == 2
    assert sorted(path.name for path in folder.iterdir()) == ["admin-token", "reader-token"]


def test_up_serves_within_the_limits_of_its_settings(start: Child, standing: str) -> None:
    child = start("up", "--port", "0", RADIANT_HEAD_SECONDS="0.3", RADIANT_DATABASE_URL=standing)
    assert child.stdout
    said = iter(child.stdout.readline, "")
    port = next(int(line.rsplit(":", 1)[1]) for line in said if "address" in line)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")
