"""Candidates in rank order, and the masks over them that do not depend on a usage."""

from collections.abc import Sequence
from functools import cache, reduce
from operator import and_, or_
from typing import Any

from ..meter import Meter
from ..reading.candidate import Candidate
from ..reading.criteria import CHECKS
from ..terms import CLOSED, Demands
from . import bits
from .filter import Memory, NamesTable

HEAD = 8192  #: ranks that are looked at first; the best match is nearly always among them


class Ranked:
    """`tables` are those of all demands by field, `closed` masks by the values of the closed ones, `favored` masks by
    lists of providers, of which one that nobody has is no error. `windows` are the ranks to look at: the head of a
    long list, then all.
    """

    def __init__(self, candidates: Sequence[Candidate], demands: Demands, meter: Meter) -> None:
        count = len(candidates)
        self.candidates, self.demands = candidates, demands
        self.tables = demands.tables(candidates, meter)
        self._closed_tables = tuple(self.tables[field] for field in CLOSED)
        self.closed = Memory(count, self._close)
        self.windows = tuple(bits.everyone(size) for size in sorted({min(HEAD, count), count}))
        single = cache(lambda provider: frozenset((provider,)))
        self._providers = NamesTable(
            count, CHECKS["prefer_providers"], names=lambda position: single(candidates[position].provider_id)
        )
        self.favored = Memory(count, lambda providers: reduce(or_, self._providers.parts(providers), 0))
        self._ready: int | None = None

    @property
    def ready(self) -> int:
        """The set of those that can answer now."""
        if self._ready is None:
            flags = bytes([bits.IN if candidate.ready else bits.OUT for candidate in self.candidates])
            self._ready = bits.mask(flags)
        return self._ready

    def _close(self, closed: tuple[Any, ...]) -> int:
        parts: list[int] = []
        for table, value in zip(self._closed_tables, closed, strict=True):
            parts += table.parts(value)
        return reduce(and_, parts, self.windows[-1])
