"""Ranked candidates at the costs of one usage, ready to be asked."""

from collections.abc import Iterator, Sequence

from radiant.domain.choice import Choice, Freshness

from ..masks import bits
from ..masks.filter import Judge
from ..masks.ranking import Ranked
from ..meter import Meter
from ..reading.candidate import Candidate
from ..terms import Values


class View:
    """Positions are ranks, 0 is the best. `choices` are those already made, `tables` those of all demands by field."""

    __slots__ = ("_closed", "_freshness", "_opened", "_windows", "candidates", "choices", "meter", "ranked", "tables")

    def __init__(self, ranked: Ranked, meter: Meter, freshness: Freshness) -> None:
        self.ranked, self.meter, self._freshness = ranked, meter, freshness
        self.candidates: Sequence[Candidate] = ranked.candidates
        self.choices: dict[int, Choice] = {}
        self._closed, self._windows = ranked.closed, ranked.windows
        self.tables = ranked.tables
        if meter.stated:
            self.tables = ranked.tables | ranked.demands.metered(ranked.candidates, meter)
        self._opened = tuple(self.tables[field] for field in ranked.demands.opened)

    def best(self, values: Values, favored: tuple[str, ...] = (), within: int | None = None) -> int | None:
        """The first position that satisfies all values, if `within` is given in that set; favored providers first."""
        closed, stated = values
        satisfied = self._closed[closed] if within is None else self._closed[closed] & within
        parts: list[int] = []
        judges: list[Judge] = []
        for at, value in stated:
            table = self._opened[at]
            parts += table.parts(value)
            if not table.exact:
                judges.append(table.judge(value))
        if not favored and not judges and len(self._windows) == 1:  # most requests, in the shortest way
            for part in parts:
                satisfied &= part
            return (satisfied & -satisfied).bit_length() - 1 if satisfied else None
        for start in (satisfied & self.ranked.favored[favored], satisfied) if favored else (satisfied,):
            for window in self._windows:
                mask = window & start
                for part in parts:
                    mask &= part
                while mask:
                    lowest = mask & -mask
                    position = lowest.bit_length() - 1
                    for judge in judges:
                        if not judge(position):
                            break
                    else:
                        return position
                    mask ^= lowest
        return None

    def all(self, values: Values, favored: tuple[str, ...]) -> Iterator[int]:
        """Every position that satisfies all values, in the order of the answer."""
        closed, stated = values
        mask = self._closed[closed]
        tables = [(self._opened[at], value) for at, value in stated]
        for table, value in tables:
            mask &= table.mask(value)
        judges = [table.judge(value) for table, value in tables if not table.exact]
        first = mask & self.ranked.favored[favored] if favored else 0
        for part in (first, mask ^ first):
            for position in bits.positions(part):
                if all(judge(position) for judge in judges):
                    yield position

    def choice(self, position: int) -> Choice:
        """The same object every time."""
        found = self.choices.get(position)
        if found is None:
            found = self.choices[position] = self._chosen(self.candidates[position])
        return found

    def _chosen(self, candidate: Candidate) -> Choice:
        return Choice(
            id=candidate.id,
            model_id=candidate.model_id,
            display_name=candidate.display_name,
            hosting_type=candidate.hosting_type,
            provider_id=candidate.provider_id,
            provider_name=candidate.provider_name,
            primary_mode=candidate.primary_mode,
            thermal_state=candidate.thermal_state,
            warmup_required=not candidate.ready,
            warmup_time_seconds=0 if candidate.ready else candidate.warmup_time_seconds,
            health_status=candidate.health_status,
            litellm_id=candidate.litellm_id,
            estimated_cost=self.meter.cost_usd(candidate.tariff),
            freshness=self._freshness,
        )
