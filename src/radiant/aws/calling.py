"""Calls the function that warms models, beside an API without workers: at once when somebody wants a model."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Final

from radiant.domain.errors import RadiantError
from radiant.logs import Log
from radiant.registry import thermal
from radiant.registry.address import Address
from radiant.registry.database import Connection
from radiant.registry.listening import confirm_primary, heard

from .clients import AwsUnanswered, Clients, client, said

#: Seconds between looks when nothing is announced; before a model is called for again that is not up yet; and before a
#: call that failed is made again.
LOOK: Final = 2.0
AGAIN: Final = 60.0
RETRY: Final = 5.0

_log = Log("radiant.aws")


class Caller:
    """Of all processes that call, one does: the one whose connection holds the lock. `call` is given the reason."""

    def __init__(
        self,
        address: str | Address,
        call: Callable[[str], Awaitable[None]],
        *,
        look: float = LOOK,
        again: float = AGAIN,
        retry: float = RETRY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address, self._call, self._clock = Address.of(address), call, clock
        self._look, self._again, self._retry = look, again, retry
        #: Models that are not called for now, and until when.
        self._resting: dict[str, float] = {}
        self._complaint: str | None = None

    async def run(self) -> None:
        """Call until it is cancelled; a database that is away is waited for."""
        while True:
            try:
                async with thermal.listening(self._address) as connection:
                    while not await thermal.may_call(connection):
                        await heard(connection, self._look)
                    while True:
                        await self.look(connection)
                        if not await heard(connection, self._look):
                            await confirm_primary(connection, self._address)
            except (RadiantError, OSError) as error:
                _log.warning("nobody is called to warm models now", problem=str(error))
            except Exception as error:  # whatever it is, models that nobody warms would be worse
                _log.error("nobody is called to warm models now", problem=repr(error))
            await asyncio.sleep(self._look)

    async def look(self, connection: Connection) -> None:
        """Call where a model is wanted and nobody keeps models warm. Raises DatabaseError."""
        wanted = await thermal.unheeded(connection)
        now = self._clock()
        self._resting = {it: end for it, end in self._resting.items() if it in wanted and now < end}
        fresh = [it for it in wanted if it not in self._resting]
        if not fresh:
            return
        self._resting |= dict.fromkeys(fresh, now + self._retry)
        try:
            await self._call(f"{', '.join(fresh[:5])} wanted")
        except AwsUnanswered as error:
            self._complain(fresh, str(error))
        else:
            self._resting |= dict.fromkeys(fresh, now + self._again)
            self._complaint = None

    def _complain(self, models: list[str], problem: str) -> None:
        """Say it once, not each time it is tried."""
        if self._complaint != problem:
            self._complaint = problem
            _log.warning("nobody could be called to warm models", models=models[:5], problem=problem)


def invoking(function: str, clients: Clients = client) -> Callable[[str], Awaitable[None]]:
    """What calls a function of Lambda, by its name or ARN, and does not wait for its end."""

    def invoke(reason: str) -> None:
        payload = json.dumps({"syncType": "thermal", "requestedBy": reason})
        try:
            clients("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=payload)
        except AwsUnanswered:
            raise
        except Exception as error:  # botocore's errors are made at run time
            raise AwsUnanswered(f"The function {function} cannot be called: {said(error)}.") from None

    async def call(reason: str) -> None:
        await asyncio.to_thread(invoke, reason)

    return call
