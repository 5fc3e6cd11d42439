"""Reading the unified registry."""

import msgspec
import psycopg
import structlog
from psycopg import sql
from psycopg.rows import DictRow

from radiant.domain.registry_model import ModelFilter, RegistryModel

from .database import Connection

log = structlog.get_logger(__name__)

#: Measurements are floats; money stays exact.
_MEASURED = {"avg_latency_ms", "error_rate"}

_COLUMNS = sql.SQL(", ").join(
    sql.SQL("{0}::float8 AS {0}" if field in _MEASURED else "{0}").format(sql.Identifier(field))
    for field in RegistryModel.__struct_encode_fields__
)

_CONDITIONS = {
    "category": "category = %(category)s",
    "hosting": "hosting_type = %(hosting)s",
    "status": "health_status = %(status)s",
    "provider": "provider_id = %(provider)s",
    "task": "primary_mode = %(task)s",
    "capabilities": "capabilities @> %(capabilities)s",
    "input_modalities": "input_modalities @> %(input_modalities)s",
    "output_modalities": "output_modalities @> %(output_modalities)s",
    "text": "(model_id ILIKE %(pattern)s OR display_name ILIKE %(pattern)s OR description ILIKE %(pattern)s)",
}


async def list_models(connection: Connection, wanted: ModelFilter) -> list[RegistryModel]:
    """The models that fit, by hosting, category, display name and id."""
    asked = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value not in (None, ())}
    text = sql.SQL("SELECT {} FROM unified_model_registry").format(_COLUMNS)
    if asked:
        text += sql.SQL(" WHERE ") + sql.SQL(" AND ").join(sql.SQL(_CONDITIONS[name]) for name in asked)
    text += sql.SQL(" ORDER BY hosting_type, category, display_name, model_id, provider_id")
    parameters = {name: list(value) if isinstance(value, list | tuple) else value for name, value in asked.items()}
    parameters["pattern"] = f"%{_literally(wanted.text or '')}%"
    return await _read(await connection.execute(text, parameters))


async def find_models(connection: Connection, name: str) -> list[RegistryModel]:
    """The models called `name`: an id of the registry, `provider/model`, or a model id, which several may have."""
    text = sql.SQL(
        "SELECT {} FROM unified_model_registry"
        " WHERE model_id = %(name)s OR id = %(name)s OR provider_id || '/' || model_id = %(name)s"
        " ORDER BY provider_id || '/' || model_id = %(name)s DESC, hosting_type, provider_id"
    ).format(_COLUMNS)
    return await _read(await connection.execute(text, {"name": name}))


async def similar_ids(connection: Connection, name: str) -> list[str]:
    """Up to three model ids that contain `name` or the first part of it."""
    pattern = f"%{_literally(name[: max(4, len(name) * 2 // 3)])}%"
    rows = await (
        await connection.execute(
            "SELECT DISTINCT model_id, length(model_id) FROM unified_model_registry WHERE model_id ILIKE %s"
            " ORDER BY length(model_id), model_id LIMIT 3",
            [pattern],
        )
    ).fetchall()
    return [row["model_id"] for row in rows]


async def known_values(connection: Connection) -> dict[str, list[str]]:
    """The categories, providers and capabilities that models have now."""
    row = await (
        await connection.execute(
            "SELECT array_agg(DISTINCT category ORDER BY category) AS category,"
            " array_agg(DISTINCT provider_id ORDER BY provider_id) AS provider,"
            " (SELECT array_agg(DISTINCT c ORDER BY c) FROM unified_model_registry, unnest(capabilities) c)"
            " AS capabilities FROM unified_model_registry"
        )
    ).fetchone()
    return {name: values or [] for name, values in (row or {}).items()}


async def _read(cursor: psycopg.AsyncCursor[DictRow]) -> list[RegistryModel]:
    """The models of all rows that can be read; each other one is left out and named in the log."""
    try:
        return [msgspec.convert(row, RegistryModel) for row in await cursor.fetchall()]
    except (psycopg.DataError, msgspec.ValidationError):
        await cursor.scroll(0, mode="absolute")
    found = []
    for position in range(cursor.rowcount):
        await cursor.scroll(position, mode="absolute")
        try:
            found.append(msgspec.convert(await cursor.fetchone(), RegistryModel))
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
