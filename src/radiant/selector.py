"""The public selector: which model should serve a request, in microseconds, and why."""

import datetime as dt
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

import msgspec

from radiant import settings
from radiant.domain.choice import Choice, ChoiceDocument, Diagnosis
from radiant.domain.criteria import Criteria
from radiant.domain.errors import InvalidCriteria, NoEligibleModel
from radiant.domain.explanation import AtLength, Explanation
from radiant.domain.thermal import Fallback
from radiant.handover import HANDOVER, LONGEST_WAIT, Handover, RequestWarmup, read_fallback
from radiant.selection.answer.diagnosis import diagnose
from radiant.selection.answer.explanation import explain, explain_at_length
from radiant.selection.answer.fast import eligible
from radiant.selection.answer.index import Index
from radiant.selection.answer.remarks import on_order
from radiant.selection.answer.trying import let_through, ranked_through
from radiant.selection.answer.unmatched import Unmatched, besides, notes, told
from radiant.selection.criteria.connected import by_default
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.criterion import Criterion
from radiant.selection.order.profile import Profile, shipped_profiles
from radiant.selection.reading.keywords import takes_criteria
from radiant.selection.terms import Terms
from radiant.turning import Turning, now_utc
from radiant.turning import today_utc as today_utc

if TYPE_CHECKING:
    from radiant.registry.address import Address
    from radiant.selector_thread import SelectorThread


class Selector(Turning):
    """Answers from one immutable index, which `swap` replaces; several threads may ask.

    Every question takes `Criteria`, or its fields as keywords, and raises InvalidCriteria, which names the field and
    what is allowed. Criteria that `read` gave are not checked again.

    `request_warmup(model_id)` asks for a warm-up, and returns whether this call started it; without it none is. `clock`
    returns seconds, as `taken_at` of an index does, `today` the day in UTC, `now` the moment by which rests are over.
    `profiles` come beside the shipped ones, `criteria` are all the considerations there are. With `connected_only`,
    what does not say otherwise is served only by models that there is a key for.
    """

    def __init__(
        self,
        *,
        profiles: Mapping[str, Profile] | None = None,
        criteria: Iterable[Criterion] = ROSTER,
        request_warmup: RequestWarmup | None = None,
        clock: Callable[[], float] | None = None,
        today: Callable[[], dt.date] = today_utc,
        now: Callable[[], dt.datetime] = now_utc,
        connected_only: bool = False,
    ) -> None:
        terms = Terms(by_default(criteria) if connected_only else criteria)
        super().__init__(terms, shipped_profiles() | dict(profiles or {}), clock, today, now)
        self.handover = Handover(request_warmup, begin=self._trials.begin)
        #: Reads `Criteria` made by hand, mappings and JSON (bytes or text), once for all questions.
        self.read: Callable[[object], Criteria] = self._terms.reader.read
        self._follows: Callable[[], bool] = lambda: True
        self.ending: tuple[Callable[[], Awaitable[None]], ...] = ()  #: What `close` ends, in this order
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
        now: dt.datetime | None = None,
        connected: Collection[str] | None = None,
        connected_only: bool = False,
        providers: Collection[str] = (),
    ) -> Self:
        """From mappings with the columns of `unified_model_registry`. `defaults`: model ids of last resort by task.

        `today` is the day, in UTC, that retirements are counted from, `now` the moment by which rests are over, and
        those of the clock if absent; `connected` are the ids of the providers that there is a key for, `providers`
        those that are known besides the ones of the rows.

        Raises InvalidRow for the first row that is not right, CatalogError for a profile.
        """
        selector = cls(
            profiles=profiles,
            criteria=criteria,
            request_warmup=request_warmup,
            today=today_utc if today is None else lambda: today,
            now=now_utc if now is None else lambda: now,
            connected_only=connected_only,
        )
        index = selector.build(rows, defaults=defaults, connected=connected, providers=providers)
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
        now: Callable[[], dt.datetime] = now_utc,
        variables: Collection[str] | None = None,
        connected_only: bool | None = None,
    ) -> Self:
        """From the registry at `url`, and fresh until `close`: a committed change is seen within milliseconds.

        `variables` are the names of the environment variables that are set, among which those with the keys of
        providers are looked for, and those of this process if absent; their values are never read. So is
        `connected_only`, which RADIANT_CONNECTED_ONLY says if absent.

        While the database is away, choices go on from what was seen last and tell its age. `on_change` is called
        whenever what was seen has been taken over. Raises DatabaseUnreachable.
        """
        from radiant.following import follow
        from radiant.registry.database import Database
        from radiant.reporting import Reports
        from radiant.warmups import WarmupRequests

        warmups = WarmupRequests(asking := Database(url, largest=1))
        selector = cls(
            profiles=profiles,
            criteria=criteria,
            request_warmup=warmups.request,
            clock=clock,
            today=today,
            now=now,
            connected_only=settings.connected_only() if connected_only is None else connected_only,
        )
        live = await follow(
            selector,
            url,
            clock=clock,
            today=today,
            on_change=on_change,
            variables=settings.variables() if variables is None else variables,
        )
        selector.handover.counting = warmups.count
        selector._reports = reports = Reports(url)
        reports.start()
        selector.ending = (live.close, warmups.close, asking.close, reports.close)
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
        """Stop staying fresh, and write what waits to be. What was seen last still answers."""
        self.rest()
        ending, self.ending = self.ending, ()
        for end in ending:
            await end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _take(self, index: Index) -> None:
        super()._take(index)
        self.handover.swapped(index)

    def choose(self, criteria: Criteria) -> Choice | None:
        """The best model, or None. Raises InvalidCriteria."""
        index, criteria = self._index, self.read(criteria)
        choice = index.answers.choose(criteria)
        return let_through(index, choice, criteria, self._trials.begin) if index.tried else choice

    @takes_criteria
    def select(self, criteria: Criteria | None = None, /, **asked: Any) -> Choice | None:
        """The best model, or None. Raises InvalidCriteria."""
        index = self._index
        answers = index.answers
        choice = answers.ask(asked) if criteria is None else answers.choose(self._asked(criteria, asked))
        if not index.tried:
            return choice
        return let_through(index, choice, self._asked(criteria, asked), self._trials.begin)

    @takes_criteria
    def rank(self, criteria: Criteria | None = None, /, *, limit: int | None = 10, **asked: Any) -> list[Choice]:
        """The `limit` best models, best first; all that fit with None. Who is given first a model whose rest is over
        tries it; other lists go without it meanwhile. Raises InvalidCriteria."""
        _check_limit(limit)
        index, criteria, unmatched = self._meant(criteria, asked)
        picker = index.picker_for(criteria)
        choices: Iterable[Choice] = map(picker.choice, eligible(picker, criteria))
        if index.tried and limit != 0:
            choices = ranked_through(index, choices, self._trials.begin, self._trials.running)
        return [told(choice, unmatched) for choice in islice(choices, limit)]

    @takes_criteria
    def explain(self, criteria: Criteria | None = None, /, *, limit: int | None = 10, **asked: Any) -> Explanation:
        """The `limit` best models with their reasons, and for each reason of a refusal how many models it keeps out and
        a few of them. With None every model of the registry, with its reasons or refusals. Raises InvalidCriteria."""
        _check_limit(limit)
        index, criteria, unmatched = self._meant(criteria, asked)
        return besides(explain(index, criteria, limit), unmatched)

    @takes_criteria
    def explain_at_length(self, criteria: Criteria | None = None, /, **asked: Any) -> AtLength:
        """What `explain` gives with None, piece by piece, for whoever passes it on: of a large registry, everything at
        once is tens of megabytes. Raises InvalidCriteria."""
        index, criteria, unmatched = self._meant(criteria, asked)
        found = explain_at_length(index, criteria)
        return found._replace(summary=besides(found.summary, unmatched))

    @takes_criteria
    async def select_with_fallback(
        self,
        criteria: Criteria | None = None,
        /,
        *,
        fallback: str = HANDOVER,
        max_wait_s: float = LONGEST_WAIT,
        **asked: Any,
    ) -> Choice:
        """The best model whatever its warmth. If it is not ready its warm-up is asked for; meanwhile, by `fallback`, a
        ready one stands in (`handover`), or the answer is held for it at most `max_wait_s` seconds before one stands in
        (`hold`), or ModelWarming says when to come again (`fail`). `none` wakes nothing: it is `select`.

        A warm-up that cannot be asked for is told in the choice; what is off is left aside, since no request warms it
        up. Raises InvalidCriteria; NoEligibleModel with the diagnosis where not even the task's default model may
        serve; ModelWarming; TooManyHeld.
        """
        mode, checked = read_fallback(fallback, max_wait_s), self._asked(criteria, asked)
        if mode is not Fallback.NONE:
            return await self.handover.choose(lambda: self._meant(checked, {}), mode, max_wait_s)
        if (choice := self.choose(checked)) is None:
            raise NoEligibleModel(self.diagnose(checked))
        return choice

    def report(self, choice: Choice | ChoiceDocument, /, **outcome: Any) -> None:
        """Tell the registry how a request to the chosen model went; without a registry, nobody.

        `ok`, `error` (a class such as "timeout", or an HTTP status), `latency_ms`, `ttft_ms`, `input_tokens`,
        `output_tokens` and the other fields of `Outcome`. Never waits and never fails: what is not right stands in the
        log. It is written in the background, within half a second; `buffered` says what became of it.
        """
        if self._reports is not None:
            self._reports.tell(choice, outcome)

    @takes_criteria
    def diagnose(self, criteria: Criteria | None = None, /, **asked: Any) -> Diagnosis:
        """Which demand leaves nothing, and which are worth dropping. Raises InvalidCriteria."""
        index, criteria, unmatched = self._meant(criteria, asked)
        found = diagnose(index, criteria)
        return msgspec.structs.replace(found, notes=found.notes + notes(unmatched))

    @takes_criteria
    def remarks(self, criteria: Criteria | None = None, /, **asked: Any) -> tuple[str, ...]:
        """What the registry does not know yet and the order of the profile therefore goes without."""
        index, criteria, _ = self._meant(criteria, asked)
        return tuple(on_order(index, criteria, index.picker_for(criteria)))

    def _meant(self, criteria: Criteria | None, asked: dict[str, Any]) -> tuple[Index, Criteria, Unmatched]:
        index = self._index
        return index, *index.meant(self._asked(criteria, asked))

    def _asked(self, criteria: Criteria | None, asked: dict[str, Any]) -> Criteria:
        if criteria is None:
            return self._terms.reader.fields(asked)
        if asked:
            raise TypeError(f"criteria are given, and {', '.join(asked)} beside them; give one or the other")
        return self.read(criteria)


def _check_limit(limit: int | None) -> None:
    if limit is not None and (limit.__class__ is not int or limit < 0):
        raise InvalidCriteria("limit", f"is {limit!r:.40}", ("a whole number from 0 on", "None for all"))
