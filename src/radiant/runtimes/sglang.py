"""SGLang: one model, which is up as long as its server is.

It can release its memory (`/release_memory_occupation`), and nothing it answers tells that it did: requests would go to
a model without weights. So it is not put to sleep here. `/health` is not asked, because it may generate a token.
"""

from typing import ClassVar, Final

from radiant.domain.endpoint import Endpoint, Found

from .compatible import listed, served
from .driver import Condition, Driver, Seen, Signs, cannot
from .http import Client
from .said import gauges
from .source import Source

_NO_WAY: Final = (
    "SGLang does not tell whether its memory is released, so that it is neither woken nor put to sleep here"
)


class SGLang(Driver):
    litellm_prefix = "openai"
    sources = (
        Source(
            "github.com/sgl-project/sglang: python/sglang/srt/entrypoints/http_server.py",
            "2026-11-26",
            "`/health` generates a token, `/get_model_info`, GET has effects",
        ),
        Source("PyPI sglang 0.5.23: srt/entrypoints/http_server.py", "2026-11-22", "`/ready`, `/model_info`"),
    )
    unread = "The names of its gauges are those that others read from it."
    warmed_by = "not at all: whether its memory is released cannot be seen"
    cooled_by = "not at all"
    signs: ClassVar[Signs] = {
        Condition.READY: "`/ready` 200, before that `/model_info` or `/get_model_info`; and the model in `/v1/models`",
        Condition.LOADING: "`/ready` 503",
        Condition.ABSENT: "another model in `/v1/models`",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        ready = await client.get(endpoint, "/ready")
        if ready.status == 503:
            return Seen(condition=Condition.LOADING)
        for before in ("/model_info", "/get_model_info"):
            if ready.absent:
                ready = await client.get(endpoint, before)
        ready.required()
        if absent := await served(endpoint, client):
            return absent
        metrics = await client.get(endpoint, "/metrics")
        waiting = ("sglang:num_running_reqs", "sglang:num_queue_reqs")
        return Seen(
            condition=Condition.READY, instances=1, in_flight=gauges(metrics.body, *waiting) if metrics.ok else None
        )

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        raise cannot(endpoint, _NO_WAY)

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        raise cannot(endpoint, _NO_WAY)

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        return await listed(endpoint, client, "sglang", Condition.READY)
