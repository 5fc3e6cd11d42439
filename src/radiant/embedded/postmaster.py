"""Finds out whether a server runs on a data folder, from its socket, its pid file and the process list."""

import os
import sys
from pathlib import Path

from msgspec import Struct
from psycopg import pq
from psycopg.conninfo import make_conninfo

from radiant.embedded.account import run_program
from radiant.embedded.home import PORT, Home

ROLE = "radiant"


class Postmaster(Struct, frozen=True):
    """What the server's pid file says of it. `status` is one of starting, ready, standby, stopping."""

    pid: int
    status: str


def ping(folder: Path) -> pq.Ping:
    """Ask whether a server accepts connections on the socket in `folder`; needs no account there."""
    asked = make_conninfo(host=str(folder), port=PORT, user=ROLE, dbname=ROLE, connect_timeout=3)
    return pq.Ping(pq.PGconn.ping(os.fsencode(asked)))


def running_postmaster(home: Home) -> Postmaster | None:
    """The live server of this data folder, told from a stale pid file by the command line of the process."""
    try:
        lines = os.fsdecode((home.data / "postmaster.pid").read_bytes()).splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    program, *arguments = _command_line(pid)
    if not program.endswith("postgres") or str(home.data) not in arguments:
        return None
    return Postmaster(pid=pid, status=lines[7].strip() if len(lines) > 7 else "starting")


def server_processes(home: Home) -> list[int]:
    """The servers that Radiant started on this data folder, also one that has no pid file yet or cannot write one."""
    settings = f"config_file={home.server / 'postgresql.conf'}"
    if sys.platform == "linux":
        every = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return [pid for pid in every if settings in _command_line(pid) and not is_gone(pid)]
    lines = run_program(["/bin/ps", "-axww", "-o", "pid=,args="]).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if line.endswith(f"-c {settings}")]


def _command_line(pid: int) -> list[str]:
    """A process's program and arguments, empty when it is gone. Anybody may read them, unlike its `cwd`."""
    if sys.platform == "linux":
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
        except OSError:
            return [""]
    shown = run_program(["/bin/ps", "-ww", "-p", str(pid), "-o", "args="]).stdout.strip()
    program, _, data = shown.partition(" -D ")
    return [program, "-D", data.partition(" -c config_file=")[0]]


def is_gone(pid: int) -> bool:
    """Whether the process has ended, also where its parent has yet to take note of it."""
    try:
        os.kill(pid, 0)
        return sys.platform == "linux" and Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2].startswith(b"Z")
    except (ProcessLookupError, FileNotFoundError):
        return True
