"""The public selector: which model should serve a request, in microseconds, and why."""

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, Unpack

import msgspec

from radiant.domain.choice import Choice, Diagnosis, Explanation, Freshness
from radiant.domain.criteria import Asked, Usage
from radiant.domain.errors import InvalidCriteria, RadiantError
from radiant.selection.candidate import Candidate
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.criterion import Criterion
from radiant.selection.demands import OPEN, Demands
from radiant.selection.diagnosis import diagnose
from radiant.selection.explanation import explain
from radiant.selection.fallback import decide
from radiant.selection.index import Index
from radiant.selection.profile import DEFAULT, Profile, shipped_profiles
from radiant.selection.request import Request, criteria_type
from radiant.selection.rows import read_rows
from radiant.selection.validation import checker, read_criteria

if TYPE_CHECKING:
    from radiant.registry.address import Address

#: The usual types of an int, two flags and five lists. What is merely equal to something remembered (True == 1)
#: must not pass for it, so everything else takes the careful way.
PLAIN = (int, bool, bool, tuple, tuple, tuple, tuple, tuple)
LIMIT = checker("limit", int)

CAPABILITIES, CONTEXT, LATENCY, COST, EXCLUDE = range(len(OPEN))

RequestWarmup = Callable[[str], Awaitable[bool]]


class Selector:
    """Answers from one immutable index, which `swap` replaces; several threads may ask.

    `request_warmup(model_id)` asks for a warm-up and returns whether this call started it; without it none is asked
    for. `clock` returns seconds, as `taken_at` of an index does. `profiles` come beside the shipped ones, `criteria`
    are all the considerations there are.
    """

    def __init__(
        self,
        *,
        profiles: Mapping[str, Profile] | None = None,
        criteria: Iterable[Criterion] = ROSTER,
        request_warmup: RequestWarmup | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._roster = tuple(criteria)
        self._profiles = shipped_profiles() | dict(profiles or {})
        self._request_warmup, self._clock = request_warmup, clock
        #: `Criteria`, with the fields of further criteria if there are any; what goes over the wire
        self.criteria_type = criteria_type(Demands(self._roster))
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
    ) -> Self:
        """From mappings with the columns of `unified_model_registry`. `defaults`: model ids of last resort by task.

        Raises InvalidRow for the first row that is not right, CatalogError for a profile.
        """
        selector = cls(profiles=profiles, criteria=criteria, request_warmup=request_warmup)
        selector.swap(selector.build(rows, defaults=defaults))
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
    ) -> Self:
        """From the registry at `url`, and fresh until `close`: a committed change is seen within milliseconds.

        While the database is away, choices go on from what was seen last and tell its age. Warm-ups are asked for in
        the registry. `on_change` is called whenever what was seen has been taken over. Raises DatabaseUnreachable.
        """
        from radiant.snapshot import LiveSnapshot, WarmupRequests

        warmups = WarmupRequests(url)
        selector = cls(profiles=profiles, criteria=criteria, request_warmup=warmups.request, clock=clock)

        def take_over(index: Index) -> None:
            selector.swap(index)
            on_change()

        live = LiveSnapshot(
            url,
            build=selector.build,
            publish=take_over,
            confirm=lambda at: selector.freshness.confirm(at),
            clock=clock,
        )
        await live.start()
        selector._closing = (live.close, warmups.close)
        return selector

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
    ) -> Index:
        """An index of `rows` as they were at `taken_at`; it answers nothing yet. Raises InvalidRow."""
        return Index(
            read_rows(rows),
            roster=self._roster,
            profiles=self._profiles,
            freshness=Freshness(taken_at, self._clock),
            defaults=defaults,
        )

    def swap(self, index: Index) -> None:
        """Answer from `index` from now on."""
        self._index = index

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Every model there is, by model id and provider id."""
        return self._index.candidates

    @property
    def freshness(self) -> Freshness:
        """Of the index that answers now; `confirm` it when the registry was seen unchanged."""
        return self._index.freshness

    def select(
        self,
        *,
        task: str,
        input_modalities: Sequence[str],
        output_modalities: Sequence[str],
        tenant_tier: int,
        prefer_hosting: str = "any",
        prefer_providers: Sequence[str] = (),
        max_latency_ms: float | None = None,
        max_cost_per_request: Decimal | float | str | None = None,
        required_capabilities: Sequence[str] = (),
        min_context_window: int | None = None,
        require_hipaa: bool = False,
        require_commercial_use: bool = False,
        exclude: Sequence[str] = (),
        profile: str = DEFAULT,
        usage: Usage | Mapping[str, Any] | None = None,
        **further: object,
    ) -> Choice | None:
        """The best model, or None. `further` are criteria that `Criteria` does not know.

        Raises InvalidCriteria, which names the field and what is allowed.
        """
        index = self._index
        if input_modalities.__class__ is list:
            input_modalities = tuple(input_modalities)
        if output_modalities.__class__ is list:
            output_modalities = tuple(output_modalities)
        if prefer_providers.__class__ is list:
            prefer_providers = tuple(prefer_providers)
        if required_capabilities.__class__ is list:
            required_capabilities = tuple(required_capabilities)
        if exclude.__class__ is list:
            exclude = tuple(exclude)
        kinds = (
            tenant_tier.__class__,
            require_hipaa.__class__,
            require_commercial_use.__class__,
            input_modalities.__class__,
            output_modalities.__class__,
            required_capabilities.__class__,
            prefer_providers.__class__,
            exclude.__class__,
        )
        if (
            kinds == PLAIN
            and (min_context_window is None or min_context_window.__class__ is int)
            and bool not in (max_latency_ms.__class__, max_cost_per_request.__class__)
            and (usage is None or usage.__class__ is Usage)
            and not further
        ):
            key = (
                task,
                input_modalities,
                output_modalities,
                tenant_tier,
                prefer_hosting,
                prefer_providers,
                max_latency_ms,
                max_cost_per_request,
                required_capabilities,
                min_context_window,
                require_hipaa,
                require_commercial_use,
                exclude,
                profile,
                usage,
            )
            cell: list[Choice | None] | None
            try:
                cell = index.answers.setdefault(key, [])  # one look-up, also for a request that is new
            except TypeError:  # something in a list cannot be hashed, so it is no name either
                cell = None
            if cell:
                return cell[0]
            if cell is not None:
                closed = (
                    tenant_tier,
                    input_modalities,
                    output_modalities,
                    prefer_hosting,
                    require_hipaa,
                    require_commercial_use,
                )
                favored: Any = prefer_providers
                stated: list[tuple[int, Any]] = []
                if required_capabilities:
                    stated.append((CAPABILITIES, required_capabilities))
                if min_context_window is not None:
                    stated.append((CONTEXT, min_context_window))
                if max_latency_ms is not None:
                    stated.append((LATENCY, max_latency_ms))
                if max_cost_per_request is not None:
                    stated.append((COST, max_cost_per_request))
                if exclude:
                    stated.append((EXCLUDE, exclude))
                return index.answer(key, cell, profile, usage, task, favored, (closed, stated))
        return self._select_carefully(
            index,
            {
                "task": task,
                "input_modalities": input_modalities,
                "output_modalities": output_modalities,
                "tenant_tier": tenant_tier,
                "prefer_hosting": prefer_hosting,
                "prefer_providers": prefer_providers,
                "max_latency_ms": max_latency_ms,
                "max_cost_per_request": max_cost_per_request,
                "required_capabilities": required_capabilities,
                "min_context_window": min_context_window,
                "require_hipaa": require_hipaa,
                "require_commercial_use": require_commercial_use,
                "exclude": exclude,
                "profile": profile,
                "usage": usage,
                **further,
            },
        )

    def rank(self, *, limit: int = 10, **asked: Unpack[Asked]) -> list[Choice]:
        """The `limit` best models, best first. Raises InvalidCriteria."""
        if LIMIT(limit) < 0:
            raise InvalidCriteria("limit", f"is {limit}", ("0 or more",))
        index = self._index
        request = self._request(index, asked)
        view = index.view_for(request)
        return [view.choice(position) for position in islice(view.all(request.values, request.favored), limit)]

    def explain(self, **asked: Unpack[Asked]) -> Explanation:
        """Every model of the registry with its reasons or refusals. Raises InvalidCriteria."""
        index = self._index
        return explain(index, self._request(index, asked))

    async def select_with_fallback(self, **asked: Unpack[Asked]) -> Choice:
        """The best model whatever its warmth; if it is not ready a stand-in, and its warm-up is asked for.

        A warm-up that cannot be asked for is told in the choice. Raises InvalidCriteria, and NoEligibleModel with
        the diagnosis where not even the task's default model may serve.
        """
        index = self._index
        decision = decide(index, self._request(index, asked))
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

    def diagnose(self, **asked: Unpack[Asked]) -> Diagnosis:
        """Which demand leaves nothing, and which are worth dropping. Raises InvalidCriteria."""
        index = self._index
        return diagnose(index, self._request(index, asked))

    def _select_carefully(self, index: Index, asked: Mapping[str, Any]) -> Choice | None:
        request = self._request(index, asked)
        view = index.view_for(request)
        position = view.best(request.values, request.favored)
        return None if position is None else view.choice(position)

    def _request(self, index: Index, asked: Mapping[str, Any]) -> Request:
        return index.request(read_criteria(asked, self.criteria_type))
