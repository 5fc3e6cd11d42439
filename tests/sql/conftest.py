"""Places for embedded servers of a test's own, an empty registry, a role without rights."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiant.embedded.server import EmbeddedServer
from tests.ground import folder
from tests.sql.embedded import finish
from tests.sql.embedded import query as ask
from tests.sql.migrating import Query
from tests.sql.selecting import Connection


@pytest.fixture(scope="module")
def grounds() -> Iterator[Path]:
    """A folder with a short path that the server's own account can pass through; pytest's own are closed to it."""
    made = folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def standing(grounds: Path) -> Iterator[Path]:
    """A data folder with a table of one row, for the tests that do not need a new one."""
    folder = grounds / "standing"
    with EmbeddedServer.open(folder) as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 1 AS n")
    yield folder
    finish(folder)


@pytest.fixture
def registry(connection: Connection) -> Connection:
    """A registry of all providers and no model."""
    connection.execute("SET LOCAL radiant.writer = 'service'")
    connection.execute("DELETE FROM models; DELETE FROM self_hosted_models")
    return connection


@pytest.fixture
def stranger(server_url: str, query: Query) -> Iterator[str]:
    """A role that was granted nothing. Ask for it before the database, which goes first then."""
    name = f"stranger_{uuid.uuid4().hex[:12]}"
    query(server_url, f"CREATE ROLE {name}")
    yield name
    query(server_url, f"DROP ROLE {name}")
