"""Servers of the Open Inference Protocol (V2): KServe, Triton, MLServer. They load what their repository has."""

from typing import Any, ClassVar, Final
from urllib.parse import quote

from radiant.domain.endpoint import Endpoint, Found
from radiant.domain.vocabulary import ThermalState

from .driver import Condition, Driver, Seen, Signs, known, order
from .http import Client
from .said import Unanswered, entries, member, name, text
from .source import Source

_CONDITIONS: Final = {
    "READY": Condition.READY,
    "LOADING": Condition.LOADING,
    "UNLOADING": Condition.UNLOADED,
    "UNAVAILABLE": Condition.UNLOADED,
    "UNKNOWN": Condition.UNLOADED,
}

#: The better a version is, the earlier it stands: a model is as its best version is.
_BEST: Final = (Condition.READY, Condition.LOADING, Condition.FAILED, Condition.UNLOADED, Condition.ABSENT)


class V2(Driver):
    """A server that tells `product` as its name at `/v2`."""

    warmed_by = "`POST /v2/repository/models/<model>/load`"
    cooled_by = "`POST /v2/repository/models/<model>/unload`"

    def __init__(self, product: str, litellm_prefix: str) -> None:
        self.product, self.litellm_prefix = product, litellm_prefix

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        await order(client, endpoint, f"/v2/repository/models/{quote(endpoint.name, safe='')}/load", {})

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        await order(client, endpoint, f"/v2/repository/models/{quote(endpoint.name, safe='')}/unload", {})

    async def is_this(self, endpoint: Endpoint, client: Client) -> bool:
        return (name((await client.get(endpoint, "/v2")).json(), "name") or "").lower() == self.product


class Indexed(V2):
    """A server with an index of its repository: Triton, MLServer."""

    sources = (
        Source(
            "https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md",
            "2026-11-26",
            "the index, loading, unloading",
        ),
        Source("PyPI mlserver 1.7.1, run", "2026-11-26", "its index before and after loading; `make test-runtimes`"),
    )
    unread = "Words of Triton for a state beside `READY` and `UNAVAILABLE`; an unknown one counts as not loaded."
    signs: ClassVar[Signs] = {
        Condition.READY: "`READY` in `POST /v2/repository/index`",
        Condition.LOADING: "`LOADING`",
        Condition.UNLOADED: "`UNAVAILABLE`, `UNLOADING`, or without a state: never loaded",
        Condition.FAILED: "`UNAVAILABLE` with another `reason` than `unloaded`",
        Condition.ABSENT: "not in the index",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        found = [_seen(it) for it in await self._index(endpoint, client) if name(it, "name") == endpoint.name]
        nothing = Seen(condition=Condition.ABSENT, problem=f"its repository does not have {endpoint.name!r:.100}")
        return min(found, key=lambda it: _BEST.index(it.condition), default=nothing)

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        if not await self.is_this(endpoint, client):
            return None
        best: dict[str, Seen] = {}
        for it in await self._index(endpoint, client):
            if (id := name(it, "name")) is not None:
                best[id] = min(best.get(id, _seen(it)), _seen(it), key=lambda seen: _BEST.index(seen.condition))
        return [Found(name=id, state=known(seen.condition)) for id, seen in best.items()]

    async def _index(self, endpoint: Endpoint, client: Client) -> list[dict[str, Any]]:
        return entries((await client.ask(endpoint, "POST", "/v2/repository/index", {})).json())


class KServe(V2):
    """KServe's own server has no index: what is not loaded is not there, whether it could be loaded or not."""

    sources = (
        Source(
            "https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol",
            "2026-11-26",
            "readiness of a model",
        ),
        Source(
            "PyPI kserve 0.21.0, run",
            "2026-11-26",
            "404 where a model is not loaded, loading, unloading; `make test-runtimes`",
        ),
    )
    signs: ClassVar[Signs] = {
        Condition.READY: "`/v2/models/<model>/ready` 200, its body empty or `ready` true",
        Condition.LOADING: "503, or `ready` false",
        Condition.UNLOADED: "404 at a server that is live; whether it has the model shows when it loads it",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        ready = await client.get(endpoint, f"/v2/models/{quote(endpoint.name, safe='')}/ready")
        if ready.status == 404:
            (await client.get(endpoint, "/v2/health/live")).required()
            return Seen(condition=Condition.UNLOADED, instances=0)
        if ready.status == 503:
            return Seen(condition=Condition.LOADING)
        told = member(ready.json(), "ready") if ready.required().body.strip() else True
        if not isinstance(told, bool):
            raise Unanswered("it does not say whether the model is ready")
        return Seen(condition=Condition.READY if told else Condition.LOADING, instances=int(told))

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        if not await self.is_this(endpoint, client):
            return None
        listed = member((await client.get(endpoint, "/v2/models")).json(), "models")
        names = [id for it in listed if (id := name({"name": it}, "name"))] if isinstance(listed, list) else []
        return [Found(name=id, state=ThermalState.WARM) for id in names]


def _seen(entry: dict[str, Any]) -> Seen:
    """What the entry of a version says. Triton has neither state nor reason for what was never loaded."""
    condition = _CONDITIONS.get(text(entry, "state") or "UNKNOWN", Condition.UNLOADED)
    reason = text(entry, "reason")
    if condition is Condition.UNLOADED and entry.get("state") == "UNAVAILABLE" and reason not in (None, "unloaded"):
        return Seen(condition=Condition.FAILED, instances=0, problem=f"{reason:.200}")
    return Seen(condition=condition, instances=int(condition is Condition.READY))
