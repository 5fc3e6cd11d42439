"""What servers of one model each have in common: OpenAI's list of models, gauges, and that some never sleep."""

from typing import ClassVar

from radiant.domain.endpoint import Endpoint, Found

from .driver import Condition, Driver, Seen, cannot, known
from .http import Client
from .said import Unanswered, count, entries, gauges, name

PATH = "/v1/models"

#: Seconds in which a server has to tell its gauges; the look at it has more.
MEASURED = 1.0


class UpWithItsServer(Driver):
    """A driver of a model that is up as long as its server is; `no_way` says why it is not woken and never sleeps."""

    no_way: ClassVar[str]
    cooled_by = "not at all"

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        raise cannot(endpoint, self.no_way)

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        raise cannot(endpoint, self.no_way)


async def ready(endpoint: Endpoint, client: Client, *waiting: str) -> Seen:
    """One that answers, with what its gauges of `waiting` say is in flight, where it shows any."""
    return Seen(condition=Condition.READY, instances=1, in_flight=await _in_flight(endpoint, client, waiting))


async def _in_flight(endpoint: Endpoint, client: Client, waiting: tuple[str, ...]) -> int | None:
    """None where it is not told, or not told soon: a model is up also where nobody can say how much it works."""
    try:
        metrics = await client.ask(endpoint, "GET", "/metrics", seconds=MEASURED)
    except Unanswered:
        return None
    return gauges(metrics.body, *waiting) if metrics.ok else None


async def served(endpoint: Endpoint, client: Client) -> Seen | None:
    """None where the server lists the endpoint's model; what to say where it lists others. Raises Unanswered."""
    names = [id for it in entries((await client.get(endpoint, PATH)).json(), "data") if (id := name(it, "id"))]
    if endpoint.name in names:
        return None
    return Seen(condition=Condition.ABSENT, problem=f"it serves {', '.join(names[:5])[:200] or 'no model'}")


async def listed(endpoint: Endpoint, client: Client, owner: str, condition: Condition) -> list[Found] | None:
    """The models of a server whose list names `owner` as theirs, None of any other. Raises Unanswered."""
    own = [it for it in entries((await client.get(endpoint, PATH)).json(), "data") if it.get("owned_by") == owner]
    found = [
        Found(name=id, state=known(condition), context_window=count(it, "max_model_len"))
        for it in own
        if (id := name(it, "id")) is not None
    ]
    return found or None
