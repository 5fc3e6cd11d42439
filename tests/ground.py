"""Where databases of tests lie: in memory, where a machine has a file system there with room, which makes a copy of a
database cost a tenth."""

import os
import shutil
import tempfile
from pathlib import Path

#: Linux mounts it for everybody; containers often with 64 MB, which is too little.
_MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it have names nobody can guess
_LEAST_BYTES = 2 * 2**30


def _place() -> Path | None:
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _LEAST_BYTES:
        return _MEMORY
    return None


def folder(prefix: str = "radiant-") -> Path:
    """A new folder that the account of the embedded server may enter. Whoever asks removes it."""
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=_place()))
    made.chmod(0o755)
    return made
