"""Runs of the sync service, what they found, and the models that wait for review."""

import datetime as dt
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from .errors import RadiantError
from .source import SourceResult


class RunKind(StrEnum):
    """What a run brings up to date; `full` is all of it."""

    FULL = "full"
    MODELS = "models"
    HEALTH = "health"
    THERMAL = "thermal"
    PRICING = "pricing"


class Trigger(StrEnum):
    """What began a run."""

    SCHEDULE = "schedule"
    PERSON = "person"
    EVENT = "event"


class ReviewStatus(StrEnum):
    """What was decided about a discovered model."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class ProviderResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found at one provider. Counts are of models; `missing` are known ones that were not in the list.
    `status_changes` are those of its health.

    `complete` is None where no list was asked for, and then `skipped` says why. `note` says why nothing was deprecated
    though models are missing, or what a probe met.
    """

    provider_id: str
    seen: int = 0
    new: int = 0
    changed: int = 0
    missing: int = 0
    deprecated: int = 0
    restored: int = 0
    status_changes: int = 0
    complete: bool | None = None
    digest: str | None = None
    skipped: str | None = None
    note: str | None = None
    errors: tuple[str, ...] = ()
    duration_ms: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in COUNTS}

    @property
    def touched(self) -> bool:
        """Whether anything became another than it was."""
        return bool(self.new or self.changed or self.deprecated or self.restored or self.status_changes)


COUNTS = ("seen", "new", "changed", "missing", "deprecated", "restored")


class RunReport(msgspec.Struct, frozen=True, kw_only=True):
    """One run, over or going on. `notes` say what its kind had nothing to do about; `problem` what ended one that
    failed."""

    id: UUID
    kind: str
    status: str
    dry_run: bool
    sources: tuple[SourceResult, ...] = ()
    providers: tuple[ProviderResult, ...] = ()
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str | None = None
    duration_ms: int | None = None

    def total(self, count: str) -> int:
        """The sum of one of `COUNTS` over all providers."""
        return sum(getattr(it, count) for it in self.providers)


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a run at one provider: it is being asked, or it is done with `result`.

    `step` is its number in the run, from 1; 0 where it is not written down yet.
    """

    provider_id: str
    result: ProviderResult | None = None
    step: int = 0


class SourceProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a run at one public catalog: it is being fetched, or it is done with `result`; `step` as above."""

    source: str
    result: SourceResult | None = None
    step: int = 0


#: What whoever watches a run is told.
Step = Progress | SourceProgress


class RunPlace(msgspec.Struct, frozen=True):
    """Where a page of runs ended."""

    started_at: dt.datetime
    id: UUID


class RunNotFound(RadiantError):
    """There is no run of that id."""

    def __init__(self, id: UUID) -> None:
        super().__init__(f"There is no run {id}.")


class RunClosed(RadiantError):
    """Another process took a run for lost and closed it while it went on."""

    def __init__(self, kind: str, id: UUID) -> None:
        super().__init__(
            f"The {kind} run {id} was closed by another process while it went on: it was not heard of for too long. "
            "What it wrote until then stands; begin another."
        )


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """An id that stands under another entry: a snapshot, an alias, a fine-tune, a regional variant."""

    id: str
    kind: str


class Discovered(msgspec.Struct, frozen=True, kw_only=True):
    """A model of a provider's list in review, with all that is said of it and what is missing to serve it.

    `claimed_by` are the public catalogs that claim it, where its provider has no list; empty where it stood in one.
    """

    id: str
    provider_id: str
    model_id: str
    status: str
    kind: str
    family: str
    proposed: dict[str, Any]
    missing: tuple[str, ...]
    claimed_by: tuple[str, ...]
    first_seen: dt.datetime
    absent_since: dt.datetime | None = None
    decided_by: str | None = None
    decided_at: dt.datetime | None = None
    reason: str | None = None
    rule_id: int | None = None
    members: tuple[Member, ...] = ()


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that speaks about the life of a model: a list it was missing in, its return, a date."""

    what: str
    at: dt.datetime
    run_id: UUID | None
    digest: str | None
    details: dict[str, Any]


class Lifecycle(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a model is deprecated, when it retires, what takes its place, and the evidence, newest first."""

    provider_id: str
    model_id: str
    deprecated: bool
    retires: dt.date | None
    successor: str | None
    absent_since: dt.datetime | None
    evidence: tuple[Evidence, ...]


class ProviderState(msgspec.Struct, frozen=True, kw_only=True):
    """A provider as it is asked from here. `status` says in words whether its list is asked for, and what came."""

    id: str
    display_name: str
    api_base_url: str | None
    key_variables: tuple[str, ...]
    key_env: str | None
    has_key: bool
    enabled: bool
    contact: bool
    lists_models: bool
    status: str
    last_attempt: dt.datetime | None = None
    last_complete: dt.datetime | None = None
    digest: str | None = None
    last_error: str | None = None


class AlreadyRunning(RadiantError):
    """Another run holds the place of this one."""

    def __init__(self, kind: str, id: UUID) -> None:
        self.sync_type, self.id = kind, id
        super().__init__(f"A run of the kind {kind} is going on already: {id}.")
