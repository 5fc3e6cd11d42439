"""Filters: for one demand, the mask of candidates that satisfy each value. Values are checked before."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Generic, TypeVar

from . import bits
from .memory import Flags, Masks, Memory, Passage
from .partition import Partition

Number = int | float
Judge = Callable[[int], bool]

#: Ranks whose names are remembered; names in a list that is walked through sooner than made a set.
NAMED = 4096
SHORT = 8
WHOLE = 16  #: lists of names, and bounds, for which all candidates were looked at and are remembered

S = TypeVar("S")


class Filter(ABC, Generic[S]):
    """Over `subjects`, which stand in rank order. Those that satisfy a value are the ones that `narrow` leaves; or,
    where `exact` is false, those of them that `judge` lets pass. What `exact` says is final once something was
    narrowed.
    """

    def __init__(self, subjects: Sequence[S]) -> None:
        self.subjects, self.count, self.exact = subjects, len(subjects), True

    def inherit(self, before: Any, passage: Passage) -> None:
        """Take over what `before`, the same filter over the ranking before, has made; before anything is asked."""

    def prepare(self) -> None:
        """Make what every value needs, before anybody waits for it."""

    @abstractmethod
    def narrow(self, mask: int, value: Any) -> int:
        """What is left of `mask` without the candidates that cannot satisfy `value`."""

    def judge(self, value: Any) -> Judge:
        """Whether the candidate at a rank satisfies a value."""
        mask = self.mask(value)
        return lambda rank: bool(mask >> rank & 1)

    def mask(self, value: Any) -> int:
        """All candidates that may satisfy `value`."""
        return self.narrow(bits.everyone(self.count), value)

    def precise(self, value: Any) -> int:
        """The exact set, at whatever cost."""
        mask = self.mask(value)
        if self.exact:
            return mask
        judge, certain = self.judge(value), self.certain(value)
        return certain | bits.some(filter(judge, bits.positions(mask & ~certain)), self.count)

    def certain(self, value: Any) -> int:
        """Some who satisfy `value` for sure, where that is known without a look at each."""
        return 0


class RuleFilter(Filter[S]):
    """For demands with few values: every candidate is asked once per value, except the `idle` one, which everybody
    satisfies. `flags` asks some of them."""

    def __init__(self, subjects: Sequence[S], *, flags: Flags[S], idle: Any = None) -> None:
        super().__init__(subjects)
        self._masks, self._idle = Masks(subjects, flags), idle

    def narrow(self, mask: int, value: Any) -> int:
        return mask if value == self._idle else mask & self._masks[value]

    def know(self, value: Any, mask: int) -> None:
        """Who satisfies a value, where all were asked already."""
        self._masks[value] = mask

    def inherit(self, before: "RuleFilter[S]", passage: Passage) -> None:
        self._masks.inherit(before._masks, passage)

    def keep(self, value: Any) -> None:
        """Take over now who satisfies a value, if it was known."""
        self._masks.keep(value)


class NamesFilter(Filter[S]):
    """For demands that list names: one mask per name. `names` gives what a candidate has."""

    def __init__(self, subjects: Sequence[S], *, names: Callable[[S], frozenset[str]]) -> None:
        super().__init__(subjects)
        self._names = names
        self._known: frozenset[str] | None = None
        self._alike: Partition[S] | None = None
        self._masks = Masks(subjects, self._flags)

    def narrow(self, mask: int, value: Any) -> int:
        known = self._masks
        for name in value:
            having = known.get(name)
            mask &= self._learned(name) if having is None else having
        return mask

    def prepare(self) -> None:
        self._alike = self._classes

    def union(self, value: Any) -> int:
        """The candidates that have any of the names."""
        return reduce(or_, map(self._learned, value), 0)

    def inherit(self, before: "NamesFilter[S]", passage: Passage) -> None:
        """Names that nobody has any more may stay known: their masks are empty."""
        self._masks.inherit(before._masks, passage)
        if before._known is not None:
            self._known = before._known.union(*set(map(self._names, passage.before.changed)))

    def _learned(self, name: str) -> int:
        """Its mask, remembered if anybody has the name: others would fill the memory for nothing."""
        if self._known is None:
            self._known = frozenset[str]().union(*self._classes.keys)
        return self._masks[name] if name in self._known else 0

    @property
    def _classes(self) -> "Partition[S]":
        """The subjects by what they have: one is asked for all that have the same."""
        if self._alike is None:
            self._alike = Partition.of(self.subjects, self._names)
        return self._alike

    def _flags(self, subjects: Sequence[S], name: str) -> bytes:
        if subjects is self.subjects:
            return self._classes.flags(lambda names: name in names)
        return bits.flags(name in self._names(subject) for subject in subjects)


class JudgedFilter(Filter[S]):
    """For an upper bound on a number: nobody is ruled out beforehand, each is looked at when it would be chosen.

    `value` gives the number of a candidate (None: unknown, never within), `level` turns a demanded value into such a
    number.
    """

    def __init__(
        self,
        subjects: Sequence[S],
        *,
        value: Callable[[S], Number | None],
        level: Callable[[Any], Number],
    ) -> None:
        super().__init__(subjects)
        self.exact = False
        self._value, self._level = value, level
        self._whole = Masks(subjects, self._up_to, WHOLE)

    def narrow(self, mask: int, value: Any) -> int:
        return mask

    def judge(self, value: Any) -> Judge:
        subjects, number, level = self.subjects, self._value, self._level(value)
        return lambda rank: (found := number(subjects[rank])) is not None and found <= level

    def parted(self, value: Any) -> tuple[int, int]:
        """The exact set, and those whose number is known. The sets are kept, the numbers are not: there are as many
        filters as usages."""
        return self._whole[self._level(value)], self._whole[math.inf]

    def inherit(self, before: Any, passage: Passage) -> None:
        self._whole.inherit(before._whole, passage)

    def _up_to(self, subjects: Iterable[S], level: Number) -> bytes:
        """What is computed of all subjects says at once who has a number at all."""
        numbers = list(map(self._value, subjects))
        if subjects is self.subjects and math.inf not in self._whole:
            self._whole[math.inf] = bits.mask(bytes([bits.OUT if it is None else bits.IN for it in numbers]))
        return bytes([bits.IN if number is not None and number <= level else bits.OUT for number in numbers])


class Remembered(dict[int, frozenset[str]], Generic[S]):
    """What the candidate at a rank is called. Few ranks are looked at, and looking takes less time than this."""

    def __init__(self, subjects: Sequence[S], names: Callable[[S], tuple[str, ...]]) -> None:
        super().__init__()
        self._subjects, self.of = subjects, names

    def __missing__(self, rank: int) -> frozenset[str]:
        if len(self) >= NAMED:
            self.clear()
        found = self[rank] = frozenset(self.of(self._subjects[rank]))
        return found


class BanFilter(Filter[S]):
    """For a list of forbidden names: nobody is ruled out beforehand, each is looked at when it would be chosen."""

    def __init__(self, subjects: Sequence[S], *, names: Callable[[S], tuple[str, ...]]) -> None:
        super().__init__(subjects)
        self.exact = False
        self._names = Remembered(subjects, names)
        self._whole = Memory(self.count, self._free_of, WHOLE)

    def narrow(self, mask: int, value: Any) -> int:
        return mask

    def judge(self, value: Any) -> Judge:
        names, banned = self._names, value if len(value) <= SHORT else frozenset(value)
        return lambda rank: names[rank].isdisjoint(banned)

    def precise(self, value: Any) -> int:
        return self._whole[frozenset(value)]

    def _free_of(self, banned: frozenset[str]) -> int:
        free, names = banned.isdisjoint, self._names.of
        return bits.mask(bytes([bits.IN if free(names(subject)) else bits.OUT for subject in self.subjects]))


@lru_cache(NAMED)
def alone(word: str) -> frozenset[str]:
    """The set of this one word; the same object, as far as they are remembered, for all who have it."""
    return frozenset((word,))


class AnyFilter(Filter[S]):
    """For lists of words of which the candidate has one: the union of their masks, or all others with `never`."""

    def __init__(self, subjects: Sequence[S], *, word: Callable[[S], str], never: bool) -> None:
        super().__init__(subjects)
        self._never = never
        self._names = NamesFilter(subjects, names=lambda subject: alone(word(subject)))
        self._memory = Memory(self.count, self._names.union)

    def narrow(self, mask: int, value: Any) -> int:
        if not value:
            return mask
        having = self._memory[value]
        return mask & ~having if self._never else mask & having

    def inherit(self, before: "AnyFilter[S]", passage: Passage) -> None:
        self._names.inherit(before._names, passage)


class FitFilter(Filter[S]):
    """For what is different in every request: nobody is ruled out beforehand, each is looked at when it would be
    chosen. `fits` makes the look at a candidate from the value that is asked for."""

    def __init__(self, subjects: Sequence[S], *, fits: Callable[[Any], Callable[[S], bool]]) -> None:
        super().__init__(subjects)
        self.exact = False
        self._fits = fits

    def narrow(self, mask: int, value: Any) -> int:
        return mask

    def judge(self, value: Any) -> Judge:
        subjects, fits = self.subjects, self._fits(value)
        return lambda rank: fits(subjects[rank])
