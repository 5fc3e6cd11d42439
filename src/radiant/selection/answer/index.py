"""All candidates of one moment, and every answer about them. Nothing of what it says ever changes."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from radiant.domain.choice import Choice, Freshness
from radiant.domain.criteria import Criteria, Usage
from radiant.domain.errors import InvalidCriteria
from radiant.domain.vocabulary import Task

from ..criterion import Criterion
from ..masks.ranking import Ranked
from ..meter import Meter
from ..order.order import Ranking
from ..order.profile import DEFAULT, Profile, check_profiles, measures
from ..reading.candidate import Candidate
from ..reading.criteria import CHECKS, read_usage
from ..terms import Demands, Values
from .picker import View
from .request import Request

ANSWERS = 512  #: requests remembered
#: Candidates held in orders of stated usages, or twice all there are if that is more; a usage counts as some at least.
PRICED_MODELS = 20_000
LEAST = 50


class Index:
    """Views are made when first needed, those of the default profile at once. Several threads may ask at a time:
    what they build twice is equal, and the last one stays."""

    def __init__(
        self,
        candidates: Iterable[Candidate],
        *,
        roster: Iterable[Criterion],
        profiles: Mapping[str, Profile],
        freshness: Freshness,
        defaults: Mapping[str, str] | None = None,
    ) -> None:
        """`candidates` by model id, then provider id; `defaults` are the model ids of last resort by task."""
        self.candidates = list(candidates)
        self.roster = tuple(roster)
        self.profiles, self.measures = profiles, measures(self.roster)
        check_profiles(profiles, self.measures)
        self.defaults = dict(defaults or {})
        self.freshness = freshness
        self.demands = Demands(self.roster)
        standing = [criterion.standing for criterion in self.roster if criterion.standing]
        self.usable = [each for each in self.candidates if all(judge(each) is None for judge in standing)]
        self._tasks: dict[Task, list[Candidate]] = {task: [] for task in Task}
        for candidate in self.usable:
            self._tasks[candidate.primary_mode].append(candidate)
        self._meter = Meter()
        self._views: dict[Hashable, View] = {}
        self._priced: dict[Hashable, View] = {}
        self._priced_models = 0
        self.answers: dict[Hashable, list[Choice | None]] = {}
        if DEFAULT in profiles:
            for task, held in self._tasks.items():
                if held:
                    self.view(DEFAULT, None, task)

    def answer(
        self,
        key: Hashable,
        cell: list[Choice | None],
        profile: str,
        usage: Usage | None,
        task: str,
        favored: tuple[str, ...],
        values: Values,
    ) -> Choice | None:
        """The best model, remembered in `cell`, which stands under `key` in `answers`. Raises InvalidCriteria."""
        answers = self.answers
        if len(answers) > ANSWERS:
            answers.clear()
        try:
            view = self._views.get((profile, usage, task)) or self.view(profile, usage, task)
            position = view.best(values, favored)
        except InvalidCriteria:
            answers.pop(key, None)
            raise
        found = None if position is None else view.choices.get(position) or view.choice(position)
        cell.append(found)
        return found

    def request(self, criteria: Criteria) -> Request:
        """Raises InvalidCriteria for a profile there is not."""
        self._profile(criteria.profile)
        return Request(criteria, self.demands)

    def view(self, profile: str, usage: Usage | None, task: str, *, blind: bool = False) -> View:
        """Of the usable models of a task. `blind` ignores warmth. Raises InvalidCriteria."""
        key = (profile, usage, task, blind) if blind else (profile, usage, task)
        return self._held(key) or self._made(key, profile, usage, self._tasks[CHECKS["task"](task)], blind=blind)

    def everything(self, profile: str, usage: Usage | None) -> View:
        """Of all usable models, whatever their task. Raises InvalidCriteria."""
        key = (profile, usage)
        return self._held(key) or self._made(key, profile, usage, self.usable, blind=False)

    def view_for(self, request: Request) -> View:
        """Of the models that can serve the request's task."""
        criteria = request.criteria
        return self.view(criteria.profile, criteria.usage, criteria.task)

    def across(self, request: Request, candidates: Iterable[Candidate]) -> View:
        """A view of any candidates, by model id and provider id, whatever their task."""
        usage = request.criteria.usage
        meter = self._meter if usage is None else Meter(usage)
        ordered = self.ranking(request.criteria.profile, meter).order(list(candidates))
        return View(Ranked(ordered, self.demands, meter), meter, self.freshness)

    def ranking(self, profile: str, meter: Meter, *, blind: bool = False) -> Ranking:
        return Ranking(self._profile(profile), self.measures, meter, blind=blind)

    def _held(self, key: tuple[Any, ...]) -> View | None:
        return (self._views if key[1] is None else self._priced).get(key)

    def _made(
        self, key: tuple[Any, ...], profile: str, usage: Usage | None, candidates: Sequence[Candidate], *, blind: bool
    ) -> View:
        meter = self._meter if usage is None else Meter(read_usage(usage))
        ranking = self.ranking(profile, meter, blind=blind)
        if usage is None or self.profiles[profile].metered(self.measures):
            ranked, size = Ranked(ranking.order(candidates), self.demands, meter), len(candidates)
        else:
            unstated = (profile, None, *key[2:])
            same = self._held(unstated) or self._made(unstated, profile, None, candidates, blind=blind)
            ranked, size = same.ranked, 0
        view = View(ranked, meter, self.freshness)
        if usage is None:
            self._views[key] = view
        else:
            self._keep(key, view, LEAST + size)
        return view

    def _profile(self, name: str) -> Profile:
        CHECKS["profile"](name)
        if name not in self.profiles:
            raise InvalidCriteria("profile", f"{name!r} is unknown", tuple(sorted(self.profiles)))
        return self.profiles[name]

    def _keep(self, key: tuple[Any, ...], view: View, size: int) -> None:
        """Hold on to the view of a stated usage, if need be instead of the others."""
        self._priced_models += size
        if self._priced_models > max(PRICED_MODELS, 2 * len(self.candidates)):
            self._priced.clear()
            self._priced_models = size
        self._priced[key] = view
