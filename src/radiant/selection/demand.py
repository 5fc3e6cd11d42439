"""The four kinds of demand a criterion can make of a model."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import pos
from typing import Any

from radiant.domain.choice import Refusal

from .masks import bits
from .masks.filter import BanTable, BoundTable, JudgedTable, NamesTable, Number, RuleTable, Table
from .meter import Meter
from .reading.candidate import Candidate
from .reading.criteria import CHECKS, Check, checker


@dataclass(frozen=True, kw_only=True)
class Demand(ABC):
    """`field` is what callers write; `type`, understood by msgspec, is needed only where `Criteria` has no such field,
    and must then allow None, which demands nothing. `metered` is what depends on a stated usage."""

    field: str
    type: Any = None
    metered: bool = False

    @cached_property
    def check(self) -> Check:
        """Returns a value as it should be, or raises InvalidCriteria."""
        return CHECKS[self.field] if self.type is None else checker(self.field, self.type)

    @abstractmethod
    def table(self, candidates: Sequence[Candidate], meter: Meter) -> Table:
        """Masks over `candidates`, which stand in rank order."""

    @abstractmethod
    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        """Why `candidate` does not satisfy `value`; nothing where it does."""


@dataclass(frozen=True, kw_only=True)
class Rule(Demand):
    """A demand with few possible values."""

    admits: Callable[[Candidate, Any], bool]
    reason: Callable[[Candidate, Any], str]

    def table(self, candidates: Sequence[Candidate], meter: Meter) -> Table:
        def flags(value: Any) -> bytes:
            return bytes([bits.IN if self.admits(candidate, value) else bits.OUT for candidate in candidates])

        return RuleTable(len(candidates), self.check, flags=flags)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        if not self.admits(candidate, value):
            yield Refusal(criterion=criterion, reason=self.reason(candidate, value))


@dataclass(frozen=True, kw_only=True)
class Names(Demand):
    """Every name asked for has to be among the candidate's own."""

    of: Callable[[Candidate], frozenset[str]]
    reason: Callable[[str], str]

    def table(self, candidates: Sequence[Candidate], meter: Meter) -> Table:
        return NamesTable(len(candidates), self.check, names=lambda position: self.of(candidates[position]))

    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        for name in value:
            if name not in self.of(candidate):
                yield Refusal(criterion=criterion, reason=self.reason(name))


@dataclass(frozen=True, kw_only=True)
class Bound(Demand):
    """A number of the candidate has to be at most what is asked, or at least with `least`; unknown never is.

    `level` gives the function that turns what is asked into the unit of `of`; `found` shows the candidate's number.
    """

    of: Callable[[Candidate, Meter], Number | None]
    unknown: str
    reason: Callable[[Any], str]
    found: Callable[[Any, Meter], str]
    level: Callable[[Meter], Callable[[Any], Number]] = lambda _: pos
    least: bool = False

    def table(self, candidates: Sequence[Candidate], meter: Meter) -> Table:
        def value(position: int) -> Number | None:
            found = self.of(candidates[position], meter)
            return found if found is None or not self.least else -found

        level = self.level(meter)
        signed = (lambda value: -level(value)) if self.least else level
        kind = JudgedTable if self.metered and meter.stated else BoundTable
        return kind(len(candidates), self.check, value=value, level=signed)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        if value is None:
            return
        number, level = self.of(candidate, meter), self.level(meter)(value)
        if number is None:
            yield Refusal(criterion=criterion, reason=self.unknown)
        elif (number < level) if self.least else (number > level):
            yield Refusal(criterion=criterion, reason=self.reason(value), found=self.found(number, meter))


@dataclass(frozen=True, kw_only=True)
class Ban(Demand):
    """Names that must not be chosen; `names` lists what a candidate can be called."""

    names: Callable[[Candidate], tuple[str, ...]]
    reason: str

    def table(self, candidates: Sequence[Candidate], meter: Meter) -> Table:
        return BanTable(len(candidates), self.check, names=lambda position: self.names(candidates[position]))

    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        if not frozenset(value).isdisjoint(self.names(candidate)):
            yield Refusal(criterion=criterion, reason=self.reason)
