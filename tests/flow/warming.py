"""A registry whose self-hosted models are at fake runtimes, and a keeper that keeps them warm."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec

from radiant.registry.database import Database
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.runtime import Runtime
from radiant.simulator.machine import Machine
from radiant.simulator.script import Script
from radiant.simulator.serving import playing
from radiant.sync.keeper import Keeper, Pace
from tests.waiting import until_said

#: Patience of tests.
QUICK = Pace(moving=0.05, up=0.2, troubled=0.1, asleep=0.3, decide=0.1, follow=0.1, told=0.2)


class Warming:
    """One self-hosted model `own` at one fake runtime, in a registry that may have more."""

    def __init__(self, database: Database, machine: Machine, url: str) -> None:
        self.database, self.machine, self.url = database, machine, url

    @property
    def slot(self) -> Any:
        return self.machine.models["mistral"]

    async def add(self, model_id: str, url: str | None = None, *, runtime: str = "vllm", **columns: Any) -> int:
        """A model and its endpoint; the id of that."""
        await self.database.rows(
            "INSERT INTO self_hosted_models (model_id, name, display_name, category, primary_mode, input_modalities,"
            " output_modalities, hourly_rate, warmup_time_seconds) VALUES (%s, %s, %s, 'llm', 'chat', '{text}',"
            " '{text}', 1.2, 77) ON CONFLICT DO NOTHING RETURNING id",
            [model_id] * 3,
        )
        given = {"model_id": model_id, "runtime": runtime, "url": url or self.url, "name": "mistral", **columns}
        names, places = ", ".join(given), ", ".join(["%s"] * len(given))
        text = f"INSERT INTO endpoints ({names}) VALUES ({places}) RETURNING id"
        (row,) = await self.database.rows(text, list(given.values()))
        return int(row["id"])

    async def ask(self, model_id: str = "own", minutes: int = 15) -> bool:
        row = await self.database.row(
            "SELECT request_warmup(%s, 'test', make_interval(mins => %s)) AS it", [model_id, minutes]
        )
        return bool(row and row["it"])

    async def say(self, text: str, *parameters: Any) -> list[dict[str, Any]]:
        return await self.database.rows(f"{text} RETURNING 1 AS it", list(parameters))

    async def state(self, model_id: str = "own") -> dict[str, Any]:
        (row,) = await self.database.rows("SELECT * FROM thermal_states WHERE model_id = %s", [model_id])
        return row

    async def endpoint(self, model_id: str = "own") -> dict[str, Any]:
        (row,) = await self.database.rows("SELECT * FROM endpoints_now WHERE model_id = %s", [model_id])
        return row

    async def warmups(self) -> list[dict[str, Any]]:
        return await self.database.rows("SELECT * FROM warmups ORDER BY id")

    async def until(self, state: str, model_id: str = "own") -> dict[str, Any]:
        """Wait for a state that nothing is about to change."""

        async def settled() -> dict[str, Any] | None:
            found = await self.state(model_id)
            return found if found["current_state"] == state and not found["is_transitioning"] else None

        return await until_said(settled) or {}

    async def seen(self, state: str) -> None:
        """As if a look had seen the endpoints so, with nobody to act."""
        await self.say("UPDATE endpoint_states SET state = %s, observed_at = now(), generation = generation + 1", state)

    async def until_phase(self, phase: str, model_id: str = "own") -> dict[str, Any]:
        async def there() -> dict[str, Any] | None:
            found = await self.endpoint(model_id)
            return found if found["phase"] == phase else None

        return await until_said(there) or {}

    async def events(self, type: str) -> list[dict[str, Any]]:
        rows = await self.database.rows(
            "SELECT data FROM events WHERE type = %s ORDER BY time", [f"radiant.thermal.{type}"]
        )
        return [row["data"] for row in rows]

    async def idle_for(self, minutes: float, model_id: str = "own") -> None:
        """Let so much time have passed since anything happened at its endpoints."""
        ago = dt.timedelta(minutes=minutes)
        text = "UPDATE thermal_states SET last_activity = last_activity - %s WHERE model_id = %s"
        await self.say(text, ago, model_id)
        await self.say(
            "UPDATE endpoint_states SET phase_since = phase_since - %s, generation = generation + 1"
            " WHERE endpoint_id IN (SELECT id FROM endpoints WHERE model_id = %s)",
            ago,
            model_id,
        )


@asynccontextmanager
async def warming(
    database: Database, runtime: str = "vllm", *, behavior: str = "well", endpoint: bool = True, **model: Any
) -> AsyncIterator[Warming]:
    """The model `own`, asleep at a fake runtime; nobody keeps it warm yet."""
    await database.rows("DELETE FROM models RETURNING id")
    await database.rows("DELETE FROM self_hosted_models RETURNING id")
    slept = {"load_seconds": 0.3, "state": "asleep" if runtime == "vllm" else "unloaded"}
    # With one model alone, a server of llama.cpp has no way to load it.
    models = [{"name": "mistral", **slept, **model}, *([{"name": "other"}] if runtime == "llama_cpp" else [])]
    played = {"id": "gpu", "runtime": runtime, "models": models, "behavior": behavior}
    async with playing(msgspec.convert({"runtimes": [played]}, Script)) as theater:
        it = Warming(database, theater.runtimes.all["gpu"], theater.runtimes.url("gpu"))
        if endpoint:
            await it.add("own", runtime=runtime)
        yield it


@asynccontextmanager
async def keeping(
    it: Warming, *, pace: Pace = QUICK, runtimes: Mapping[str, Runtime] = RUNTIMES
) -> AsyncIterator[asyncio.Task[None]]:
    """A keeper at work, as in one process."""
    task = asyncio.create_task(Keeper(it.database, {}, runtimes=runtimes, pace=pace).keep())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
