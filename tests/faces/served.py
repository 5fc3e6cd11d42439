"""A registry behind its HTTP face, without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx

from radiant.api.asgi import application
from radiant.api.problem_types import TYPES, plain
from radiant.app import App
from radiant.installation.tokens import keep_token, read_token
from radiant.settings import Settings


@asynccontextmanager
async def reading(url: str, home: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the registry at `url` with the reader's token."""
    app = await App.open(Settings(home=home, database_url=url))
    await keep_token(app.database, app.settings.token_file("reader"), "reader")
    async with (
        app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(cast("Any", application(app)), raise_app_exceptions=False),
            base_url="http://radiant",
            headers={"Authorization": f"Bearer {read_token(app.settings.token_file('reader'))}"},
        ) as client,
    ):
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
