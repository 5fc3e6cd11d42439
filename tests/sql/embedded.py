"""Embedded servers of a test's own: opened, held by other processes, asked, killed."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from radiant.domain.errors import EmbeddedServerError
from radiant.embedded.server import EmbeddedServer

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
