"""llama-swap: many models behind one address, each a process that it starts and stops."""

from typing import ClassVar, Final
from urllib.parse import quote

from radiant.domain.endpoint import Endpoint, Found

from .driver import Condition, Driver, Seen, Signs, cannot, known
from .http import Client
from .said import entries, name, text
from .source import Source

_CONDITIONS: Final = {
    "ready": Condition.READY,
    "starting": Condition.LOADING,
    "stopping": Condition.UNLOADED,
    "stopped": Condition.UNLOADED,
    "shutdown": Condition.UNLOADED,
}


class LlamaSwap(Driver):
    litellm_prefix = "openai"
    sources = (
        Source("github.com/mostlygeek/llama-swap: internal/server/server.go", "2026-11-26", "the paths"),
        Source(
            "https://github.com/mostlygeek/llama-swap/blob/main/README.md (0bdb372)",
            "2026-11-22",
            "`/running` and the states of a model",
        ),
    )
    warmed_by = "`GET /upstream/<model>/health`, whatever the model's own server says to it"
    cooled_by = "`POST /api/models/unload/<model>`"
    signs: ClassVar[Signs] = {
        Condition.READY: "in `/running` with the state `ready`",
        Condition.LOADING: "`starting`",
        Condition.UNLOADED: "in `/v1/models`, not in `/running`, or there as `stopping`, `stopped`",
        Condition.ABSENT: "in neither",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        states = await _running(endpoint, client)
        if endpoint.name in states:
            condition = _CONDITIONS.get(states[endpoint.name], Condition.UNSEEN)
            strange = f"it is {states[endpoint.name]!r:.40}, which is not known"
            problem = strange if condition is Condition.UNSEEN else None
            return Seen(condition=condition, instances=int(condition is Condition.READY), problem=problem)
        if endpoint.name in await _listed(endpoint, client):
            return Seen(condition=Condition.UNLOADED, instances=0)
        return Seen(condition=Condition.ABSENT, problem=f"it does not list {endpoint.name!r:.100}")

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        path = f"/upstream/{quote(endpoint.name, safe='/:')}/health"
        said = await client.ask(endpoint, "GET", path, seconds=client.patience.load)
        # A 404 is the model's own server, which has no such path: the model is listed, `warm` looked.
        if not said.absent:
            said.required()

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        path = f"/api/models/unload/{quote(endpoint.name, safe='/:')}"
        said = await client.ask(endpoint, "POST", path, seconds=client.patience.load)
        if said.absent:
            raise cannot(endpoint, "it is older than /api/models/unload, and could only unload all its models at once")
        said.required()

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        states = await _running(endpoint, client)
        return [
            Found(name=id, state=known(_CONDITIONS.get(states.get(id, "stopped"), Condition.UNLOADED)))
            for id in await _listed(endpoint, client)
        ]


async def _running(endpoint: Endpoint, client: Client) -> dict[str, str]:
    document = (await client.get(endpoint, "/running")).json()
    return {id: text(it, "state") or "" for it in entries(document, "running") if (id := name(it, "model"))}


async def _listed(endpoint: Endpoint, client: Client) -> list[str]:
    return [id for it in entries((await client.get(endpoint, "/v1/models")).json(), "data") if (id := name(it, "id"))]
