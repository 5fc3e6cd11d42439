"""A registry as `radiant up` serves it, for the clients that people use. Needs `make test-clients`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from radiant.address import listening_socket
from tests.conftest import create, drop, named

TOKEN = "a-readers-for-the-tests-of-clients-alone"

#: LiteLLM would ask for its map over the network at import.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

#: A model that retires one day, and one whose release nobody knows.
FACTS = """
UPDATE models SET retires = current_date + 40, released = '2024-07-18' WHERE model_id = 'gpt-4o-mini';
UPDATE models SET released = NULL, retires = NULL WHERE model_id = 'gpt-6-luna';
"""


class Served(NamedTuple):
    """Where it listens, a reader's token, and the ids of all its current models."""

    url: str
    token: str
    ids: frozenset[str]


@pytest.fixture(scope="session")
def registry(server_url: str, template: str) -> Iterator[str]:
    """A registry with the whole catalog, for all clients together."""
    name = f"radiant_clients_{os.getpid()}"
    create(server_url, name, template)
    yield named(server_url, name)
    drop(server_url, name)


@pytest.fixture(scope="session")
def served(registry: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Behind a server of its own, reached over the network of this machine."""
    with psycopg.connect(registry, autocommit=True) as connection:
        connection.execute(FACTS)
        rows = connection.execute(
            "SELECT provider_id || '/' || model_id FROM unified_model_registry"
            " WHERE NOT deprecated AND coalesce(retires > current_date, true)"
        ).fetchall()
    folder = tmp_path_factory.mktemp("served")
    with listening_socket("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        variables = {"RADIANT_DATABASE_URL": registry, "RADIANT_HOME": str(folder), "RADIANT_READER_TOKEN": TOKEN}
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "--factory", "radiant.api.asgi:create", f"--fd={listener.fileno()}"],
                env={**os.environ, **variables},
                pass_fds=[listener.fileno()],
                stdout=log,
                stderr=log,
            )
        try:
            yield Served(url, TOKEN, frozenset(name for (name,) in rows))
        finally:
            server.terminate()
            server.wait(20)
    assert "Traceback" not in (folder / "log").read_text()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where a client keeps what it keeps."""
    return tmp_path
