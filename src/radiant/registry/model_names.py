"""What the models and providers of the registry are called."""

from typing import TYPE_CHECKING

import msgspec

from radiant.sql import queries

from .database import Connection

if TYPE_CHECKING:
    from radiant.names.known import KnownNames

_SQL = queries("model_names")


class ModelNames(msgspec.Struct, frozen=True):
    """The names of one model."""

    id: str
    provider_id: str
    model_id: str
    litellm_id: str | None
    aliases: tuple[str, ...]


async def every(connection: Connection) -> list[ModelNames]:
    """Those of every model, by model id and provider id."""
    rows = await (await connection.execute(_SQL["every"])).fetchall()
    return [ModelNames(**{**row, "aliases": tuple(row["aliases"])}) for row in rows]


async def spoken_of(connection: Connection) -> frozenset[str]:
    """The ids of all providers that the registry has or that a source says something of."""
    return frozenset(row["id"] for row in await (await connection.execute(_SQL["spoken_of"])).fetchall())


async def providers(connection: Connection) -> frozenset[str]:
    """The ids of all providers, with a model or without."""
    return frozenset(row["id"] for row in await (await connection.execute(_SQL["providers"])).fetchall())


async def known(connection: Connection) -> "KnownNames[ModelNames]":
    """By all of these, what a name means."""
    from radiant.names.known import KnownNames

    return KnownNames(await every(connection), await providers(connection))
