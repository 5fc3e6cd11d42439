"""Where the candidates of an order lie by a number of each: who was measured finds the own place without a look at
everybody's key."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, compress

from ..reading.candidate import Candidate
from ..sequence import Chunked, places_for
from .order import Key

#: The number of a candidate: an order ascends by it before anything else, and what is measured of a provider adds the
#: same to that of all its models.
Level = Callable[[Candidate], float]


class Levels:
    """One of them for each rank."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: "array[float]") -> None:
        self._numbers = numbers

    @classmethod
    def of(cls, candidates: Iterable[Candidate], level: Level) -> "Levels":
        """Of candidates in their order."""
        return cls(array("d", map(level, candidates)))

    def edited(self, gone: Sequence[int], ranks: Sequence[int], numbers: Sequence[float]) -> "Levels":
        """Without those at the ranks `gone`, and with these numbers, which then have these ranks. All ascend."""
        made = self._numbers[:]
        for rank in reversed(gone):
            del made[rank]
        for rank, number in zip(ranks, numbers, strict=True):
            made.insert(rank, number)
        return Levels(made)

    def shifted(self, ranks: Sequence[int], shift: float) -> "Levels":
        """Once those at these ranks were measured, wherever they come to stand."""
        if not shift:
            return self
        others = bytearray(b"\1") * len(self._numbers)
        for rank in ranks:
            others[rank] = 0
        moved = (self._numbers[rank] + shift for rank in ranks)
        return Levels(array("d", sorted(chain(compress(self._numbers, others), moved))))

    def places(
        self, ranks: Sequence[int], shift: float, sequence: Chunked[Candidate], measured: Chunked[Candidate], key: Key
    ) -> list[int]:
        """For those at these ranks, by now `measured`, the places in the `sequence` of before that they come before. A
        key is asked only of who has the number of others."""
        numbers = self._numbers
        wanted = [numbers[rank] + shift for rank in ranks]
        places: list[int] = []
        low = 0
        while (done := len(places)) < len(wanted):
            number = wanted[done]
            end = done + 1
            while end < len(wanted) and wanted[end] == number:
                end += 1
            low = bisect_left(numbers, number, low) if shift else bisect_left(numbers, number, low, ranks[done] + 1)
            high = bisect_right(numbers, number, low)
            if low == high:
                places += [low] * (end - done)
            elif not shift and high - low == end - done:
                places += ranks[done:end]
            else:
                places += places_for(sequence, measured, key, (done, end, low, high))
        return places
