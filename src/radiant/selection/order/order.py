"""Sorts candidates by a profile, and says why one comes before another."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from radiant.domain.vocabulary import Task, ThermalState

from ..costing import Costing
from ..criterion import Judgement, Measure
from ..masks.filter import Number
from ..reading.candidate import Candidate
from .profile import Profile
from .scale import PLACES, Scale, scale_of, scoring

#: What the scores of the measures with a weight are relative to: the candidates of each task belong together.
Scales = Mapping[Task, Mapping[str, Scale]]

#: Who comes after all others where cold ones do; those that are off only stand in the orders of plans.
_COLDNESS: Mapping[ThermalState | None, int] = {ThermalState.COLD: 1, ThermalState.OFF: 2}

#: By which candidates ascend in an order, no two of them equal.
Key = Callable[[Candidate], tuple[Any, ...]]

#: A score is added up in steps of one in so many; up to so much a float is exact.
UNIT, EXACT = 10**PLACES, 2**53

#: Candidates whose keys are remembered: each search in an order begins with the same ones.
KEYS = 4096


class RememberedKeys:
    """A key that is computed once for each candidate that is looked at again and again."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._known: dict[int, tuple[Candidate, tuple[Any, ...]]] = {}

    def __call__(self, candidate: Candidate) -> tuple[Any, ...]:
        found = self._known.get(id(candidate))
        if found is None or found[0] is not candidate:
            if len(self._known) >= KEYS:
                self._known.clear()
            found = self._known[id(candidate)] = candidate, self._key(candidate)
        return found[1]


class Order:
    """Orders candidates by one profile, at the prices of one costing. `blind` ignores warmth. `passing` says who is
    well enough to be chosen: scores are relative to what these have."""

    def __init__(
        self,
        profile: Profile,
        measures: Mapping[str, Measure],
        costing: Costing,
        *,
        passing: Callable[[Candidate], bool],
        blind: bool = False,
    ) -> None:
        self._profile, self._measures, self._costing, self._blind = profile, measures, costing, blind
        self._passing = passing

    def sort(self, candidates: Sequence[Candidate], scales: Scales) -> Sequence[Candidate]:
        """Best first, with the `scales` of these candidates, which stand by model id, then provider id. Of what the
        profile leaves equal, models on their way out come last; what is equal then stays in that sequence."""
        if self._profile.weights:
            return sorted(candidates, key=self._weighing(scales))
        ranked = sorted(candidates, key=_is_leaving)
        for name in reversed(self._profile.order):
            ranked.sort(key=self._key(name))
        if self._cold_last:
            ranked.sort(key=_coldness)
        return ranked

    def key(self, scales: Scales) -> Key:
        """What `sort` sorts by, as one key."""
        if self._profile.weights:
            weigh = self._weighing(scales)
            return lambda candidate: (*weigh(candidate), candidate.model_id, candidate.provider_id)
        keys = [self._key(name) for name in self._profile.order]
        if self._cold_last:
            keys.insert(0, _coldness)
        keys.append(_is_leaving)
        return lambda candidate: (*[key(candidate) for key in keys], candidate.model_id, candidate.provider_id)

    def keeps_sequence(self) -> bool:
        """Whether models of one task that have the measured health in common, before and after a change of it alone,
        keep their sequence among themselves."""
        measures = [self._measures[name] for name in (*self._profile.order, *self._profile.weights)]
        return all(measure.by_health is not None for measure in measures)

    def level(self, scales: Scales) -> Callable[[Candidate], float] | None:
        """A number by which candidates ascend in this order before anything else, and to which what is measured of a
        provider adds the same for all its models. None where there is none that tells more than a few apart, or none
        that is exact."""
        if not self.keeps_sequence():
            return None
        if self._profile.weights:
            return self._level_of_scores(scales)
        name = self._profile.order[0] if self._profile.order else ""
        measure = self._measures.get(name)
        if measure is None or measure.by_health or measure.scores is not None:
            return None
        key, cold_last = self._key(name), self._cold_last
        return lambda candidate: math.inf if cold_last and _coldness(candidate) else float(key(candidate))

    def shift(self, scales: Scales, before: Candidate, after: Candidate) -> float:
        """What is added to the level of every model that has the measured health of `before`, once it has that of
        `after`, in which alone the two differ."""
        if not self._profile.weights:
            return 0.0
        weigh = self._weighing(scales)
        return float(weigh(after)[1] - weigh(before)[1])

    def _level_of_scores(self, scales: Scales) -> Callable[[Candidate], float] | None:
        if len(scales) != 1 or sum(self._weights.values()) * UNIT > EXACT:
            return None
        weigh = self._weighing(scales)

        def level(candidate: Candidate) -> float:
            coldness, score, *_ = weigh(candidate)
            return math.inf if coldness else float(score)

        return level

    def stays(self, before: Candidate, after: Candidate) -> bool:
        """Whether every model with the measured health of `before` keeps its place with that of `after`, in which alone
        the two differ."""
        return self.keeps_sequence() and all(
            self._judge(name)(before, self._costing) == self._judge(name)(after, self._costing)
            for name in (*self._profile.order, *self._profile.weights)
            if self._measures[name].by_health
        )

    def scales(self, candidates: Iterable[Candidate]) -> Scales:
        """What scores are relative to among these candidates, as far as they pass; nothing where there are none."""
        if not self._profile.weights:
            return {}
        return {
            task: {name: scale_of(self._measures[name], self._values(name, group)) for name in self._profile.weights}
            for task, group in by_task(candidates).items()
        }

    def rescaled(self, scales: Scales, gone: Iterable[Candidate], came: Iterable[Candidate]) -> Scales | None:
        """After a change; None where the scores of candidates change that did not."""
        if not scales:
            return None if self._profile.weights else scales
        found = dict(scales)
        left, joined = by_task(gone), by_task(came)
        for task in {*left, *joined}:
            before, after = found.get(task, {}), {}
            for name, scale in before.items():
                new = scale.after(self._values(name, left.get(task, ())), self._values(name, joined.get(task, ())))
                if new is None:
                    return None
                after[name] = new
            if not after:
                return None
            found[task] = after
        return found

    def remeasured(self, scales: Scales, before: Candidate, after: Candidate, count: int) -> Scales | None:
        """The same where so many models of one task had the measured health of `before` in common, and have that of
        `after`, in which alone the two differ. None, too, where that decides whether they could be chosen."""
        if not self._profile.weights:
            return scales
        if len(scales) != 1 or self._passing(before) is not self._passing(after):
            return None
        ((task, of_task),) = scales.items()
        if not self._passing(before):
            return scales
        found = dict(of_task)
        for name, scale in of_task.items():
            if self._measures[name].by_health:
                (gone,), (came,) = self._values(name, [before]), self._values(name, [after])
                new = scale.after([gone] * count, [came] * count)
                if new is None:
                    return None
                found[name] = new
        return {task: found}

    def scores(self, candidate: Candidate, scales: Scales) -> dict[str, float]:
        """0 to 1 for each measure with a weight, by the scales of its task; compared are the candidates of one task,
        which belong together."""
        judge, costing = self._judge, self._costing
        return {
            name: scoring(self._measures[name], scales[candidate.primary_mode][name])(judge(name)(candidate, costing))
            for name in self._profile.weights
        }

    def reasons(self, candidate: Candidate) -> tuple[str, ...]:
        """What places it where it is, the most important first."""
        names = [*self._profile.order, *self._profile.weights]
        said = [self._measures[name].words(candidate, self._costing) for name in names]
        if self._profile.cold_last and not candidate.ready and "readiness" not in names:
            said.insert(0, f"{candidate.thermal_state}, so after all others")
        return tuple(said)

    @property
    def _cold_last(self) -> bool:
        return self._profile.cold_last and not self._blind

    @cached_property
    def _weights(self) -> dict[str, int]:
        """As whole numbers in the same proportions: of these a sum is exact, whatever it is added up from."""
        weights = {name: Fraction(weight) for name, weight in self._profile.weights.items()}
        unit = math.lcm(*(weight.denominator for weight in weights.values()))
        common = math.gcd(*(int(weight * unit) for weight in weights.values()))
        return {name: int(weight * unit) // common for name, weight in weights.items()}

    def _weighing(self, scales: Scales) -> Callable[[Candidate], tuple[int, int, Number, bool]]:
        weights = self._weights
        judges = {
            task: [
                (weight, self._judge(name), scoring(self._measures[name], of_task[name]))
                for name, weight in weights.items()
            ]
            for task, of_task in scales.items()
        }
        cold_last, costing = self._cold_last, self._costing
        readiness = self._key("readiness") if "readiness" in self._measures else _coldness

        def key(candidate: Candidate) -> tuple[int, int, Number, bool]:
            total = sum(
                weight * round(score(judge(candidate, costing)) * UNIT)
                for weight, judge, score in judges[candidate.primary_mode]
            )
            return (
                _coldness(candidate) if cold_last else 0,
                -total,
                readiness(candidate),
                candidate.leaving,
            )

        return key

    def _values(self, name: str, candidates: Iterable[Candidate]) -> list[Number | None]:
        judge, costing = self._judge(name), self._costing
        return [judge(candidate, costing) for candidate in candidates if self._passing(candidate)]

    def _judge(self, name: str) -> Judgement:
        measure = self._measures[name]
        return measure.blind if self._blind and measure.blind else measure.of

    def _key(self, name: str) -> Callable[[Candidate], Number]:
        judge, costing = self._judge(name), self._costing
        if self._measures[name].high:

            def key(candidate: Candidate) -> Number:
                value = judge(candidate, costing)
                return math.inf if value is None else -value
        else:

            def key(candidate: Candidate) -> Number:
                value = judge(candidate, costing)
                return math.inf if value is None else value

        return key


def by_task(candidates: Iterable[Candidate]) -> dict[Task, list[Candidate]]:
    """In the sequence in which they come."""
    tasks: dict[Task, list[Candidate]] = {}
    for candidate in candidates:
        tasks.setdefault(candidate.primary_mode, []).append(candidate)
    return tasks


def _is_leaving(candidate: Candidate) -> bool:
    return candidate.leaving


def _coldness(candidate: Candidate) -> int:
    """Whoever is off, where that counts, comes after who is cold."""
    return _COLDNESS.get(candidate.thermal_state, 0)
