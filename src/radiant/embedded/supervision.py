"""Watches the embedded PostgreSQL while somebody serves from it, and starts it again when it dies."""

import asyncio
import contextlib
import time

from radiant.domain.errors import EmbeddedServerError
from radiant.embedded.server import EmbeddedServer
from radiant.logs import Log

log = Log(__name__)

#: Seconds between two looks.
LOOK = 0.5

#: Seconds of rest before a start that follows a failed one, or a short life: the first rest, and the longest.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0

#: Seconds after which a server counts as steady, so that its death is the first again.
STEADY = 60.0


class Supervisor:
    """Supervises the server behind one hold on it, from `start` to `close`; several processes may, each for itself.

    The first start follows a death at once, further ones after rests that grow, without end. A server that
    `radiant db stop` stopped is left alone until somebody starts it.
    """

    def __init__(
        self, server: EmbeddedServer, *, look: float = LOOK, pause: float = FIRST_PAUSE, steady: float = STEADY
    ) -> None:
        self._server = server
        self._look, self._first_pause, self._steady = look, pause, steady
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._supervise(), name="radiant-embedded-postgresql")

    async def close(self) -> None:
        """Stop supervising. A start in progress is over when the server's own `close` returns."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _supervise(self) -> None:
        pause, started_at = 0.0, float("-inf")
        while True:
            await self._until_it_dies()
            steady = time.monotonic() - started_at >= self._steady
            pause = 0.0 if steady else self._longer(pause)
            log.warning("the embedded PostgreSQL died; it is started again", rest=pause, see=str(self._server.log))
            await asyncio.sleep(pause)
            while (problem := await self._start_again()) is not None:
                pause = self._longer(pause)
                log.error("the embedded PostgreSQL could not be started; it is tried again", reason=problem, rest=pause)
                await asyncio.sleep(pause)
            started_at = time.monotonic()
            log.info("the embedded PostgreSQL is up again")

    async def _until_it_dies(self) -> None:
        told = False
        while True:
            alive = await asyncio.to_thread(self._server.is_alive)
            stopped = not alive and self._server.was_stopped()
            if not alive and not stopped:
                return
            if stopped and not told:
                log.warning(
                    "the embedded PostgreSQL was stopped by `radiant db stop` and is left so until it is asked for"
                )
            told = stopped
            await asyncio.sleep(self._look)

    async def _start_again(self) -> str | None:
        """None where it runs; where not, why."""
        try:
            await asyncio.to_thread(self._server.revive)
        except EmbeddedServerError as error:
            return str(error)
        except Exception as error:  # whatever it is, a server that stays dead would be worse
            return f"{type(error).__name__}: {error}"
        return None

    def _longer(self, pause: float) -> float:
        return min(max(2 * pause, self._first_pause), LONGEST_PAUSE)
