"""An order in which some candidates changed: what moved is moved, everything else stays."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

from ..masks.moves import Moves
from ..reading.candidate import Candidate
from ..sequence import Chunked, places_for, places_of
from .order import Key, Order, Scales


@dataclass(frozen=True)
class Change:
    """Candidates as they were, and what takes their place."""

    gone: Sequence[Candidate]
    came: Sequence[Candidate]

    def __len__(self) -> int:
        return max(len(self.gone), len(self.came))


@dataclass(frozen=True)
class HealthChange:
    """The same, where candidates differ in the measured health alone, which they have in common before and afterwards,
    and are as usable as they were: the successor of each, by its `id`."""

    successors: Mapping[int, Candidate]

    def __len__(self) -> int:
        return len(self.successors)


class Repaired(NamedTuple):
    candidates: Chunked[Candidate]
    scales: Scales
    moves: Moves


def repaired(
    candidates: Sequence[Candidate], order: Order, scales: Scales, key: Key, change: Change | HealthChange
) -> Repaired | None:
    """`candidates`, which ascend by `key`, in their order after a change. None where everything has to be ordered anew,
    because scores of others change with it; else each key stays what it was."""
    sequence = Chunked.of(candidates)
    if isinstance(change, HealthChange):
        gone, change = _here(sequence, change)
        if gone and order.stays(change.gone[0], change.came[0]):
            return Repaired(sequence.put(gone, change.came), scales, Moves(len(sequence), gone, gone))
        ascend = order.keeps_sequence()
    else:
        gone, ascend = None, False
    new_scales = order.rescaled(scales, change.gone, change.came)
    if new_scales is None:
        return None
    if gone is None:
        gone = places_of(sequence, change.gone, key)
    if len(gone) != len(change.gone):
        return None
    came = change.came if ascend else sorted(change.came, key=key)
    places = places_for(sequence, came, key)
    return Repaired(sequence.edited(gone, places, came), new_scales, Moves(len(sequence), gone, _ranks(gone, places)))


def _here(candidates: Iterable[Candidate], change: HealthChange) -> tuple[list[int], Change]:
    """Where the candidates of a change stand among these, and what it is of them, in their sequence."""
    found = list(map(change.successors.get, map(id, candidates)))
    came = [successor for successor in found if successor is not None]
    return list(compress(range(len(found)), found)), Change(list(compress(candidates, found)) if came else [], came)


def _ranks(gone: Sequence[int], places: Sequence[int]) -> list[int]:
    """Of what comes in before `places`, once the places `gone` are taken out."""
    return [place - bisect_left(gone, place) + number for number, place in enumerate(places)]
