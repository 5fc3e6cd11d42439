"""What becomes of a request whose best model is not ready: somebody stands in, it is held, or it is told when to come
again. In each case the model's warm-up is asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from radiant.domain.choice import Choice
from radiant.domain.criteria import Criteria
from radiant.domain.errors import InvalidCriteria, ModelWarming, RadiantError, TooManyHeld
from radiant.domain.thermal import Fallback
from radiant.selection.answer.fallback import Decision
from radiant.selection.answer.index import Index
from radiant.selection.answer.trying import Begin, decide_through
from radiant.selection.answer.unmatched import Unmatched, told

#: Seconds for which a caller is held where nothing else is said, and at most.
LONGEST_WAIT = 30.0
MOST_WAIT = 600.0

#: How many callers one process holds at once.
MOST_HELD = 1000

#: What is done where nothing else is said.
HANDOVER: Final = Fallback.HANDOVER

RequestWarmup = Callable[[str], Awaitable[bool]]

#: The index that answers now, what is asked as it is meant there, and names that nobody bears.
Meant = Callable[[], tuple[Index, Criteria, Unmatched]]


def read_fallback(fallback: object, max_wait_s: object) -> Fallback:
    """Raises InvalidCriteria for another word, or for seconds that nobody is held for."""
    if fallback not in tuple(Fallback):
        raise InvalidCriteria("fallback", f"is {fallback!r:.40}", tuple(Fallback))
    number = max_wait_s if isinstance(max_wait_s, int | float) and not isinstance(max_wait_s, bool) else 0
    if not 0 < number <= MOST_WAIT:
        raise InvalidCriteria("max_wait_s", f"is {max_wait_s!r:.40}", (f"seconds from 0 to {MOST_WAIT:g}",))
    return Fallback(str(fallback))


class Handover:
    """Asks for warm-ups and holds callers. `counting` is told of each model that was stood in for, and the cost.
    `begin` says which request tries a model whose rest is over."""

    def __init__(
        self, request_warmup: RequestWarmup | None, *, begin: Begin = lambda _: True, most: int = MOST_HELD
    ) -> None:
        self._request, self._begin, self.most = request_warmup, begin, most
        self.counting: Callable[[str, Decimal | None], None] = lambda _, __: None
        self.held = 0
        self._waiting: dict[str, _Awaited] = {}

    async def choose(self, meant: Meant, fallback: Fallback, max_wait_s: float) -> Choice:
        """As `Selector.select_with_fallback` describes it."""
        index, criteria, unmatched = meant()
        decision = self._decide(index, criteria)
        if decision.warm is None or self._request is None:
            return told(decision.choice, unmatched)
        if fallback is not Fallback.HOLD:
            started, problem = await self._ask(decision.warm)
            if fallback is Fallback.FAIL:
                raise ModelWarming(decision.warm, decision.seconds, problem)
        else:
            with self._place():
                started, problem = await self._ask(decision.warm)
                if problem is None:
                    await self._hold(decision.warm, meant, max_wait_s)
            index, criteria, unmatched = meant()
            decision = self._decide(index, criteria)
            if decision.warm is None:
                return told(decision.choice, unmatched)
            if decision.choice.warmup_required:
                raise ModelWarming(decision.warm, decision.seconds, problem)
        return told(self._handed_over(decision, started, problem), unmatched)

    def _decide(self, index: Index, criteria: Criteria) -> Decision:
        """What is off is for planning: no request warms it up."""
        meant = replace(criteria, include_off=False) if criteria.include_off else criteria
        return decide_through(index, meant, self._begin)

    def swapped(self, index: Index) -> None:
        """Another index answers: who waits for a model that is ready now, or failed, waits no longer. Any thread."""
        for model_id, awaited in list(self._waiting.items()):
            named = index.named(model_id)
            moving = any(it.is_transitioning for it in named)
            if any(it.ready for it in named) or not named or (awaited.moved and not moving):
                awaited.loop.call_soon_threadsafe(awaited.over.set)
            awaited.moved = awaited.moved or moving

    async def _ask(self, model_id: str) -> tuple[bool, str | None]:
        """Whether this call started the warm-up, and why it could not be asked for."""
        if self._request is None:
            return False, None
        try:
            return await self._request(model_id), None
        except (RadiantError, OSError) as error:
            return False, str(error)

    def _handed_over(self, decision: Decision, started: bool, problem: str | None) -> Choice:
        choice = decision.choice
        if decision.warm is not None and not choice.warmup_required:
            self.counting(decision.warm, choice.estimated_cost)
        return replace(
            choice,
            warming=decision.warm,
            warmup_started=started,
            warmup_problem=problem,
            warming_seconds=decision.seconds,
            extra_cost=decision.extra_cost,
        )

    async def _hold(self, model_id: str, meant: Meant, seconds: float) -> None:
        """Wait until the model is ready, its warm-up failed, or the time is over."""
        awaited = self._waiting.get(model_id)
        if awaited is None or awaited.over.is_set():
            awaited = self._waiting[model_id] = _Awaited(asyncio.get_running_loop())
            # What came between the question and this moment nobody else tells.
            self.swapped(meant()[0])
        awaited.callers += 1
        try:
            async with asyncio.timeout(seconds):
                await awaited.over.wait()
        except TimeoutError:
            pass
        finally:
            awaited.callers -= 1
            if not awaited.callers and self._waiting.get(model_id) is awaited:
                del self._waiting[model_id]

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self.held >= self.most:
            raise TooManyHeld(self.most)
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1


class _Awaited:
    """A model that callers wait for. `moved` is whether it was seen on its way."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop, self.over = loop, asyncio.Event()
        self.callers, self.moved = 0, False
