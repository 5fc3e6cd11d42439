"""When runs are due, and what waits for a worker."""

import datetime as dt
from typing import Final
from uuid import UUID

import msgspec

from .errors import RadiantError

#: The kinds of runs that there are.
KINDS: Final = ("full", "models", "health", "pricing", "thermal")


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """When one kind of run is due, and how it went last.

    `cron` has five fields in UTC, or six, of which the last are seconds. `last_due` is the last tick that was taken.
    `next_due` is None for what is disabled or can never be due; `problem` says the latter in a sentence.
    """

    kind: str
    cron: str
    enabled: bool
    paused_until: dt.datetime | None
    last_due: dt.datetime
    next_due: dt.datetime | None = None
    last_started: dt.datetime | None = None
    last_status: str | None = None
    last_success: dt.datetime | None = None
    problem: str | None = None


class ScheduleNotFound(RadiantError):
    """Runs of a kind have no schedule."""

    def __init__(self, kind: str, known: tuple[str, ...]) -> None:
        self.known = known
        there = f"{', '.join(known)} have one" if known else "none has"
        super().__init__(f"Runs of the kind {kind!r:.200} have no schedule; {there}.")


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """What waits and what runs; `oldest_seconds` is how long the oldest job waits, 0.0 where none does.

    `workers` are those heard of within the last half minute.
    """

    waiting: int
    running: int
    oldest_seconds: float
    workers: int


class Requested(msgspec.Struct, frozen=True, kw_only=True):
    """A run that somebody asked for. `queued` is False where one of its kind waits already, which then does for both;
    `workers` are those that may take it."""

    kind: str
    queued: bool
    workers: int


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A run that somebody wants made by a worker: of everything, or of one provider."""

    kind: str
    provider: str | None = None
    dry_run: bool = False
    requested_by: str | None = None

    @property
    def thing(self) -> str:
        """What does for two who want the same, whoever they are."""
        one = f" of {self.provider}" if self.provider else ""
        return f"run {self.kind}{one}{' dry' if self.dry_run else ''}"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that was begun or ordered. `workers` are those that may take it, None where this process does it itself."""

    id: UUID
    workers: int | None = None
