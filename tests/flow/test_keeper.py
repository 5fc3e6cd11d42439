"""Models that wake when somebody asks, serve, and sleep again; at fake runtimes that speak the real protocols."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from radiant import Selector
from radiant.domain.observation import Observation, Source
from radiant.registry import health
from radiant.registry.database import Database
from tests.flow.warming import QUICK, keeping, warming
from tests.waiting import until as until_seen

OWN: dict[str, Any] = {
    "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3,
    "prefer_hosting": "self_hosted",
}  # fmt: skip
RUNTIMES = ("vllm", "ollama", "llama_cpp", "llama_swap", "triton", "lm_studio")


@pytest.mark.parametrize("runtime", RUNTIMES)
async def test_asked_for_it_wakes_once_and_idle_it_sleeps_again(database: Database, runtime: str) -> None:
    async with warming(database, runtime) as it, keeping(it):
        await it.until("COLD")
        assert await it.ask()
        assert not await it.ask()
        await it.until("WARM")
        assert it.slot.is_up and it.slot.loads == 1
        await it.say("DELETE FROM warmup_demands")
        await it.idle_for(14)
        await asyncio.sleep(0.4)
        assert it.slot.is_up, "a minute of patience is left"
        await it.idle_for(2)
        await it.until("COLD")
        assert not it.slot.is_up and it.slot.loads == 1
    (warmup,) = await it.warmups()
    assert warmup["outcome"] == "ready" and warmup["ready_at"] >= warmup["started_at"]


async def test_nobody_asks_and_nothing_is_told_to_a_runtime(database: Database) -> None:
    async with warming(database, "ollama") as it, keeping(it):
        await it.until("COLD")
        await asyncio.sleep(0.5)
        assert {method for method, _ in it.machine.asked} == {"GET"}
        assert it.slot.loads == 0


async def test_each_step_is_an_event(database: Database) -> None:
    async with warming(database) as it, keeping(it):
        await it.until("COLD")
        await it.ask()
        await it.until("WARM")
        (started,), (ended,) = await it.events("warmup_started"), await it.events("warmup_ended")
        assert started["model_id"] == "own" and started["requested_by"].startswith("asked for by test until")
        assert ended["outcome"] == "ready" and ended["seconds"] >= 0.3
        changes = [(it["before"], it["after"], it["is_transitioning"]) for it in await it.events("state_changed")]
        assert changes[-2:] == [("COLD", "COLD", True), ("COLD", "WARM", False)]


async def test_what_was_learned_replaces_the_catalogs_guess(database: Database) -> None:
    async with warming(database) as it, keeping(it):
        await it.until("COLD")
        (before,) = await it.database.rows("SELECT warmup_time_seconds FROM unified_model_registry")
        await it.ask()
        await it.until("WARM")
        (after,) = await it.database.rows("SELECT warmup_time_seconds FROM unified_model_registry")
        assert (before["warmup_time_seconds"], after["warmup_time_seconds"]) == (77, 1)


async def test_requests_in_flight_keep_it_up(database: Database) -> None:
    async with warming(database, in_flight=2, state="ready") as it, keeping(it):
        await it.until("WARM")
        await it.idle_for(60)
        await asyncio.sleep(0.5)
        assert it.slot.is_up and (await it.state())["last_activity"] is not None
        it.slot.in_flight = 0
        await it.idle_for(60)
        await it.until("COLD")


async def test_a_reported_request_keeps_it_up(database: Database) -> None:
    async with warming(database, state="ready") as it, keeping(it):
        await it.until("WARM")
        async with database.connection() as connection:
            told = Observation(
                provider_id="self_hosted", model_id="own", source=Source.TRAFFIC, at=dt.datetime.now(dt.UTC), ok=True
            )
            await health.record(connection, [told])
        assert (await it.state())["last_activity"] is not None
        await it.say("UPDATE endpoint_states SET phase_since = phase_since - interval '1 hour'")
        await asyncio.sleep(0.5)
        assert it.slot.is_up and "it worked until" in (await it.state())["why"]
        await it.idle_for(15)
        await it.until("COLD")


async def test_what_a_caller_finds_cold_is_looked_at_at_once_and_did_not_fail(database: Database) -> None:
    """As a component of SageMaker whose copies somebody else took away; nobody would look for an hour."""
    rarely = replace(QUICK, up=3600.0, troubled=3600.0)
    async with warming(database, "ollama", state="ready") as it, keeping(it, pace=rarely):
        await it.until("WARM")
        await it.idle_for(5)
        it.slot.unload()
        told = {"error": 400, "message": "Inference Component has no capacity to process this request."}
        async with await Selector.connect(database.url) as selector:
            own = await until_seen(lambda: selector.select(**OWN))
            assert own is not None
            for _ in range(9):
                selector.report(own, **told)
        await it.until("COLD")
    counted = "SELECT status, failures, resting_until FROM model_health"
    assert await database.rows(counted) == [{"status": "unknown", "failures": 0, "resting_until": None}]
    (state,) = await database.rows("SELECT last_activity < now() - interval '4 minutes' AS idle FROM thermal_states")
    assert state["idle"] is not False, "who was refused did not work"


@pytest.mark.parametrize(("target", "state"), [("WARM", "WARM"), ("COLD", "COLD"), ("OFF", "COLD")])
async def test_the_word_of_an_operator_is_carried_out(database: Database, target: str, state: str) -> None:
    begins = "asleep" if state == "WARM" else "ready"
    async with warming(database, state=begins) as it, keeping(it):
        await it.until("COLD" if state == "WARM" else "WARM")
        await it.say("UPDATE thermal_states SET target_state = %s", target)
        found = await it.until(state)
        assert (found["target_state"], found["why"]) == (target, f"held {target} by an operator")


async def test_sent_to_sleep_it_does_not_wait_until_it_is_idle(database: Database) -> None:
    async with warming(database, state="ready") as it, keeping(it):
        await it.until("WARM")
        await it.say("UPDATE thermal_states SET cool_asked_at = clock_timestamp()")
        await it.until("COLD")


async def test_a_window_wakes_it_before_anybody_asks(database: Database) -> None:
    async with warming(database) as it, keeping(it):
        await it.until("COLD")
        await it.say("INSERT INTO prewarm_windows (model_id, cron, duration_minutes) VALUES ('own', '* * * * *', 5)")
        await it.until("WARM")
        assert (await it.state())["why"].startswith("its window is open until")


async def test_a_runtime_that_never_comes_up_is_given_up_with_a_reason(database: Database) -> None:
    async with warming(database, load_seconds=60.0) as it:
        await it.say("""UPDATE endpoints SET options = '{"warmup_timeout_seconds": 0.3}'""")
        async with keeping(it):
            await it.until("COLD")
            await it.ask()
            failed = await it.until_phase("failed")
            assert failed["problem"] == "coming up took longer than 0 s"
            assert failed["attempt"] == 1 and failed["next_try_at"] is not None
        (warmup,) = await it.warmups()
        assert warmup["outcome"] == "timed_out" and warmup["ready_at"] is None
        assert (await it.state())["error_message"] == failed["problem"]


@pytest.mark.parametrize("runtime", ["ollama", "llama_cpp", "llama_swap"])
async def test_a_load_that_fails_is_told_and_tried_again(database: Database, runtime: str) -> None:
    async with warming(database, runtime, fails=True) as it, keeping(it):
        await it.until("COLD")
        await it.ask()
        failed = await it.until_phase("failed")
        assert failed["problem"] and failed["next_try_at"] is not None
        it.slot.fails = False
        await it.say("UPDATE endpoint_states SET next_try_at = clock_timestamp(), generation = generation + 1")
        await it.until("WARM")
    assert [row["outcome"] for row in await it.warmups()] == ["failed", "ready"]


async def test_what_is_refused_for_good_waits_until_somebody_asks_anew(database: Database) -> None:
    async with warming(database, "triton", fails=True) as it, keeping(it):
        await it.until("COLD")
        await it.ask()
        failed = await it.until_phase("failed")
        assert failed["problem"].endswith("out of memory; given up") and failed["next_try_at"] is None
        it.slot.fails = False
        assert not await it.ask()
        await asyncio.sleep(0.4)
        assert (await it.endpoint())["phase"] == "failed", "the same demand is no new one"
        await it.say("DELETE FROM warmup_demands")
        await it.until_phase("idle")
        assert await it.ask()
        await it.until("WARM")


async def test_one_that_falls_back_asleep_rests_before_it_is_woken_again(database: Database) -> None:
    async with warming(database) as it, keeping(it):
        await it.until("COLD")
        await it.ask()
        await it.until("WARM")
        it.slot.unload()
        failed = await it.until_phase("failed")
        assert "fell asleep" in failed["problem"] and it.slot.loads == 1


async def test_a_server_that_disappears_is_off_and_comes_back(database: Database) -> None:
    async with warming(database, state="ready") as it:
        other = "http://127.0.0.1:9"
        async with keeping(it):
            await it.until("WARM")
            await it.say("UPDATE endpoints SET url = %s", other)
            found = await it.until("OFF")
            assert found["error_message"] == "nobody listens there"
            await it.say("UPDATE endpoints SET url = %s", it.url)
            await it.until("WARM")


async def test_two_models_share_a_machine_that_has_room_for_one(database: Database) -> None:
    options: dict[str, Any] = {"host_gpu_memory_gb": 80, "gpu_memory_gb": 60}
    async with warming(database, "ollama", state="ready") as it:
        await it.say("UPDATE endpoints SET options = %s::jsonb", '{"host_gpu_memory_gb": 80, "gpu_memory_gb": 60}')
        slot = type(it.slot)(type("M", (), {**_MODEL, "name": "second"})(), lambda: 0.0)
        it.machine.models["second"] = slot
        async with keeping(it):
            await it.until("WARM")
            await it.add("other", runtime="ollama", name="second", options=_json(options))
            await it.until("COLD", "other")
            assert await it.ask("other")
            await it.until("WARM", "other")
            await it.until("COLD", "own")
            assert slot.is_up and not it.slot.is_up


_MODEL = {"context_window": None, "in_flight": 0, "fails": False, "load_seconds": 0.0, "state": "unloaded"}


def _json(value: dict[str, Any]) -> Any:
    import json

    return json.dumps(value)
