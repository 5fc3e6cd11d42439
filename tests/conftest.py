"""A PostgreSQL for the tests: one embedded server for the whole run, or the server named by RADIANT_TEST_DATABASE_URL.

RADIANT_TEST_TABLESPACE is where that server makes databases of tests: one in memory saves most of the time.

A test that changes a registry asks for `database_url` and gets a copy of its own; one that only looks, or whose
changes can be rolled back, asks for `connection`.
"""

import asyncio
import datetime as dt
import fcntl
import importlib
import os
import shutil
import signal
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import httpx2
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from radiant.catalog.load import Catalog, load_catalog
from radiant.embedded.server import EmbeddedServer
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from tests.flow.seeding import seed
from tests.ground import folder

Connection: TypeAlias = psycopg.Connection[DictRow]

ROOT = Path(__file__).parents[1]

#: Names the folder that all workers of a run share.
_GROUND = "RADIANT_TEST_GROUND"


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as shells start what runs behind them
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        os.environ[_GROUND] = str(folder("radiant-tests-"))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        ground = Path(os.environ.pop(_GROUND))
        if (ground / "template").exists() and (url := os.environ.get("RADIANT_TEST_DATABASE_URL")):
            drop(url, (ground / "template").read_text())
        if (ground / "home").exists():
            EmbeddedServer.stop(ground / "home")
        shutil.rmtree(ground)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the server is a database test."""
    for item in items:
        if isinstance(item, pytest.Function) and "server_url" in item.fixturenames:
            item.add_marker("database")


# The public catalogs as their packages ship them, as the bytes that a download would give


@pytest.fixture(scope="session")
def packaged_catalogs() -> ModuleType:
    """Imported when a test asks: beside the newest clients those packages are not installed."""
    return importlib.import_module("tools.packaged_catalogs")


@pytest.fixture(scope="session")
def litellm_body(packaged_catalogs: ModuleType) -> bytes:
    return bytes(packaged_catalogs.litellm_body())


@pytest.fixture(scope="session")
def models_dev_body(packaged_catalogs: ModuleType) -> bytes:
    return bytes(packaged_catalogs.models_dev_body())


@pytest.fixture(scope="session")
def genai_prices_body(packaged_catalogs: ModuleType) -> bytes:
    return bytes(packaged_catalogs.genai_prices_body())


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder. Not below pytest's own, which the account of the embedded server cannot enter."""
    made = folder()
    yield made / "home"
    EmbeddedServer.stop(made / "home")
    shutil.rmtree(made)


@pytest.fixture(scope="session", autouse=True)
def certificates() -> Iterator[None]:
    """The certificates that are trusted, read once and not by each client."""
    read = httpx2.create_ssl_context
    kept: dict[tuple[str | None, str | None], Any] = {}

    def once(*arguments: Any, **named: Any) -> Any:
        where = (os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        if arguments or named:
            return read(*arguments, **named)
        return kept.get(where) or kept.setdefault(where, read())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx2, "create_ssl_context", once)
        yield


@pytest.fixture(scope="session")
def ground() -> Path:
    """The folder that all workers of this run share."""
    return Path(os.environ[_GROUND])


@pytest.fixture(scope="session")
def server_url(ground: Path) -> Iterator[str]:
    """The maintenance database of a server in which databases may be made."""
    if url := os.environ.get("RADIANT_TEST_DATABASE_URL"):
        yield url
        return
    with EmbeddedServer.open(ground / "home") as server:
        url = named(server.url, "postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            # The data of a test need not survive a power cut, nor be tidied.
            for setting in ("fsync = off", "full_page_writes = off", "autovacuum_naptime = '1h'"):
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield url


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Everything curated."""
    return load_catalog()


@pytest.fixture(scope="session")
def on_offer(catalog: Catalog) -> int:
    """How many of its external models have not retired by today."""
    today = dt.datetime.now(dt.UTC).date()
    return sum(it.retires is None or it.retires > today for it in catalog.external.values())


@pytest.fixture(scope="session")
def template(server_url: str, ground: Path) -> str:
    """The name of a migrated and seeded database, made by the first worker that needs it."""
    with (ground / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        record = ground / "template"
        if not record.exists():
            name = f"radiant_template_{uuid.uuid4().hex[:12]}"
            create(server_url, name)
            record.write_text(name)
            asyncio.run(_fill(named(server_url, name)))
    return record.read_text()


async def _fill(url: str) -> None:
    async with connect(url) as connection:
        await migrate(connection)
    database = await Database.open(url)
    try:
        await seed(database, load_catalog())
    finally:
        await database.close()


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """A database with nothing in it."""
    yield from _fresh(server_url)


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """A registry with the whole catalog, for this test alone."""
    yield from _fresh(server_url, template)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def standing_url(server_url: str, template: str) -> Iterator[str]:
    """A registry with the whole catalog, which nobody may change for good."""
    yield from _fresh(server_url, template)


@pytest.fixture
def connection(standing_url: str) -> Iterator[Connection]:
    """A transaction in a registry with the whole catalog; everything done in it is undone."""
    with psycopg.connect(standing_url, row_factory=dict_row) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def query() -> Callable[..., list[DictRow]]:
    """Run one statement at an address, for good, and return its rows."""

    def run(url: str, text: str, *parameters: Any) -> list[DictRow]:
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as opened:
            cursor = opened.execute(text.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture(scope="session")
def generate() -> ModuleType:
    """The program that writes generated files."""
    return importlib.import_module("tools.generate")


def named(url: str, database: str) -> str:
    """`url` with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def create(url: str, name: str, template: str = "template0") -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        # Copied as files: a third of the time of writing it all to the log, or ten times as much on a synced disk.
        space = os.environ.get("RADIANT_TEST_TABLESPACE")
        on_disk = space is None and connection.execute("SHOW fsync").fetchone() == ("on",)
        how = f"TEMPLATE {template} ENCODING 'UTF8' STRATEGY {'wal_log' if on_disk else 'file_copy'}"
        where = "" if space is None else f" TABLESPACE {space}"
        connection.execute(f"CREATE DATABASE {name} {how}{where}".encode())


def drop(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection, suppress(psycopg.errors.InvalidCatalogName):
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _fresh(url: str, template: str = "template0") -> Iterator[str]:
    name = f"radiant_test_{uuid.uuid4().hex[:12]}"
    create(url, name, template)
    yield named(url, name)
    drop(url, name)
