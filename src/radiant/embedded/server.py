"""The PostgreSQL that comes with Radiant: one server per data folder, shared by all processes that open it.

Usage::

    with EmbeddedServer.open(Path("/var/lib/radiant")) as server:
        connection = await psycopg.AsyncConnection.connect(server.url)

The first to open makes the database files and starts the server, the last to close stops it. A process that dies
without closing leaves the server to the next one. Everything here blocks; call it from a thread in async code.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg
from msgspec import Struct
from psycopg import pq

from radiant.domain.errors import EmbeddedServerError
from radiant.embedded.account import explained, server_account
from radiant.embedded.cluster import Cluster, data_version
from radiant.embedded.home import PORT, Home, make_home, plain_path, recorded_socket_folder
from radiant.embedded.postmaster import ROLE, ping, running_postmaster
from radiant.embedded.programs import installed_programs
from radiant.registry import databases


class EmbeddedStatus(Struct, frozen=True):
    """What a look from outside tells.

    `version` is that of the server ("18.4"), or, while it rests, of its files ("18"), or None where there are none.
    """

    running: bool
    version: str | None
    url: str
    data: Path
    log: Path
    size_bytes: int
    keep_running: bool


class EmbeddedServer:
    """A hold on the running server of a data folder. Two holds in one process are two holders."""

    def __init__(self, cluster: Cluster, holder: int, version: str) -> None:
        self._cluster = cluster
        self._holder: int | None = holder
        self.version = version
        self.url = _url(cluster.home)

    @classmethod
    def open(cls, home: Path, *, keep_running: bool = False) -> Self:
        """Return when the server of `home` accepts connections; make and start what is missing.

        With `keep_running` the server stays up after its last holder, until `stop` or `close(stop=True)`.
        Raises EmbeddedServerError, whose message is one sentence for a person.
        """
        folder = plain_path(home)
        account = server_account(folder)
        # A server that answers has been let through all folders: no process need be started to try it.
        reached = _answers(Home(folder=folder))
        cluster = Cluster(home=make_home(folder, account, reached=reached), account=account)
        with explained(folder), _locked(cluster.home):
            holder = _lock_file(cluster.home.holders_lock)
            try:
                fcntl.flock(holder, fcntl.LOCK_SH)
                cluster.ensure_running()
                cluster.bound_log()
                version = _server_version(cluster)
                cluster.home.stopped.unlink(missing_ok=True)
                if keep_running:
                    cluster.home.keep_running.touch(mode=0o600)
            except BaseException:
                os.close(holder)
                if not cluster.home.keep_running.exists() and _nobody_holds(cluster.home):
                    cluster.end()
                raise
        return cls(cluster, holder, version)

    @property
    def data(self) -> Path:
        return self._cluster.home.data

    @property
    def log(self) -> Path:
        return self._cluster.home.log

    def is_alive(self) -> bool:
        """Whether its process is there, be it ready or still recovering."""
        return running_postmaster(self._cluster.home) is not None

    def was_stopped(self) -> bool:
        """Whether `stop` ended it under us and nobody has asked for it since."""
        return self._cluster.home.stopped.exists()

    def revive(self) -> None:
        """Start it again where it died under us. Never makes a new database, and does nothing after `close`.

        Raises EmbeddedServerError.
        """
        home = self._cluster.home
        with explained(home.folder), _locked(home):
            if self._holder is None or self.was_stopped():
                return
            if data_version(home) is None:
                raise EmbeddedServerError(home.folder, f"its database files in {home.data} are gone: bring them back")
            self._cluster.ensure_running()
            self._cluster.bound_log()

    def close(self, *, stop: bool = False) -> None:
        """Let go, and stop the server if nobody else holds it and nobody asked to keep it running.

        `stop` takes back a `keep_running`. A second close does nothing.
        """
        if self._holder is None:
            return
        home = self._cluster.home
        with explained(home.folder), _locked(home):
            os.close(self._holder)
            self._holder = None
            if stop:
                home.keep_running.unlink(missing_ok=True)
            if not home.keep_running.exists() and _nobody_holds(home):
                self._cluster.stop()

    @staticmethod
    def stop(home: Path) -> bool:
        """Stop the server of `home` for everybody and forget that it was to keep running. False where none ran."""
        folder = plain_path(home)
        found = Home(folder=folder)
        with explained(folder):
            if not found.server.exists():
                return False
            with _locked(found):
                found.keep_running.unlink(missing_ok=True)
                if not _nobody_holds(found):
                    found.stopped.touch(mode=0o600)
                return Cluster(home=found, account=server_account(folder)).stop()

    @staticmethod
    def is_made(home: Path) -> bool:
        """Whether `home` has database files. Changes nothing."""
        folder = plain_path(home)
        with explained(folder):
            return data_version(Home(folder=folder)) is not None

    @staticmethod
    def running_url(home: Path) -> str | None:
        """The address of the server of `home`, None where it does not run. Changes nothing."""
        folder = plain_path(home)
        found = Home(folder=folder)
        with explained(folder):
            return _url(found) if _answers(found) else None

    @staticmethod
    def status(home: Path) -> EmbeddedStatus:
        """Look at the server of `home` without starting, making or changing anything."""
        folder = plain_path(home)
        found = Home(folder=folder)
        with explained(folder):
            running = _answers(found)
            version = data_version(found)
            with suppress(psycopg.Error):
                version = _asked_version(found) if running else version
            return EmbeddedStatus(
                running=running,
                version=version,
                url=_url(found),
                data=found.data,
                log=found.log,
                size_bytes=_size(found.data),
                keep_running=found.keep_running.exists(),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def psql_path() -> Path | None:
    """The `psql` of the server's own version, or None where it is not installed."""
    programs = installed_programs()
    return programs / "psql" if programs and (programs / "psql").exists() else None


def _answers(home: Home) -> bool:
    try:
        return ping(recorded_socket_folder(home)) == pq.Ping.OK
    except OSError:  # whoever makes the folder says what is in its way
        return False


def _url(home: Home) -> str:
    """The port is named, since libpq would otherwise take it from PGPORT."""
    return f"postgresql://{ROLE}@:{PORT}/{ROLE}?host={quote(os.fsencode(recorded_socket_folder(home)))}"


def _server_version(cluster: Cluster) -> str:
    """Connect as any client would, make the database where it is missing, and return the server's version."""
    home = cluster.home
    try:
        try:
            return _asked_version(home)
        except psycopg.OperationalError:
            # Where the last to try was killed meanwhile, its server process may still be about to succeed.
            with (
                psycopg.connect(_url(home), dbname="postgres", autocommit=True) as maintenance,
                suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation),
            ):
                if not databases.exists(maintenance, ROLE):
                    databases.make(maintenance, ROLE)
            return _asked_version(home)
    except psycopg.Error as refused:
        said = " ".join(str(refused).split())
        problem = cluster.disk_problem(said) or f"its server lets nobody in ({said}): see {home.log}"
        raise EmbeddedServerError(home.folder, problem) from refused


def _asked_version(home: Home) -> str:
    with psycopg.connect(_url(home), connect_timeout=5) as connection:
        return (connection.info.parameter_status("server_version") or "").split()[0]


def _lock_file(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


@contextmanager
def _locked(home: Home) -> Iterator[None]:
    """Alone among all processes that start or stop this server. The lock goes with the process that holds it."""
    lock = _lock_file(home.start_lock)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _nobody_holds(home: Home) -> bool:
    lock = _lock_file(home.holders_lock)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _size(folder: Path) -> int:
    """Bytes of all files; those that vanish meanwhile count nothing."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size
        except FileNotFoundError:
            continue
    return total
