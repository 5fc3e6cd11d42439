"""Three roles of one registry: who changes the schema, who runs and serves, who only reads.

The first owns everything, so that the others can do no harm to it. On RDS they may have tokens as passwords.
"""

from typing import Final

import msgspec
from psycopg.conninfo import make_conninfo

from radiant.sql import queries

from .address import Address
from .connection import Connection

_SQL = queries("roles")


class Roles(msgspec.Struct, frozen=True, kw_only=True):
    """What they are called."""

    migrate: str = "radiant_migrate"
    sync: str = "radiant_sync"
    read: str = "radiant_read"


USUAL: Final = Roles()


def as_user(url: str, user: str, password: str) -> Address:
    """The same place for somebody else."""
    return Address(make_conninfo(url, user=user, password=password))


async def ensure(connection: Connection, roles: Roles = USUAL) -> list[str]:
    """Make the roles that are missing, and let them in; the new ones. For who may make roles; again changes nothing."""
    async with connection.transaction():
        missing = await _missing(connection, *msgspec.structs.astuple(roles))
        await connection.execute(_SQL["named"], msgspec.structs.asdict(roles))
        await connection.execute(_SQL["ensure"])
    return missing


async def grant(connection: Connection, roles: Roles = USUAL) -> bool:
    """Let the others work and read, for the role that owns the schema; False where they are not there."""
    async with connection.transaction():
        if await _missing(connection, roles.sync, roles.read):
            return False
        await connection.execute(_SQL["named"], msgspec.structs.asdict(roles))
        await connection.execute(_SQL["grant"])
    return True


async def _missing(connection: Connection, *names: str) -> list[str]:
    rows = await (await connection.execute(_SQL["missing"], {"names": list(names)})).fetchall()
    return [row["name"] for row in rows]
