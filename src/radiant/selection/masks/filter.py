"""Masks by the value of one demand. A value is checked when it is first seen; who sees an invalid one raises."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Sequence
from functools import reduce
from operator import and_
from typing import Any

from ..reading.criteria import Check
from . import bits

Number = int | float
Judge = Callable[[int], bool]

#: Bits a table may spend on values it remembers, and on the steps of a threshold. More values come from callers who
#: never repeat themselves.
ROOM = 1 << 23
FEWEST = 64
FEWEST_STEPS = 128


class Table(ABC):
    """The candidates that satisfy a value are those in all `parts`; or, where `exact` is false, those of them that
    `judge` lets pass. What `exact` says is final once parts were asked for.
    """

    def __init__(self, count: int, check: Check) -> None:
        self.count, self.exact = count, True
        self._check = check

    @abstractmethod
    def parts(self, value: Any) -> Sequence[int]:
        """Masks whose common bits are the candidates that may satisfy `value`."""

    def judge(self, value: Any) -> Judge:
        """Whether the candidate at a position satisfies a value."""
        mask = self.mask(value)
        return lambda position: bool(mask >> position & 1)

    def mask(self, value: Any) -> int:
        return reduce(and_, self.parts(value), bits.everyone(self.count))

    def precise(self, value: Any) -> int:
        """The exact set, at whatever cost."""
        mask = self.mask(value)
        if self.exact:
            return mask
        judge = self.judge(value)
        return mask & bits.mask(bytes([bits.IN if judge(position) else bits.OUT for position in range(self.count)]))


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


class RuleTable(Table):
    """For demands with few values: every candidate is asked once per value."""

    def __init__(self, count: int, check: Check, *, flags: Callable[[Any], bytes]) -> None:
        super().__init__(count, check)
        self._flags = flags
        self._memory = Memory(count, self._build)

    def parts(self, value: Any) -> Sequence[int]:
        return (self._memory[value],)

    def _build(self, value: Any) -> int:
        return bits.mask(self._flags(self._check(value)))


class NamesTable(Table):
    """For demands that list names: one mask per name. `names` gives what the candidate at a position has."""

    def __init__(self, count: int, check: Check, *, names: Callable[[int], frozenset[str]]) -> None:
        super().__init__(count, check)
        self._names = names
        self._known: frozenset[str] | None = None
        self._masks: dict[str, int] = {}

    def parts(self, value: Any) -> Sequence[int]:
        try:
            if len(value) <= FEWEST:
                return list(map(self._masks.__getitem__, value))
        except KeyError:
            pass
        return [self._learned(name) for name in self._check(value)]

    def _learned(self, name: str) -> int:
        """Its mask, remembered if anybody has the name: others would fill the memory for nothing."""
        mask = self._masks.get(name)
        if mask is not None:
            return mask
        if self._known is None:
            self._known = frozenset[str]().union(*map(self._names, range(self.count)))
        if name not in self._known:
            return 0
        sets = list(map(self._names, range(self.count)))
        flags = {names: bits.IN if name in names else bits.OUT for names in set(sets)}
        mask = self._masks[name] = bits.mask(bytes(map(flags.__getitem__, sets)))
        return mask


class JudgedTable(Table):
    """For an upper bound on a number: nobody is ruled out beforehand, each is looked at when it would be chosen.

    `value` gives the number of the candidate at a position (None: unknown, never within), `level` turns a demanded
    value into such a number.
    """

    def __init__(
        self,
        count: int,
        check: Check,
        *,
        value: Callable[[int], Number | None],
        level: Callable[[Any], Number],
    ) -> None:
        super().__init__(count, check)
        self.exact = False
        self._value, self._level = value, level

    def parts(self, value: Any) -> Sequence[int]:
        self._check(value)
        return ()

    def judge(self, value: Any) -> Judge:
        number, level = self._value, self._level(self._check(value))
        return lambda position: (found := number(position)) is not None and found <= level


class BoundTable(JudgedTable):
    """The same with masks. As far as there is room every number has its own. Beyond, there are steps, and a bound gets
    the mask of the next step above it.
    """

    def __init__(
        self,
        count: int,
        check: Check,
        *,
        value: Callable[[int], Number | None],
        level: Callable[[Any], Number],
    ) -> None:
        super().__init__(count, check, value=value, level=level)
        self._steps: list[Number] = []
        self._masks: list[int] = []

    def parts(self, value: Any) -> Sequence[int]:
        level = self._level(self._check(value))
        if not self._masks:
            self._climb()
        if self.exact:
            return (self._masks[bisect_right(self._steps, level)],)
        return (self._masks[min(bisect_left(self._steps, level) + 1, len(self._steps))],)

    def _climb(self) -> None:
        """Take the steps, ascending, each with the candidates at or below it; none are below the first."""
        values = map(self._value, range(self.count))
        known = sorted((value, position) for position, value in enumerate(values) if value is not None)
        distinct = len({value for value, _ in known})
        room = max(FEWEST_STEPS, ROOM // max(1, self.count))
        stride = 1 if distinct <= room else -(-len(known) // room)
        raised = bytearray(self.count // 8 + 1)
        steps: list[Number] = []
        masks = [0]
        for number, (value, position) in enumerate(known, 1):
            raised[position >> 3] |= 1 << (position & 7)
            last = number == len(known)
            if last or (known[number][0] != value and number >= stride * (len(steps) + 1)):
                steps.append(value)
                masks.append(int.from_bytes(raised, "little"))
        self.exact = distinct <= room
        self._steps, self._masks = steps, masks


class BanTable(Table):
    """For a list of forbidden names: nobody is ruled out beforehand, each is looked at when it would be chosen."""

    def __init__(self, count: int, check: Check, *, names: Callable[[int], tuple[str, ...]]) -> None:
        super().__init__(count, check)
        self.exact = False
        self._names = names

    def parts(self, value: Any) -> Sequence[int]:
        self._check(value)
        return ()

    def judge(self, value: Any) -> Judge:
        banned, names = frozenset(value), self._names
        return lambda position: banned.isdisjoint(names(position))
