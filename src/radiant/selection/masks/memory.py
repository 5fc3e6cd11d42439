"""Masks that are remembered by value, and carried over from the ranking before."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from . import bits
from .moves import Moves

#: Bits a filter may spend on values it remembers, and on the steps of a threshold. More values come from callers who
#: never repeat themselves.
ROOM = 1 << 23
FEWEST = 64

S = TypeVar("S")
Flags = Callable[[Iterable[S], Any], bytes]


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
    """From one ranking to a later one: how ranks moved, and the subjects that are not what they were, by rank."""

    moves: Moves
    changed: Sequence[Any]


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

    def _made(self, value: Any) -> int:
        for source in self._sources:
            origin = source.origin(value)
            former = 0 if origin is None else source.masks.get(origin)
            if former is not None:
                return self._carried(value, former, source.way)
        return self._asked(value)

    def _carried(self, value: Any, former: int, way: Way) -> int:
        flags = self._flags(way.changed, value)
        having = [rank for rank, flag in zip(way.moves.came, flags, strict=True) if flag == bits.IN]
        return way.moves.carry(former) | bits.some(having, way.moves.after)

    def _asked(self, value: Any) -> int:
        """From all subjects. Those that changed are asked again whenever it is carried over."""
        mask = bits.mask(self._flags(self._subjects, value))
        if self._sources:
            kept, way, origin_of = self._sources[-1]
            if (origin := origin_of(value)) is not None:
                if len(kept) >= self.most:
                    kept.clear()
                kept[origin] = way.moves.back.carry(mask)
        return mask
