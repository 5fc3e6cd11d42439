"""All candidates of one moment, and every answer about them. Nothing of what it says ever changes."""

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import reduce
from operator import attrgetter, or_

from radiant.domain.choice import Freshness
from radiant.domain.criteria import Criteria, Usage
from radiant.domain.errors import InvalidCriteria, InvalidRow
from radiant.domain.vocabulary import Task
from radiant.pricing.formula import Media, beyond, media_of, priced_media

from ..masks.ranking import Ranking
from ..meter import Meter
from ..order.order import Order
from ..order.profile import DEFAULT, Profile, check_profiles
from ..reading.candidate import Candidate
from ..reading.rows import on
from ..terms import Terms
from .fast import Answers
from .picker import Picker

#: Candidates held in orders of stated usages, or twice all there are if that is more; a usage counts as some at least.
PRICED_MODELS = 20_000
LEAST = 50

#: Requests of so many kinds find their picker at once.
AT_HAND = 1024

#: Profile, usage, task (None for all), media that change a price, and whether warmth is ignored.
PickerKey = tuple[str, Usage | None, str | None, Media, bool]

#: The kind of a request, as far as its picker goes.
_AT_HAND = attrgetter("profile", "usage", "task", "input_modalities", "output_modalities")


class Index:
    """Pickers are made when first needed, those of the default profile at once. Several threads may ask at a time:
    what they build twice is equal, and the last one stays.

    `usable` are the candidates that could serve any request at all. `answers` gives the best model for criteria.
    """

    def __init__(
        self,
        candidates: Iterable[Candidate],
        *,
        terms: Terms,
        profiles: Mapping[str, Profile],
        freshness: Freshness,
        defaults: Mapping[str, str] | None = None,
        refused: tuple[InvalidRow, ...] = (),
    ) -> None:
        """`candidates` by model id, then provider id; `defaults` are the model ids of last resort by task; `refused`
        are the rows that could not be read, one error each."""
        self.candidates, self.refused = list(candidates), refused
        self.terms, self.profiles = terms, profiles
        check_profiles(profiles, terms.measures)
        self.defaults = dict(defaults or {})
        self.freshness = freshness
        self.usable = [candidate for candidate in self.candidates if terms.usable(candidate)]
        self._tasks: dict[Task, list[Candidate]] = {task: [] for task in Task}
        for candidate in self.usable:
            self._tasks[candidate.primary_mode].append(candidate)
        self._meter = Meter()
        self._pickers: dict[PickerKey, Picker] = {}
        self._priced: dict[PickerKey, Picker] = {}
        self._priced_models = 0
        self._priced_media = reduce(or_, {priced_media(candidate.tariff) for candidate in self.usable}, Media.NONE)
        self._at_hand: dict[Hashable, Picker] = {}
        self.key = _AT_HAND
        self.answers = Answers(terms.reader, self._at_hand, self.key, self.picker_for)
        if DEFAULT in profiles:
            for task, held in self._tasks.items():
                if held:
                    self.picker(DEFAULT, None, task)

    def on(self, today: dt.date) -> "Index":
        """The same models on another day."""
        return Index(
            on(self.candidates, today),
            terms=self.terms,
            profiles=self.profiles,
            freshness=self.freshness,
            defaults=self.defaults,
            refused=self.refused,
        )

    def picker(
        self, profile: str, usage: Usage | None, task: str, media: Media = Media.NONE, *, blind: bool = False
    ) -> Picker:
        """Of the usable models of a task, at the costs of requests with these media. `blind` ignores warmth.

        Raises InvalidCriteria.
        """
        key = (profile, usage, task, media, blind)
        return self._held(key) or self._made(key, self._tasks[Task(task)])

    def picker_for(self, criteria: Criteria, *, blind: bool = False) -> Picker:
        """Of the models that can serve the task asked for. Raises InvalidCriteria for a profile there is not."""
        media = beyond(criteria.task, self._media(criteria))
        picker = self.picker(criteria.profile, criteria.usage, criteria.task, media, blind=blind)
        if not blind:
            if len(self._at_hand) >= AT_HAND:
                self._at_hand.clear()
            self._at_hand[self.key(criteria)] = picker
        return picker

    def picker_of_all(self, criteria: Criteria) -> Picker:
        """Of all usable models, whatever their task. Raises InvalidCriteria for a profile there is not."""
        key = (criteria.profile, criteria.usage, None, self._media(criteria), False)
        return self._held(key) or self._made(key, self.usable)

    def picker_among(self, criteria: Criteria, candidates: Iterable[Candidate]) -> Picker:
        """Of any candidates, by model id and provider id, whatever their task."""
        meter = self._metered(criteria.usage, self._media(criteria))
        order = self.order(criteria.profile, meter)
        return Picker(Ranking(order.sort(list(candidates)), self.terms, meter), order, meter, self.freshness)

    def order(self, profile: str, meter: Meter, *, blind: bool = False) -> Order:
        """Raises InvalidCriteria for a profile there is not."""
        if profile not in self.profiles:
            raise InvalidCriteria("profile", f"{profile!r} is unknown", tuple(sorted(self.profiles)))
        return Order(self.profiles[profile], self.terms.measures, meter, blind=blind)

    def _media(self, criteria: Criteria) -> Media:
        """What the request takes and gives besides text, as far as it changes anybody's price."""
        return self._priced_media & media_of(criteria.input_modalities, criteria.output_modalities)

    def _metered(self, usage: Usage | None, media: Media) -> Meter:
        return self._meter if usage is None and not media else Meter(usage, media)

    def _held(self, key: PickerKey) -> Picker | None:
        return (self._pickers if key[1] is None else self._priced).get(key)

    def _made(self, key: PickerKey, candidates: Sequence[Candidate]) -> Picker:
        profile, usage, task, media, blind = key
        meter = self._metered(usage, media)
        order = self.order(profile, meter, blind=blind)
        if (usage is None and not media) or self.profiles[profile].metered(self.terms.measures):
            ranking, size = Ranking(order.sort(candidates), self.terms, meter), len(candidates)
        else:
            plain = (profile, None, task, Media.NONE, blind)
            ranking, size = (self._held(plain) or self._made(plain, candidates)).ranking, 0
        picker = Picker(ranking, order, meter, self.freshness)
        if usage is None:
            self._pickers[key] = picker
        else:
            self._keep(key, picker, LEAST + size)
        return picker

    def _keep(self, key: PickerKey, picker: Picker, size: int) -> None:
        """Hold on to the picker of a stated usage, if need be instead of the others."""
        self._priced_models += size
        if self._priced_models > max(PRICED_MODELS, 2 * len(self.candidates)):
            self._priced.clear()
            self._at_hand.clear()
            self._priced_models = size
        self._priced[key] = picker
