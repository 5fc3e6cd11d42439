"""Writes what people say of providers."""

from radiant.sql import queries

from .database import Connection

_SQL = queries("providers")


async def add(connection: Connection, id: str, name: str, base_url: str, key_variables: list[str]) -> None:
    """Insert a provider that speaks OpenAI's API."""
    await connection.execute(
        _SQL["add"], {"id": id, "name": name, "base_url": base_url, "key_variables": key_variables}
    )


async def change(
    connection: Connection, id: str, base_url: str | None, key_variables: list[str] | None, enabled: bool | None
) -> bool:
    """Set what is given; whether there is such a provider."""
    given = {"id": id, "base_url": base_url, "key_variables": key_variables, "enabled": enabled}
    return (await connection.execute(_SQL["change"], given)).rowcount > 0
