"""Work in a thread, one piece ahead of whoever uses it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import TypeVar

Piece = TypeVar("Piece")
Made = TypeVar("Made")


async def ahead(work: Callable[[Piece], Made], pieces: Iterable[Piece]) -> AsyncGenerator[Made, None]:
    """What `work` makes of each piece, in their order: while one result is used, the next is made in a thread.

    Raises what `work` raises, in its place. To be closed by who stops before the end (`contextlib.aclosing`); what is
    being made then is waited for.
    """
    coming: asyncio.Task[Made] | None = None
    try:
        for piece in pieces:
            made = None if coming is None else (await coming,)
            coming = asyncio.create_task(asyncio.to_thread(work, piece))
            if made is not None:
                yield made[0]
        if coming is not None:
            yield await coming
    finally:
        if coming is not None and not coming.done():
            await asyncio.wait([coming])
