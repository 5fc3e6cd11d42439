"""What the scores of one measure are relative to: how the values of the candidates that are compared lie."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from ..criterion import Measure
from ..masks.filter import Number

PLACES = 9  #: of a score

Values = Sequence[Number | None]


class Extreme(NamedTuple):
    """A value beyond which there is none, and how many have it; nobody, where there is no value."""

    value: Number | None
    held: int

    def after(self, lost: "Counter[Number | None]", won: "Counter[Number | None]") -> "Extreme":
        return self if self.value is None else Extreme(self.value, self.held - lost[self.value] + won[self.value])


class Classes(msgspec.Struct, frozen=True, gc=False):
    """Of a measure whose values are few: how many candidates have each. None is unknown."""

    counts: dict[Number | None, int]

    @classmethod
    def of(cls, values: Values) -> "Classes":
        return cls(dict(Counter(values)))

    @property
    def equal(self) -> bool:
        """Whether all candidates have the same value, or all none."""
        return len(self.counts) <= 1

    def after(self, gone: Values, came: Values) -> "Classes | None":
        """That of the same values without some and with others; None where scores would be other ones."""
        counts = Counter(self.counts)
        counts.update(came)
        counts.subtract(gone)
        made = Classes({value: count for value, count in counts.items() if count})
        return made if made.equal is self.equal else None


class Extremes(msgspec.Struct, frozen=True, gc=False):
    """Of any other measure: how many values there are, how many of them are unknown, and how many at most 0; the
    lowest, the lowest above 0, and the highest."""

    count: int
    unknown: int
    free: int
    lowest: Extreme
    least: Extreme
    highest: Extreme

    @classmethod
    def of(cls, values: Values) -> "Extremes":
        known = [value for value in values if value is not None]
        positive = [value for value in known if value > 0]
        return cls(
            count=len(values),
            unknown=len(values) - len(known),
            free=len(known) - len(positive),
            lowest=_extreme(known, min),
            least=_extreme(positive, min),
            highest=_extreme(known, max),
        )

    @property
    def equal(self) -> bool:
        """Whether all candidates have the same value, or all none."""
        return self.unknown == self.count or (not self.unknown and self.lowest == self.highest)

    def after(self, gone: Values, came: Values) -> "Extremes | None":
        """That of the same values without some and with others; None where scores would be other ones."""
        lost, won = Counter(gone), Counter(came)
        made = Extremes(
            count=self.count - len(gone) + len(came),
            unknown=self.unknown - lost[None] + won[None],
            free=self.free - _free(gone) + _free(came),
            lowest=self.lowest.after(lost, won),
            least=self.least.after(lost, won),
            highest=self.highest.after(lost, won),
        )
        stay = made.equal is self.equal and bool(made.free) is bool(self.free)
        return made if stay and self._encloses(came) and made._is_held() else None

    def _encloses(self, values: Values) -> bool:
        """Whether no value lies beyond an extreme."""
        lowest, least, highest = self.lowest.value, self.least.value, self.highest.value
        for value in values:
            if value is None:
                continue
            if lowest is None or highest is None or not lowest <= value <= highest:
                return False
            if value > 0 and (least is None or value < least):
                return False
        return True

    def _is_held(self) -> bool:
        """Whether somebody still has each of the extremes."""
        return all(extreme.held or extreme.value is None for extreme in (self.lowest, self.least, self.highest))


Scale = Classes | Extremes


def scale_of(measure: Measure, values: Values) -> Scale:
    return Extremes.of(values) if measure.scores is None else Classes.of(values)


def scoring(measure: Measure, scale: Scale) -> Callable[[Number | None], float]:
    """1 for the best, 0 for the worst and for unknown; 1 for all where they are equal."""
    if scale.equal:
        return lambda _: 1.0
    if isinstance(scale, Classes):
        scores = measure.scores or {}
        return lambda value: scores.get(int(value), 0.0) if value is not None else 0.0
    least, highest, free = scale.least.value, scale.highest.value, scale.free
    low = math.log(least) if least is not None else 0.0
    high = math.log(highest) if least is not None and highest is not None else 0.0

    def judge(value: Number | None) -> float:
        if value is None:
            return 0.0
        if value <= 0:
            return 0.0 if measure.high else 1.0
        if low == high:
            return 0.0 if free and not measure.high else 1.0
        share = (math.log(value) - low) / (high - low)
        return round(share if measure.high else 1 - share, PLACES)

    return judge


def _extreme(values: Sequence[Number], choose: Callable[[Sequence[Number]], Number]) -> Extreme:
    if not values:
        return Extreme(None, 0)
    value = choose(values)
    return Extreme(value, values.count(value))


def _free(values: Values) -> int:
    return sum(value is not None and value <= 0 for value in values)
