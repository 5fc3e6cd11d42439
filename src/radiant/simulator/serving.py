"""A theater with an address: served on this machine until it is left."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import uvicorn

from radiant.address import listening_socket

from .script import Script
from .theater import Theater

#: Nobody but this machine.
HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """Leaves signals to whoever started it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def playing(script: Script, *, port: int = 0) -> AsyncIterator[Theater]:
    """Play a script at a port of this machine, 0 for any free one; the clock of the script starts now.

    Raises AddressUnusable.
    """
    theater = Theater(script)
    with listening_socket(HOST, port) as listener:
        theater.open_at(f"http://{HOST}:{listener.getsockname()[1]}")
        config = uvicorn.Config(
            theater,
            log_config=None,
            access_log=False,
            ws="none",
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield theater
        finally:
            server.should_exit = True
            await serving
