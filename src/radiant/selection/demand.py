"""The kinds of demand a criterion can make of a model."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import neg, pos
from typing import Any

from radiant.domain.choice import Refusal

from .masks import bits
from .masks.filter import (
    AnyFilter,
    BanFilter,
    BoundFilter,
    Filter,
    FitFilter,
    JudgedFilter,
    NamesFilter,
    Number,
    RuleFilter,
)
from .meter import Meter
from .reading.candidate import Candidate


@dataclass(frozen=True, kw_only=True)
class Demand(ABC):
    """`field` is what callers write; `type`, understood by msgspec, is needed only where `Criteria` has no such field,
    and must then allow None, which demands nothing.

    `metered` says that it depends on a stated usage. `few` says that callers ask for few different values, so that
    the candidates that satisfy several such demands together are worth remembering. `soft` says that the model of last
    resort may break it.
    """

    field: str
    type: Any = None
    metered: bool = False
    few: bool = False
    soft: bool = False

    @property
    def default(self) -> Any:
        """What is asked where a request leaves it open, by None."""
        return None

    @abstractmethod
    def filter(self, candidates: Sequence[Candidate], meter: Meter) -> Filter:
        """Masks over `candidates`, which stand in rank order."""

    @abstractmethod
    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        """Why `candidate` does not satisfy `value`; nothing where it does."""


@dataclass(frozen=True, kw_only=True)
class Rule(Demand):
    """A demand with few possible values. One that is None asks for `unsaid`, and that being None for nothing."""

    admits: Callable[[Candidate, Any], bool]
    reason: Callable[[Candidate, Any], str]
    few: bool = True
    unsaid: Any = None

    @property
    def default(self) -> Any:
        return self.unsaid

    def filter(self, candidates: Sequence[Candidate], meter: Meter) -> Filter:
        def flags(value: Any) -> bytes:
            return bytes([bits.IN if self.admits(candidate, value) else bits.OUT for candidate in candidates])

        return RuleFilter(len(candidates), flags=flags)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        if not self.admits(candidate, value):
            yield Refusal(criterion=criterion, reason=self.reason(candidate, value))


@dataclass(frozen=True, kw_only=True)
class Names(Demand):
    """Every name asked for has to be among the candidate's own."""

    of: Callable[[Candidate], frozenset[str]]
    reason: Callable[[str], str]

    def filter(self, candidates: Sequence[Candidate], meter: Meter) -> Filter:
        return NamesFilter(len(candidates), names=lambda rank: self.of(candidates[rank]))

    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        for name in value:
            if name not in self.of(candidate):
                yield Refusal(criterion=criterion, reason=self.reason(name))


@dataclass(frozen=True, kw_only=True)
class Bound(Demand):
    """A number of the candidate has to be at most what is asked, or at least with `least`; unknown never is.

    `level` gives the function that turns what is asked into the unit of `of`; `found` shows the candidate's number.
    `nowhere` says what it means that the number is known of no candidate at all.
    """

    of: Callable[[Candidate, Meter], Number | None]
    unknown: str
    reason: Callable[[Any], str]
    found: Callable[[Any, Meter], str]
    level: Callable[[Meter], Callable[[Any], Number]] = lambda _: pos
    least: bool = False
    nowhere: str | None = None

    def filter(self, candidates: Sequence[Candidate], meter: Meter) -> Filter:
        def value(position: int) -> Number | None:
            found = self.of(candidates[position], meter)
            return found if found is None or not self.least else -found

        level = self.level(meter)
        if self.least:
            level = neg if level is pos else lambda value: -self.level(meter)(value)
        kind = JudgedFilter if self.metered and meter.stated else BoundFilter
        return kind(len(candidates), value=value, level=level)

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

    def filter(self, candidates: Sequence[Candidate], meter: Meter) -> Filter:
        return BanFilter(len(candidates), names=lambda rank: self.names(candidates[rank]))

    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        if not frozenset(value).isdisjoint(self.names(candidate)):
            yield Refusal(criterion=criterion, reason=self.reason)


@dataclass(frozen=True, kw_only=True)
class Among(Demand):
    """A word of the candidate has to be one of those asked for, or, with `never`, none of them. No words ask for
    nothing."""

    of: Callable[[Candidate], str]
    reason: Callable[[Candidate], str]
    never: bool = False

    def filter(self, candidates: Sequence[Candidate], meter: Meter) -> Filter:
        return AnyFilter(len(candidates), word=lambda rank: self.of(candidates[rank]), never=self.never)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        if value and (self.of(candidate) in value) is self.never:
            yield Refusal(criterion=criterion, reason=self.reason(candidate))


@dataclass(frozen=True, kw_only=True)
class Fit(Demand):
    """What is asked differs from request to request. `objections` gives what speaks against a candidate: the reason,
    and what is found of the candidate's own."""

    objections: Callable[[Candidate, Any], Iterator[tuple[str, str | None]]]

    def filter(self, candidates: Sequence[Candidate], meter: Meter) -> Filter:
        def fits(rank: int, value: Any) -> bool:
            return next(self.objections(candidates[rank], value), None) is None

        return FitFilter(len(candidates), fits=fits)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, meter: Meter) -> Iterator[Refusal]:
        for reason, found in () if value is None else self.objections(candidate, value):
            yield Refusal(criterion=criterion, reason=reason, found=found)
