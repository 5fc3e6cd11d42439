"""Where events go: one file per kind of sink."""

from collections.abc import Sequence
from typing import Protocol

from radiant.domain.event import Event
from radiant.events.outcome import Outcome


class Sink(Protocol):
    """Takes up to `batch` events at once, and says of each what became of it."""

    @property
    def batch(self) -> int: ...

    async def send(self, events: Sequence[Event]) -> list[Outcome]: ...
