"""SGLang: one model, which is up as long as its server is.

It can release its memory (`/release_memory_occupation`), and nothing it answers tells that it did: requests would go to
a model without weights. So it is not put to sleep here. `/health` is not asked, because it may generate a token.
"""

from typing import ClassVar

from radiant.domain.endpoint import Endpoint, Found

from .compatible import UpWithItsServer, listed, ready, served
from .driver import Condition, Seen, Signs
from .http import Client
from .source import Source


class SGLang(UpWithItsServer):
    litellm_prefix = "openai"
    no_way = "SGLang does not tell whether its memory is released, so that it is neither woken nor put to sleep here"
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
    signs: ClassVar[Signs] = {
        Condition.READY: "`/ready` 200, before that `/model_info` or `/get_model_info`; and the model in `/v1/models`",
        Condition.LOADING: "`/ready` 503",
        Condition.ABSENT: "another model in `/v1/models`",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        said = await client.get(endpoint, "/ready")
        if said.status == 503:
            return Seen(condition=Condition.LOADING)
        for before in ("/model_info", "/get_model_info"):
            if said.absent:
                said = await client.get(endpoint, before)
        said.required()
        if absent := await served(endpoint, client):
            return absent
        return await ready(endpoint, client, "sglang:num_running_reqs", "sglang:num_queue_reqs")

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        return await listed(endpoint, client, "sglang", Condition.READY)
