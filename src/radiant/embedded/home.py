"""Radiant's data folder as far as the embedded PostgreSQL goes: what lies where, whose it is, who may pass.

<home>/                 root's: root:radiant 0710, anybody else's: 0700
  postgresql/           the database files (PGDATA), 0700, the server account's
  postgresql-programs/  a copy of the binaries, only where the server account cannot reach the installed ones
  run/                  the socket, 0700, the server account's
  server/               locks, settings, log; the server may read its settings there and change nothing
"""

import errno
import fcntl
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from radiant.domain.errors import EmbeddedServerError
from radiant.embedded.account import ELSEWHERE, Account, account_name, explained

PORT = 5432
_LONGEST_SOCKET = 103  # bytes; macOS holds 104 with the closing zero, Linux 108


class Home(Struct, frozen=True):
    """The paths of one data folder. Nothing here touches the disk."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "postgresql"

    @property
    def programs(self) -> Path:
        return self.folder / "postgresql-programs"

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def server(self) -> Path:
        return self.folder / "server"

    @property
    def log(self) -> Path:
        return self.server / "postgresql.log"

    @property
    def start_lock(self) -> Path:
        """Held exclusively, and shortly, by whoever starts or stops the server."""
        return self.server / "start.lock"

    @property
    def holders_lock(self) -> Path:
        """Held shared by every process that uses the server, for as long as it does."""
        return self.server / "holders.lock"

    @property
    def keep_running(self) -> Path:
        """A mark: while it is there, the server stays up without holders."""
        return self.server / "keep-running"

    @property
    def stopped(self) -> Path:
        """A mark: somebody stopped the server on purpose, under those who hold it, and nobody asked for it since."""
        return self.server / "stopped"

    @property
    def socket_record(self) -> Path:
        """Names the socket's folder where it is not `run`."""
        return self.server / "socket-folder"


def plain_path(home: Path) -> Path:
    """The data folder's path, absolute and without links. One that a settings file cannot hold is refused."""
    folder = home.expanduser().resolve()
    if not str(folder).isprintable():
        raise EmbeddedServerError(
            ascii(str(folder)), "its path has unprintable signs: set RADIANT_HOME to a plainer one"
        )
    return folder


def make_home(folder: Path, account: Account, *, reached: bool = False) -> Home:
    """Make what is missing of the data folder, refuse one that cannot be safe, change none that was there before.

    `reached` says that the account is known to pass through all folders on the way.
    """
    home = Home(folder=folder)
    with explained(folder):
        missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
        nearest = missing[-1].parent if missing else folder
        if not nearest.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(nearest))
        if account.switched and not reached:
            _refuse_closed_way(folder, nearest, account)
        for parent in reversed(missing):
            _make_passage(parent, account)
        _refuse_unsafe(folder, account)
        own_folder(home.server, os.geteuid(), account.gid, 0o710 if account.switched else 0o700)
    return home


def own_folder(folder: Path, uid: int, gid: int, mode: int) -> None:
    """Make a folder that is closed from its first moment, then its owner's. A folder of somebody else is refused."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if found.st_uid not in {uid, os.geteuid()}:
        raise EmbeddedServerError(folder.parent, f"{folder} {_foreign(found.st_uid)}")
    if found.st_uid != uid or (os.geteuid() == 0 and found.st_gid != gid):
        os.chown(folder, uid, gid, follow_symlinks=False)
    if stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)


def socket_folder(home: Home, account: Account) -> Path:
    """A private folder for the socket: `run`, or, where that path is too long for a socket, a fresh one of its own."""
    if _holds_a_socket(home.run):
        own_folder(home.run, account.uid, account.gid, 0o700)
        return home.run
    if (recorded := recorded_socket_folder(home)) != home.run and _is_private(recorded, account):
        return recorded
    fresh = Path(tempfile.mkdtemp(prefix="radiant-"))
    closed = account.first_closed_folder(fresh.parent) if account.switched else None
    if closed is not None or not _holds_a_socket(fresh):
        fresh.rmdir()
        why = f"lies below {closed}, where `{account.name}` may not pass" if closed else "has too long a path too"
        raise EmbeddedServerError(
            home.folder,
            "its path is too long for a socket, or has a comma, and the folder for temporary files, "
            f"{fresh.parent}, {why}: set RADIANT_HOME to a shorter path",
        )
    if account.switched:
        os.chown(fresh, account.uid, account.gid)
    write_file(home.socket_record, f"{fresh}\n{home.data}", account)
    return fresh


def recorded_socket_folder(home: Home) -> Path:
    """Where the socket of this data folder is, or would be, without making anything.

    A record that came along when the folder was copied or moved speaks of the other server and does not count.
    """
    with suppress(FileNotFoundError):
        socket, _, data = os.fsdecode(home.socket_record.read_bytes()).partition("\n")
        if data == str(home.data):
            return Path(socket)
    return home.run


def write_file(path: Path, text: str, account: Account) -> None:
    """Write a small file whole or not at all. The server account may read it, nobody else but the owner."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(os.fsencode(text))
        file.flush()
        os.fsync(handle)
    if account.switched:
        os.chown(name, os.geteuid(), account.gid)
        Path(name).chmod(0o640)
    Path(name).replace(path)


def _make_passage(folder: Path, account: Account) -> None:
    """Make one folder of the path. Root's appears in one step with its final mode: nobody may find it half made."""
    if not account.switched:
        folder.mkdir(mode=0o700, exist_ok=True)
        return
    queue = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(queue, fcntl.LOCK_EX)
        if not folder.exists():
            made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
            os.chown(made, os.geteuid(), account.gid)
            made.chmod(0o710)
            made.rename(folder)
    finally:
        os.close(queue)


def _refuse_closed_way(folder: Path, nearest: Path, account: Account) -> None:
    """Refuse a place that the server account cannot reach, before anything is made there."""
    try:
        closed = account.first_closed_folder(nearest)
    except PermissionError:
        raise EmbeddedServerError(
            folder,
            f"PostgreSQL refuses to run as root, and this root may not switch to `{account.name}`: "
            f"run Radiant as another user, or {ELSEWHERE}",
        ) from None
    if closed is not None:
        raise EmbeddedServerError(
            folder,
            f"`{account.name}`, the account that runs PostgreSQL for root, may not pass through {closed}: "
            f"set RADIANT_HOME to a folder that it can reach, such as /var/lib/radiant, "
            f"or let it in with `chgrp {account.name} {closed} && chmod g+x {closed}`",
        )


def _refuse_unsafe(folder: Path, account: Account) -> None:
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise EmbeddedServerError(folder, f"the folder {_foreign(found.st_uid)}")
    # Whoever may write here could put a folder of theirs in the place of ours; root would then hand files to them.
    if found.st_mode & (0o022 if account.switched else 0o002):
        raise EmbeddedServerError(
            folder,
            f"others may write into the folder: run `chmod go-w {folder}`, or set RADIANT_HOME to another folder",
        )


def _foreign(uid: int) -> str:
    return f"belongs to `{account_name(uid)}`: run as that user, or set RADIANT_HOME to a folder of your own"


def _holds_a_socket(folder: Path) -> bool:
    """Whether a socket's path fits the system, and a host name in libpq, which splits it at commas."""
    path = str(folder / f".s.PGSQL.{PORT}")
    return len(os.fsencode(path)) <= _LONGEST_SOCKET and "," not in path


def _is_private(folder: Path, account: Account) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and stat.S_IMODE(found.st_mode) == 0o700
