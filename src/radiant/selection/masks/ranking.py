"""Candidates in one order, with the masks that hold for every usage."""

from collections.abc import Sequence

from ..costing import Costing
from ..order.order import Key, Order, RememberedKeys, Scales
from ..order.repair import Change, HealthChange, repaired
from ..reading.candidate import Candidate
from ..terms import Terms
from .moves import Moves
from .sieve import Sieve

#: The part of a ranking that changes, beyond which masks are made anew.
LARGE = 4


class Ranking:
    """Best first; the rank of a candidate is its place, counted from 0, and its bit in every mask. `scales` are those
    of the scores in `order`, `costing` that of the order and of the filters in the sieve."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        terms: Terms,
        costing: Costing,
        order: Order,
        scales: Scales,
        before: tuple[Sieve, Moves] | None = None,
        key: Key | None = None,
    ) -> None:
        """`candidates` stand in that order. `before` is the sieve of an earlier ranking that was asked last, and how
        its ranks became those of this one; `key` is that of the order, where somebody made it already."""
        self.candidates, self.terms, self.costing = candidates, terms, costing
        self.order, self.scales = order, scales
        self._before = before
        self._sieve: Sieve | None = None
        self._key = key

    @classmethod
    def of(cls, candidates: Sequence[Candidate], terms: Terms, costing: Costing, order: Order) -> "Ranking":
        """Of candidates by model id, then provider id."""
        scales = order.scales(candidates)
        return cls(order.sort(candidates, scales), terms, costing, order, scales)

    @property
    def sieve(self) -> Sieve:
        """Made when first needed. Of two threads that make it at a time, either may."""
        made, before = self._sieve, self._before
        if made is None:
            made = Sieve(self.candidates, self.terms, self.costing)
            if before is not None:
                made.inherit(*before)
            self._sieve = made
            self._before = None
        return made

    def after(self, change: Change | HealthChange) -> "Ranking | None":
        """The ranking of the same candidates but for a change; it shares what did not change, and takes over masks when
        they are asked for. None where everybody's place may be another one."""
        key = self._key = self._key or RememberedKeys(self.order.key(self.scales))
        found = repaired(self.candidates, self.order, self.scales, key, change)
        if found is None:
            return None
        if not found.moves.size:
            return self
        before = self._earlier(found.moves)
        return Ranking(found.candidates, self.terms, self.costing, self.order, found.scales, before, key)

    def _earlier(self, moves: Moves) -> tuple[Sieve, Moves] | None:
        """What the ranking after `moves` can take masks over from."""
        before, sieve = self._before, self._sieve
        if sieve is not None:
            return (sieve, moves) if self._is_little(moves.size) else None
        if before is None or not self._is_little(before[1].least_then(moves)):
            return None
        both = before[1].then(moves)
        return (before[0], both) if self._is_little(both.size) else None

    def _is_little(self, moved: int) -> bool:
        return moved == 1 or moved * LARGE <= len(self.candidates)
