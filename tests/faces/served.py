"""A registry behind its HTTP face, without a network."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx

from radiant.access import keep_token, read_token
from radiant.api.asgi import application
from radiant.app import App
from radiant.registry.database import Database
from radiant.settings import Settings


@asynccontextmanager
async def reading(url: str, home: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the registry at `url` with the reader's token."""
    app = App(Settings(home=home), await Database.open(url), None, clock=time.monotonic)
    await keep_token(app.database, app.settings.reader_token_file, "reader")
    async with (
        app,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(cast("Any", application(app)), raise_app_exceptions=False),
            base_url="http://radiant",
            headers={"Authorization": f"Bearer {read_token(app.settings.reader_token_file)}"},
        ) as client,
    ):
        yield client
