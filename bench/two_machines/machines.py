"""Machines that are network namespaces on one bridge, and a PostgreSQL of this machine that they reach over TCP.

Needs root, `ip`, and the programs of a PostgreSQL server.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

#: Tells the networks of several runs on one machine apart.
TAG = os.getpid() % 250 + 1

BRIDGE, HERE, PORT = f"rad{TAG}", f"10.77.{TAG}.1", 54777

NAMES = ("one", "two", "lambda")


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def address(name: str) -> str:
    return f"10.77.{TAG}.{11 + NAMES.index(name)}"


def space(name: str) -> str:
    return f"radiant{TAG}-{name}"


@contextmanager
def network() -> Iterator[None]:
    """A bridge here, and a namespace for each machine with one cable to it."""
    _unmake()
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{HERE}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for name in NAMES:
            ip("netns", "add", space(name))
            ip("link", "add", end(name), "type", "veth", "peer", "name", "eth0", "netns", space(name))
            ip("link", "set", end(name), "master", BRIDGE, "up")
            ip("-n", space(name), "addr", "add", f"{address(name)}/24", "dev", "eth0")
            ip("-n", space(name), "link", "set", "eth0", "up")
            ip("-n", space(name), "link", "set", "lo", "up")
        yield
    finally:
        _unmake()


def cable(name: str, *, plugged: bool) -> None:
    """Cut a machine off without telling it, or plug it in again."""
    ip("link", "set", end(name), "up" if plugged else "down")


def end(name: str) -> str:
    """What the cable of a machine is called here."""
    return f"rad{TAG}-{name}"


def _unmake() -> None:
    """With all that still runs on the machines, as after an interruption."""
    for name in NAMES:
        told = subprocess.run(["ip", "netns", "pids", space(name)], check=False, capture_output=True, text=True)
        for pid in told.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        for it in (["link", "del", end(name)], ["netns", "del", space(name)]):
            subprocess.run(["ip", *it], check=False, stderr=subprocess.DEVNULL)
    subprocess.run(["ip", "link", "del", BRIDGE], check=False, stderr=subprocess.DEVNULL)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A server that listens to the bridge; the address of an empty database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        sys.exit("There is no PostgreSQL server in /usr/lib/postgresql.")
    data = folder / "data"
    folder.chmod(0o755)
    data.mkdir()
    shutil.chown(data, "postgres")
    as_postgres = {"user": "postgres", "cwd": "/", "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [programs[-1] / "initdb", "-A", "trust", "-U", "radiant", "-E", "UTF8", "--no-sync", data],
        check=True, **as_postgres,
    )  # fmt: skip
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write("host all radiant 10.77.0.0/16 trust\n")
    options = {"listen_addresses": HERE, "port": PORT, "unix_socket_directories": "", "fsync": "off"}
    given = [it for name, value in options.items() for it in ("-c", f"{name}={value}")]
    server = subprocess.Popen([programs[-1] / "postgres", "-D", data, *given], **as_postgres)
    url = f"postgresql://radiant@{HERE}:{PORT}/postgres"
    try:
        for _ in range(300):
            with suppress(psycopg.OperationalError):
                psycopg.connect(url, connect_timeout=2).close()
                break
            time.sleep(0.1)
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


class Program:
    """A process on one of the machines, which is started again after it was killed."""

    def __init__(
        self, name: str, machine: str, command: list[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name, self.machine, self._command, self._folder = f"{name} {machine}", machine, command, folder
        self._environment = {**os.environ, "RADIANT_HOME": str(folder / machine), **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._folder / f"{self.name.replace(' ', '-')}.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", space(self.machine), *self._command],
                env=self._environment, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        """-9, and up again."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.start()

    def replace(self) -> None:
        """As a deployment does: told to stop, waited for, and another one started."""
        self.stop()
        self.start()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
