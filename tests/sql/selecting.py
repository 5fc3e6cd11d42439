"""Models to select from, and how `select_model()` is asked."""

from decimal import Decimal
from typing import Any, TypeAlias

import psycopg
from psycopg.rows import DictRow

Connection: TypeAlias = psycopg.Connection[DictRow]

CHAT = {"primary_mode": "chat", "input_modalities": ["text"], "output_modalities": ["text"]}


def external(connection: Connection, model_id: str, *, price: str | None = "1", **values: Any) -> None:
    """A chat model of OpenAI's that costs `price` for the request models are ranked by, before markup."""
    given = {"provider_id": "openai", **CHAT, **values}
    if price is not None:
        given |= {"pricing_type": "per_request", "cost_per_request": Decimal(price)}
    _insert(connection, "models", model_id, given)


def own(connection: Connection, model_id: str, state: str = "COLD", **values: Any) -> None:
    """A self-hosted chat model for tier 1 at a dollar an hour."""
    given = {"category": "llm", "min_tier": 1, "hourly_rate": 1, **CHAT, **values}
    _insert(connection, "self_hosted_models", model_id, given)
    connection.execute("UPDATE thermal_states SET current_state = %s WHERE model_id = %s", [state, model_id])


def _insert(connection: Connection, table: str, model_id: str, values: dict[str, Any]) -> None:
    given = {"model_id": model_id, "name": model_id, "display_name": model_id.upper(), **values}
    places = ", ".join(["%s"] * len(given))
    connection.execute(f"INSERT INTO {table} ({', '.join(given)}) VALUES ({places})".encode(), list(given.values()))


def health(connection: Connection, provider: str, status: str, latency: int | None = None) -> None:
    connection.execute(
        "UPDATE provider_health SET status = %s, avg_latency_ms = %s WHERE provider_id = %s",
        [status, latency, provider],
    )


def select(connection: Connection, **arguments: Any) -> list[dict[str, Any]]:
    """Ask for chat with text in and out, tier 5, unless `arguments` say otherwise."""
    asked = {
        "p_task": "chat",
        "p_input_modalities": ["text"],
        "p_output_modalities": ["text"],
        "p_tenant_tier": 5,
        **arguments,
    }
    given = ", ".join(f"{name} => %({name})s" for name in asked)
    return connection.execute(f"SELECT * FROM select_model({given})".encode(), asked).fetchall()


def names(connection: Connection, **arguments: Any) -> list[str]:
    return [row["model_id"] for row in select(connection, **arguments)]
