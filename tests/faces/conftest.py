"""The program `radiant`, in this process for its answers and in one of its own; and clients of its HTTP face."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import httpx
import psycopg
import pytest
import pytest_asyncio

from radiant.address import listening_socket
from radiant.app import App
from radiant.cli import main
from radiant.installation.tokens import keep_token
from radiant.settings import Settings
from tests.conftest import create, drop, named
from tests.faces.served import Clock, administering, client_of


class Answer(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class Program(Protocol):
    def __call__(self, *arguments: str) -> Answer: ...


class Child(Protocol):
    def __call__(self, *arguments: str, **variables: str) -> "subprocess.Popen[str]": ...


Simulate = Callable[[Any], tuple[str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder for tokens; the database is elsewhere."""
    return tmp_path / "home"


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, folder: Path) -> pytest.MonkeyPatch:
    """No variable of the machine's own, a wide terminal, and RADIANT_HOME."""
    for name in list(os.environ):
        if name.startswith("RADIANT_") and not name.startswith("RADIANT_TEST_"):
            monkeypatch.delenv(name)
    for name in ("DATABASE_URL", "PYTEST_CURRENT_TEST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RADIANT_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    return monkeypatch


@pytest.fixture
def radiant(clean_environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """Run a command in this process."""

    def run(*arguments: str) -> Answer:
        clean_environment.setattr(sys, "argv", ["radiant", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Answer(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def standing(clean_environment: pytest.MonkeyPatch, standing_url: str) -> str:
    """RADIANT_DATABASE_URL is a registry that stands."""
    clean_environment.setenv("RADIANT_DATABASE_URL", standing_url)
    return standing_url


@pytest.fixture
def start(clean_environment: pytest.MonkeyPatch) -> Iterator[Child]:
    """Start a command in a process of its own; what still runs at the end of the test is killed."""
    children = []

    def begin(*arguments: str, **variables: str) -> "subprocess.Popen[str]":
        child = subprocess.Popen(
            [Path(sys.executable).with_name("radiant"), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **variables},
        )
        children.append(child)
        return child

    yield begin
    for child in children:
        if child.poll() is None:
            child.kill()
        child.communicate()


@pytest.fixture
def simulate(start: Child, tmp_path: Path) -> Simulate:
    """Have `radiant simulate` play a script: where, and what it said first."""

    def begin(script: Any) -> tuple[str, str]:
        file = tmp_path / "script.json"
        file.write_text(json.dumps(script))
        with listening_socket("127.0.0.1", 0) as listener:
            port = listener.getsockname()[1]
        child = start("simulate", str(file), "--port", str(port))
        assert child.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("Ctrl-C"):
            lines.append(child.stdout.readline())
            assert lines[-1], "it ended before it played"
        return f"http://127.0.0.1:{port}", "".join(lines)

    return begin


@pytest.fixture
def run(start: Child) -> Callable[..., Answer]:
    """Run a command in a process of its own to its end."""

    def finish(*arguments: str, **variables: str) -> Answer:
        child = start(*arguments, **variables)
        out, err = child.communicate(timeout=60)
        return Answer(child.returncode, out, err)

    return finish


@pytest.fixture
def row() -> Callable[[str, str], Any]:
    """The first value of a query at an address."""

    def value(url: str, text: str) -> Any:
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(text.encode()).fetchone()
            return found and found[0]

    return value


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(standing_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """With the admin's token, of a registry nobody changes."""
    async with administering(standing_url, tmp_path, clock) as it:
        yield it


@pytest.fixture
async def client_of_own(database_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """With the admin's token, of a registry for this test alone."""
    async with administering(database_url, tmp_path, clock) as it:
        yield it


@pytest.fixture(scope="module")
def registry(server_url: str, template: str) -> Iterator[str]:
    """A registry with the whole catalog, in which warm-ups may be asked for, and a BAA with Anthropic."""
    name = f"radiant_test_{uuid.uuid4().hex[:12]}"
    create(server_url, name, template)
    with psycopg.connect(named(server_url, name), autocommit=True) as connection:
        connection.execute("UPDATE providers SET declared_compliance = '{HIPAA}' WHERE id = 'anthropic'")
    yield named(server_url, name)
    drop(server_url, name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(registry: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """The registry opened for choosing, for a whole module."""
    home = tmp_path_factory.mktemp("home")
    async with await App.open(Settings(home=home, database_url=registry), selecting=True) as app:
        await keep_token(app.database, app.settings.token_file("reader"), "reader")
        yield app


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader(served: App) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the reader's token."""
    async with client_of(served, served.settings.token_file("reader")) as it:
        yield it
