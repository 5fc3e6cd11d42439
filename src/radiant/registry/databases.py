"""Looks for databases on a server and creates them, over a blocking connection."""

import psycopg
from psycopg import sql

from radiant.sql import queries

_SQL = queries("connections")


def exists(maintenance: psycopg.Connection, name: str) -> bool:
    """Whether the server has a database of that name."""
    return maintenance.execute(_SQL["database_exists"], {"name": name}).fetchone() is not None


def make(maintenance: psycopg.Connection, name: str) -> None:
    """Make a database. Raises psycopg.Error, DuplicateDatabase among others."""
    maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
