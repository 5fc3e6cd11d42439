"""Opens the embedded server from asynchronous code."""

import asyncio
from pathlib import Path

from radiant.domain.errors import NoRegistry

from .server import EmbeddedServer


async def hold(home: Path, *, make: bool) -> EmbeddedServer:
    """The server of `home`, started where it is not running; with `make`, also made where there is none.

    Where we are cancelled meanwhile, it does not stay up for nobody. Raises EmbeddedServerError, and NoRegistry where
    there is none to start.
    """
    opening = asyncio.ensure_future(asyncio.to_thread(_open, home, make))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await asyncio.wait({opening})
        if opening.exception() is None:
            await asyncio.to_thread(opening.result().close)
        raise


def _open(home: Path, make: bool) -> EmbeddedServer:
    if not make and not EmbeddedServer.is_made(home):
        raise NoRegistry(str(home))
    return EmbeddedServer.open(home)
