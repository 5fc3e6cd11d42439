"""The databases of a server, over its maintenance connection. Blocks."""

import psycopg
from psycopg import sql


def exists(maintenance: psycopg.Connection, name: str) -> bool:
    """Whether the server has a database of that name."""
    return maintenance.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def make(maintenance: psycopg.Connection, name: str) -> None:
    """Make a database. Raises psycopg.Error, DuplicateDatabase among others."""
    maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
