"""Which candidates satisfy one demand: masks by the value that is asked for. Values come checked."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable
from functools import reduce
from operator import or_
from typing import Any

from . import bits

Number = int | float
Judge = Callable[[int], bool]

#: Bits a filter may spend on values it remembers, and on the steps of a threshold. More values come from callers who
#: never repeat themselves.
ROOM = 1 << 23
FEWEST = 64
FEWEST_STEPS = 128


class Filter(ABC):
    """The candidates that satisfy a value are those that `narrow` leaves; or, where `exact` is false, those of them
    that `judge` lets pass. What `exact` says is final once something was narrowed.
    """

    def __init__(self, count: int) -> None:
        self.count, self.exact = count, True

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
        judge = self.judge(value)
        return mask & bits.mask(bytes([bits.IN if judge(rank) else bits.OUT for rank in range(self.count)]))


class Memory(dict[Hashable, int]):
    """Masks by value, made by `build` when missing, forgotten when there are too many."""

    def __init__(self, count: int, build: Callable[[Any], int]) -> None:
        super().__init__()
        self._build = build
        self._most = min(1024, max(FEWEST, ROOM // max(1, count)))

    def __missing__(self, value: Hashable) -> int:
        mask = self._build(value)
        if len(self) >= self._most:
            self.clear()
        self[value] = mask
        return mask


class RuleFilter(Filter):
    """For demands with few values: every candidate is asked once per value."""

    def __init__(self, count: int, *, flags: Callable[[Any], bytes]) -> None:
        super().__init__(count)
        self._flags = flags
        self._memory = Memory(count, self._build)

    def narrow(self, mask: int, value: Any) -> int:
        return mask & self._memory[value]

    def _build(self, value: Any) -> int:
        return bits.mask(self._flags(value))


class NamesFilter(Filter):
    """For demands that list names: one mask per name. `names` gives what the candidate at a rank has."""

    def __init__(self, count: int, *, names: Callable[[int], frozenset[str]]) -> None:
        super().__init__(count)
        self._names = names
        self._known: frozenset[str] | None = None
        self._masks: dict[str, int] = {}

    def narrow(self, mask: int, value: Any) -> int:
        known = self._masks
        for name in value:
            having = known.get(name)
            mask &= self._learned(name) if having is None else having
        return mask

    def union(self, value: Any) -> int:
        """The candidates that have any of the names."""
        return reduce(or_, map(self._learned, value), 0)

    def _learned(self, name: str) -> int:
        """Its mask, remembered if anybody has the name: others would fill the memory for nothing."""
        if name in self._masks:
            return self._masks[name]
        if self._known is None:
            self._known = frozenset[str]().union(*map(self._names, range(self.count)))
        if name not in self._known:
            return 0
        sets = list(map(self._names, range(self.count)))
        flags = {names: bits.IN if name in names else bits.OUT for names in set(sets)}
        mask = self._masks[name] = bits.mask(bytes(map(flags.__getitem__, sets)))
        return mask


class JudgedFilter(Filter):
    """For an upper bound on a number: nobody is ruled out beforehand, each is looked at when it would be chosen.

    `value` gives the number of the candidate at a rank (None: unknown, never within), `level` turns a demanded
    value into such a number.
    """

    def __init__(
        self,
        count: int,
        *,
        value: Callable[[int], Number | None],
        level: Callable[[Any], Number],
    ) -> None:
        super().__init__(count)
        self.exact = False
        self._value, self._level = value, level

    def narrow(self, mask: int, value: Any) -> int:
        return mask

    def judge(self, value: Any) -> Judge:
        number, level = self._value, self._level(value)
        return lambda rank: (found := number(rank)) is not None and found <= level


class BoundFilter(JudgedFilter):
    """The same with masks. As far as there is room every number has its own. Beyond, there are steps, and a bound gets
    the mask of the next step above it.
    """

    def __init__(
        self,
        count: int,
        *,
        value: Callable[[int], Number | None],
        level: Callable[[Any], Number],
    ) -> None:
        super().__init__(count, value=value, level=level)
        self._steps: list[Number] = []
        self._masks: list[int] = []

    def narrow(self, mask: int, value: Any) -> int:
        if not self._masks:
            self._climb()
        if self.exact:
            return mask & self._masks[bisect_right(self._steps, self._level(value))]
        return mask & self._masks[min(bisect_left(self._steps, self._level(value)) + 1, len(self._steps))]

    def _climb(self) -> None:
        """Take the steps, ascending, each with the candidates at or below it; none are below the first."""
        values = map(self._value, range(self.count))
        known = sorted((value, rank) for rank, value in enumerate(values) if value is not None)
        distinct = len({value for value, _ in known})
        room = max(FEWEST_STEPS, ROOM // max(1, self.count))
        stride = 1 if distinct <= room else -(-len(known) // room)
        raised = bytearray(self.count // 8 + 1)
        steps: list[Number] = []
        masks = [0]
        for number, (value, rank) in enumerate(known, 1):
            raised[rank >> 3] |= 1 << (rank & 7)
            last = number == len(known)
            if last or (known[number][0] != value and number >= stride * (len(steps) + 1)):
                steps.append(value)
                masks.append(int.from_bytes(raised, "little"))
        self.exact = distinct <= room
        self._steps, self._masks = steps, masks


class BanFilter(Filter):
    """For a list of forbidden names: nobody is ruled out beforehand, each is looked at when it would be chosen."""

    def __init__(self, count: int, *, names: Callable[[int], tuple[str, ...]]) -> None:
        super().__init__(count)
        self.exact = False
        self._names = names

    def narrow(self, mask: int, value: Any) -> int:
        return mask

    def judge(self, value: Any) -> Judge:
        banned, names = frozenset(value), self._names
        return lambda rank: banned.isdisjoint(names(rank))


class AnyFilter(Filter):
    """For lists of words of which the candidate has one: the union of their masks, or all others with `never`."""

    def __init__(self, count: int, *, word: Callable[[int], str], never: bool) -> None:
        super().__init__(count)
        self._never = never
        self._names = NamesFilter(count, names=lambda rank: frozenset((word(rank),)))
        self._memory = Memory(count, self._names.union)

    def narrow(self, mask: int, value: Any) -> int:
        if not value:
            return mask
        having = self._memory[value]
        return mask & ~having if self._never else mask & having


class FitFilter(Filter):
    """For what is different in every request: nobody is ruled out beforehand, each is looked at when it would be
    chosen."""

    def __init__(self, count: int, *, fits: Callable[[int, Any], bool]) -> None:
        super().__init__(count)
        self.exact = False
        self._fits = fits

    def narrow(self, mask: int, value: Any) -> int:
        return mask

    def judge(self, value: Any) -> Judge:
        fits = self._fits
        return lambda rank: fits(rank, value)
