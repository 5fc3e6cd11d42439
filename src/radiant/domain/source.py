"""Public catalogs as they are fetched: what people said of them, and what came."""

import datetime as dt
from enum import StrEnum

import msgspec

from .counted import counted


class Outcome(StrEnum):
    """What fetching a public catalog came to."""

    IMPORTED = "imported"  #: it says something else than before
    UNCHANGED = "unchanged"
    FAILED = "failed"


#: The counts of a `SourceResult`.
COUNTS = ("entries", "added", "changed", "removed", "refused")


class SourceResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found at one public catalog. `entries` and `refused` are of the document, the others count facts."""

    source: str
    outcome: Outcome
    entries: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    refused: int = 0
    error: str | None = None
    duration_ms: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in COUNTS}

    @property
    def said(self) -> str:
        """In one sentence."""
        if self.outcome is Outcome.FAILED:
            return self.error or f"{self.source}: it failed."
        if self.outcome is Outcome.UNCHANGED:
            return f"{self.source}: the same as before."
        facts = f"{self.added:,} added, {self.changed:,} changed, {self.removed:,} removed"
        return f"{self.source}: {counted(self.entries, 'entry', 'entries')}; facts: {facts}."


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """A public catalog as it is fetched from here.

    `enabled` is what people said; `fetched` whether runs fetch it, which `RADIANT_ONLINE` brings about too. `url` is
    where from, `mirror` whether that is an address of one's own. `status` says in words what came.
    """

    id: str
    name: str
    url: str
    mirror: bool
    home: str
    enabled: bool
    fetched: bool
    status: str
    entries: int | None = None
    facts: int | None = None
    imported_at: dt.datetime | None = None
    last_attempt: dt.datetime | None = None
    last_error: str | None = None


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """Whom runs speak to from here, by id. `unlisted` are providers that have a key here and no list to ask for."""

    providers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
