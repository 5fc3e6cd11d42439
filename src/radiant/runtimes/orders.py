"""What runtimes were told and is not done yet: loading takes longer than anybody waits."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

from radiant.domain.endpoint import Endpoint
from radiant.domain.errors import RadiantError


class Orders:
    """At most one for each endpoint. Those that still run are kept here, as a model may stop loading when who asked
    hangs up."""

    def __init__(self) -> None:
        self._running: dict[tuple[int, str | None, str], asyncio.Task[None]] = {}

    async def start(self, endpoint: Endpoint, order: Coroutine[Any, Any, None], seconds: float) -> None:
        """Begin an order, and wait for its end at most `seconds`. Raises what it raises by then."""
        key = _key(endpoint)
        if self.runs(endpoint):
            order.close()
            return
        task = asyncio.create_task(order)
        self._running[key] = task
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if done:
            self._running.pop(key, None)
            task.result()

    def runs(self, endpoint: Endpoint) -> bool:
        """Whether an order for the endpoint is not done yet."""
        task = self._running.get(_key(endpoint))
        return task is not None and not task.done()

    def failure(self, endpoint: Endpoint) -> str | None:
        """Why the last order failed after nobody waited for it any more; told once."""
        task = self._running.get(_key(endpoint))
        if task is None or not task.done():
            return None
        self._running.pop(_key(endpoint))
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, RadiantError):
            raise error
        return None if error is None else getattr(error, "problem", str(error))

    async def cancel(self) -> None:
        """Give up what still runs."""
        tasks, self._running = list(self._running.values()), {}
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError, RadiantError):
                await task


def _key(endpoint: Endpoint) -> tuple[int, str | None, str]:
    return endpoint.id, endpoint.url, endpoint.name
