"""Candidates in classes: those of which one thing is equal."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from . import bits
from .moves import Moves

#: Classes up to which one byte says of a candidate to which it belongs.
BYTE = 256

S = TypeVar("S")


class Partition(Generic[S]):
    """Of subjects in rank order."""

    def __init__(self, by: Callable[[S], Hashable], classes: Sequence[int], numbers: dict[Hashable, int]) -> None:
        """`classes` has the number of each subject's class, `numbers` says what they are for; those of classes that
        nobody is in may be among them. `classes` are bytes where the numbers are below BYTE."""
        self._by, self._classes, self._numbers = by, classes, numbers

    @cached_property
    def _numbers_of_firsts(self) -> dict[int, int]:
        classes = self._classes
        find = (
            classes.find if isinstance(classes, bytes) else {it: at for at, it in reversed([*enumerate(classes)])}.get
        )
        found = ((find(number), number) for number in self._numbers.values())
        return {first: number for first, number in sorted(found) if first is not None and first >= 0}

    @property
    def firsts(self) -> tuple[int, ...]:
        """The ranks of the first subject of each class, ascending."""
        return tuple(self._numbers_of_firsts)

    @property
    def keys(self) -> Iterable[Any]:
        """What is equal in a class, of each; of one that nobody is in, too."""
        return self._numbers

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
        return 0 if number is None else bits.mask(self._flags((number,)))

    def flags(self, belongs: Callable[[Any], bool]) -> bytes:
        """Who is in a class of which that is so, by what is equal in it."""
        return self._flags(number for key, number in self._numbers.items() if belongs(key))

    def mask(self, firsts: Iterable[int]) -> int:
        """All subjects of the classes whose first ones stand at these ranks."""
        return bits.mask(self._flags(self._numbers_of_firsts[first] for first in firsts))

    def _flags(self, numbers: Iterable[int]) -> bytes:
        flags = bytearray([bits.OUT]) * max(BYTE, len(self._numbers))
        for number in numbers:
            flags[number] = bits.IN
        if isinstance(self._classes, bytes):
            return self._classes.translate(bytes(flags))
        return bytes(map(flags.__getitem__, self._classes))
