"""The pickers of some candidates, made when first needed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Any

from radiant.domain.choice import Freshness
from radiant.domain.criteria import Criteria, Usage
from radiant.domain.errors import InvalidCriteria
from radiant.domain.vocabulary import Task
from radiant.names.folding import nearest
from radiant.pricing.formula import priced_media
from radiant.pricing.media import Media, beyond, media_of

from ..costing import UNSTATED, Costing
from ..masks import bits
from ..masks.ranking import Ranking
from ..masks.sieve import Standing
from ..order.by_id import BY_ID, ById
from ..order.order import Order
from ..order.profile import Profile
from ..reading.candidate import Candidate
from ..reading.measured import Healths
from ..terms import Terms
from .fast import Held
from .picker import Picker
from .succession import EVERY, Made, PickerKey

#: What the ranking of all models by id is for.
EVERYONE: PickerKey = (BY_ID, None, EVERY, Media.NONE, False)

#: Every request asks nothing: all that there are were looked at before.
ALL = Standing(None, None)

#: Candidates held in orders of stated usages, or twice all there are if that is more; a usage counts as some at least.
PRICED_MODELS = 20_000
LEAST = 50

#: Pickers that are kept for whoever plans.
PLANS = 8


class Pickers:
    """Several threads may ask at a time: what they build twice is equal, and the last one stays.

    Pickers are made from rankings, which have the candidates that could serve requests whatever is measured; those of
    tasks in which nothing changes go over to the next index.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        terms: Terms,
        profiles: Mapping[str, Profile],
        freshness: Freshness,
        healths: Healths,
        made: Made | None,
    ) -> None:
        """`candidates` by model id, then provider id; `made` is what the index before has made and what is right here
        too, and has them already."""
        self.terms, self.profiles, self.freshness, self.healths = terms, profiles, freshness, healths
        self._pickers: dict[PickerKey, Picker] = {}
        self._priced: dict[PickerKey, Picker] = {}
        self._plans: dict[tuple[Any, ...], Picker] = {}
        self._kinds: dict[tuple[Any, ...], Held] = {}
        made = made or self._made_anew(candidates)
        self.candidates = made.rankings[EVERYONE].candidates
        self._tasks, self._rankings, self._priced_media = dict(made.tasks), dict(made.rankings), made.priced_media
        self._priced_models = sum(
            LEAST + len(it.candidates) for key, it in self._rankings.items() if key[1] is not None
        )

    @property
    def made(self) -> Made:
        """What there is by now."""
        return Made(self._tasks.copy(), self._rankings.copy(), self._priced_media)

    def picker(
        self, profile: str, usage: Usage | None, task: str, media: Media = Media.NONE, *, blind: bool = False
    ) -> Picker:
        """Of the usable models of a task, at the costs of requests with these media. `blind` ignores warmth.

        Raises InvalidCriteria.
        """
        return self._picker((profile, usage, task, media, blind))

    def picker_for(self, criteria: Criteria, *, blind: bool = False) -> Picker:
        """Of the models that can serve the task asked for; with `include_off` also of those that could once somebody
        deployed them. Raises InvalidCriteria for a profile there is not."""
        if criteria.include_off:
            return self._plan(criteria, criteria.task)
        media = beyond(criteria.task, self._media(criteria))
        return self.picker(criteria.profile, criteria.usage, criteria.task, media, blind=blind)

    def picker_of_all(self, criteria: Criteria) -> Picker:
        """The same of all tasks. Raises InvalidCriteria for a profile there is not."""
        if criteria.include_off:
            return self._plan(criteria, None)
        return self._picker((criteria.profile, criteria.usage, None, self._media(criteria), False))

    def picker_of_every(self, criteria: Criteria) -> Picker:
        """Of all models in their own sequence, whatever their task, those too that could serve no request."""
        return self._picker((BY_ID, criteria.usage, EVERY, self._media(criteria), False))

    def picker_among(self, criteria: Criteria, candidates: Iterable[Candidate]) -> Picker:
        """Of any candidates, by model id and provider id, whatever their task and whether they could serve at all."""
        costing = self._costing_of(criteria.usage, self._media(criteria))
        order = self.order(criteria.profile, costing)
        ranking = Ranking.of(list(candidates), self.terms, costing, order, ALL)
        return Picker(ranking, order, costing, self.freshness)

    def _plan(self, criteria: Criteria, task: str | None) -> Picker:
        """Made anew for each index: plans are seldom asked for, and always of all that there is."""
        key = (criteria.profile, criteria.usage, task, self._media(criteria))
        found = self._plans.get(key)
        if found is None:
            of_task = (it for it in self.candidates if task in (None, it.primary_mode))
            if len(self._plans) >= PLANS:
                self._plans.clear()
            found = self._plans[key] = self.picker_among(criteria, filter(self.terms.deployable, of_task))
        return found

    def order(self, profile: str, costing: Costing, *, blind: bool = False) -> Order:
        """Raises InvalidCriteria for a profile there is not."""
        if profile == BY_ID:
            return ById()
        return Order(self._profile(profile), self.terms.measures, costing, passing=self.terms.passing, blind=blind)

    def _made_anew(self, candidates: Sequence[Candidate]) -> Made:
        tasks: dict[Task, list[Candidate]] = {task: [] for task in Task}
        flags = self._lasting(candidates, True)
        for candidate, flag in zip(candidates, flags, strict=True):
            if flag == bits.IN:
                tasks[candidate.primary_mode].append(candidate)
        everyone = Ranking.of(candidates, self.terms, UNSTATED, ById(), Standing(self._lasting, self._passing))
        everyone.sieve.know(bits.mask(flags))
        media = Counter(priced_media(candidate.tariff) for these in tasks.values() for candidate in these)
        return Made(tasks, {EVERYONE: everyone}, media)

    def _lasting(self, candidates: Sequence[Candidate], _: Any) -> bytes:
        return bits.flags(map(self.terms.lasting, candidates))

    def _passing(self, candidates: Sequence[Candidate], _: Any) -> bytes:
        return self.terms.passing_flags(candidates)

    def _profile(self, name: str) -> Profile:
        if name not in self.profiles:
            known = tuple(sorted(self.profiles))
            raise InvalidCriteria("profile", f"{name!r:.200} is unknown", known, nearest(name, known))
        return self.profiles[name]

    def _is_by_usage(self, profile: str) -> bool:
        return profile != BY_ID and self._profile(profile).by_usage(self.terms.measures)

    @cached_property
    def _any_media(self) -> Media:
        """What changes anybody's price."""
        return reduce(or_, self._priced_media, Media.NONE)

    def _media(self, criteria: Criteria) -> Media:
        """What the request takes and gives besides text, as far as it changes anybody's price."""
        return self._any_media & media_of(criteria.input_modalities, criteria.output_modalities)

    def _costing_of(self, usage: Usage | None, media: Media) -> Costing:
        return UNSTATED if usage is None and not media else Costing(usage, media)

    def _picker(self, key: PickerKey) -> Picker:
        return (self._pickers if key[1] is None else self._priced).get(key) or self._new(key)

    def _new(self, key: PickerKey) -> Picker:
        profile, usage, task, media, blind = key
        if (usage is None and not media) or self._is_by_usage(profile):
            made = key in self._rankings
            ranking = self._ranking(key)
            size = 0 if made else LEAST + len(ranking.candidates)
            picker = Picker(ranking, ranking.order, ranking.costing, self.freshness)
        else:
            size, costing = LEAST, self._costing_of(usage, media)
            ranking = self._ranking((profile, None, task, Media.NONE, blind))
            picker = Picker(ranking, self.order(profile, costing, blind=blind), costing, self.freshness)
        if usage is None:
            self._pickers[key] = picker
        else:
            self._keep(key, picker, size)
        return picker

    def _ranking(self, key: PickerKey) -> Ranking:
        found = self._rankings.get(key)
        if found is None:
            profile, usage, task, media, blind = key
            costing = self._costing_of(usage, media)
            order = self.order(profile, costing, blind=blind)
            standing = Standing(None, self._passing)
            found = self._rankings[key] = Ranking.of(self._of(task), self.terms, costing, order, standing)
        return found

    def _of(self, task: str | None) -> Sequence[Candidate]:
        """The candidates of a task, or of all, that could serve requests whatever is measured."""
        if task is None:
            return list(filter(self.terms.lasting, self.candidates))
        found = self._tasks.get(Task(task))
        if found is None:
            of_task = (candidate for candidate in self.candidates if candidate.primary_mode == task)
            found = self._tasks[Task(task)] = list(filter(self.terms.lasting, of_task))
        return list(map(self.healths.of, found))

    def _keep(self, key: PickerKey, picker: Picker, size: int) -> None:
        """Hold on to the picker of a stated usage, if need be instead of the others."""
        self._priced_models += size
        if self._priced_models > max(PRICED_MODELS, 2 * len(self.candidates)):
            self._priced.clear()
            self._kinds.clear()
            for other in self._rankings.copy():
                if other[1] is not None and other != key:
                    self._rankings.pop(other, None)
            self._priced_models = LEAST + len(picker.candidates)
        self._priced[key] = picker
