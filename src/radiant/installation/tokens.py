"""The token files of a home, and the registration of their tokens in the registry."""

import contextlib
import os
import socket
from pathlib import Path

from radiant.domain.errors import DataFolderError
from radiant.registry import access_tokens
from radiant.registry.database import Database
from radiant.settings import ROLES, Role, Settings


async def keep_tokens(database: Database, settings: Settings) -> tuple[Role, ...]:
    """Make sure that the registry knows a token of each role: one that the environment gives needs no row, any other
    stands in a file of the home (made once, 0600) and by its hash in the registry.

    Returns the roles whose token is new to the registry: it replaces the one this home had before. Raises
    DataFolderError.
    """
    own = [role for role in ROLES if settings.token(role) is None]
    return tuple([role for role in own if await keep_token(database, settings.token_file(role), role)])


async def keep_token(database: Database, file: Path, role: Role) -> bool:
    """The same for the token of one file; whether it is new to the registry."""
    token = read_token(file) or _make(file)
    async with database.connection() as connection:
        name = f"{role}@{socket.gethostname()}:{file.parent}"
        return await access_tokens.allow(connection, token, role=role, name=name)


def saved_token(settings: Settings, role: Role) -> str:
    """The token for `admin` or `reader`. Raises DataFolderError where none was made yet."""
    found = settings.token(role) or read_token(settings.token_file(role))
    if found is None:
        raise DataFolderError(
            f"There is no token in {settings.token_file(role)} yet. Start the registry once: `radiant up`."
        )
    return str(found)


def read_token(file: Path) -> str | None:
    """The token in `file`, or None where there is no file. Raises DataFolderError."""
    try:
        return file.read_text("ascii").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DataFolderError(f"The token file {file} cannot be read: {error}.") from error


def _make(file: Path) -> str:
    token = access_tokens.new_token()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = file.with_name(f".{file.name}.{os.getpid()}")
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(token + "\n")
        try:
            os.link(partial, file)
        except FileExistsError:
            token = file.read_text("ascii").strip()
            if not token:
                raise DataFolderError(f"The token file {file} is empty. Delete it, and a new one is made.") from None
        finally:
            partial.unlink()
    except OSError as error:
        raise DataFolderError(f"The token file {file} cannot be written: {error.strerror}.") from error
    return token
