"""The filter for an upper bound, with masks."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from . import bits, memory
from .filter import JudgedFilter, Number, S
from .memory import Masks, Passage

FEWEST_STEPS = 128


class BoundFilter(JudgedFilter[S]):
    """As far as there is room every number has its own mask. Beyond, there are steps, and a bound gets the mask of the
    next step above it.
    """

    def __init__(
        self,
        subjects: Sequence[S],
        *,
        value: Callable[[S], Number | None],
        level: Callable[[Any], Number],
    ) -> None:
        super().__init__(subjects, value=value, level=level)
        self._room = max(FEWEST_STEPS, memory.ROOM // max(1, self.count))
        self._steps: list[Number] | None = None
        self._former_steps: list[Number] = []
        self._earlier_steps: list[Number] = []
        self._masks: Masks[S] = Masks(subjects, self._within, self._room + 1)

    def narrow(self, mask: int, value: Any) -> int:
        steps = self._steps
        if steps is None:
            steps = self._climb()
        if self.exact:
            place = bisect_right(steps, self._level(value))
        else:
            place = min(bisect_left(steps, self._level(value)) + 1, len(steps))
        return mask & self._masks[steps[place - 1]] if place else 0

    def certain(self, value: Any) -> int:
        """Those at or below the last step below the bound."""
        steps = self._steps if self._steps is not None else self._climb()
        place = bisect_left(steps, self._level(value))
        return self._masks[steps[place - 1]] if place else 0

    def parted(self, value: Any) -> tuple[int, int]:
        """Those whose number is known are at or below the highest step."""
        steps = self._steps if self._steps is not None else self._climb()
        return self.precise(value), self._masks[steps[-1]] if steps else 0

    def inherit(self, before: "BoundFilter[S]", passage: Passage) -> None:
        """Steps on which nobody stands any more stay, until there are too many. A new number becomes a step where each
        has its own, and where it is above all."""
        steps = before._steps
        if steps is None:
            return
        numbers = {number for subject in passage.before.changed if (number := self._value(subject)) is not None}
        added = _added(steps, numbers, before.exact)
        if before.exact and len(steps) + len(added) > self._room:
            return
        self.exact = before.exact
        self._former_steps = steps
        # where the filter before inherited nothing, its own steps serve: who stands between two of them changed since
        self._earlier_steps = steps if passage.anew else before._earlier_steps or steps
        self._masks.inherit(before._masks, passage, self._former_step, self._earlier_step)
        self._steps = sorted([*steps, *added]) if added else steps

    def _former_step(self, step: Number) -> Number | None:
        return _last_up_to(step, self._former_steps)

    def _earlier_step(self, step: Number) -> Number | None:
        return _last_up_to(step, self._earlier_steps)

    def _within(self, subjects: Iterable[S], step: Number) -> bytes:
        numbers = map(self._value, subjects)
        return bytes([bits.OUT if number is None or number > step else bits.IN for number in numbers])

    def _climb(self) -> list[Number]:
        """Take the steps, ascending, each with the candidates at or below it; none are below the first."""
        values = map(self._value, self.subjects)
        known = sorted((value, rank) for rank, value in enumerate(values) if value is not None)
        distinct = len({value for value, _ in known})
        stride = 1 if distinct <= self._room else -(-len(known) // self._room)
        raised = bytearray(self.count // 8 + 1)
        steps: list[Number] = []
        masks: dict[Hashable, int] = {}
        for number, (value, rank) in enumerate(known, 1):
            raised[rank >> 3] |= 1 << (rank & 7)
            last = number == len(known)
            if last or (known[number][0] != value and number >= stride * (len(steps) + 1)):
                steps.append(value)
                masks[value] = int.from_bytes(raised, "little")
        self.exact = distinct <= self._room
        self._masks.update(masks)
        self._steps = steps
        return steps


def _last_up_to(step: Number, steps: list[Number]) -> Number | None:
    """The last of the steps that there were in a former ranking up to this one: only who changed since can stand
    above it."""
    place = bisect_right(steps, step)
    return steps[place - 1] if place else None


def _added(steps: list[Number], numbers: set[Number], exact: bool) -> list[Number]:
    """The numbers that become steps, ascending."""
    if exact:
        return sorted(numbers.difference(steps))
    highest = max(numbers, default=None)
    return [] if highest is None or (steps and highest <= steps[-1]) else [highest]
