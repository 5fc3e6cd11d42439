"""Places for embedded servers of a test's own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiant.embedded.server import EmbeddedServer
from tests.sql.embedded import finish, query


@pytest.fixture(scope="module")
def grounds() -> Iterator[Path]:
    """A folder with a short path that the server's own account can pass through; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="radiant-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def standing(grounds: Path) -> Iterator[Path]:
    """A data folder with a table of one row, for the tests that do not need a new one."""
    folder = grounds / "standing"
    with EmbeddedServer.open(folder) as server:
        query(server.url, "CREATE TABLE kept AS SELECT 1 AS n")
    yield folder
    finish(folder)
