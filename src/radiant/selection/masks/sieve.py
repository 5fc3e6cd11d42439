"""The filters of all demands over one ranking, and the masks of requests that state several of them."""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

from radiant.domain.vocabulary import Hosting

from ..costing import Costing
from ..reading.candidate import Candidate
from ..reading.measured import hosting_of, provider_of
from ..terms import Terms
from . import bits
from .filter import NamesFilter, RuleFilter, alone
from .memory import Flags, Memory, Passage, Way
from .moves import Moves
from .partition import Partition

HEAD = 8192  #: ranks that are looked at first; the best match is nearly always among them

#: Partitions that are remembered; those of the demands of Radiant's own are fewer.
PARTITIONS = 32

#: Candidates that changed since an earlier ranking, up to which masks are kept in its ranks; beyond, those of the
#: ranking before are, and what was not asked for there is lost.
KEPT = 256


class Standing(NamedTuple):
    """What every request asks of a candidate, in words: as far as it goes by measured health alone, and the rest. None
    asks nothing, because all candidates there are satisfy it."""

    lasting: Flags[Candidate] | None
    passing: Flags[Candidate] | None


class Sieve:
    """`filters` are those of all demands by field at the costs of `costing`. `combined` are masks by the values of the
    `few` demands with few values, among those who satisfy what every request asks; `favored` masks by lists of
    providers, of which one that nobody has is no error. `windows` are the ranks to look at: the head of a long list,
    then all.
    """

    def __init__(self, candidates: Sequence[Candidate], terms: Terms, costing: Costing, standing: Standing) -> None:
        """`candidates` stand in rank order."""
        count = len(candidates)
        self._candidates, self._terms = candidates, terms
        self.filters = terms.filters(candidates, costing)
        self._few = tuple((self.filters[field], terms.demands[field].default) for field in terms.few)
        self.few = len(terms.few)
        self.combined = Memory(count, self._combine)
        self.windows = tuple(bits.everyone(size) for size in sorted({min(HEAD, count), count}))
        self._providers = NamesFilter(candidates, names=lambda candidate: alone(candidate.provider_id))
        self.favored = Memory(count, self._providers.union)
        self._readiness = RuleFilter(candidates, flags=_ready)
        self._standing = tuple(None if flags is None else RuleFilter(candidates, flags=flags) for flags in standing)
        self._partitions: dict[Callable[[Candidate], Hashable], Partition[Candidate]] = {}
        self._moves: Moves | None = None

    @property
    def ready(self) -> int:
        """The set of those that can answer now."""
        return self._readiness.mask(True)

    @property
    def usable(self) -> int:
        """The set of those that could serve any request at all."""
        mask = self.windows[-1]
        for asked in self._standing:
            mask = mask if asked is None else asked.narrow(mask, True)
        return mask

    def standing(self) -> "Sieve":
        """Itself, with the masks that every request needs taken over."""
        for asked in self._standing:
            if asked is not None:
                asked.mask(True)
        return self

    def prepare(self) -> None:
        """Make what nearly every request needs, so that the first one does not wait for it."""
        self.standing()
        for filter, _ in self._few:
            filter.prepare()

    def know(self, lasting: int) -> None:
        """The set of those who satisfy what does not depend on measured health, where somebody asked them already."""
        if self._standing[0] is not None:
            self._standing[0].know(True, lasting)

    def measured_with(self, provider_id: str, apart: Collection[str]) -> list[int]:
        """The ranks of those that are measured with a provider, besides those `apart`, by model id."""
        theirs = self.partition(provider_of).members(provider_id)
        ranks = bits.positions(theirs & self.partition(hosting_of).members(Hosting.EXTERNAL))
        if not apart:
            return list(ranks)
        return [rank for rank in ranks if self._candidates[rank].model_id not in apart]

    def partition(self, by: Callable[[Candidate], Hashable]) -> Partition[Candidate]:
        """The candidates in classes of which `by` is equal. Made when first needed."""
        found = self._partitions.get(by)
        if found is None:
            if len(self._partitions) >= PARTITIONS:
                self._partitions.clear()
            found = self._partitions[by] = Partition.of(self._candidates, by)
        return found

    def inherit(self, before: "Sieve", moves: Moves) -> None:
        """Take over the masks of the ranking before, each when it is asked for."""
        earlier = before._moves
        anew = earlier is None or earlier.size > KEPT or moves.size > KEPT
        whole = moves if earlier is None or anew else earlier.then(moves)
        near = self._ways(moves)
        far = near if anew else self._ways(whole)
        passages = {by_health: Passage(near[by_health], far[by_health]) for by_health in near}
        for field, filter in self.filters.items():
            filter.inherit(before.filters[field], passages[self._terms.by_health[field]])
        self._providers.inherit(before._providers, passages[False])
        self._readiness.inherit(before._readiness, passages[False])
        standing = zip(self._standing, before._standing, (False, self._terms.passing_by_health), strict=True)
        for asked, former, by_health in standing:
            if asked is not None and former is not None:
                if anew:  # every request needs it, though nobody asked for it since the last change
                    former.keep(True)
                asked.inherit(former, passages[by_health])
        for by, partition in before._partitions.copy().items():
            lasting = by in (provider_of, hosting_of) or by in self._terms.alike_for_good
            carried = partition.along(moves) if moves.paired and lasting else partition.after(moves, self._at(moves))
            if carried is not None:
                self._partitions[by] = carried
        self._moves = whole

    def _at(self, moves: Moves) -> Sequence[Candidate]:
        return [self._candidates[rank] for rank in moves.came]

    def _ways(self, moves: Moves) -> dict[bool | None, Way]:
        """For what depends on measured health alone, on nothing of it, or on what nobody said."""
        kinds = {False, self._terms.passing_by_health, *self._terms.by_health.values()}
        if not moves.paired:
            return dict.fromkeys(kinds, Way(moves, self._at(moves)))
        asked = {True: moves.came[:1], False: (), None: moves.came}
        return {kind: Way(moves, [self._candidates[rank] for rank in asked[kind]]) for kind in kinds}

    def _combine(self, values: tuple[Any, ...]) -> int:
        mask = self.usable
        for (filter, default), value in zip(self._few, values, strict=True):
            asked = default if value is None else value
            if asked is not None:
                mask = filter.narrow(mask, asked)
        return mask


def _ready(candidates: Iterable[Candidate], _: Any) -> bytes:
    return bits.flags(candidate.ready for candidate in candidates)
