"""What providers state about standards, and what operators have declared."""

import msgspec

from radiant.domain.compliance import ProviderCompliance, Terms
from radiant.sql import queries

from .database import Connection

_SQL = queries("compliance")


async def found(connection: Connection, provider: str) -> ProviderCompliance | None:
    """What is known of one provider, None where there is none of that id."""
    row = await (await connection.execute(_SQL["found"], {"provider": provider})).fetchone()
    if row is None:
        return None
    stated = {name: msgspec.convert(terms, Terms) for name, terms in row["conditional_compliance"].items()}
    return ProviderCompliance(
        provider_id=row["id"],
        display_name=row["display_name"],
        compliance=tuple(sorted({*row["compliance"], *row["declared_compliance"]})),
        declared=tuple(row["declared_compliance"]),
        conditional={
            name: terms
            for name, terms in stated.items()
            if name not in row["compliance"] or terms.models or terms.excepted
        },
    )


async def alike(connection: Connection, provider: str) -> list[str]:
    """Up to three ids that begin like `provider`; none where that is nothing, as which all begin."""
    if not provider.strip():
        return []
    rows = await (await connection.execute(_SQL["alike"], {"provider": provider})).fetchall()
    return [row["id"] for row in rows]


async def standards(connection: Connection) -> list[str]:
    """Every standard that stands in the registry."""
    return [row["standard"] for row in await (await connection.execute(_SQL["standards"])).fetchall()]


async def declare(connection: Connection, provider: str, standard: str, reason: str | None) -> bool:
    """Declare the condition of a standard met; whether that changed anything. `reason` stands in `overrides`."""
    return await _change(connection, "declare", provider, standard, reason)


async def undeclare(connection: Connection, provider: str, standard: str, reason: str | None) -> bool:
    """Take a declaration back; whether there was one."""
    return await _change(connection, "undeclare", provider, standard, reason)


async def _change(connection: Connection, how: str, provider: str, standard: str, reason: str | None) -> bool:
    cursor = await connection.execute(_SQL[how], {"provider": provider, "standard": standard})
    if cursor.rowcount and reason is not None:
        await connection.execute(_SQL["because"], {"provider": provider, "reason": reason})
    return cursor.rowcount > 0


async def key_variables(connection: Connection, provider: str) -> list[str]:
    """The environment variables that hold a key of this provider, the usual one first."""
    row = await (await connection.execute(_SQL["key_variables"], {"provider": provider})).fetchone()
    return list(row["key_variables"]) if row else []
