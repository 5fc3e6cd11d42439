"""Who runs the embedded PostgreSQL: the owner, or, where the owner is root, an account of its own.

PostgreSQL refuses to run as root. Root therefore starts it as `radiant`, a system account that can log in nowhere and
owns nothing but the database files.
"""

import errno
import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from radiant.domain.errors import EmbeddedServerError

SYSTEM_ACCOUNT = "radiant"
ELSEWHERE = "set RADIANT_DATABASE_URL to a PostgreSQL server of your own"

_SYSTEM_PATH = "/usr/sbin:/sbin:/usr/bin:/bin"


class Account(Struct, frozen=True):
    """The OS account under which the server runs. `owner` is the name of the account that called us."""

    name: str
    uid: int
    gid: int
    owner: str

    @property
    def switched(self) -> bool:
        """Whether the server runs as somebody else than its owner, which is so for root only."""
        return self.name != self.owner

    def run(self, argv: Sequence[str | Path], *, errors_to: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, otherwise like `run_program`."""
        return run_program(argv, switch_to=self if self.switched else None, errors_to=errors_to)

    def first_closed_folder(self, folder: Path) -> Path | None:
        """The outermost folder on the way to `folder`, itself included, that this account may not pass through."""
        way = [*reversed(folder.parents), folder]
        asked = self.run(["/bin/sh", "-c", 'for f do test -x "$f" || { printf %s "$f"; exit 1; }; done', "sh", *way])
        return None if asked.returncode == 0 else Path(asked.stdout or folder)


def run_program(
    argv: Sequence[str | Path], *, switch_to: Account | None = None, errors_to: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, in a session of its own so that a Ctrl-C in the terminal does not reach it.

    The environment is not handed on: PGDATA, PGPORT and their like would redirect the server.
    """
    return subprocess.run(  # noqa: S603 - only programs of PostgreSQL and the system, named by us; no text becomes shell
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors_to,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        umask=0o077,
        start_new_session=True,
        user=switch_to.uid if switch_to else None,
        group=switch_to.gid if switch_to else None,
        extra_groups=[] if switch_to else None,
    )


def server_account(home: Path) -> Account:
    """The account for the server of `home`. For root the system account is created when it is missing."""
    uid = os.geteuid()
    try:
        caller = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedServerError(
            home,
            f"PostgreSQL needs an account with a name and user id {uid} has none: run as another, or {ELSEWHERE}",
        ) from None
    if uid != 0:
        return Account(name=caller.pw_name, uid=uid, gid=caller.pw_gid, owner=caller.pw_name)
    system = _find(SYSTEM_ACCOUNT) or _made_once(home)
    if system.pw_uid == 0:
        raise EmbeddedServerError(
            home, f"the account `{SYSTEM_ACCOUNT}` is root itself, as which PostgreSQL refuses to run: {ELSEWHERE}"
        )
    return Account(name=system.pw_name, uid=system.pw_uid, gid=system.pw_gid, owner=caller.pw_name)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made_once(home: Path) -> pwd.struct_passwd:
    """Of two `useradd` at once the later gives the account another number, so they have to queue."""
    with Path("/etc/passwd").open("rb") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        return _find(SYSTEM_ACCOUNT) or _create(home)


def _create(home: Path) -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=_SYSTEM_PATH)
    said = "there is no `useradd` here"
    if useradd is not None:
        nologin = shutil.which("nologin", path=_SYSTEM_PATH) or "/bin/false"
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", nologin]
        done = run_program([useradd, *options, SYSTEM_ACCOUNT])
        if done.returncode == 0 and (made := _find(SYSTEM_ACCOUNT)):
            return made
        said = (done.stderr.strip().splitlines() or [f"useradd ended with {done.returncode}"])[-1]
    raise EmbeddedServerError(
        home,
        f"PostgreSQL refuses to run as root and the account `{SYSTEM_ACCOUNT}` for it could not be made ({said}): "
        f"create it, run Radiant as another user, or {ELSEWHERE}",
    )


def account_name(uid: int) -> str:
    """The name of a user id, or the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user id {uid}"


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one sentence that says what to do."""
    try:
        yield
    except OSError as refused:
        raise EmbeddedServerError(home, _sentence(refused, home)) from refused


def _sentence(refused: OSError, home: Path) -> str:
    what = refused.filename if isinstance(refused.filename, str) else str(home)
    another = "set RADIANT_HOME to another folder"
    match refused.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"the disk of {what} is full: free some space, or {another}"
        case errno.EROFS:
            return f"{what} is on a disk that can only be read: {another}"
        case errno.EACCES | errno.EPERM:
            return f"`{account_name(os.geteuid())}` may not use {what}: change its owner, or {another}"
        case errno.ENOTDIR | errno.EEXIST:
            return f"{what} is not a folder: move it away, or {another}"
        case _:
            return f"{what} cannot be used ({refused.strerror or refused}): repair it, or {another}"
