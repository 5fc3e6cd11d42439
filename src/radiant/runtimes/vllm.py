"""vLLM: one model and its adapters, which sleep where the server was started in development mode with sleep mode on."""

from typing import ClassVar, Final

from radiant.domain.endpoint import Endpoint, Found

from .compatible import listed, ready, served
from .driver import Condition, Driver, Seen, Signs, cannot, order
from .http import Client
from .said import Unanswered, member
from .source import Source

_HOW: Final = "it was not started with --enable-sleep-mode and VLLM_SERVER_DEV_MODE=1"


class Vllm(Driver):
    """`sleep_level` of an endpoint's options: 1 (default) keeps the weights in the memory of the host, 2 drops them."""

    litellm_prefix = "hosted_vllm"
    sources = (
        Source(
            "https://docs.vllm.ai/en/latest/features/sleep_mode/",
            "2026-11-26",
            "levels of sleep, what they keep, what has to be on",
        ),
        Source(
            "https://docs.vllm.ai/en/v0.14.0/api/vllm/entrypoints/serve/sleep/api_router/",
            "2026-11-26",
            "the paths, and that they need development mode",
        ),
        Source(
            "github.com/vllm-project/vllm: vllm/entrypoints/serve/instrumentator/health.py",
            "2026-11-26",
            "503 is an engine that died",
        ),
        Source("PyPI vllm 0.33.0: vllm/entrypoints", "2026-11-22", "the list, `is_sleeping`, names of the gauges"),
    )
    warmed_by = "`POST /wake_up`; at level 2 for weights, then `reload_weights`, then for the cache"
    cooled_by = "`POST /sleep?level=1`, or the option `sleep_level`"
    signs: ClassVar[Signs] = {
        Condition.READY: "`/health` 200, the model in `/v1/models`, `/is_sleeping` false or not there",
        Condition.ASLEEP: "`/is_sleeping` true",
        Condition.ABSENT: "another model in `/v1/models`",
        Condition.UNSEEN: "`/health` 503: its engine died",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        (await client.get(endpoint, "/health")).required()
        if absent := await served(endpoint, client):
            return absent
        if await self._sleeps(endpoint, client):
            return Seen(condition=Condition.ASLEEP)
        # `/load` says 0 where nobody counts; these gauges are always counted.
        return await ready(endpoint, client, "vllm:num_requests_running", "vllm:num_requests_waiting")

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        if _level(endpoint) == 1:
            await order(client, endpoint, "/wake_up")
            return
        await order(client, endpoint, "/wake_up?tags=weights")
        await order(client, endpoint, "/collective_rpc", {"method": "reload_weights"})
        await order(client, endpoint, "/wake_up?tags=kv_cache")

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        level = _level(endpoint)
        said = await client.ask(endpoint, "POST", f"/sleep?level={level}", seconds=client.patience.load)
        if said.absent:
            raise cannot(endpoint, _HOW)
        said.required()

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        sleeps = await self._sleeps(endpoint, client)
        return await listed(endpoint, client, "vllm", Condition.ASLEEP if sleeps else Condition.READY)

    async def _sleeps(self, endpoint: Endpoint, client: Client) -> bool:
        """A server without sleep mode has no such path, and never sleeps."""
        said = await client.get(endpoint, "/is_sleeping")
        if said.absent:
            return False
        told = member(said.json(), "is_sleeping")
        if not isinstance(told, bool):
            raise Unanswered("it does not say whether it sleeps")
        return told


def _level(endpoint: Endpoint) -> int:
    level = endpoint.options.get("sleep_level", 1)
    if level not in (1, 2) or isinstance(level, bool):
        raise cannot(endpoint, f"the option sleep_level is {level!r:.40}; expected 1 or 2")
    return int(level)
