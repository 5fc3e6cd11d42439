"""Deletes what is too old, of the tables that only grow."""

import msgspec

from radiant.domain.retention import Forgotten, Retention
from radiant.sql import queries

from .database import Connection

_SQL = queries("retention")


async def forget(connection: Connection, keep: Retention) -> Forgotten:
    """Delete what `keep` does not keep; any number of processes may do so at once."""
    days = msgspec.structs.asdict(keep)
    counts = {}
    for name in Forgotten.__struct_fields__:
        counts[name] = (await connection.execute(_SQL[name], days)).rowcount
    return Forgotten(**counts)
