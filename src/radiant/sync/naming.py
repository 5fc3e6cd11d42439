"""Gives models the other names by which they are approved, and takes off those that are so no longer."""

from collections.abc import Collection, Mapping

from radiant.registry import catalog_tables as tables
from radiant.registry import review
from radiant.registry.database import Connection

from .aliases import name_curated, names_told
from .reconciling import FROM_FACTS, write_offers

#: The ways in which a model comes into the registry.
ORIGINS = ("curated", "manual", *FROM_FACTS)


async def rename(connection: Connection, dropped: Mapping[tuple[str, str], Collection[str]]) -> None:
    """Make models, by provider and id, be called as their approved names say, without those that are `dropped`.

    What was entered by hand stays as it is. Within the caller's transaction.
    """
    for origin in FROM_FACTS:
        made = await tables.keys_of_origin(connection, [origin])
        await write_offers(connection, {key: origin for key in dropped if key in made}, [])
    for (provider, model), names in dropped.items():
        if names:
            await review.unname(connection, provider, model, sorted(names))
    await name_curated(connection, await names_told(connection, []), list(dropped))
