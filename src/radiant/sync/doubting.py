"""Find anew which numbers are in doubt, once what sources say has changed."""

import asyncio
from collections.abc import Collection, Mapping

from radiant.catalog.fields import field_of_column
from radiant.claims.doubt import Doubt, doubts
from radiant.registry import catalog_tables as tables
from radiant.registry import doubts as kept
from radiant.registry.database import Connection


async def doubt(connection: Connection) -> list[Doubt]:
    """Hold every number against the others and keep what is in doubt, within the caller's transaction."""
    # A second of arithmetic over a hundred thousand numbers, during which others are to be answered.
    found = await asyncio.to_thread(doubts, await kept.numbers(connection))
    await kept.write(connection, found)
    return found


async def decided(connection: Connection) -> dict[tables.Key, set[str]]:
    """By provider and model id, the facts that an administrator has settled: of them nothing is in doubt."""
    columns = await tables.overridden(connection, tables.MODELS)
    return {key: {field_of_column(column)[0] for column in names} for key, names in columns.items()}


def carried(remarks: Mapping[str, list[str]], settled: Collection[str]) -> list[str]:
    """What a model says of its doubts: all `remarks`, which are by fact, but those about what is settled otherwise."""
    return [sentence for field in sorted(remarks.keys() - set(settled)) for sentence in remarks[field]]
