"""Outcomes as callers tell them: each is read for itself, its names are understood, and what is right is counted."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec

from radiant import wording
from radiant.domain.errors import OutcomeRefused, RadiantError
from radiant.domain.json_text import whole_numbers
from radiant.domain.observation import Observation
from radiant.domain.outcome import Buffered, Outcome
from radiant.health.outcome import observed
from radiant.names.known import KnownNames
from radiant.names.offering import offering_meant, provider_meant
from radiant.registry.health import Identified
from radiant.reporting import Reports, digest
from radiant.selection.reading.candidate import Candidate

#: Ids that are remembered, lest one that comes again is called new; the database remembers the others.
REMEMBERED = 100_000

Place = tuple[str, str | None]


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Which outcome of the batch, counted from 0, and what is wrong with it."""

    index: int
    error: RadiantError


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch."""

    accepted: int
    duplicate: int
    refused: tuple[Refusal, ...]


class Outcomes:
    """`names` gives what models are called now."""

    def __init__(
        self,
        reports: Reports,
        names: Callable[[], KnownNames[Candidate]],
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._reports, self._names, self._now = reports, names, now
        self._recent: set[UUID] = set()
        self._older: set[UUID] = set()
        reports.forget = self._forget

    @property
    def buffered(self) -> Buffered:
        """How many wait to be written, and what became of the others."""
        return self._reports.buffered

    def take(self, batch: Sequence[Any]) -> Taken:
        """Count what is right; the refusals of the rest."""
        now, names = self._now(), self._names()
        places: dict[tuple[str | None, str | None], Place] = {}
        counted: list[Identified] = []
        refused: list[Refusal] = []
        duplicate = 0
        for index, told in enumerate(batch):
            try:
                outcome = read(told)
                asked = (outcome.provider, outcome.model)
                place = places.get(asked) or places.setdefault(asked, place_of(names, *asked))
                seen = _observed(outcome, place, now)
            except RadiantError as error:
                refused.append(Refusal(index=index, error=error))
                continue
            id = uuid4() if outcome.id is None else digest(outcome.id)
            if self._known(id):
                duplicate += 1
            else:
                counted.append(Identified(id, seen))
        self._reports.add(counted)
        return Taken(accepted=len(counted), duplicate=duplicate, refused=tuple(refused))

    def _known(self, id: UUID) -> bool:
        """Whether it was seen lately; from now on it was."""
        if id in self._recent or id in self._older:
            return True
        if len(self._recent) >= REMEMBERED:
            self._recent, self._older = set(), self._recent
        self._recent.add(id)
        return False

    def _forget(self, id: UUID) -> None:
        """What was dropped was not counted, and is new when it is told again."""
        self._recent.discard(id)
        self._older.discard(id)


def read(told: Any) -> Outcome:
    """Raises OutcomeRefused."""
    try:
        return msgspec.convert(whole_numbers(told), Outcome)
    except msgspec.ValidationError as error:
        raise OutcomeRefused(f"{wording.sentence(error, Outcome)}.") from error


def place_of(names: KnownNames[Candidate], provider: str | None, model: str | None) -> Place:
    """The ids of provider and model. Raises ProviderNotFound, ModelNotFound, AmbiguousModel and OutcomeRefused."""
    if model is None:
        if provider is None:
            raise OutcomeRefused("It names neither a provider nor a model.")
        return provider_meant(names, provider), None
    found = offering_meant(names, provider, model)
    return found.provider_id, found.model_id


def _observed(outcome: Outcome, place: Place, now: dt.datetime) -> Observation:
    try:
        return observed(outcome, *place, now)
    except ValueError as error:
        raise OutcomeRefused(f"{error}.") from error
