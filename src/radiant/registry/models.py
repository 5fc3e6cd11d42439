"""Reading the unified registry."""

from collections.abc import Callable, Collection, Iterable
from types import SimpleNamespace
from typing import Any, TypeVar

import msgspec
import psycopg
from psycopg import sql
from psycopg.rows import DictRow

from radiant.domain.registry_model import ModelFilter, ModelPlace, RegistryModel
from radiant.logs import Log
from radiant.sql import queries

from .database import Connection

_SQL = queries("models")

log = Log(__name__)

T = TypeVar("T")

#: Measurements are floats; money stays exact.
_MEASURED = {"avg_latency_ms", "error_rate"}

_COLUMN = {
    field: sql.SQL("{0}::float8 AS {0}" if field in _MEASURED else "{0}").format(sql.Identifier(field))
    for field in RegistryModel.__struct_encode_fields__
}

_COLUMNS = sql.SQL(", ").join(_COLUMN.values())

#: The column of each field of a model.
_OF_FIELD = dict(zip(RegistryModel.__struct_fields__, RegistryModel.__struct_encode_fields__, strict=True))

_CONDITIONS = {
    "category": "category = %(category)s",
    "hosting": "hosting_type = %(hosting)s",
    "status": "health_status = %(status)s",
    "provider": "provider_id = %(provider)s",
    "task": "primary_mode = %(task)s",
    "capabilities": "capabilities @> %(capabilities)s",
    "input_modalities": "input_modalities @> %(input_modalities)s",
    "output_modalities": "output_modalities @> %(output_modalities)s",
    "model_class": "class = %(model_class)s",
    "modalities": "input_modalities || output_modalities @> %(modalities)s",
    "current_on": "NOT deprecated AND (retires IS NULL OR retires > %(current_on)s)",
    "past_on": "(deprecated OR retires <= %(past_on)s)",
    "text": "(model_id ILIKE %(pattern)s OR display_name ILIKE %(pattern)s OR description ILIKE %(pattern)s)",
}


async def list_models(connection: Connection, wanted: ModelFilter) -> list[RegistryModel]:
    """The models that fit, by hosting, category, display name and id."""
    return await _read(await _listed(connection, _COLUMNS, wanted, None), _whole)


async def list_fields(
    connection: Connection, wanted: ModelFilter, fields: Collection[str], limit: int | None
) -> list[Any]:
    """The same in the same order, at most `limit`, each with these fields of a model only as its attributes."""
    names = {_OF_FIELD[field]: field for field in fields}
    columns = sql.SQL(", ").join(_COLUMN[name] for name in names)
    cursor = await _listed(connection, columns, wanted, limit)
    return await _read(cursor, lambda row: SimpleNamespace(**{names[name]: value for name, value in row.items()}))


async def count_models(connection: Connection, wanted: ModelFilter) -> dict[str, int]:
    """How many models fit, by hosting."""
    where, parameters = _condition(wanted)
    text = sql.SQL("SELECT hosting_type, count(*) AS count FROM unified_model_registry{} GROUP BY hosting_type").format(
        where
    )
    rows = await (await connection.execute(text, parameters)).fetchall()
    return {row["hosting_type"]: row["count"] for row in rows}


async def _listed(
    connection: Connection, columns: sql.Composable, wanted: ModelFilter, limit: int | None
) -> psycopg.AsyncCursor[DictRow]:
    where, parameters = _condition(wanted)
    text = sql.SQL("SELECT {} FROM unified_model_registry{} ORDER BY {} LIMIT %(limit)s").format(
        columns, where, sql.SQL("hosting_type, category, display_name, model_id, provider_id")
    )
    return await connection.execute(text, {**parameters, "limit": limit})


def _condition(wanted: ModelFilter) -> tuple[sql.Composed, dict[str, Any]]:
    """A WHERE and its parameters."""
    asked = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value not in (None, ())}
    where = sql.SQL(" AND ").join([sql.SQL("true"), *(sql.SQL(_CONDITIONS[name]) for name in asked)])
    parameters = {name: list(value) if isinstance(value, list | tuple) else value for name, value in asked.items()}
    parameters["pattern"] = f"%{_literally(wanted.text or '')}%"
    return sql.SQL(" WHERE ") + where, parameters


async def list_page(
    connection: Connection, wanted: ModelFilter, *, limit: int, after: ModelPlace | None
) -> list[RegistryModel]:
    """The first `limit` models that fit `after` a place, by provider and model id."""
    where, parameters = _condition(wanted)
    if after is not None:
        where += sql.SQL(" AND (provider_id, model_id, id) > (%(after_provider)s, %(after_model)s, %(after_id)s)")
        parameters |= {"after_provider": after.provider_id, "after_model": after.model_id, "after_id": after.id}
    text = sql.SQL("SELECT {} FROM unified_model_registry{} ORDER BY provider_id, model_id, id LIMIT %(limit)s").format(
        _COLUMNS, where
    )
    return await _read(await connection.execute(text, {**parameters, "limit": limit}), _whole)


async def find_models(connection: Connection, name: str) -> list[RegistryModel]:
    """The models that bear exactly this name: an id of the registry, `provider/model`, a model id, LiteLLM's id, or an
    alias."""
    text = sql.SQL(
        "SELECT {} FROM unified_model_registry"
        " WHERE model_id = %(name)s OR id = %(name)s OR provider_id || '/' || model_id = %(name)s"
        " OR litellm_id = %(name)s OR aliases @> ARRAY[%(name)s]"
        " ORDER BY provider_id || '/' || model_id = %(name)s DESC, hosting_type, provider_id"
    ).format(_COLUMNS)
    return await _read(await connection.execute(text, {"name": name}), _whole)


async def models_with_ids(connection: Connection, ids: Iterable[str]) -> list[RegistryModel]:
    """The models with these ids of the registry, by hosting and provider."""
    text = sql.SQL(
        "SELECT {} FROM unified_model_registry WHERE id = ANY(%(ids)s) ORDER BY hosting_type, provider_id, model_id"
    ).format(_COLUMNS)
    return await _read(await connection.execute(text, {"ids": list(ids)}), _whole)


async def known_values(connection: Connection) -> dict[str, list[str]]:
    """The categories, providers and capabilities that models have now."""
    row = await (await connection.execute(_SQL["known_values"])).fetchone()
    return {name: values or [] for name, values in (row or {}).items()}


def _whole(row: DictRow) -> RegistryModel:
    return msgspec.convert(row, RegistryModel)


async def _read(cursor: psycopg.AsyncCursor[DictRow], made: Callable[[DictRow], T]) -> list[T]:
    """The models of all rows that can be read; each other one is left out and named in the log."""
    try:
        return [made(row) for row in await cursor.fetchall()]
    except (psycopg.DataError, msgspec.ValidationError):
        await cursor.scroll(0, mode="absolute")
    found: list[T] = []
    for position in range(cursor.rowcount):
        await cursor.scroll(position, mode="absolute")
        try:
            row = await cursor.fetchone()
            found += [] if row is None else [made(row)]
        except (psycopg.DataError, msgspec.ValidationError) as error:
            log.warning("a model cannot be read", model=_text(cursor, position, "model_id"), reason=str(error))
    return found


def _text(cursor: psycopg.AsyncCursor[DictRow], row: int, column: str) -> str | None:
    """One value as PostgreSQL sent it."""
    names = [it.name for it in cursor.description or ()]
    value = None if cursor.pgresult is None else cursor.pgresult.get_value(row, names.index(column))
    return None if value is None else bytes(value).decode(errors="replace")


def _literally(text: str) -> str:
    """`text` for LIKE, in which % and _ mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
