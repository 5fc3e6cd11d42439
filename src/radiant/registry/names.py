"""The names that models, providers and capabilities have now. Blocks, for who cannot wait."""

from typing import Literal

import psycopg
from psycopg.conninfo import make_conninfo

from .address import Address

Kind = Literal["models", "providers", "capabilities"]

_TEXTS: dict[Kind, str] = {
    "models": "SELECT DISTINCT model_id AS it FROM unified_model_registry WHERE model_id LIKE %s",
    "providers": "SELECT DISTINCT provider_id AS it FROM unified_model_registry WHERE provider_id LIKE %s",
    "capabilities": "SELECT DISTINCT it FROM unified_model_registry, unnest(capabilities) it WHERE it LIKE %s",
}


def beginning_with(address: str, kind: Kind, start: str) -> list[str]:
    """Up to 500 names of the registry at `address`. Raises psycopg.Error and DatabaseUnreachable."""
    pattern = start.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    parameters = {**Address.of(address).parameters(), "connect_timeout": "2", "application_name": "radiant"}
    with psycopg.connect(make_conninfo("", **parameters), autocommit=True) as connection:
        text = f"{_TEXTS[kind]} ORDER BY it LIMIT 500"
        return [name for (name,) in connection.execute(text.encode(), [pattern]).fetchall()]
