"""The PostgreSQL that comes with Radiant: what it is, who holds it, what it survives."""

import os
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from radiant.embedded.server import EmbeddedServer, psql_path
from tests.sql.embedded import ROOT, holder, is_running, kill, let_go, query, server_pid, value

# What it is


def test_a_first_open_makes_a_durable_utf8_database_that_sorts_by_code_point_in_utc(home: Path) -> None:
    with EmbeddedServer.open(home) as server:
        assert server.version.startswith("18.")
        assert server.url == f"postgresql://radiant@:5432/radiant?host={home}/run"
        ordered = "SELECT array_agg(x ORDER BY x) FROM unnest('{b,A,a,É,B,z}'::text[]) x"
        assert value(server.url, ordered) == ["A", "B", "a", "b", "z", "É"]
        assert value(server.url, "SELECT upper('é')") == "É"
        names = ("server_encoding", "timezone", "listen_addresses", "fsync", "synchronous_commit", "max_connections")
        assert [value(server.url, f"SHOW {name}") for name in names] == ["UTF8", "UTC", "", "on", "on", "100"]


def test_the_address_works_unquoted_in_a_shell_and_under_a_foreign_pgport(standing: Path) -> None:
    psql = shutil.which("psql") or psql_path()
    with EmbeddedServer.open(standing) as server:
        printed = subprocess.run(
            ["/bin/sh", "-c", f"{shlex.quote(str(psql))} $URL -Atc 'SELECT n FROM kept'"],
            env={**os.environ, "URL": server.url, "PGPORT": "6543"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (printed.stdout, printed.stderr) == ("1\n", "")


def test_the_carried_psql_is_the_servers_own_version() -> None:
    assert " 18." in subprocess.run([str(psql_path()), "--version"], capture_output=True, text=True, check=True).stdout


def test_a_status_tells_what_is_there_and_starts_nothing(home: Path, standing: Path) -> None:
    nothing = EmbeddedServer.status(home)
    assert (nothing.running, nothing.version, nothing.size_bytes) == (False, None, 0)
    assert not home.exists()
    with EmbeddedServer.open(standing) as server:
        up = EmbeddedServer.status(standing)
        assert (up.running, up.version, up.url, up.data) == (True, server.version, server.url, standing / "postgresql")
    down = EmbeddedServer.status(standing)
    assert (down.running, down.version, down.keep_running) == (False, "18", False)
    assert down.size_bytes > 20_000_000


# Who holds it


def test_the_last_holder_stops_the_server_and_data_survives(standing: Path) -> None:
    first, second = EmbeddedServer.open(standing), EmbeddedServer.open(standing)
    query(first.url, "CREATE TABLE written AS SELECT 'hello' AS word")
    first.close()
    first.close()
    assert is_running(standing)
    second.close()
    assert not is_running(standing)
    with EmbeddedServer.open(standing) as again:
        assert value(again.url, "SELECT word FROM written") == "hello"
        query(again.url, "DROP TABLE written")


def test_a_server_asked_to_keep_running_does_so_until_it_is_stopped(standing: Path) -> None:
    EmbeddedServer.open(standing, keep_running=True).close()
    assert is_running(standing)
    EmbeddedServer.open(standing).close()
    assert EmbeddedServer.status(standing).keep_running
    assert EmbeddedServer.stop(standing)
    assert not is_running(standing)
    assert not EmbeddedServer.stop(standing)
    EmbeddedServer.open(standing).close()
    assert not is_running(standing)


def test_a_close_with_stop_leaves_the_server_to_another_holder(standing: Path) -> None:
    EmbeddedServer.open(standing, keep_running=True).close()
    with EmbeddedServer.open(standing):
        EmbeddedServer.open(standing).close(stop=True)
        assert is_running(standing)
    assert not is_running(standing)


def test_ten_processes_that_open_an_empty_place_at_once_share_one_server(home: Path) -> None:
    processes = [holder(home) for _ in range(10)]
    try:
        urls = {process.stdout.readline().strip() for process in processes if process.stdout}
        assert len(urls) == 1
        assert value(urls.pop(), "SELECT count(*) FROM pg_database WHERE datname = 'radiant'") == 1
        assert (home / "server/postgresql.log").read_text().count("starting PostgreSQL") == 1
        assert sorted(path.name for path in home.iterdir()) == ["postgresql", "run", "server"]
    finally:
        for process in processes:
            let_go(process)
    assert not is_running(home)


# What it survives


def test_a_killed_holder_leaves_the_server_to_the_next(standing: Path) -> None:
    process = holder(standing)
    assert process.stdout and process.stdout.readline()
    pid = server_pid(standing)
    kill(process)
    with EmbeddedServer.open(standing) as server:
        assert server_pid(standing) == pid
        assert value(server.url, "SELECT n FROM kept") == 1
    assert not is_running(standing)


def test_a_killed_server_comes_back_with_what_was_committed(standing: Path) -> None:
    with EmbeddedServer.open(standing) as server:
        query(server.url, "CREATE TABLE committed AS SELECT 2 AS n")
        os.kill(server_pid(standing), signal.SIGKILL)
        with EmbeddedServer.open(standing) as again:
            assert value(again.url, "SELECT n FROM committed") == 2
            query(again.url, "DROP TABLE committed")
        assert is_running(standing)


@pytest.mark.parametrize("seconds", [0.3, 0.6, 0.9])
def test_an_open_killed_in_the_middle_leaves_nothing_half_made(home: Path, seconds: float) -> None:
    process = holder(home)
    time.sleep(seconds)
    kill(process)
    with EmbeddedServer.open(home) as server:
        assert value(server.url, "SELECT 1") == 1
    assert {path.name for path in home.iterdir()} == {"postgresql", "run", "server"}


def test_a_pid_file_whose_number_another_process_has_now_is_stale(standing: Path) -> None:
    owner = standing.joinpath("postgresql").stat().st_uid
    other = subprocess.Popen(["sleep", "60"], user=owner if ROOT else None)
    try:
        (standing / "postgresql/postmaster.pid").write_text(
            f"{other.pid}\n{standing}/postgresql\n1700000000\n5432\n{standing}/run\n\n  1234567         7\nready   \n"
        )
        with EmbeddedServer.open(standing) as server:
            assert value(server.url, "SELECT n FROM kept") == 1
            assert server_pid(standing) != other.pid
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_an_empty_pid_file_from_a_power_cut_is_stale(standing: Path) -> None:
    (standing / "postgresql/postmaster.pid").touch()
    with EmbeddedServer.open(standing) as server:
        assert value(server.url, "SELECT n FROM kept") == 1


def test_a_copied_data_folder_is_a_server_of_its_own(standing: Path, home: Path) -> None:
    with EmbeddedServer.open(standing) as server:
        query(server.url, "CHECKPOINT")
        subprocess.run(["cp", "-a", str(standing), str(home)], check=True)
        with EmbeddedServer.open(home) as copy:
            query(copy.url, "UPDATE kept SET n = 7")
            assert value(server.url, "SELECT n FROM kept") == 1


def test_a_log_grown_long_is_cut_to_its_end(standing: Path) -> None:
    log = standing / "server/postgresql.log"
    with log.open("a") as file:
        file.write("2026-01-01 old line\n" * 300_000)
    with EmbeddedServer.open(standing):
        assert log.stat().st_size < 600_000
        assert log.read_text().startswith("2026-01-01 old line\n")
