"""Candidates in one order, and the masks over them that do not depend on a usage."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from ..meter import Meter
from ..reading.candidate import Candidate
from ..terms import Terms
from . import bits
from .filter import Memory, NamesFilter

HEAD = 8192  #: ranks that are looked at first; the best match is nearly always among them


class Ranking:
    """Best first; the rank of a candidate is its place, counted from 0, and its bit in every mask.

    `filters` are those of all demands by field at the costs of `meter`, `combined` masks by the values of all demands
    with few values, `favored` masks by lists of providers, of which one that nobody has is no error. `windows` are the
    ranks to look at: the head of a long list, then all.
    """

    def __init__(self, candidates: Sequence[Candidate], terms: Terms, meter: Meter) -> None:
        count = len(candidates)
        self.candidates, self.terms, self.meter = candidates, terms, meter
        self.filters = terms.filters(candidates, meter)
        self._few = tuple((self.filters[field], terms.demands[field].default) for field in terms.few)
        self.combined = Memory(count, self._combine)
        self.windows = tuple(bits.everyone(size) for size in sorted({min(HEAD, count), count}))
        single = cache(lambda provider: frozenset((provider,)))
        self._providers = NamesFilter(count, names=lambda rank: single(candidates[rank].provider_id))
        self.favored = Memory(count, self._providers.union)
        self._ready: int | None = None

    @property
    def ready(self) -> int:
        """The set of those that can answer now."""
        if self._ready is None:
            flags = bytes([bits.IN if candidate.ready else bits.OUT for candidate in self.candidates])
            self._ready = bits.mask(flags)
        return self._ready

    def _combine(self, values: tuple[Any, ...]) -> int:
        mask = self.windows[-1]
        for (filter, default), value in zip(self._few, values, strict=True):
            asked = default if value is None else value
            if asked is not None:
                mask = filter.narrow(mask, asked)
        return mask
