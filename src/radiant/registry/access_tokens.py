"""API tokens, stored by their hash."""

import hashlib
import secrets

from radiant.sql import queries

from .connection import Connection

#: Where tokens made and revoked are announced.
CHANNEL = "radiant_access"

_SQL = queries("access_tokens")


def new_token() -> str:
    """A token of 256 random bits that names what it belongs to."""
    return f"radiant_{secrets.token_urlsafe(32)}"


def token_hash(token: str) -> bytes:
    """What the database keeps of a token. It has 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).digest()


async def allow(connection: Connection, token: str, *, role: str, name: str) -> bool:
    """Let `token` in as `role` (`admin` or `reader`) in place of others of the same name; False where it was known.

    A token that was revoked stays revoked.
    """
    given = {"name": name, "role": role, "hash": token_hash(token)}
    if await (await connection.execute(_SQL["is_known"], given)).fetchone() is not None:
        return False
    async with connection.transaction():
        await connection.execute(_SQL["revoke_others"], given)
        added = await connection.execute(_SQL["add"], given)
    return added.rowcount == 1


async def valid_hashes(connection: Connection) -> list[tuple[bytes, str]]:
    """(hash, role) of every token in force."""
    rows = await (await connection.execute(_SQL["in_force"])).fetchall()
    return [(bytes(row["hash"]), row["role"]) for row in rows]
