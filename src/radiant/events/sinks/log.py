"""Events as lines of our own log."""

from collections.abc import Sequence
from typing import Final

import msgspec

from radiant.domain.event import Event
from radiant.events.outcome import TAKEN, Outcome
from radiant.logs import Log

log = Log(__name__)


class LogSink:
    """Always takes everything."""

    batch: Final = 100

    async def send(self, events: Sequence[Event]) -> list[Outcome]:
        for event in events:
            data = msgspec.json.encode(event.data).decode()
            log.info("event", type=event.type, subject=event.subject, seq=event.seq, id=str(event.id), data=data)
        return [TAKEN for _ in events]
