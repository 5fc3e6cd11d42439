"""An open of the embedded PostgreSQL that fails leaves no process behind, and nothing half made."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiant.domain.errors import EmbeddedServerError
from radiant.embedded import cluster
from radiant.embedded.home import Home
from radiant.embedded.postmaster import server_processes
from radiant.embedded.server import EmbeddedServer
from tests.sql.embedded import finish, holder, needs_root, query, refusal, value
from tests.waiting import appeared


@pytest.fixture
def small_disk(grounds: Path) -> Iterator[Path]:
    """A disk of its own, made larger with `mount -o remount,size=`."""
    folder = grounds / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", str(folder)], check=True)
    yield folder
    finish(folder / "home")
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def processes(text: str) -> list[int]:
    """The processes that have `text` in their command line."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            if path.name.isdigit() and text.encode() in (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def first_process(text: str) -> int:
    """The first process that has `text` in its command line, as soon as there is one."""
    return appeared(lambda: processes(text))[0]


@needs_root
def test_on_a_disk_of_any_size_an_open_works_or_says_so_and_leaves_no_process(small_disk: Path) -> None:
    """From no room for the files, over room for the server but not for its database, to enough."""
    home, said = small_disk / "home", []
    for megabytes in (2, 20, 32, 36, 37, 38, 39, 40, 64):
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(small_disk)], check=True)
        try:
            EmbeddedServer.open(home).close()
        except EmbeddedServerError as error:
            said.append(str(error))
        assert server_processes(Home(folder=home)) == []
        if megabytes < 64:
            shutil.rmtree(home, ignore_errors=True)
    assert 5 < len(said) < 9
    assert all("full: free some space, or set RADIANT_HOME to another folder." in sentence for sentence in said)


@needs_root
def test_a_server_whose_disk_filled_up_can_still_be_stopped(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    server = EmbeddedServer.open(small_disk / "home")
    query(server.url, "CREATE TABLE t AS SELECT n FROM generate_series(1, 1000) n")
    (small_disk / "filler").write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    server.close()
    assert server_processes(Home(folder=small_disk / "home")) == []
    (small_disk / "filler").unlink()
    with EmbeddedServer.open(small_disk / "home") as again:
        assert value(again.url, "SELECT count(*) FROM t") == 1000


def test_a_server_that_never_gets_ready_does_not_stay(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(cluster.Cluster, "_is_ready", lambda _: False)
        patched.setattr(cluster, "_PATIENCE", 1.0)
        patched.setattr(cluster._wait, "__defaults__", (1.0,))
        assert "its server is not ready after 1 s" in refusal(home)
        assert server_processes(Home(folder=home)) == []
    EmbeddedServer.open(home).close()


def test_an_initdb_that_is_killed_leaves_nothing(home: Path) -> None:
    def strike() -> None:
        os.kill(first_process(f"--pgdata={home}/.postgresql-"), signal.SIGKILL)

    striking = threading.Thread(target=strike)
    striking.start()
    assert "initdb could not make its files" in refusal(home)
    striking.join()
    assert sorted(path.name for path in home.iterdir()) == ["server"]
    assert processes(str(home)) == []


@pytest.mark.parametrize("moment", ["--pgdata={}/.postgresql-", "config_file={}/server/postgresql.conf"])
def test_an_open_interrupted_by_ctrl_c_leaves_no_process(home: Path, moment: str) -> None:
    process = holder(home)
    first_process(moment.format(home))
    process.send_signal(signal.SIGINT)
    opened, _ = process.communicate(timeout=60)
    assert opened == "", "the open was not interrupted but done"
    assert processes(str(home)) == []
    assert not list(home.glob(".postgresql-*"))
