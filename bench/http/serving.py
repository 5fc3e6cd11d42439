"""Radiant's server with a registry of its own, in another process, for as long as something is measured."""

import asyncio
import multiprocessing
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar

from radiant.address import listening_socket
from radiant.api.asgi import application
from radiant.api.connections import protocol
from radiant.app import App
from radiant.installation.prepare import made_database, prepare
from radiant.installation.tokens import read_token
from radiant.settings import Settings

Face = Callable[[App], Litestar]
Tell = Callable[[App], Awaitable[Any]]


async def nothing(_: App) -> None:
    """What there is to tell where nobody asks."""


class Server:
    """Listens on `port` of 127.0.0.1; `token` is that of who may read."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self.port, self.token = pipe.recv()

    def tell(self) -> Any:
        """What the server says of itself."""
        self._pipe.send("tell")
        return self._pipe.recv()


@contextmanager
def serving(face: Face = application, tell: Tell = nothing) -> Iterator[Server]:
    """`face` makes what is served, and `tell` says what a measurement wants to know; both are functions of a module."""
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(folder / "home", theirs, face, tell))
    process.start()
    try:
        theirs.close()  # so that a server that failed is heard of
        yield Server(ours)
    finally:
        ours.send("stop")
        process.join(20)
        shutil.rmtree(folder)


def _run(home: Path, pipe: Pipe, face: Face, tell: Tell) -> None:
    async def run() -> None:
        settings = Settings(home=home)
        async with made_database(settings, stop=True) as url:
            await prepare(settings, url)
            async with await App.open(settings, selecting=True) as app:
                await _serve(app, pipe, face, tell)

    asyncio.run(run())


async def _serve(app: App, pipe: Pipe, face: Face, tell: Tell) -> None:
    limits = protocol(app.settings.limits)
    config = uvicorn.Config(
        face(app), http=limits, log_config=None, access_log=False, lifespan="off", proxy_headers=False
    )
    with listening_socket("127.0.0.1", 0) as listener:
        served = uvicorn.Server(config)
        task = asyncio.create_task(served.serve(sockets=[listener]))
        pipe.send((listener.getsockname()[1], read_token(app.settings.token_file("reader"))))
        while True:
            if not pipe.poll():
                await asyncio.sleep(0.05)
            elif pipe.recv() == "stop":
                break
            else:
                pipe.send(await tell(app))
        served.should_exit = True
        await task
