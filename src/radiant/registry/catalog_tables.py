"""Reading and writing the tables the catalog fills."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from psycopg import sql
from psycopg.types.json import Jsonb

from radiant.domain.override import DELETION
from radiant.sql import queries

from .database import Connection

#: Held by whoever writes models in bulk, so that two never interleave.
LOCK = 0x52616453656564

_SQL = queries("catalog_tables")

Key = tuple[str, ...]


class Table(NamedTuple):
    """A table, the columns of its key, and how its rows are called in `overrides`."""

    name: str
    key: tuple[str, ...]
    subject: str


PROVIDERS = Table("providers", ("id",), "provider")
MODELS = Table("models", ("provider_id", "model_id"), "model")
SELF_HOSTED = Table("self_hosted_models", ("model_id",), "self_hosted")
DEFAULTS = Table("default_models", ("task",), "default")


async def begin(connection: Connection) -> None:
    """Within this transaction: alone among bulk writers, and writing as the service, which leaves no override."""
    await connection.execute(_SQL["alone"], {"lock": LOCK})
    await connection.execute(_SQL["as_service"])


async def known_rows(
    connection: Connection, table: Table, columns: Iterable[str], keys: Sequence[Key], *, curated: bool
) -> list[dict[str, Any]]:
    """The rows of `keys`, with `columns`; with `curated`, every row that came from the catalog as well."""
    wanted = list(dict.fromkeys([*table.key, *columns]))
    condition = sql.SQL("{} = ANY(%s)").format(sql.Identifier(table.key[-1]))
    if curated:
        condition += sql.SQL(" OR origin = 'curated'")
    text = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        sql.SQL(", ").join(map(sql.Identifier, wanted)), sql.Identifier(table.name), condition
    )
    rows = await (await connection.execute(text, [[key[-1] for key in keys]])).fetchall()
    asked = set(keys)
    return [
        row
        for row in rows
        if tuple(row[column] for column in table.key) in asked or (curated and row["origin"] == "curated")
    ]


async def keys_of_origin(connection: Connection, origins: Sequence[str]) -> set[Key]:
    """The external models that came into the registry one of these ways."""
    rows = await (await connection.execute(_SQL["keys_of_origin"], {"origins": list(origins)})).fetchall()
    return {(row["provider_id"], row["model_id"]) for row in rows}


async def provider_ids(connection: Connection) -> set[str]:
    """Every provider of the registry."""
    return {row["id"] for row in await (await connection.execute(_SQL["provider_ids"])).fetchall()}


async def litellm_prefixes(connection: Connection) -> dict[str, str]:
    """By provider, what LiteLLM writes before its models, where that is known."""
    rows = await (await connection.execute(_SQL["litellm_prefixes"])).fetchall()
    return {row["id"]: row["litellm_prefix"] for row in rows}


async def overridden(connection: Connection, table: Table) -> dict[Key, frozenset[str]]:
    """Per key, the fields an administrator decided; `*` is a deletion."""
    rows = await (await connection.execute(_SQL["overridden"], {"prefix": f"{table.subject}:"})).fetchall()
    cut = len(table.subject) + 1
    return {tuple(row["subject"][cut:].split("/", len(table.key) - 1)): frozenset(row["fields"]) for row in rows}


async def deleted(connection: Connection, table: Table) -> set[Key]:
    """The keys of what an administrator deleted."""
    return {key for key, fields in (await overridden(connection, table)).items() if DELETION in fields}


async def held_prices(connection: Connection) -> set[Key]:
    """The external models whose prices stay as they are until somebody approves another."""
    rows = await (await connection.execute(_SQL["held_prices"])).fetchall()
    return {(row["provider_id"], row["model_id"]) for row in rows}


async def marked_up(connection: Connection) -> set[Key]:
    """The self-hosted models whose markup somebody set in the sale book."""
    rows = await (await connection.execute(_SQL["marked_up"])).fetchall()
    return {(row["model_id"],) for row in rows}


async def insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert `rows`, which all have the same columns; one that came in meanwhile stays."""
    if not rows:
        return 0
    columns = list(rows[0])
    text = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
    )
    async with connection.cursor() as cursor:
        await cursor.executemany(text, [[_value(row[column]) for column in columns] for row in rows])
        return cursor.rowcount


async def update(connection: Connection, table: Table, key: Key, fields: Mapping[str, Any]) -> None:
    """Set `fields` of one row."""
    text = sql.SQL("UPDATE {} SET {} WHERE {}").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(field)) for field in fields),
        _where(table),
    )
    await connection.execute(text, [*map(_value, fields.values()), *key])


async def set_deprecated(connection: Connection, table: Table, keys: Sequence[Key], deprecated: bool) -> None:
    """Deprecate or restore the rows of `keys`."""
    if keys:
        text = sql.SQL("UPDATE {} SET deprecated = %s WHERE {}").format(sql.Identifier(table.name), _where(table))
        async with connection.cursor() as cursor:
            await cursor.executemany(text, [[deprecated, *key] for key in keys])


def _where(table: Table) -> sql.Composed:
    return sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(column)) for column in table.key)


def _value(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value
