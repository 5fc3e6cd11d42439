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
from ..masks.ranking import Ranking
from ..order.order import Order
from ..order.profile import Profile
from ..reading.candidate import Candidate
from ..terms import Terms
from .fast import Held
from .picker import Picker
from .succession import EVERY, Made, PickerKey

#: Candidates held in orders of stated usages, or twice all there are if that is more; a usage counts as some at least.
PRICED_MODELS = 20_000
LEAST = 50

#: Pickers that are kept for whoever plans.
PLANS = 8


class Pickers:
    """Several threads may ask at a time: what they build twice is equal, and the last one stays.

    `usable` are the candidates that could serve any request at all. `rankings` are what pickers are made from; those of
    tasks in which nothing changes go over to the next index.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        terms: Terms,
        profiles: Mapping[str, Profile],
        freshness: Freshness,
        made: Made | None,
    ) -> None:
        """`candidates` by model id, then provider id; `made` is what the index before has made and what is right for
        these too."""
        self.candidates, self.terms, self.profiles, self.freshness = candidates, terms, profiles, freshness
        self._pickers: dict[PickerKey, Picker] = {}
        self._priced: dict[PickerKey, Picker] = {}
        self._plans: dict[tuple[Any, ...], Picker] = {}
        self._kinds: dict[tuple[Any, ...], Held] = {}
        made = made or self._made_anew()
        self._tasks, self._rankings, self._priced_media = dict(made.tasks), dict(made.rankings), made.priced_media
        self._any_media = reduce(or_, self._priced_media, Media.NONE)
        self._priced_models = sum(
            LEAST + len(it.candidates) for key, it in self._rankings.items() if key[1] is not None
        )

    @cached_property
    def usable(self) -> list[Candidate]:
        return list(filter(self.terms.usable, self.candidates))

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
        """Of all models, whatever their task, those too that could serve no request. Raises InvalidCriteria for a
        profile there is not."""
        return self._picker((criteria.profile, criteria.usage, EVERY, self._media(criteria), False))

    def picker_among(self, criteria: Criteria, candidates: Iterable[Candidate]) -> Picker:
        """Of any candidates, by model id and provider id, whatever their task."""
        costing = self._costing_of(criteria.usage, self._media(criteria))
        order = self.order(criteria.profile, costing)
        return Picker(Ranking.of(list(candidates), self.terms, costing, order), order, costing, self.freshness)

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
        return Order(self._profile(profile), self.terms.measures, costing, blind=blind)

    def _made_anew(self) -> Made:
        tasks: dict[Task, list[Candidate]] = {task: [] for task in Task}
        for candidate in self.usable:
            tasks[candidate.primary_mode].append(candidate)
        return Made(tasks, {}, Counter(priced_media(candidate.tariff) for candidate in self.usable))

    def _profile(self, name: str) -> Profile:
        if name not in self.profiles:
            known = tuple(sorted(self.profiles))
            raise InvalidCriteria("profile", f"{name!r} is unknown", known, nearest(name, known))
        return self.profiles[name]

    def _media(self, criteria: Criteria) -> Media:
        """What the request takes and gives besides text, as far as it changes anybody's price."""
        return self._any_media & media_of(criteria.input_modalities, criteria.output_modalities)

    def _costing_of(self, usage: Usage | None, media: Media) -> Costing:
        return UNSTATED if usage is None and not media else Costing(usage, media)

    def _picker(self, key: PickerKey) -> Picker:
        return (self._pickers if key[1] is None else self._priced).get(key) or self._new(key)

    def _new(self, key: PickerKey) -> Picker:
        profile, usage, task, media, blind = key
        if (usage is None and not media) or self._profile(profile).by_usage(self.terms.measures):
            size = 0 if key in self._rankings else LEAST + len(self._of(task))
            ranking = self._ranking(key)
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
            found = self._rankings[key] = Ranking.of(self._of(task), self.terms, costing, order)
        return found

    def _of(self, task: str | None) -> Sequence[Candidate]:
        """The usable candidates of a task, or of all; or all candidates."""
        if task == EVERY:
            return self.candidates
        if task is None:
            return self.usable
        found = self._tasks.get(Task(task))
        if found is None:
            of_task = (candidate for candidate in self.candidates if candidate.primary_mode == task)
            found = self._tasks[Task(task)] = list(filter(self.terms.usable, of_task))
        return found

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
