"""Three roles: who migrates owns everything, who runs does everything but change the schema, who reads reads."""

import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from radiant.aws.asked import Asked
from radiant.aws.running import Function
from radiant.domain.schedule import KINDS
from radiant.installation.prepare import prepare
from radiant.registry import roles
from radiant.registry.database import Database, connect
from radiant.registry.roles import Roles
from radiant.settings import Settings

Query = Callable[..., list[dict[str, Any]]]


def as_role(url: str, role: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}options=-c%20role%3D{role}"


@pytest.fixture
async def made(empty_database_url: str, query: Query, tmp_path: Path) -> AsyncIterator[Roles]:
    """Roles of a registry that the first of them has made."""
    end = uuid.uuid4().hex[:12]
    names = Roles(migrate=f"radiant_migrate_{end}", sync=f"radiant_sync_{end}", read=f"radiant_read_{end}")
    async with connect(empty_database_url) as connection:
        assert await roles.ensure(connection, names) == [names.migrate, names.sync, names.read]
        assert await roles.ensure(connection, names) == []
    url = as_role(empty_database_url, names.migrate)
    await prepare(Settings(home=tmp_path), url, homeless=True)
    async with connect(url) as connection:
        assert await roles.grant(connection, names) and await roles.grant(connection, names)
    yield names
    for name in (names.sync, names.read, names.migrate):
        query(empty_database_url, f"DROP OWNED BY {name} CASCADE")
        query(empty_database_url, f"DROP ROLE {name}")


async def test_who_runs_runs_every_kind_and_cannot_change_the_schema(
    made: Roles, empty_database_url: str, query: Query, tmp_path: Path
) -> None:
    url = as_role(empty_database_url, made.sync)
    async with await Database.open(url) as database:
        for kind in KINDS:
            function = Function(database, Settings(home=tmp_path), {}, name="n", remaining=lambda: 900.0)
            told = await function.run(Asked(kind=kind))
            assert (told["status"], told["errors"]) == ("completed", 0), kind
    for text in ("DROP TABLE models", "ALTER TABLE models ADD x int", "CREATE TABLE mine (x int)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            query(url, text)


def test_who_reads_reads_and_writes_nothing(made: Roles, empty_database_url: str, query: Query) -> None:
    url = as_role(empty_database_url, made.read)
    assert len(query(url, "SELECT 1 FROM unified_model_registry")) > 100
    for text in ("UPDATE models SET enabled = false", "DELETE FROM facts", "SELECT 1 FROM access_tokens"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            query(url, text)


async def test_without_roles_nothing_is_granted(database: Database) -> None:
    async with database.connection() as connection:
        assert not await roles.grant(connection, Roles(migrate="nobody_a", sync="nobody_b", read="nobody_c"))
