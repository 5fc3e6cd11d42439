"""Finds names of models, providers and capabilities by their first letters, for shell completion. Blocks."""

from typing import Literal

import psycopg
from psycopg.conninfo import make_conninfo

from radiant.sql import queries

from .address import Address

Kind = Literal["models", "providers", "capabilities"]

_SQL = queries("names")


def beginning_with(address: str, kind: Kind, start: str) -> list[str]:
    """Up to 500 names of the registry at `address`. Raises psycopg.Error and DatabaseUnreachable."""
    pattern = start.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    parameters = {**Address.of(address).parameters(), "connect_timeout": "2", "application_name": "radiant"}
    with psycopg.connect(make_conninfo("", **parameters), autocommit=True) as connection:
        return [name for (name,) in connection.execute(_SQL[kind], {"pattern": pattern}).fetchall()]
