"""Writes a diff to one table of the registry."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from radiant.catalog.load import SHIPPED
from radiant.catalog.rows import price_columns
from radiant.catalog.shelf import is_shelf
from radiant.domain.external import Price
from radiant.domain.vocabulary import Task
from radiant.registry import catalog_tables as tables
from radiant.registry.database import Connection

from .diff import Changes, diff

#: The columns of `models` that prices are in.
PRICE_FIELDS: Final = frozenset(price_columns(Price(), Task.OTHER))


async def write(
    connection: Connection,
    table: tables.Table,
    wanted: Sequence[Mapping[str, Any]],
    *,
    catalogs: Collection[str] = (),
    retire: bool = False,
) -> Changes:
    """Make the table say what `wanted` says, writing only what differs, and return what was written.

    Rows an administrator entered by hand (origin `manual`) stay theirs, and rows that came from a folder of somebody's
    own stay as that catalog says, unless they are wanted by another folder. With `retire`, curated rows of these
    `catalogs` that are wanted no more become deprecated.
    """
    if not wanted:
        return Changes()
    columns = [*wanted[0], "deprecated"] if retire else list(wanted[0])
    keys = [tuple(row[column] for column in table.key) for row in wanted]
    known = {
        tuple(row[column] for column in table.key): row
        for row in await tables.known_rows(connection, table, columns, keys, curated=retire)
    }
    ours = [
        row for key, row in zip(keys, wanted, strict=True) if key not in known or _may_write(row, known[key], catalogs)
    ]
    written = {tuple(row[column] for column in table.key) for row in ours}
    changes = diff(
        ours,
        [row for key, row in known.items() if key in written or row.get("catalog") in catalogs],
        key=table.key,
        overridden=await _settled(connection, table),
        retire=retire,
    )
    await tables.insert(connection, table, changes.inserted)
    for change in changes.updated:
        await tables.update(connection, table, change.key, change.fields)
    await tables.set_deprecated(connection, table, changes.deprecated, True)
    await tables.set_deprecated(connection, table, changes.restored, False)
    return changes


async def _settled(connection: Connection, table: tables.Table) -> dict[tables.Key, frozenset[str]]:
    """Per key, the fields that are not the catalog's to write: what somebody decided, prices that are held, and markups
    that somebody set in the sale book."""
    found = await tables.overridden(connection, table)
    if table == tables.MODELS:
        for key in await tables.held_prices(connection):
            found[key] = found.get(key, frozenset()) | PRICE_FIELDS
    if table == tables.SELF_HOSTED:
        for key in await tables.marked_up(connection):
            found[key] = found.get(key, frozenset()) | {"markup_percent"}
    return found


def _may_write(wanted: Mapping[str, Any], known: Mapping[str, Any], catalogs: Collection[str]) -> bool:
    if known.get("origin") == "manual":
        return False
    owner, source = known.get("catalog"), wanted.get("catalog")
    return owner is None or owner in catalogs or not (source in (None, SHIPPED) or is_shelf(source))
