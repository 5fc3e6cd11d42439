"""One PostgreSQL data folder and the server on it: make, configure, start, find, stop.

Callers hold the start lock: nothing here expects company.
"""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from msgspec import Struct
from psycopg import pq

from radiant.domain.errors import EmbeddedServerError
from radiant.embedded.account import ELSEWHERE, Account
from radiant.embedded.home import PORT, Home, own_folder, recorded_socket_folder, socket_folder
from radiant.embedded.postmaster import ROLE, is_gone, ping, running_postmaster, server_processes
from radiant.embedded.programs import MAJOR, server_programs
from radiant.embedded.settings import write_settings

_POLL = 0.01  # seconds
_PATIENCE = 60.0  # seconds; recovery after a crash replays at most max_wal_size
_BUSY_REMAINS = 10.0  # seconds; how long processes of a killed server may take to go
_MAKING = ".postgresql-"
_LONGEST_LOG = 4 * 2**20
_KEPT_LOG = 2**19
_SEGMENT = 16 * 2**20  # bytes of the smallest thing the server must be able to write, a segment of its log of changes
# The shell starts the server and ends, so that the server is nobody's child: it outlives us and leaves no zombie.
_DETACHED = '"$@" >&2 & echo $!'


class Cluster(Struct, frozen=True):
    home: Home
    account: Account

    def ensure_running(self) -> None:
        """Make the data folder and start the server, where not done already, and return when it accepts connections."""
        home = self.home
        self._check_data()
        deadline = time.monotonic() + _PATIENCE
        while (answer := ping(recorded_socket_folder(home))) != pq.Ping.OK:
            found = running_postmaster(self.home)
            if found is None and answer == pq.Ping.NO_RESPONSE:
                self._initialize_and_start()
            elif found is not None and found.status == "ready" and not self._socket().exists():
                raise EmbeddedServerError(
                    home.folder,
                    f"its server runs but the socket {self._socket()} is gone: run `radiant db stop`, then try again",
                )
            elif time.monotonic() > deadline:
                raise EmbeddedServerError(
                    home.folder,
                    f"its server lets nobody in on {self._socket()} ({_gist(self._log_since(0))}): see {home.log}",
                )
            else:
                time.sleep(_POLL)

    def stop(self) -> bool:
        """End the server after a checkpoint, whoever is connected. False where none ran."""
        found = running_postmaster(self.home)
        if found is None:
            return False
        os.kill(found.pid, signal.SIGINT)
        if not _wait(lambda: running_postmaster(self.home) is None):
            raise EmbeddedServerError(
                self.home.folder,
                f"its server, process {found.pid}, has not stopped within {_PATIENCE:.0f} s: see {self.home.log}",
            )
        return True

    def end(self) -> None:
        """See to it that nothing we started goes on: politely, then firmly, then by force."""
        for how, seconds in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            for pid in server_processes(self.home):
                with suppress(ProcessLookupError):
                    os.kill(pid, how)
            if _wait(lambda: not server_processes(self.home), seconds):
                return

    def bound_log(self) -> None:
        """Keep the end of a log that has grown long. The server appends, so cutting the file under it is safe."""
        log = self.home.log
        if log.exists() and log.stat().st_size > _LONGEST_LOG:
            with log.open("r+b") as file:
                file.seek(-_KEPT_LOG, os.SEEK_END)
                end = file.read().partition(b"\n")[2]
                file.seek(0)
                file.write(end)
                file.truncate()

    def _socket(self) -> Path:
        return recorded_socket_folder(self.home) / f".s.PGSQL.{PORT}"

    def _check_data(self) -> None:
        data = self.home.data
        if not data.exists() or not any(data.iterdir()):
            return
        own_folder(data, self.account.uid, self.account.gid, 0o700)
        made_by = data_version(self.home)
        if made_by is None:
            raise EmbeddedServerError(
                self.home.folder,
                f"{data} holds files that are not PostgreSQL's: move it away, or set RADIANT_HOME to another folder",
            )
        if made_by != MAJOR:
            raise EmbeddedServerError(
                self.home.folder,
                f"{data} was made by PostgreSQL {made_by} and this Radiant carries {MAJOR}: dump it with the Radiant "
                "that made it and load the dump into a new RADIANT_HOME, "
                f"or serve it with a PostgreSQL {made_by} of your own through RADIANT_DATABASE_URL",
            )

    def _initialize_and_start(self) -> None:
        home = self.home
        programs = server_programs(home, self.account)
        for left_over in home.folder.glob(f"{_MAKING}*"):
            _wait(partial(_is_removed, left_over))  # an initdb that lost its starter may still write there
        if data_version(home) is None:
            self._initialize(programs)
        write_settings(home, socket_folder(home, self.account), self.account)
        deadline = time.monotonic() + _BUSY_REMAINS
        while (said := self._start(programs)) is not None:
            if running_postmaster(self.home) is not None:  # a server whose starter was killed beforehand came up first
                return
            if "is still in use" not in said or time.monotonic() > deadline:
                raise EmbeddedServerError(
                    home.folder,
                    self.disk_problem(said) or f"its server does not start ({_gist(said)}): see {home.log}",
                )
            time.sleep(10 * _POLL)

    def _initialize(self, programs: Path) -> None:
        """Make the database files beside their place and move them there, written to disk, in one step."""
        folder = self.home.folder
        making = Path(tempfile.mkdtemp(dir=folder, prefix=_MAKING))
        if self.account.switched:
            os.chown(making, self.account.uid, self.account.gid)
        options = [
            f"--pgdata={making}",
            f"--username={ROLE}",
            "--encoding=UTF8",
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--auth-local=peer",
            "--auth-host=reject",
            "--no-instructions",
            "--set=max_connections=100",  # given, so that initdb does not start servers to try what the machine allows
            "--set=shared_buffers=64MB",
        ]
        try:
            done = self.account.run([programs / "initdb", *options])
        except BaseException:
            _wait(partial(_is_removed, making))
            raise
        if done.returncode != 0:
            problem = self.disk_problem(done.stderr)
            _wait(partial(_is_removed, making))
            raise EmbeddedServerError(
                folder,
                problem or f"initdb could not make its files ({_gist(done.stderr)}): repair that, or {ELSEWHERE}",
            )
        making.rename(self.home.data)
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)

    def _start(self, programs: Path) -> str | None:
        """Start the server and wait until it is ready. Where it ends instead: what it wrote into the log."""
        home = self.home
        self._remove_stale_pid_files()
        log = os.open(home.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            before = os.fstat(log).st_size
            settings = f"config_file={home.server / 'postgresql.conf'}"
            server: list[str | Path] = [programs / "postgres", "-D", home.data, "-c", settings]
            pid = int(self.account.run(["/bin/sh", "-c", _DETACHED, "sh", *server], errors_to=log).stdout)
        finally:
            os.close(log)
        if _wait(lambda: is_gone(pid) or self._is_ready()):
            return self._log_since(before) if is_gone(pid) else None
        raise EmbeddedServerError(
            home.folder,
            f"its server is not ready after {_PATIENCE:.0f} s ({_gist(self._log_since(before))}): see {home.log}",
        )

    def _is_ready(self) -> bool:
        found = running_postmaster(self.home)
        return found is not None and found.status == "ready"

    def _remove_stale_pid_files(self) -> None:
        """PostgreSQL itself would take any process of that number for a server, and an empty file for one at start."""
        pid_file = self.home.data / "postmaster.pid"
        if pid_file.exists() and not pid_file.read_bytes():
            time.sleep(10 * _POLL)  # a server whose starter was killed may be about to fill it
        if running_postmaster(self.home) is None:
            pid_file.unlink(missing_ok=True)
            socket = self._socket()
            socket.with_name(f"{socket.name}.lock").unlink(missing_ok=True)

    def disk_problem(self, said: str) -> str | None:
        """A sentence where the disk is at fault; on a full one the server cannot even write why it ends."""
        another = "set RADIANT_HOME to another folder"
        if "No space left on device" in said or shutil.disk_usage(self.home.folder).free < _SEGMENT:
            return f"the disk is full: free some space, or {another}"
        return f"the disk can only be read: {another}" if "Read-only file system" in said else None

    def _log_since(self, offset: int) -> str:
        with self.home.log.open("rb") as file:
            file.seek(max(offset, file.seek(0, os.SEEK_END) - _KEPT_LOG))
            return file.read().decode("utf-8", "replace")


def data_version(home: Home) -> str | None:
    """The major version of the database files, such as "18", or None where there are none."""
    try:
        return (home.data / "PG_VERSION").read_text("ascii").strip()
    except FileNotFoundError:
        return None


def _wait(done: Callable[[], bool], seconds: float = _PATIENCE) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def _is_removed(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _gist(said: str) -> str:
    """The last five lines, without their time stamps, as part of a sentence."""
    lines = [line.split("] ", 1)[-1].strip().rstrip(".") for line in said.splitlines() if line.strip()]
    return "; ".join(lines[-5:])[:600] or "it said nothing"
