"""Who is refused for which reason, told by sets in place of asking every model."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from radiant.domain.criteria import Criteria
from radiant.domain.explanation import Refusal, RefusalGroup

from ..demand import Crowd
from ..masks import bits
from ..terms import Terms
from .picker import Picker

#: The demand that says which models belong to a request at all.
TASK = "task"


class Refused(NamedTuple):
    """Over all models of a registry, which `picker` has by id: by refusal the set of those it is about, criterion by
    criterion as the roster has them, and by id within one. `elsewhere` are the models of other tasks."""

    picker: Picker
    groups: tuple[tuple[Refusal, int], ...]
    elsewhere: int

    @property
    def everybody(self) -> int:
        """Those that anything speaks against."""
        mask = 0
        for _, group in self.groups:
            mask |= group
        return mask

    def summary(self, best: Sequence[int], examples: int) -> tuple[RefusalGroup, ...]:
        """Every group with its count and up to so many models: those at the places `best`, which are of the task, in
        that sequence, then others of the task."""
        ranks = {place: rank for rank, place in enumerate(best)}
        foremost = bits.some(best, len(self.picker.candidates))
        return tuple(
            RefusalGroup(
                criterion=refusal.criterion,
                reason=refusal.reason,
                count=mask.bit_count(),
                models=tuple(self.picker.candidates[place].name for place in islice(places, examples)),
                other_tasks=(mask & self.elsewhere).bit_count(),
                remedy=refusal.remedy,
            )
            for refusal, mask in self.groups
            for places in (self._places(mask, foremost, ranks),)
        )

    def _places(self, mask: int, foremost: int, ranks: Mapping[int, int]) -> Iterator[int]:
        first, other = mask & foremost, mask & self.elsewhere
        return chain(
            sorted(bits.positions(first), key=ranks.__getitem__),
            bits.positions(mask & ~first & ~other),
            bits.positions(other),
        )


def refused(terms: Terms, picker: Picker, criteria: Criteria) -> Refused:
    """`picker` is of every model. The same as asking each of them everything, which `plain.refusals` does."""
    found: defaultdict[Refusal, int] = defaultdict(int)
    elsewhere = 0
    for field, refusal, mask in _each(terms, picker, criteria):
        if mask:
            found[refusal] |= mask
            elsewhere |= mask if field == TASK else 0
    roster = {criterion.name: number for number, criterion in enumerate(terms.roster)}
    groups = sorted(found.items(), key=lambda it: (roster[it[0].criterion], next(bits.positions(it[1]))))
    return Refused(picker, tuple(groups), elsewhere)


def _each(terms: Terms, picker: Picker, criteria: Criteria) -> Iterator[tuple[str | None, Refusal, int]]:
    """Field, refusal and whom it is about, in the order of the roster."""
    stated, sieve = terms.stated(criteria), picker.ranking.sieve
    crowd = Crowd(picker.candidates, picker.costing, sieve.partition)
    unusable = crowd.everyone & ~sieve.usable
    for criterion in terms.roster:
        if criterion.standing is not None and not (criterion.planned and criteria.include_off):
            standing: defaultdict[str, list[int]] = defaultdict(list)
            for rank in bits.positions(unusable):
                if reason := criterion.standing(picker.candidates[rank]):
                    standing[reason].append(rank)
            for reason, ranks in standing.items():
                yield None, Refusal(criterion=criterion.name, reason=reason), bits.some(ranks, len(picker.candidates))
        demand = criterion.demand
        if demand is not None and demand.field in stated:
            groups = demand.groups(criterion.name, stated[demand.field], picker.filters[demand.field], crowd)
            for refusal, mask in groups:
                yield demand.field, refusal, mask
