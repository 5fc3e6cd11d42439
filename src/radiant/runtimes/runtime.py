"""What every runtime can be asked: the contract of the drivers."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, runtime_checkable

from radiant.domain.endpoint import Endpoint, Found, Observed
from radiant.domain.errors import RadiantError

from .http import Client


class RuntimeFailed(RadiantError):
    """A runtime did not do what it was told. `permanent`: it would not the next time either; somebody has to change
    something first. `retry_after` is in seconds, where it says when to come again."""

    def __init__(self, place: str, problem: str, *, retry_after: float | None = None, permanent: bool = False) -> None:
        self.place, self.problem, self.retry_after, self.permanent = place, problem, retry_after, permanent
        super().__init__(f"{place}: {problem}.")


class Runtime(Protocol):
    """One kind of server. `litellm_prefix` is what LiteLLM calls it by: `ollama` in `ollama/mistral:7b`."""

    @property
    def litellm_prefix(self) -> str: ...

    async def observe(self, endpoint: Endpoint, client: Client) -> Observed:
        """Look at an endpoint, without keeping its model awake or waking it. Never raises for what a server does."""

    async def warm(self, endpoint: Endpoint, client: Client, *, instances: int | None = None) -> None:
        """Have the model loaded; returns once that is accepted. Does nothing where it is up or loading already.

        `instances` is how many are to run, fewer than now too, within the limits of the endpoint and where the runtime
        can have several; without it as few as may be. Raises RuntimeFailed.
        """

    async def cool(self, endpoint: Endpoint, client: Client) -> None:
        """Have the model put to sleep or unloaded. Does nothing where it is. Raises RuntimeFailed."""

    async def scan(self, place: Endpoint, client: Client) -> list[Found] | None:
        """The models that the server at the address or in the region of `place` has, asked with its key; None where it
        is no such server. Raises Unanswered."""


@runtime_checkable
class Sweeping(Runtime, Protocol):
    """A runtime that is asked for many endpoints at once, because one list tells most of what there is to know."""

    async def sweep(
        self, endpoints: Sequence[Endpoint], client: Client, *, anew: Collection[int] = ()
    ) -> Mapping[int, Observed]:
        """What is seen of each endpoint, by its id, as `observe` says it; of those in `anew`, whatever was seen of them
        before. Never raises for what the service does."""
