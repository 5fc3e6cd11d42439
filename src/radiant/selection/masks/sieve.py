"""The filters of all demands over one ranking, and the masks of requests that state several of them."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from ..costing import Costing
from ..reading.candidate import Candidate
from ..terms import Terms
from . import bits
from .filter import NamesFilter, RuleFilter, alone
from .memory import Memory, Passage, Way
from .moves import Moves
from .partition import Partition

HEAD = 8192  #: ranks that are looked at first; the best match is nearly always among them

#: Partitions that are remembered; those of the demands of Radiant's own are fewer.
PARTITIONS = 32

#: Candidates that changed since an earlier ranking, up to which masks are kept in its ranks; beyond, those of the
#: ranking before are, and what was not asked for there is lost.
KEPT = 256


class Sieve:
    """`filters` are those of all demands by field at the costs of `costing`. `combined` are masks by the values of the
    `few` demands with few values, `favored` masks by lists of providers, of which one that nobody has is no error.
    `windows` are the ranks to look at: the head of a long list, then all.
    """

    def __init__(self, candidates: Sequence[Candidate], terms: Terms, costing: Costing) -> None:
        """`candidates` stand in rank order."""
        count = len(candidates)
        self._candidates = candidates
        self.filters = terms.filters(candidates, costing)
        self._few = tuple((self.filters[field], terms.demands[field].default) for field in terms.few)
        self.few = len(terms.few)
        self.combined = Memory(count, self._combine)
        self.windows = tuple(bits.everyone(size) for size in sorted({min(HEAD, count), count}))
        self._providers = NamesFilter(candidates, names=lambda candidate: alone(candidate.provider_id))
        self.favored = Memory(count, self._providers.union)
        self._readiness = RuleFilter(candidates, flags=_ready)
        self._usability = RuleFilter(candidates, flags=lambda some, _: _flags(map(terms.usable, some)))
        self._partitions: dict[Callable[[Candidate], Hashable], Partition[Candidate]] = {}
        self._moves: Moves | None = None

    @property
    def ready(self) -> int:
        """The set of those that can answer now."""
        return self._readiness.mask(True)

    @property
    def usable(self) -> int:
        """The set of those that could serve any request at all."""
        return self._usability.mask(True)

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
        anew = earlier is None or earlier.size > KEPT
        whole = moves if earlier is None or anew else earlier.then(moves)
        near = self._way(moves)
        passage = Passage(near, near if anew else self._way(whole))
        for field, filter in self.filters.items():
            filter.inherit(before.filters[field], passage)
        self._providers.inherit(before._providers, passage)
        self._readiness.inherit(before._readiness, passage)
        self._usability.inherit(before._usability, passage)
        for by, partition in before._partitions.copy().items():
            if (carried := partition.after(moves, near.changed)) is not None:
                self._partitions[by] = carried
        self._moves = whole

    def _way(self, moves: Moves) -> Way:
        return Way(moves, [self._candidates[rank] for rank in moves.came])

    def _combine(self, values: tuple[Any, ...]) -> int:
        mask = self.windows[-1]
        for (filter, default), value in zip(self._few, values, strict=True):
            asked = default if value is None else value
            if asked is not None:
                mask = filter.narrow(mask, asked)
        return mask


def _ready(candidates: Iterable[Candidate], _: Any) -> bytes:
    return _flags(candidate.ready for candidate in candidates)


def _flags(admitted: Iterable[bool]) -> bytes:
    return bytes([bits.IN if it else bits.OUT for it in admitted])
