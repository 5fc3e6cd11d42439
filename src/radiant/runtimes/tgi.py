"""Text Generation Inference: one model, which is up as long as its server is."""

from typing import ClassVar

from radiant.domain.endpoint import Endpoint, Found
from radiant.domain.vocabulary import ThermalState

from .compatible import UpWithItsServer, ready
from .driver import Condition, Seen, Signs
from .http import Client
from .said import count, name
from .source import Source


class Tgi(UpWithItsServer):
    litellm_prefix = "huggingface"
    no_way = "TGI cannot unload its model; its container has to be started and stopped"
    sources = (
        Source(
            "https://huggingface.co/docs/text-generation-inference/en/reference/metrics",
            "2026-09-07",
            "names of the gauges, as another project noted them",
        ),
        Source(
            "github.com/api-evangelist/hugging-face: json-schema of `/info`",
            "2026-11-26",
            "`model_id`, `max_total_tokens`",
        ),
    )
    unread = "That `/health` answers 503 while it is not ready; no server of it could be run."
    warmed_by = "not at all: its container has to be started"
    signs: ClassVar[Signs] = {
        Condition.READY: "`/health` 200, the model in `/info`",
        Condition.LOADING: "`/health` 503",
        Condition.ABSENT: "another `model_id` in `/info`",
    }

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        health = await client.get(endpoint, "/health")
        if health.status == 503:
            return Seen(condition=Condition.LOADING)
        health.required()
        served = name((await client.get(endpoint, "/info")).json(), "model_id")
        if served != endpoint.name:
            return Seen(condition=Condition.ABSENT, problem=f"it serves {served or 'a model without a name'}")
        return await ready(endpoint, client, "tgi_batch_current_size", "tgi_queue_size")

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        """What embeds or reranks (TEI) answers at the same path, without a bound of generated tokens."""
        info = (await client.get(endpoint, "/info")).json()
        served, window = name(info, "model_id"), count(info, "max_total_tokens")
        if served is None or window is None:
            return None
        return [Found(name=served, state=ThermalState.WARM, context_window=window)]
