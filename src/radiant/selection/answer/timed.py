"""Candidates that time alone changes: they retire on a day, or their rest ends."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from ..order.repair import NOTHING, Change
from ..reading.candidate import Candidate
from ..reading.measured import Healths
from ..reading.rows import at, days_left

#: (provider id, model id)
Key = tuple[str, str]


class Timed(NamedTuple):
    """By key, those that retire and do not rest, and those whose rest is told, over or not. `wakes_at` is when the
    first rest ends, None where none rests; `tried` are the keys of those whose rest is over."""

    retiring: Mapping[Key, Candidate]
    rests: Mapping[Key, Candidate]
    wakes_at: dt.datetime | None
    tried: frozenset[Key]

    @classmethod
    def of(cls, candidates: Iterable[Candidate]) -> "Timed":
        retiring: dict[Key, Candidate] = {}
        rests: dict[Key, Candidate] = {}
        for candidate in candidates:
            if candidate.resting_until is not None:
                rests[_key(candidate)] = candidate
            elif candidate.retires is not None:
                retiring[_key(candidate)] = candidate
        return _timed(retiring, rests)

    def change(
        self, today: dt.date | None, now: dt.datetime | None, healths: Healths, besides: Collection[Key] = ()
    ) -> Change:
        """What is another on this day, at this moment, `besides` some; `healths` are those of now."""
        held = [*self.rests.values()]
        first = next(iter(self.retiring.values()), None)
        if first is not None and days_left(first, today) != first.days_left:  # all of them are as of one day
            held += self.retiring.values()
        if not held:
            return NOTHING
        turned = [(it, at(it, today, now)) for it in map(healths.of, held) if _key(it) not in besides]
        changed = [(before, after) for before, after in turned if after is not before]
        return Change([before for before, _ in changed], [after for _, after in changed])

    def after(self, change: Change) -> "Timed":
        """The same after a change of candidates; it itself, where none of them was or is timed."""
        if not any(map(_is_timed, change.gone)) and not any(map(_is_timed, change.came)):
            return self
        joined, left = Timed.of(change.came), Timed.of(change.gone)
        return _timed(
            _replaced(self.retiring, left.retiring, joined.retiring), _replaced(self.rests, left.rests, joined.rests)
        )


def _timed(retiring: Mapping[Key, Candidate], rests: Mapping[Key, Candidate]) -> Timed:
    ends = (it.resting_until for it in rests.values() if it.resting and it.resting_until is not None)
    return Timed(
        retiring,
        rests,
        wakes_at=min(ends, default=None),
        tried=frozenset(key for key, candidate in rests.items() if candidate.tried),
    )


def _replaced(
    held: Mapping[Key, Candidate], left: Mapping[Key, Candidate], joined: Mapping[Key, Candidate]
) -> Mapping[Key, Candidate]:
    found = dict(held)
    for key in left:
        del found[key]
    return found | dict(joined)


def _is_timed(candidate: Candidate) -> bool:
    return candidate.resting_until is not None or candidate.retires is not None


def _key(candidate: Candidate) -> Key:
    return candidate.provider_id, candidate.model_id
