"""From a profile to an order of candidates, the same for every request."""

import math
from collections.abc import Callable, Mapping, Sequence

from radiant.domain.vocabulary import Task, ThermalState

from ..criterion import Judgement, Measure
from ..masks.filter import Number
from ..meter import Meter
from ..reading.candidate import Candidate
from .profile import Profile

PLACES = 9  #: of a score


class Order:
    """Orders candidates by one profile, at the prices of one meter. `blind` ignores warmth."""

    def __init__(self, profile: Profile, measures: Mapping[str, Measure], meter: Meter, *, blind: bool = False) -> None:
        self._profile, self._measures, self._meter, self._blind = profile, measures, meter, blind

    def sort(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Best first. Of what the profile leaves equal, models on their way out come last; what is equal then stays in
        the order it came in, which is by id."""
        if self._profile.weights:
            return self._weighed(candidates)
        ranked = sorted(candidates, key=_is_leaving)
        for name in reversed(self._profile.order):
            ranked.sort(key=self._key(name))
        if self._profile.cold_last and not self._blind:
            ranked.sort(key=_is_cold)
        return ranked

    def scores(self, candidates: Sequence[Candidate]) -> dict[str, list[float]]:
        """0 to 1 for each measure with a weight; compared are the candidates of one task, which belong together."""
        return {
            name: score(self._measures[name], [self._judge(name)(candidate, self._meter) for candidate in candidates])
            for name in self._profile.weights
        }

    def reasons(self, candidate: Candidate) -> tuple[str, ...]:
        """What places it where it is, the most important first."""
        names = [*self._profile.order, *self._profile.weights]
        said = [self._measures[name].words(candidate, self._meter) for name in names]
        if self._profile.cold_last and not candidate.ready and "readiness" not in names:
            said.insert(0, "COLD, so after all others")
        return tuple(said)

    def _weighed(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        tasks: dict[Task, list[Candidate]] = {}
        for candidate in candidates:
            tasks.setdefault(candidate.primary_mode, []).append(candidate)
        totals: dict[tuple[str, str], float] = {}
        for group in tasks.values():
            scores = self.scores(group)
            for position, candidate in enumerate(group):
                total = sum(float(weight) * scores[name][position] for name, weight in self._profile.weights.items())
                totals[candidate.provider_id, candidate.model_id] = -round(total, PLACES)
        cold_last = self._profile.cold_last and not self._blind
        readiness = self._key("readiness") if "readiness" in self._measures else _is_cold

        def key(candidate: Candidate) -> tuple[bool, float, Number, bool]:
            total = totals[candidate.provider_id, candidate.model_id]
            return cold_last and _is_cold(candidate), total, readiness(candidate), candidate.leaving

        return sorted(candidates, key=key)

    def _judge(self, name: str) -> Judgement:
        measure = self._measures[name]
        return measure.blind if self._blind and measure.blind else measure.of

    def _key(self, name: str) -> Callable[[Candidate], Number]:
        judge, meter = self._judge(name), self._meter
        if self._measures[name].high:

            def key(candidate: Candidate) -> Number:
                value = judge(candidate, meter)
                return math.inf if value is None else -value
        else:

            def key(candidate: Candidate) -> Number:
                value = judge(candidate, meter)
                return math.inf if value is None else value

        return key


def score(measure: Measure, values: Sequence[Number | None]) -> list[float]:
    """1 for the best, 0 for the worst and for unknown; 1 for all where they are equal."""
    if len(set(values)) <= 1:
        return [1.0] * len(values)
    if measure.scores is not None:
        return [measure.scores.get(int(value), 0.0) if value is not None else 0.0 for value in values]
    known = [value for value in values if value is not None]
    positive = [math.log(value) for value in known if value > 0]
    low, high = min(positive, default=0.0), max(positive, default=0.0)
    free = len(positive) < len(known)

    def judge(value: Number | None) -> float:
        if value is None:
            return 0.0
        if value <= 0:
            return 0.0 if measure.high else 1.0
        if low == high:
            return 0.0 if free and not measure.high else 1.0
        share = (math.log(value) - low) / (high - low)
        return round(share if measure.high else 1 - share, PLACES)

    return [judge(value) for value in values]


def _is_leaving(candidate: Candidate) -> bool:
    return candidate.leaving


def _is_cold(candidate: Candidate) -> bool:
    return candidate.thermal_state is ThermalState.COLD
