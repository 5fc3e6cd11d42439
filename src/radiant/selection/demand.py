"""The kinds of demand: each makes the filter for the fast path, and the refusals in words."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import neg, pos
from typing import Any, NamedTuple

from msgspec.structs import replace

from radiant.domain.compliance import Remedy
from radiant.domain.explanation import Refusal

from .costing import Costing
from .masks import bits
from .masks.bound import BoundFilter
from .masks.filter import AnyFilter, BanFilter, Filter, FitFilter, JudgedFilter, NamesFilter, Number, RuleFilter
from .masks.partition import Partition
from .reading.candidate import Candidate

#: What two candidates have in common where they are refused alike, in the same words.
Alike = Callable[[Candidate], Hashable]


class Crowd(NamedTuple):
    """Candidates in rank order, with the costing of a request. `partition` puts them in classes."""

    candidates: Sequence[Candidate]
    costing: Costing
    partition: Callable[[Alike], Partition[Candidate]]

    @property
    def everyone(self) -> int:
        return bits.everyone(len(self.candidates))


@dataclass(frozen=True, kw_only=True)
class Demand(ABC):
    """`field` is what callers write; `type`, understood by msgspec, is needed only where `Criteria` has no such field,
    and must then allow None, which demands nothing.

    `by_usage` says that it depends on a stated usage. `few` says that callers ask for few different values, so that
    the candidates that satisfy several such demands together are worth remembering. `soft` says that the model of last
    resort may break it.
    """

    field: str
    type: Any = None
    by_usage: bool = False
    few: bool = False
    soft: bool = False

    @property
    def default(self) -> Any:
        """What is asked where a request leaves it open, by None."""
        return None

    @abstractmethod
    def filter(self, candidates: Sequence[Candidate], costing: Costing) -> Filter[Candidate]:
        """Masks over `candidates`, which stand in rank order."""

    @abstractmethod
    def refusals(self, criterion: str, candidate: Candidate, value: Any, costing: Costing) -> Iterator[Refusal]:
        """Why `candidate` does not satisfy `value`; nothing where it does."""

    @property
    def alike(self) -> Alike:
        """Candidates of which this is equal are refused alike for every value."""
        return id

    def groups(self, criterion: str, value: Any, filter: Any, crowd: Crowd) -> Iterator[tuple[Refusal, int]]:
        """The refusals of a whole crowd, each with the set of those it is about; what is found of one alone is left
        out. `filter` is the one that this demand made over the crowd."""
        partition = crowd.partition(self.alike)
        found: dict[Refusal, list[int]] = {}
        for first in partition.firsts:
            for refusal in self.refusals(criterion, crowd.candidates[first], value, crowd.costing):
                found.setdefault(replace(refusal, found=None), []).append(first)
        for refusal, firsts in found.items():
            yield refusal, partition.mask(firsts)


@dataclass(frozen=True, kw_only=True)
class Rule(Demand):
    """A demand with few possible values. One that is None asks for `unsaid`, and that being None for nothing; `idle` is
    one that every candidate satisfies.

    `remedy` is what a person can do so that a candidate is refused no longer, where there is such a thing. `nowhere`
    says what there is to say where no candidate at all is admitted. `by` is all of a candidate that the others look at:
    of those of which it is equal one is asked for all, where a whole registry is explained.
    """

    admits: Callable[[Candidate, Any], bool]
    reason: Callable[[Candidate, Any], str]
    remedy: Callable[[Candidate], Remedy | None] = lambda _: None
    nowhere: Callable[[Sequence[Candidate]], str | None] = lambda _: None
    few: bool = True
    unsaid: Any = None
    idle: Any = None
    by: Alike = id

    @property
    def default(self) -> Any:
        return self.unsaid

    @property
    def alike(self) -> Alike:
        return self.by

    def filter(self, candidates: Sequence[Candidate], costing: Costing) -> Filter[Candidate]:
        def flags(some: Iterable[Candidate], value: Any) -> bytes:
            return bytes([bits.IN if self.admits(candidate, value) else bits.OUT for candidate in some])

        return RuleFilter(candidates, flags=flags, idle=self.idle)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, costing: Costing) -> Iterator[Refusal]:
        if not self.admits(candidate, value):
            yield Refusal(criterion=criterion, reason=self.reason(candidate, value), remedy=self.remedy(candidate))


@dataclass(frozen=True, kw_only=True)
class Names(Demand):
    """Every name asked for has to be among the candidate's own."""

    of: Callable[[Candidate], frozenset[str]]
    reason: Callable[[str], str]

    def filter(self, candidates: Sequence[Candidate], costing: Costing) -> Filter[Candidate]:
        return NamesFilter(candidates, names=self.of)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, costing: Costing) -> Iterator[Refusal]:
        for name in dict.fromkeys(value):
            if name not in self.of(candidate):
                yield Refusal(criterion=criterion, reason=self.reason(name))

    def groups(self, criterion: str, value: Any, filter: Any, crowd: Crowd) -> Iterator[tuple[Refusal, int]]:
        for name in dict.fromkeys(value):
            yield Refusal(criterion=criterion, reason=self.reason(name)), crowd.everyone & ~filter.precise((name,))


@dataclass(frozen=True, kw_only=True)
class Bound(Demand):
    """A number of the candidate has to be at most what is asked, or at least with `least`; unknown never is.

    `level` gives the function that turns what is asked into the unit of `of`; `found` shows the candidate's number.
    `nowhere` says what it means that the number is known of no candidate at all.
    """

    of: Callable[[Candidate, Costing], Number | None]
    unknown: str
    reason: Callable[[Any], str]
    found: Callable[[Any, Costing], str]
    level: Callable[[Costing], Callable[[Any], Number]] = lambda _: pos
    least: bool = False
    nowhere: str | None = None

    def filter(self, candidates: Sequence[Candidate], costing: Costing) -> Filter[Candidate]:
        def value(candidate: Candidate) -> Number | None:
            found = self.of(candidate, costing)
            return found if found is None or not self.least else -found

        level = self.level(costing)
        if self.least:
            level = neg if level is pos else lambda value: -self.level(costing)(value)
        kind = JudgedFilter if self.by_usage and costing.stated else BoundFilter
        return kind(candidates, value=value, level=level)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, costing: Costing) -> Iterator[Refusal]:
        if value is None:
            return
        number, level = self.of(candidate, costing), self.level(costing)(value)
        if number is None:
            yield Refusal(criterion=criterion, reason=self.unknown)
        elif (number < level) if self.least else (number > level):
            yield Refusal(criterion=criterion, reason=self.reason(value), found=self.found(number, costing))

    def groups(self, criterion: str, value: Any, filter: Any, crowd: Crowd) -> Iterator[tuple[Refusal, int]]:
        within, known = filter.parted(value)
        yield Refusal(criterion=criterion, reason=self.unknown), crowd.everyone & ~known
        yield Refusal(criterion=criterion, reason=self.reason(value)), known & ~within


@dataclass(frozen=True, kw_only=True)
class Ban(Demand):
    """Names that must not be chosen; `names` lists what a candidate can be called."""

    names: Callable[[Candidate], tuple[str, ...]]
    reason: str

    def filter(self, candidates: Sequence[Candidate], costing: Costing) -> Filter[Candidate]:
        return BanFilter(candidates, names=self.names)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, costing: Costing) -> Iterator[Refusal]:
        if not frozenset(value).isdisjoint(self.names(candidate)):
            yield Refusal(criterion=criterion, reason=self.reason)

    def groups(self, criterion: str, value: Any, filter: Any, crowd: Crowd) -> Iterator[tuple[Refusal, int]]:
        yield Refusal(criterion=criterion, reason=self.reason), crowd.everyone & ~filter.precise(value)


@dataclass(frozen=True, kw_only=True)
class Among(Demand):
    """A word of the candidate has to be one of those asked for, or, with `never`, none of them. No words ask for
    nothing."""

    of: Callable[[Candidate], str]
    reason: Callable[[Candidate], str]
    never: bool = False

    @property
    def alike(self) -> Alike:
        return self.of

    def filter(self, candidates: Sequence[Candidate], costing: Costing) -> Filter[Candidate]:
        return AnyFilter(candidates, word=self.of, never=self.never)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, costing: Costing) -> Iterator[Refusal]:
        if value and (self.of(candidate) in value) is self.never:
            yield Refusal(criterion=criterion, reason=self.reason(candidate))


@dataclass(frozen=True, kw_only=True)
class Fit(Demand):
    """What is asked differs from request to request. `objections` gives what speaks against a candidate: the reason,
    and what is found of the candidate's own. `by` is all of a candidate that it looks at."""

    objections: Callable[[Candidate, Any], Iterator[tuple[str, str | None]]]
    by: Alike = id

    @property
    def alike(self) -> Alike:
        return self.by

    def filter(self, candidates: Sequence[Candidate], costing: Costing) -> Filter[Candidate]:
        def fits(value: Any) -> Callable[[Candidate], bool]:
            return lambda candidate: next(self.objections(candidate, value), None) is None

        return FitFilter(candidates, fits=fits)

    def refusals(self, criterion: str, candidate: Candidate, value: Any, costing: Costing) -> Iterator[Refusal]:
        for reason, found in () if value is None else self.objections(candidate, value):
            yield Refusal(criterion=criterion, reason=reason, found=found)
