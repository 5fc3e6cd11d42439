"""Reads the models that can be the answer to one question, where `select_model` tells which they are."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from psycopg import sql

from .connection import Connection

#: `select_model` tells so many.
MOST: Final = 10

#: Its whole numbers end here.
LARGEST: Final = 2**31 - 1

#: What of a question it is asked, by the names of its parameters without their `p_`, with their types.
ASKED: Final[Mapping[str, str]] = {
    "task": "text",
    "input_modalities": "text[]",
    "output_modalities": "text[]",
    "tenant_tier": "integer",
    "prefer_hosting": "text",
    "min_context_window": "integer",
    "require_hipaa": "boolean",
    "require_commercial_use": "boolean",
    "min_class": "text",
    "max_latency_ms": "numeric",
    "max_input_cost_per_1k": "numeric",
    "max_output_cost_per_1k": "numeric",
}


async def read_short(
    connection: Connection, columns: Sequence[str], question: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """These columns of the models that `select_model` chooses, and of those of the same id at other providers.

    `question` has every name of ASKED.
    """
    given = sql.SQL(", ").join(
        sql.SQL("{} => {}::{}").format(sql.Identifier(f"p_{name}"), sql.Placeholder(name), sql.SQL(type))
        for name, type in ASKED.items()
    )
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    text = sql.SQL(
        "SELECT {} FROM unified_model_registry WHERE model_id = ANY (ARRAY(SELECT model_id FROM select_model({})))"
    ).format(listed, given)
    return await (await connection.execute(text, question)).fetchall()
