"""An order in which some candidates changed: what moved is moved, everything else stays."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from ..masks.moves import Moves
from ..reading.candidate import Candidate
from ..reading.measured import Healths
from ..reading.rows import place
from ..sequence import Chunked, places_for, places_of
from .levels import Levels
from .order import Key, Order, Scales

#: Candidates that change at a time, up to which levels are kept; beyond, they are made anew when they are needed.
FEW = 256


class Change(msgspec.Struct, frozen=True):
    """Candidates as they were, and what takes their place."""

    gone: Sequence[Candidate]
    came: Sequence[Candidate]

    def __len__(self) -> int:
        return max(len(self.gone), len(self.came))


#: The change where there is none.
NOTHING = Change((), ())


class HealthChange(msgspec.Struct, frozen=True):
    """A provider was measured: its external models have another health in common, but for those `apart`, by model id.
    `before` and `after` say what each candidate was and is."""

    provider_id: str
    before: Healths
    after: Healths
    apart: frozenset[str]


class Repaired(NamedTuple):
    """`levels` are None where nobody made any, or where making them anew costs no more."""

    candidates: Chunked[Candidate]
    scales: Scales
    moves: Moves
    levels: Levels | None = None


def repaired(
    candidates: Sequence[Candidate],
    order: Order,
    scales: Scales,
    key: Key,
    levels: Levels | None,
    change: Change,
    healths: Healths,
) -> Repaired | None:
    """`candidates`, which ascend by `key` and have these `levels`, in their order after a change. None where everything
    has to be ordered anew, because scores of others change with it; else each key stays what it was."""
    sequence = _as_now(Chunked.of(candidates), healths)
    new_scales = order.rescaled(scales, change.gone, change.came)
    if new_scales is None:
        return None
    gone = places_of(sequence, change.gone, key)
    if len(gone) != len(change.gone):
        return None
    came = sorted(change.came, key=key)
    if len(came) == len(gone) == 1 and key(came[0]) == key(change.gone[0]):
        places = gone
    else:
        places = places_for(sequence, came, key)
    moves = Moves(len(sequence), gone, _ranks(gone, places))
    level = None if levels is None or moves.size > FEW else order.level(new_scales)
    if levels is not None:
        levels = None if level is None else levels.edited(gone, moves.came, [*map(level, came)])
    return Repaired(sequence.edited(gone, places, came), new_scales, moves, levels)


def measured(
    candidates: Sequence[Candidate],
    order: Order,
    scales: Scales,
    key: Key,
    levels: Levels | None,
    ranks: Sequence[int],
    change: HealthChange,
) -> Repaired | None:
    """The same where those at `ranks`, at least one, were measured with their provider: they are moved, not replaced.
    Among themselves they keep their sequence, unless the order goes by more than what they have in common."""
    held = Chunked.of(candidates)
    theirs = held.held(ranks)
    before, after = change.before.of(theirs[0]), change.after.of(theirs[0])
    sequence = _as_now(held, change.before)
    new_scales = order.remeasured(scales, before, after, len(theirs)) if order.keeps_sequence() else None
    if new_scales is None:
        return _measured_anew(sequence, order, scales, key, ranks, theirs, change)
    if order.stays(before, after):
        moves = Moves(len(held), ranks, ranks, paired=True)
        return Repaired(_as_now(held, change.after), new_scales, moves, levels)
    now = _as_now(Chunked.of(theirs), change.after)
    if levels is None:
        places = places_for(sequence, now, key)
    else:
        shift = order.shift(scales, before, after)
        places = levels.places(ranks, shift, sequence, now, key)
        levels = levels.shifted(ranks, shift)
    moves = Moves(len(held), ranks, _ranks(ranks, places), paired=True)
    edited = held if moves.came == moves.gone else sequence.edited(ranks, places, theirs)
    return Repaired(_as_now(edited, change.after), new_scales, moves, levels)


def _measured_anew(
    sequence: Chunked[Candidate],
    order: Order,
    scales: Scales,
    key: Key,
    ranks: Sequence[int],
    theirs: list[Candidate],
    change: HealthChange,
) -> Repaired | None:
    """The same where each of them finds its place among all by its own key."""
    gone, came = list(map(change.before.of, theirs)), list(map(change.after.of, theirs))
    new_scales = order.rescaled(scales, gone, came)
    if new_scales is None:
        return None
    ascending = sorted(zip(map(key, came), theirs, came, strict=True), key=lambda it: it[0])
    places = places_for(sequence, [it for _, _, it in ascending], key)
    edited = sequence.edited(ranks, places, [it for _, it, _ in ascending])
    moves = Moves(len(sequence), ranks, _ranks(ranks, places))
    return Repaired(_as_now(edited, change.after), new_scales, moves)


def _as_now(held: Chunked[Candidate], healths: Healths) -> Chunked[Candidate]:
    """Candidates as they are with what was measured of their providers, which changes nobody's ids."""
    return held.renewed(healths.of, lasting=place)


def _ranks(gone: Sequence[int], places: Sequence[int]) -> list[int]:
    """Of what comes in before `places`, once the places `gone` are taken out."""
    return [place - bisect_left(gone, place) + number for number, place in enumerate(places)]
