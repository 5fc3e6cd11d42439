"""Candidates in classes: those of which one thing is equal."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from . import bits
from .moves import Moves

#: Classes up to which one byte says of a candidate to which it belongs.
BYTE = 256

S = TypeVar("S")


class Partition(Generic[S]):
    """Of subjects in rank order. `firsts` are the ranks of the first subject of each class, ascending."""

    __slots__ = ("_by", "_classes", "_numbers", "_numbers_of_firsts", "firsts")

    def __init__(self, by: Callable[[S], Hashable], classes: Sequence[int], numbers: dict[Hashable, int]) -> None:
        """`classes` has the number of each subject's class, `numbers` says what they are for; those of classes that
        nobody is in may be among them. `classes` are bytes where the numbers are below BYTE."""
        self._by, self._classes, self._numbers = by, classes, numbers
        find = (
            classes.find if isinstance(classes, bytes) else {it: at for at, it in reversed([*enumerate(classes)])}.get
        )
        found = ((find(number), number) for number in numbers.values())
        self._numbers_of_firsts = {first: number for first, number in sorted(found) if first is not None and first >= 0}
        self.firsts = tuple(self._numbers_of_firsts)

    @classmethod
    def of(cls, subjects: Iterable[S], by: Callable[[S], Hashable]) -> "Partition[S]":
        keys = list(map(by, subjects))
        numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        classes = map(numbers.__getitem__, keys)
        return cls(by, bytes(classes) if len(numbers) <= BYTE else list(classes), numbers)

    def after(self, moves: Moves, came: Iterable[S]) -> "Partition[S] | None":
        """Of the same subjects after some of them moved; `came` stand at `moves.came`. None where that takes as long as
        a look at each."""
        numbers = self._numbers.copy()
        new = [numbers.setdefault(self._by(subject), len(numbers)) for subject in came]
        if not isinstance(self._classes, bytes) or len(numbers) > BYTE:
            return None
        return Partition(self._by, moves.relay(self._classes, bytes(new)), numbers)

    def along(self, moves: Moves) -> "Partition[S] | None":
        """The same where the two orders are paired, and what was measured makes no difference here."""
        if not isinstance(self._classes, bytes):
            return None
        return Partition(self._by, moves.relay_along(self._classes), self._numbers)

    def members(self, key: Hashable) -> int:
        """All subjects of one class, nobody where there is none."""
        number = self._numbers.get(key)
        if number is None:
            return 0
        if isinstance(self._classes, bytes):
            flags = bytearray([bits.OUT]) * BYTE
            flags[number] = bits.IN
            return bits.mask(self._classes.translate(bytes(flags)))
        return bits.some([rank for rank, it in enumerate(self._classes) if it == number], len(self._classes))

    def mask(self, firsts: Iterable[int]) -> int:
        """All subjects of the classes whose first ones stand at these ranks."""
        flags = bytearray([bits.OUT]) * max(BYTE, len(self._numbers))
        for first in firsts:
            flags[self._numbers_of_firsts[first]] = bits.IN
        if isinstance(self._classes, bytes):
            return bits.mask(self._classes.translate(bytes(flags)))
        return bits.mask(bytes(map(flags.__getitem__, self._classes)))
