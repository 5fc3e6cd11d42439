"""Masks that are remembered by value, and carried over from the ranking before."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from . import bits
from .moves import Moves

#: Bits a filter may spend on values it remembers, and on the steps of a threshold. More values come from callers who
#: never repeat themselves.
ROOM = 1 << 23
FEWEST = 64

S = TypeVar("S")
Flags = Callable[[Sequence[S], Any], bytes]


class Memory(dict[Hashable, int]):
    """Masks by value, made by `build` when missing, forgotten when there are too many."""

    def __init__(self, count: int, build: Callable[[Any], int], most: int | None = None) -> None:
        super().__init__()
        self._build = build
        self.most = min(1024, max(FEWEST, ROOM // max(1, count))) if most is None else most

    def __missing__(self, value: Hashable) -> int:
        mask = self._build(value)
        if len(self) >= self.most:
            self.clear()
        self[value] = mask
        return mask


class Way(NamedTuple):
    """From one ranking to a later one: how ranks moved, and the subjects to be asked anew, by rank. Where orders are
    paired (see `Moves`), that is none if nothing that was measured is asked for, and one for all if nothing else is."""

    moves: Moves
    changed: Sequence[Any]

    def carry(self, mask: int, flags: Callable[[Sequence[Any]], bytes]) -> int:
        """A mask over the first ranking as one over the second; `flags` says who of some satisfies what it is for."""
        moves = self.moves
        if self._goes_along:
            return moves.carry_along(mask)
        found = flags(self.changed)
        if moves.paired and len(found) == 1:
            found *= len(moves.came)
        having = [rank for rank, flag in zip(moves.came, found, strict=True) if flag == bits.IN]
        return moves.carry(mask) | bits.some(having, moves.after)

    def back(self, mask: int) -> int:
        """A mask over the second ranking as one over the first, as far as `carry` does not ask anew."""
        back = self.moves.back
        return back.carry_along(mask) if self._goes_along else back.carry(mask)

    @property
    def _goes_along(self) -> bool:
        return self.moves.paired and not self.changed


class Passage(NamedTuple):
    """To a ranking: the way from the one `before`, and that from an `earlier` one, in whose ranks masks are kept. The
    earlier one is the ranking before, where the two are the same."""

    before: Way
    earlier: Way

    @property
    def anew(self) -> bool:
        return self.before is self.earlier


class Source(NamedTuple):
    """Masks in the ranks of a former ranking, and the way from there. `origin` gives for a value the one whose mask was
    the same there, None where nobody satisfied it."""

    masks: dict[Hashable, int]
    way: Way
    origin: "Origin"


Origin = Callable[[Any], Hashable | None]


def _itself(value: Any) -> Hashable | None:
    found: Hashable = value
    return found


class Masks(Memory, Generic[S]):
    """Masks over `subjects`, in rank order, by value; `flags` says who of some subjects satisfies a value.

    What was made for an earlier ranking is carried over when it is first needed again: bits are moved, and only those
    are asked who changed since. Kept for that are the masks that were asked for in the ranking before, which are few
    moves away, and all those in the ranks of an earlier ranking.
    """

    def __init__(self, subjects: Sequence[S], flags: Flags[S], most: int | None = None) -> None:
        super().__init__(len(subjects), self._made, most)
        self._subjects, self._flags = subjects, flags
        self._sources: tuple[Source, ...] = ()  # the nearest first

    def inherit(
        self, before: "Masks[S]", passage: Passage, origin: Origin = _itself, earlier_origin: Origin = _itself
    ) -> None:
        """From the same masks over the ranking before: `origin` is of values there, `earlier_origin` of those in the
        earlier ranking."""
        nearest = Source(dict.copy(before), passage.before, origin)
        if passage.anew:
            self._sources = (nearest,)
        else:
            kept = dict.copy(before._sources[-1].masks) if before._sources else {}
            self._sources = (nearest, Source(kept, passage.earlier, earlier_origin))

    def keep(self, value: Any) -> None:
        """Carry over now what was made for a value, where somebody asked for it."""
        if any(source.origin(value) in source.masks for source in self._sources):
            self[value]

    def _made(self, value: Any) -> int:
        for source in self._sources:
            origin = source.origin(value)
            former = 0 if origin is None else source.masks.get(origin)
            if former is not None:
                return source.way.carry(former, lambda some: self._flags(some, value))
        return self._asked(value)

    def _asked(self, value: Any) -> int:
        """From all subjects. Those that changed are asked again whenever it is carried over."""
        mask = bits.mask(self._flags(self._subjects, value))
        if self._sources:
            kept, way, origin_of = self._sources[-1]
            if (origin := origin_of(value)) is not None:
                if len(kept) >= self.most:
                    kept.clear()
                kept[origin] = way.back(mask)
        return mask
