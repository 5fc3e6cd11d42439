"""Fake runtimes for a test, and how our drivers see them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import msgspec

from radiant.domain.endpoint import Endpoint, Found, Observed
from radiant.runtimes.http import Client, Patience
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.said import Unanswered
from radiant.simulator.machine import Machine, Slot
from radiant.simulator.script import Script
from radiant.simulator.serving import playing

#: No look of a test waits longer for anything.
SHORT = Patience(connect=5.0, look=5.0, order=5.0, load=20.0)

#: Those whose server has one model, and those that have no way to load and unload it.
SINGLE = ("vllm", "sglang", "tgi", "http")
FIXED = ("sglang", "tgi")

#: What endpoints of a fake server need beside its address: hooks, or how the model is served.
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "http": {"wake_url": "/wake", "sleep_url": "/sleep"},
    "sagemaker": {"strategy": "inference_component"},
}

#: Those that are asked over plain HTTP, by our own client.
OVER_HTTP = sorted(set(RUNTIMES) - {"sagemaker"})


class Stand(NamedTuple):
    """A fake runtime, an endpoint there, and a client that may ask it."""

    machine: Machine
    endpoint: Endpoint
    client: Client

    @property
    def slot(self) -> Slot:
        return self.machine.models[self.endpoint.name]

    async def observe(self) -> Observed:
        return await RUNTIMES[self.endpoint.runtime].observe(self.endpoint, self.client)

    async def warm(self) -> None:
        await RUNTIMES[self.endpoint.runtime].warm(self.endpoint, self.client)

    async def cool(self) -> None:
        await RUNTIMES[self.endpoint.runtime].cool(self.endpoint, self.client)

    async def scan(self, runtime: str | None = None) -> list[Found] | None:
        """What a runtime makes of the server; None, too, where the server says nothing that it can use."""
        try:
            return await RUNTIMES[runtime or self.endpoint.runtime].scan(self.endpoint, self.client)
        except Unanswered:
            return None


def at(runtime: str, url: str | None, name: str = "mistral", **more: Any) -> Endpoint:
    told = {"options": OPTIONS.get(runtime, {}), "region": "us-east-1" if runtime == "sagemaker" else None, **more}
    return Endpoint(id=1, model_id="mistral-7b", runtime=runtime, name=name, url=url, **told)


@asynccontextmanager
async def stand(
    runtime: str, *, patience: Patience = SHORT, others: int = 0, behavior: str = "well", **model: Any
) -> AsyncIterator[Stand]:
    """A fake runtime with the model `mistral`, and so many others, all of which are unloaded."""
    models = [{"name": "mistral", **model}, *({"name": f"other-{number}"} for number in range(others))]
    played = {"id": "gpu", "runtime": runtime, "models": models, "behavior": behavior}
    script = msgspec.convert({"runtimes": [played]}, Script)
    async with playing(script) as theater, Client(patience=patience, environment={}) as client:
        yield Stand(theater.runtimes.all["gpu"], at(runtime, theater.runtimes.url("gpu")), client)
