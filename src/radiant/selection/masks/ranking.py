"""Candidates in one order, with the masks that hold for every usage."""

from collections.abc import Sequence

from ..costing import Costing
from ..order.levels import Levels
from ..order.order import Key, Order, RememberedKeys, Scales
from ..order.repair import Change, HealthChange, Repaired, measured, repaired
from ..reading.candidate import Candidate
from ..reading.measured import Healths
from ..reading.rows import place
from ..terms import Terms
from .moves import Chain, Moves, lengthened, whole
from .sieve import KEPT, Sieve, Standing

#: The part of a ranking that changes, beyond which masks are made anew.
LARGE = 4


class Ranking:
    """Best first; the rank of a candidate is its place, counted from 0, and its bit in every mask. `scales` are those
    of the scores in `order`, `costing` that of the order and of the filters in the sieve. `standing` is what every
    request asks of all candidates."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        terms: Terms,
        costing: Costing,
        order: Order,
        scales: Scales,
        standing: Standing,
        before: tuple[Sieve, Chain] | None = None,
        key: Key | None = None,
        levels: Levels | None = None,
    ) -> None:
        """`candidates` stand in that order. `before` is the sieve of an earlier ranking that was asked last, and how
        its ranks became those of this one; `key` is that of the order, and `levels` those of the candidates, where
        somebody made them already."""
        self.candidates, self.terms, self.costing = candidates, terms, costing
        self.order, self.scales, self.standing = order, scales, standing
        self._before = before
        self._sieve: Sieve | None = None
        self._key, self._levels = key, levels

    @classmethod
    def of(
        cls, candidates: Sequence[Candidate], terms: Terms, costing: Costing, order: Order, standing: Standing
    ) -> "Ranking":
        """Of candidates by model id, then provider id."""
        scales = order.scales(candidates)
        return cls(order.sort(candidates, scales), terms, costing, order, scales, standing)

    @property
    def sieve(self) -> Sieve:
        """Made when first needed. Of two threads that make it at a time, either may."""
        made, before = self._sieve, self._before
        if made is None:
            made = Sieve(self.candidates, self.terms, self.costing, self.standing)
            if before is not None:
                sieve, chain = before
                made.inherit(sieve, whole(chain))
            self._sieve = made
            self._before = None
        return made

    def after(self, change: Change, healths: Healths) -> "Ranking | None":
        """The ranking of the same candidates but for a change; it shares what did not change, and takes over masks when
        they are asked for. None where everybody's place may be another one."""
        found = repaired(self.candidates, self.order, self.scales, self._keys, self._levels, change, healths)
        return self._next(found)

    def measured(self, change: HealthChange) -> "Ranking | None":
        """The same after a provider was measured."""
        ranks = self.sieve.measured_with(change.provider_id, change.apart)
        if not ranks:
            return self
        if self._levels is None and (level := self.order.level(self.scales)) is not None:
            self._levels = Levels.of(self.candidates, level)
        found = measured(self.candidates, self.order, self.scales, self._keys, self._levels, ranks, change)
        return self._next(found)

    @property
    def _keys(self) -> Key:
        if self._key is None:
            key = self.order.key(self.scales)
            self._key = key if key is place else RememberedKeys(key)
        return self._key

    def _next(self, found: Repaired | None) -> "Ranking | None":
        if found is None:
            return None
        if not found.moves.size:
            return self
        return Ranking(
            found.candidates,
            self.terms,
            self.costing,
            self.order,
            found.scales,
            self.standing,
            self._earlier(found.moves),
            self._key,
            found.levels,
        )

    def _earlier(self, moves: Moves) -> tuple[Sieve, Chain] | None:
        """What the ranking after `moves` can take masks over from. Moves of many are not put together: that costs more
        than to take over the few masks in use in between."""
        sieve, before = self._sieve, self._before
        if sieve is None and before is not None:
            if _size(before[1]) + moves.size <= KEPT:
                longer = lengthened(before[1], moves)
                if not self._is_little(longer):
                    longer = (whole(longer),)
                return (before[0], longer) if self._is_little(longer) else None
            sieve = self.sieve.standing()
        return (sieve, (moves,)) if sieve is not None and self._is_little((moves,)) else None

    def _is_little(self, chain: Chain) -> bool:
        size = _size(chain)
        return size == 1 or size * LARGE <= len(self.candidates) or all(it.paired for it in chain)


def _size(chain: Chain) -> int:
    return sum(moves.size for moves in chain)
