"""A PostgreSQL server of a test's own, made by the programs of this machine, that can be restarted."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from radiant.address import listening_socket

ROOT = os.geteuid() == 0


def programs() -> Path:
    """Where `initdb` and `pg_ctl` are. Skips the test where they are not."""
    places = [Path(found).resolve().parent for name in ("pg_ctl",) if (found := shutil.which(name))]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").is_file() and (place / "pg_ctl").is_file():
            return place
    pytest.skip("this machine has no pg_ctl and initdb")


class OwnCluster:
    """Listens on 127.0.0.1 alone, and takes any local role."""

    def __init__(self, folder: Path) -> None:
        self._programs, self._data, self._log = programs(), folder / "data", folder / "log"
        self._user = "postgres" if ROOT else None
        if self._user:
            os.chown(folder, pwd.getpwnam(self._user).pw_uid, -1)
        with listening_socket("127.0.0.1", 0) as free:
            port = free.getsockname()[1]
        self.url = f"postgresql://ada@127.0.0.1:{port}/postgres"
        self._run("initdb", "--pgdata", self._data, "--username=ada", "--auth=trust", "--encoding=UTF8", "--locale=C")
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{folder}'\nfsync = off\n"
            )
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", self._log)

    def restart(self, mode: str) -> None:
        """`fast` ends connections in order, `immediate` is a crash."""
        self._run("pg_ctl", "restart", "-w", "-m", mode, "-D", self._data, "-l", self._log)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self._data)

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [self._programs / program, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=self._user, cwd="/")


@contextmanager
def own_cluster() -> Iterator[OwnCluster]:
    folder = Path(tempfile.mkdtemp(prefix="radiant-cluster-"))
    try:
        cluster = OwnCluster(folder)
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)
