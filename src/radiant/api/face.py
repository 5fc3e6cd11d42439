"""Runs the HTTP face in this process until it is told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn

from radiant.app import App

from .asgi import application
from .connections import protocol


class Server(uvicorn.Server):
    """Leaves signals to us. uvicorn would raise them again after closing, before the database is closed too."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(app: App, listener: socket.socket, stopping: asyncio.Event) -> None:
    """Serve `app` on `listener` until `stopping` is set and what is under way has ended."""
    config = uvicorn.Config(
        application(app),
        log_config=None,
        access_log=False,
        http=protocol(app.settings.limits),
        ws="none",
        lifespan="off",
        server_header=False,
        proxy_headers=False,  # nobody asks where a request comes from
        timeout_graceful_shutdown=5,
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    waiting.cancel()
    await app.end_streams()
    await serving
