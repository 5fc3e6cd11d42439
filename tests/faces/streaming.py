"""A registry behind a real server: streams go on until somebody ends them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvicorn

from radiant.address import listening_socket
from radiant.api.asgi import application
from radiant.api.connections import protocol
from radiant.app import App
from radiant.installation.tokens import keep_token, read_token
from radiant.settings import Role, Settings
from tests.faces.served import bearer


@asynccontextmanager
async def streaming(
    url: str, home: Path, role: Role = "reader", *, selecting: bool = False
) -> AsyncIterator[tuple[App, httpx.AsyncClient]]:
    """The App, and a client with the token of a role; with `selecting` it may ask for models."""
    settings = Settings(home=home, database_url=url)
    async with await App.open(settings, selecting=selecting) as app:
        await keep_token(app.database, settings.token_file(role), role)
        http = protocol(settings.limits)
        config = uvicorn.Config(application(app), http=http, log_config=None, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        with listening_socket("127.0.0.1", 0) as listener:
            task = asyncio.create_task(server._serve([listener]))
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            token = str(read_token(settings.token_file(role)))
            async with httpx.AsyncClient(base_url=address, headers=bearer(token), timeout=30) as client:
                yield app, client
            server.should_exit = True
            await app.end_streams()
            await task
