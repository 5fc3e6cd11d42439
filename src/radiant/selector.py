"""The public selector: which model should serve a request, in microseconds, and why."""

import datetime as dt
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

import msgspec

from radiant import settings
from radiant.domain.choice import Choice, Diagnosis, Explanation, Freshness
from radiant.domain.criteria import Criteria
from radiant.domain.errors import InvalidCriteria, RadiantError
from radiant.selection.answer.diagnosis import diagnose
from radiant.selection.answer.explanation import explain
from radiant.selection.answer.fallback import decide
from radiant.selection.answer.fast import eligible
from radiant.selection.answer.index import Index
from radiant.selection.answer.remarks import on_order
from radiant.selection.criteria.connected import by_default
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.criterion import Criterion
from radiant.selection.order.profile import Profile, shipped_profiles
from radiant.selection.reading.candidate import Candidate
from radiant.selection.reading.keywords import takes_criteria
from radiant.selection.reading.rows import read_rows
from radiant.selection.terms import Terms

if TYPE_CHECKING:
    from radiant.registry.address import Address
    from radiant.selector_thread import SelectorThread

RequestWarmup = Callable[[str], Awaitable[bool]]


def today_utc() -> dt.date:
    """The day that retirements are counted from."""
    return dt.datetime.now(dt.UTC).date()


class Selector:
    """Answers from one immutable index, which `swap` replaces; several threads may ask.

    Every question takes `Criteria`, or its fields as keywords, and raises InvalidCriteria, which names the field and
    what is allowed. Criteria that `read` gave are not checked again.

    `request_warmup(model_id)` asks for a warm-up and returns whether this call started it; without it none is asked
    for. `clock` returns seconds, as `taken_at` of an index does, and `today` the day in UTC. `profiles` come beside the
    shipped ones, `criteria` are all the considerations there are. With `connected_only`, a request that does not say
    otherwise is served only by models that there is a key for.
    """

    def __init__(
        self,
        *,
        profiles: Mapping[str, Profile] | None = None,
        criteria: Iterable[Criterion] = ROSTER,
        request_warmup: RequestWarmup | None = None,
        clock: Callable[[], float] | None = None,
        today: Callable[[], dt.date] = today_utc,
        connected_only: bool = False,
    ) -> None:
        self._terms = Terms(by_default(criteria) if connected_only else criteria)
        self._today = today
        self._profiles = shipped_profiles() | dict(profiles or {})
        self._request_warmup, self._clock = request_warmup, clock
        #: Reads `Criteria` made by hand, mappings and JSON (bytes or text), once for all questions.
        self.read: Callable[[object], Criteria] = self._terms.reader.read
        self._follows: Callable[[], bool] = lambda: True
        self._closing: tuple[Callable[[], Awaitable[None]], ...] = ()
        self._index = self.build(())

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, Any]],
        *,
        defaults: Mapping[str, str] | None = None,
        profiles: Mapping[str, Profile] | None = None,
        criteria: Iterable[Criterion] = ROSTER,
        request_warmup: RequestWarmup | None = None,
        today: dt.date | None = None,
        connected: Collection[str] | None = None,
        connected_only: bool = False,
    ) -> Self:
        """From mappings with the columns of `unified_model_registry`. `defaults`: model ids of last resort by task.

        `today` is the day, in UTC, that retirements are counted from, and now if absent; `connected` are the ids of the
        providers that there is a key for.

        Raises InvalidRow for the first row that is not right, CatalogError for a profile.
        """
        selector = cls(
            profiles=profiles,
            criteria=criteria,
            request_warmup=request_warmup,
            today=today_utc if today is None else lambda: today,
            connected_only=connected_only,
        )
        index = selector.build(rows, defaults=defaults, connected=connected)
        if index.refused:
            raise index.refused[0]
        selector.swap(index)
        return selector

    @classmethod
    async def connect(
        cls,
        url: "str | Address",
        *,
        profiles: Mapping[str, Profile] | None = None,
        criteria: Iterable[Criterion] = ROSTER,
        clock: Callable[[], float] = time.monotonic,
        on_change: Callable[[], None] = lambda: None,
        today: Callable[[], dt.date] = today_utc,
        variables: Collection[str] | None = None,
        connected_only: bool | None = None,
    ) -> Self:
        """From the registry at `url`, and fresh until `close`: a committed change is seen within milliseconds.

        `variables` are the names of the environment variables that are set, among which those with the keys of
        providers are looked for, and those of this process if absent; their values are never read. So is
        `connected_only`, which RADIANT_CONNECTED_ONLY says if absent.

        While the database is away, choices go on from what was seen last and tell its age. Warm-ups are asked for in
        the registry. `on_change` is called whenever what was seen has been taken over. Raises DatabaseUnreachable.
        """
        from radiant.snapshot import LiveSnapshot, WarmupRequests

        warmups = WarmupRequests(url)
        selector = cls(
            profiles=profiles,
            criteria=criteria,
            request_warmup=warmups.request,
            clock=clock,
            today=today,
            connected_only=settings.connected_only() if connected_only is None else connected_only,
        )

        def take_over(index: Index) -> None:
            selector.swap(index)
            on_change()

        live = LiveSnapshot(
            url,
            build=selector.build,
            publish=take_over,
            confirm=lambda at: selector.freshness.confirm(at),
            clock=clock,
            today=today,
            renew=lambda: selector.turn(),
            variables=settings.variables() if variables is None else variables,
        )
        await live.start()
        selector._closing = (live.close, warmups.close)
        selector._follows = lambda: live.following
        return selector

    @classmethod
    def open(cls, url: "str | Address", **options: Any) -> "SelectorThread":
        """The same as `connect`, with its keywords, for scripts and notebooks that have no event loop to share.

        with Selector.open("postgresql://…") as selector:
            print(selector.select(task="chat", …))
        """
        from radiant.selector_thread import SelectorThread

        return SelectorThread(url, options)

    @property
    def following(self) -> bool:
        """Whether it keeps up with its registry; always, where it has none to follow."""
        return self._follows()

    async def close(self) -> None:
        """Stop staying fresh. What was seen last still answers."""
        for close in self._closing:
            await close()
        self._closing = ()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def build(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        defaults: Mapping[str, str] | None = None,
        taken_at: float | None = None,
        connected: Collection[str] | None = None,
    ) -> Index:
        """An index of `rows` as they were at `taken_at`; it answers nothing yet. What is wrong with rows that cannot
        be read stands in its `refused`. `connected` are the providers that there is a key for."""
        candidates, refused = read_rows(rows, today=self._today(), connected=connected)
        return Index(
            candidates,
            refused=refused,
            terms=self._terms,
            profiles=self._profiles,
            freshness=Freshness(taken_at, self._clock),
            defaults=defaults,
        )

    def swap(self, index: Index) -> None:
        """Answer from `index` from now on."""
        self._index = index

    def turn(self) -> None:
        """Count retirements from today on, which a new day makes necessary."""
        self.swap(self._index.on(self._today()))

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Every model there is, by model id and provider id."""
        return self._index.candidates

    @property
    def freshness(self) -> Freshness:
        """Of the index that answers now; `confirm` it when the registry was seen unchanged."""
        return self._index.freshness

    def choose(self, criteria: Criteria) -> Choice | None:
        """The best model, or None. Raises InvalidCriteria."""
        return self._index.answers.choose(self.read(criteria))

    @takes_criteria
    def select(self, criteria: Criteria | None = None, /, **asked: Any) -> Choice | None:
        """The best model, or None. Raises InvalidCriteria."""
        answers = self._index.answers
        return answers.ask(asked) if criteria is None else answers.choose(self._asked(criteria, asked))

    @takes_criteria
    def rank(self, criteria: Criteria | None = None, /, *, limit: int = 10, **asked: Any) -> list[Choice]:
        """The `limit` best models, best first. Raises InvalidCriteria."""
        if limit.__class__ is not int or limit < 0:
            raise InvalidCriteria("limit", f"is {limit!r:.40}", ("a whole number from 0 on",))
        index, criteria = self._index, self._asked(criteria, asked)
        picker = index.picker_for(criteria)
        return [picker.choice(rank) for rank in islice(eligible(picker, criteria), limit)]

    @takes_criteria
    def explain(self, criteria: Criteria | None = None, /, **asked: Any) -> Explanation:
        """Every model of the registry with its reasons or refusals. Raises InvalidCriteria."""
        return explain(self._index, self._asked(criteria, asked))

    @takes_criteria
    async def select_with_fallback(self, criteria: Criteria | None = None, /, **asked: Any) -> Choice:
        """The best model whatever its warmth; if it is not ready a stand-in, and its warm-up is asked for.

        A warm-up that cannot be asked for is told in the choice. Raises InvalidCriteria, and NoEligibleModel with
        the diagnosis where not even the task's default model may serve.
        """
        decision = decide(self._index, self._asked(criteria, asked))
        if decision.warm is None or self._request_warmup is None:
            return decision.choice
        started, problem = False, None
        try:
            started = await self._request_warmup(decision.warm)
        except (RadiantError, OSError) as error:
            problem = str(error)
        return msgspec.structs.replace(
            decision.choice, warming=decision.warm, warmup_started=started, warmup_problem=problem
        )

    @takes_criteria
    def diagnose(self, criteria: Criteria | None = None, /, **asked: Any) -> Diagnosis:
        """Which demand leaves nothing, and which are worth dropping. Raises InvalidCriteria."""
        return diagnose(self._index, self._asked(criteria, asked))

    @takes_criteria
    def remarks(self, criteria: Criteria | None = None, /, **asked: Any) -> tuple[str, ...]:
        """What the registry does not know yet and the order of the profile therefore goes without."""
        criteria = self._asked(criteria, asked)
        return tuple(on_order(self._index, criteria, self._index.picker_for(criteria)))

    def _asked(self, criteria: Criteria | None, asked: dict[str, Any]) -> Criteria:
        if criteria is None:
            return self._terms.reader.fields(asked)
        if asked:
            raise TypeError(f"criteria are given, and {', '.join(asked)} beside them; give one or the other")
        return self.read(criteria)
