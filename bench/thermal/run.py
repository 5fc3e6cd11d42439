"""How long from "the runtime is ready" to "a selector answers with it", and how long 500 endpoints take to look at.

    python bench/thermal/run.py [--repeat 50]

A fake runtime over HTTP loads a model in 0.2 to 1.2 s; a keeper at its usual pace follows it, and a selector in the
same process follows the registry, an embedded PostgreSQL. Beside it stands the pace of looks, the least that can be
expected. The endpoints answer after 0.2 s each, as over a slow network. Prints JSON in seconds.
"""

import argparse
import asyncio
import json
import random
import shutil
import statistics
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from radiant import Selector
from radiant.domain.endpoint import Endpoint, Observed
from radiant.domain.vocabulary import ThermalState
from radiant.embedded.server import EmbeddedServer
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.simulator.script import Script
from radiant.simulator.serving import playing
from radiant.sync.keeper import USUAL, Keeper, look_at_all
from radiant.sync.thermal import AT_ONCE, now

ASKED = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}
ENDPOINTS, LOOK = 500, 0.2

MODEL = """
INSERT INTO self_hosted_models
    (model_id, name, display_name, category, primary_mode, input_modalities, output_modalities)
VALUES (%s, %s, %s, 'llm', 'chat', '{text}', '{text}') RETURNING id
"""


class Slow:
    """A runtime whose looks take `LOOK` seconds."""

    litellm_prefix = "openai"

    async def observe(self, endpoint: Endpoint, client: object) -> Observed:
        await asyncio.sleep(LOOK)
        return Observed(at=now(), state=ThermalState.COLD)


async def wake_ups(database: Database, repeat: int) -> list[float]:
    """Seconds from readiness to the answer, each time after a new demand."""
    found = []
    models = {"runtimes": [{"id": "gpu", "runtime": "vllm", "models": [{"name": "it", "state": "asleep"}]}]}
    async with playing(msgspec.convert(models, Script)) as theater:
        slot = theater.runtimes.all["gpu"].only
        await database.rows(MODEL, ["own"] * 3)
        await database.rows(
            "INSERT INTO endpoints (model_id, runtime, url, name) VALUES ('own', 'vllm', %s, 'it') RETURNING id",
            [theater.runtimes.url("gpu")],
        )
        keeper = asyncio.create_task(Keeper(database, {}).keep())
        async with await Selector.connect(database.url) as selector:
            for _ in range(repeat):
                slot.load_seconds = random.uniform(0.2, 1.2)
                await seen(selector, ThermalState.COLD)
                await selector.select_with_fallback(**ASKED)
                while not slot.is_up:
                    await asyncio.sleep(0.001)
                ready = time.perf_counter()
                await seen(selector, ThermalState.WARM)
                found.append(time.perf_counter() - ready)
                await database.rows("DELETE FROM warmup_demands RETURNING model_id")
                await database.rows("UPDATE thermal_states SET cool_asked_at = clock_timestamp() RETURNING model_id")
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper
    return found


async def seen(selector: Selector, state: ThermalState) -> None:
    while (choice := selector.select(**ASKED)) is None or choice.thermal_state is not state:
        await asyncio.sleep(0.001)


async def looks(database: Database) -> tuple[float, float]:
    """Seconds that a run over all endpoints takes: the first, which writes a state and an event of each, and the next,
    which sees the same."""
    await database.rows("DELETE FROM endpoints RETURNING id")
    for number in range(ENDPOINTS):
        await database.rows(MODEL, [f"m{number}"] * 3)
    await database.rows(
        "INSERT INTO endpoints (model_id, runtime, url, name) SELECT 'm' || n, 'vllm', 'http://10.0.0.1', 'm' || n"
        " FROM generate_series(0, %s) n RETURNING id",
        [ENDPOINTS - 1],
    )
    slow: Any = Slow()
    moments = [time.perf_counter()]
    for _ in range(2):
        await look_at_all(database, {}, runtimes={"vllm": slow})
        moments.append(time.perf_counter())
    return moments[1] - moments[0], moments[2] - moments[1]


async def measure(url: str, repeat: int) -> dict[str, object]:
    async with connect(url) as connection:
        await migrate(connection)
    async with await Database.open(url) as database:
        found = sorted(await wake_ups(database, repeat))
        first, again = await looks(database)
    return {
        "ready_to_answer": {
            "repeat": repeat,
            "median": round(statistics.median(found), 3),
            "p99": round(found[min(len(found) - 1, int(0.99 * len(found)))], 3),
            "pace_of_looks": USUAL.moving,
        },
        "looks": {
            "endpoints": ENDPOINTS,
            "first": round(first, 2),
            "again": round(again, 2),
            "least_possible": ENDPOINTS / AT_ONCE * LOOK,
            "at_one_time": AT_ONCE,
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=50)
    repeat = parser.parse_args().repeat
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    try:
        with EmbeddedServer.open(folder / "home") as server:
            print(json.dumps(asyncio.run(measure(server.url, repeat)), indent=1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
