"""Who may call the API: tokens by their hash."""

import hashlib
import secrets

from .connection import Connection

#: Where tokens made and revoked are announced.
CHANNEL = "radiant_access"


def new_token() -> str:
    """A token of 256 random bits that names what it belongs to."""
    return f"radiant_{secrets.token_urlsafe(32)}"


def token_hash(token: str) -> bytes:
    """What the database keeps of a token. It has 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).digest()


async def allow(connection: Connection, token: str, *, role: str, name: str) -> None:
    """Let `token` in as `role` (`admin` or `reader`) in place of others of the same name; again is no change.

    A token that was revoked stays revoked.
    """
    known = await connection.execute("SELECT FROM access_tokens WHERE hash = %s", [token_hash(token)])
    if await known.fetchone() is not None:
        return
    async with connection.transaction():
        await connection.execute(
            "UPDATE access_tokens SET revoked_at = now() WHERE name = %s AND role = %s AND revoked_at IS NULL"
            " AND hash <> %s",
            [name, role, token_hash(token)],
        )
        await connection.execute(
            "INSERT INTO access_tokens (name, role, hash) VALUES (%s, %s, %s) ON CONFLICT (hash) DO NOTHING",
            [name, role, token_hash(token)],
        )


async def valid_hashes(connection: Connection) -> list[tuple[bytes, str]]:
    """(hash, role) of every token in force."""
    rows = await (await connection.execute("SELECT hash, role FROM access_tokens WHERE revoked_at IS NULL")).fetchall()
    return [(bytes(row["hash"]), row["role"]) for row in rows]
