"""A registry behind its HTTP face, without a network."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx
from litestar import Litestar

from radiant.api.asgi import application
from radiant.api.problem_types import TYPES, plain
from radiant.app import App
from radiant.installation.tokens import keep_token, read_token
from radiant.settings import Settings

MODELS = "/api/v2/admin/registry/models"
STATS = "/api/v2/admin/registry/stats"
HISTORY = "/api/v2/admin/registry-sync/history"


class Clock:
    """Stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def administering(url: str, home: Path, clock: Clock, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the registry at `url` with the admin's token; the reader's lies in `home` too. `more` are further
    settings."""
    settings = Settings(home=home, database_url=url, **more)
    async with await App.open(settings, clock=clock) as app:
        await keep_token(app.database, settings.token_file("admin"), "admin")
        await keep_token(app.database, settings.token_file("reader"), "reader")
        async with client_of(app, settings.token_file("admin")) as client:
            yield client


#: Faces that nobody asks now, by the origins they serve: to make one takes longer than most tests ask it.
_RESTING: defaultdict[tuple[str, ...], list[Litestar]] = defaultdict(list)


class Faced(httpx.ASGITransport):
    """Asks the HTTP face of `app`, and leaves the face to the next one when it is closed."""

    def __init__(self, app: App) -> None:
        self._resting = _RESTING[tuple(app.settings.cors_origins)]
        self._face = self._resting.pop() if self._resting else application(app)
        self._face.state["radiant"] = app
        super().__init__(cast("Any", self._face), raise_app_exceptions=False)

    async def aclose(self) -> None:
        self._resting.append(self._face)


def client_of(app: App, token_file: Path) -> httpx.AsyncClient:
    """A client of the HTTP face of `app`, with the token in a file."""
    return httpx.AsyncClient(
        transport=Faced(app),
        base_url="http://radiant",
        headers=bearer(str(read_token(token_file))),
    )


@asynccontextmanager
async def reading(url: str, home: Path, *, selecting: bool = False, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the registry at `url` with the reader's token; with `selecting` it may ask for models. `more` are
    further settings."""
    async with await App.open(Settings(home=home, database_url=url, **more), selecting=selecting) as app:
        await keep_token(app.database, app.settings.token_file("reader"), "reader")
        async with client_of(app, app.settings.token_file("reader")) as client:
            yield client


def problem(answer: httpx.Response, status: int = 400, name: str | None = None) -> dict[str, Any]:
    """The problem document that this answer has to be: one of the table, of the type `name` where one is given."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    kind = TYPES.get(document["type"].removeprefix("/problems/")) or plain(status)
    assert (document["type"], document["title"], document["status"]) == (kind.uri, kind.title, status)
    assert kind.status == status
    assert name in (None, kind.name)
    assert document["detail"]
    assert len(answer.content) < 5000
    return document
