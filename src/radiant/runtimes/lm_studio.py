"""LM Studio: many models, each loaded any number of times."""

from typing import Any, ClassVar

from radiant.domain.endpoint import Endpoint, Found
from radiant.domain.vocabulary import ThermalState

from .driver import Condition, Driver, Seen, Signs, cannot, order
from .http import Client
from .said import Unanswered, count, entries, name
from .source import Source

_V1 = "/api/v1/models"
_OLD = "it is older than /api/v1/models/load"


class LmStudio(Driver):
    litellm_prefix = "lm_studio"
    sources = (
        Source(
            "https://lmstudio.ai/docs/developer/rest (github.com/lmstudio-ai/docs, 35ec6d3)",
            "2026-11-26",
            "the list with its instances, loading, unloading",
        ),
    )
    unread = "The list of versions before `/api/v1`, `/api/v0/models`, is read as others describe it."
    warmed_by = "`POST /api/v1/models/load`"
    cooled_by = "`POST /api/v1/models/unload` for each of its instances"
    signs: ClassVar[Signs] = {
        Condition.READY: "has `loaded_instances` in `/api/v1/models`; before that was there, `state` `loaded` in v0",
        Condition.UNLOADED: "listed without",
        Condition.ABSENT: "not listed",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        said = await client.get(endpoint, _V1)
        if said.absent:
            return await self._before(endpoint, client)
        for it in entries(said.json(), "models"):
            if name(it, "key") == endpoint.name:
                loaded = len(entries(it.get("loaded_instances")))
                return Seen(condition=Condition.READY if loaded else Condition.UNLOADED, instances=loaded)
        return Seen(condition=Condition.ABSENT, problem=f"it does not list {endpoint.name!r:.100}")

    async def _before(self, endpoint: Endpoint, client: Client) -> Seen:
        for it in entries((await client.get(endpoint, "/api/v0/models")).json(), "data"):
            if name(it, "id") == endpoint.name:
                loaded = it.get("state") == "loaded"
                return Seen(condition=Condition.READY if loaded else Condition.UNLOADED, instances=int(loaded))
        return Seen(condition=Condition.ABSENT, problem=f"it does not list {endpoint.name!r:.100}")

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        body = {"model": endpoint.name}
        said = await client.ask(endpoint, "POST", f"{_V1}/load", body, seconds=client.patience.load)
        if said.absent:
            raise cannot(endpoint, _OLD)
        said.required()

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        said = await client.get(endpoint, _V1)
        if said.absent:
            raise cannot(endpoint, _OLD)
        for it in entries(said.json(), "models"):
            if name(it, "key") == endpoint.name:
                for instance in entries(it.get("loaded_instances")):
                    await order(client, endpoint, f"{_V1}/unload", {"instance_id": name(instance, "id")})

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        found = [
            Found(
                name=key,
                state=ThermalState.WARM if (loaded := _instances(it)) else ThermalState.COLD,
                context_window=count(loaded[0], "config", "context_length") if loaded else None,
            )
            for it in entries((await client.get(endpoint, _V1)).json(), "models")
            if (key := name(it, "key")) is not None
        ]
        return found or None


def _instances(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """What is loaded of a model; nothing where that stands in another shape, which costs no other model."""
    try:
        return entries(entry.get("loaded_instances"))
    except Unanswered:
        return []
