"""What all drivers over HTTP have in common: a driver says what it sees and which orders it gives, and nothing else."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Final

import msgspec

from radiant.domain.endpoint import Endpoint, Found, Observed
from radiant.domain.vocabulary import ThermalState
from radiant.providers.places import place

from .http import Client
from .runtime import RuntimeFailed
from .said import Said, Unanswered
from .source import Source


class Condition(StrEnum):
    """How a model is at its server. The states of the registry follow from it, in `STATES`."""

    READY = "ready"  #: answers now
    LOADING = "loading"  #: on its way up
    ASLEEP = "asleep"  #: in the server, and has to be woken before it answers
    UNLOADED = "unloaded"  #: known to the server, not in its memory
    FAILED = "failed"  #: the last attempt to load it failed; the next may not
    ABSENT = "absent"  #: the server is up, and does not have it
    GONE = "gone"  #: nobody listens there, or there is no such host
    UNSEEN = "unseen"  #: what came says nothing of it


#: The state that follows, and whether it is in transition; WARM becomes HOT where more runs than has to.
STATES: Final[Mapping[Condition, tuple[ThermalState | None, bool]]] = {
    Condition.READY: (ThermalState.WARM, False),
    Condition.LOADING: (ThermalState.COLD, True),
    Condition.ASLEEP: (ThermalState.COLD, False),
    Condition.UNLOADED: (ThermalState.COLD, False),
    Condition.FAILED: (ThermalState.COLD, False),
    Condition.ABSENT: (ThermalState.OFF, False),
    Condition.GONE: (ThermalState.OFF, False),
    Condition.UNSEEN: (None, False),
}

_UP: Final = (Condition.READY, Condition.LOADING)
_DOWN: Final = (Condition.ASLEEP, Condition.UNLOADED, Condition.FAILED, Condition.ABSENT)


Signs = Mapping[Condition, str]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a driver made of what came. `moving`: in transition, whatever the condition."""

    condition: Condition
    instances: int | None = None
    in_flight: int | None = None
    progress: float | None = None
    problem: str | None = None
    moving: bool = False
    retry_after: float | None = None
    permanent: bool = False


class Driver(ABC):
    """A server that is asked over HTTP."""

    litellm_prefix: str

    #: What stands for each condition in the protocol, for the reference; None where it cannot be told.
    signs: ClassVar[Signs]

    #: How a model is warmed and cooled there.
    warmed_by: ClassVar[str]
    cooled_by: ClassVar[str]

    #: Where that stands; and what is relied on that was found nowhere.
    sources: ClassVar[tuple[Source, ...]]
    unread: ClassVar[str] = ""

    #: Whether the server may answer nothing while it loads.
    silent_while_loading: ClassVar[bool] = True

    @abstractmethod
    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        """Ask what is up. Raises Unanswered."""

    @abstractmethod
    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        """Have a model loaded that is not up. Raises Unanswered, or RuntimeFailed."""

    @abstractmethod
    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        """Have a model unloaded that is up. Raises Unanswered, or RuntimeFailed."""

    @abstractmethod
    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        """All models of the server at the endpoint's address; None where it is another. Raises Unanswered."""

    async def observe(self, endpoint: Endpoint, client: Client) -> Observed:
        return observed(endpoint, await self._seen(endpoint, client), client)

    async def warm(self, endpoint: Endpoint, client: Client, *, instances: int | None = None) -> None:
        seen = await self._seen(endpoint, client)
        if seen.condition in _UP:
            return
        if seen.condition is Condition.ABSENT:
            raise RuntimeFailed(shown(endpoint), f"it does not have {endpoint.name!r:.100}", permanent=True)
        await self._order(endpoint, client, self.load, seen)

    async def cool(self, endpoint: Endpoint, client: Client) -> None:
        seen = await self._seen(endpoint, client)
        if seen.condition in _DOWN:
            return
        await self._order(endpoint, client, self.unload, seen)

    async def scan(self, place: Endpoint, client: Client) -> list[Found] | None:
        async with client.look():
            return await self.found(place, client)

    async def _seen(self, endpoint: Endpoint, client: Client) -> Seen:
        """What a look saw, and what became of what the server was told before."""
        slow = False
        try:
            async with client.look():
                seen = await self.look(endpoint, client)
        except Unanswered as error:
            slow = error.slow and self.silent_while_loading
            seen = Seen(
                condition=Condition.GONE if error.gone else Condition.UNSEEN,
                problem=error.problem,
                retry_after=error.retry_after,
                permanent=error.permanent,
            )
        return with_orders(endpoint, seen, client, slow=slow)

    async def _order(self, endpoint: Endpoint, client: Client, order: Any, seen: Seen) -> None:
        if seen.condition in (Condition.GONE, Condition.UNSEEN):
            problem = seen.problem or "it cannot be seen"
            raise RuntimeFailed(shown(endpoint), problem, retry_after=seen.retry_after, permanent=seen.permanent)

        async def given() -> None:
            try:
                await order(endpoint, client, seen)
            except Unanswered as error:
                raise RuntimeFailed(
                    shown(endpoint), error.problem, retry_after=error.retry_after, permanent=error.permanent
                ) from None

        await client.start(endpoint, given())


def with_orders(endpoint: Endpoint, seen: Seen, client: Client, *, slow: bool = False) -> Seen:
    """What was seen, knowing what the server was told: some answer nothing (`slow`) while they load, and a failure that
    nobody waited for is told here, once."""
    down = seen.condition in (Condition.UNLOADED, Condition.ASLEEP)
    if client.orders.runs(endpoint) and (down or slow):
        return Seen(condition=Condition.LOADING)
    if seen.condition is Condition.UNSEEN:
        return seen  # what failed is told by the next look that sees something
    late = client.orders.failure(endpoint)
    return Seen(condition=Condition.FAILED, problem=late) if down and late is not None else seen


def observed(endpoint: Endpoint, seen: Seen, client: Client) -> Observed:
    """The observation that follows from what was seen now."""
    state, transitioning = STATES[seen.condition]
    return Observed(
        at=client.now(),
        state=heated(endpoint, state, seen.instances),
        transitioning=transitioning or seen.moving,
        instances=seen.instances,
        in_flight=seen.in_flight,
        progress=seen.progress,
        problem=seen.problem,
    )


def heated(endpoint: Endpoint, state: ThermalState | None, instances: int | None) -> ThermalState | None:
    """HOT in place of WARM where more instances run than are always there."""
    scaled = instances is not None and instances > max(1, endpoint.min_instances)
    return ThermalState.HOT if state is ThermalState.WARM and scaled else state


def known(condition: Condition) -> ThermalState:
    """The state of a model that a scan finds in a condition."""
    return STATES[condition][0] or ThermalState.OFF


async def order(client: Client, endpoint: Endpoint, path: str, body: Any = None, *, method: str = "POST") -> Said:
    """Tell a server something that takes as long as it takes. Raises Unanswered for any other answer than 2xx."""
    said = await client.ask(endpoint, method, path, body, seconds=client.patience.load)
    return said.required()


def shown(endpoint: Endpoint) -> str:
    """An endpoint as it stands in a message."""
    if endpoint.url is None:
        return f"{endpoint.name} in {endpoint.region or 'the default region'}"
    return f"{endpoint.name} at {place(endpoint.url)}"


def cannot(endpoint: Endpoint, problem: str) -> RuntimeFailed:
    """What a driver says to an order for which its server has no way."""
    return RuntimeFailed(shown(endpoint), problem, permanent=True)
