"""Keepers that are killed at every step, runtimes that lie, and five hundred endpoints."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast

import pytest

from radiant.domain.choice import Choice
from radiant.domain.endpoint import Endpoint, Observed
from radiant.domain.errors import DatabaseUnreachable
from radiant.domain.thermal import Phase
from radiant.domain.vocabulary import ThermalState
from radiant.registry import thermal as rows
from radiant.registry.database import Database
from radiant.runtimes.http import Client
from radiant.runtimes.roster import RUNTIMES
from radiant.simulator.script import Behavior
from radiant.sync.keeper import look_at_all
from radiant.sync.thermal import AT_ONCE, Orders, Thermal, now
from tests.flow.warming import keeping, warming
from tests.waiting import until_said

KEEPER = """
import asyncio, sys
import msgspec
from radiant.registry.database import Database
from radiant.sync.keeper import Keeper
from tests.flow.warming import QUICK

async def main():
    print("ready", flush=True)
    await Keeper(Database(sys.argv[1]), {}, pace=QUICK).keep()

asyncio.run(main())
"""


class Killed(Exception):
    """What stands for the end of a process."""


STEPS = ("before it is written", "after it is written", "before the runtime is told", "after the runtime was told")


@pytest.mark.parametrize("step", STEPS)
async def test_whoever_goes_on_finds_what_was_begun(
    database: Database, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round is cut at each of its steps; then somebody else keeps on, and the model is up after one load."""
    async with warming(database, load_seconds=0.5) as it:
        async with Client(environment={}) as client:
            first = Thermal(database, client)
            await first.round()
            assert await it.ask()
            cut(monkeypatch, step)
            with pytest.raises(Killed):
                found = await first.round(look=lambda _: False)
                await first.order(found.under_way[0])
            monkeypatch.undo()
        async with keeping(it):
            await it.until("WARM")
        assert it.slot.loads == 1
        assert [row["outcome"] for row in await it.warmups()] == ["ready"]


def cut(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    async def killed(*_: Any, **__: Any) -> Any:
        raise Killed

    if step == "before it is written":
        monkeypatch.setattr(rows, "advance", killed)
    elif step == "after it is written":
        monkeypatch.setattr(rows, "begin_warmup", killed)
    elif step == "before the runtime is told":
        monkeypatch.setattr(RUNTIMES["vllm"], "warm", killed)
    else:
        warm: Callable[..., Any] = RUNTIMES["vllm"].warm

        async def told(*given: Any, **more: Any) -> None:
            await warm(*given, **more)
            raise Killed

        monkeypatch.setattr(RUNTIMES["vllm"], "warm", told)


async def test_a_process_that_is_killed_while_it_warms_loses_nothing(database: Database) -> None:
    async with warming(database, "ollama", load_seconds=1.5) as it:
        there = await asyncio.to_thread(_keeper, database.url)
        try:
            await it.until("COLD")
            await it.ask()
            await it.until_phase("warming")
        finally:
            there.kill()
            await asyncio.to_thread(there.wait)
        async with keeping(it):
            await it.until("WARM")
        assert [row["outcome"] for row in await it.warmups()] == ["ready"], "one warm-up, by two keepers"


def _keeper(url: str) -> "subprocess.Popen[str]":
    there = subprocess.Popen([sys.executable, "-c", KEEPER, url], stdout=subprocess.PIPE, text=True)
    assert there.stdout is not None and there.stdout.readline() == "ready\n"
    there.stdout.close()
    return there


async def test_of_several_keepers_one_acts(database: Database) -> None:
    async with warming(database) as it, keeping(it), keeping(it), keeping(it):
        await it.until("COLD")
        await it.ask()
        await it.until("WARM")
        assert it.slot.loads == 1
        assert [path for _, path in it.machine.asked].count("/wake_up") == 1


async def test_who_took_the_step_first_took_it(database: Database) -> None:
    """Two rounds read the same, and both decide to wake it: the second finds that it was decided."""
    async with warming(database) as it, Client(environment={}) as client:
        await Thermal(database, client).round()
        await it.ask()
        found = await asyncio.gather(*(Thermal(database, client).round(look=lambda _: False) for _ in range(8)))
        begun = [kept for each in found for kept in each.under_way if kept.standing.phase is Phase.WARMING]
        assert len({kept.standing.since for kept in begun}) == 1
        assert len(await it.warmups()) == 1


async def test_a_database_that_is_away_is_waited_for(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = rows.kept
    failures = iter([DatabaseUnreachable("away"), DatabaseUnreachable("away")])

    async def flaky(*given: Any, **more: Any) -> Any:
        if (error := next(failures, None)) is not None:
            raise error
        return await kept(*given, **more)

    async with warming(database) as it:
        monkeypatch.setattr(rows, "kept", flaky)
        async with keeping(it):
            await it.until("COLD")


async def test_one_that_says_ready_and_is_not_is_left_by_those_who_were_sent_there(database: Database) -> None:
    """What real requests meet is told, and the model rests; the look at it goes on saying WARM."""
    from radiant import Selector
    from tests.flow.test_handover import CHAT, stand_in

    async with warming(database, state="ready") as it, keeping(it):
        await stand_in(it)
        async with await Selector.connect(database.url) as selector:
            await it.until("WARM")

            async def own() -> Choice | None:
                choice = await selector.select_with_fallback(**CHAT)
                return choice if choice.model_id == "own" else None

            async def another() -> bool:
                return await own() is None

            choice = await until_said(own)
            assert choice is not None
            for _ in range(5):
                selector.report(choice, ok=False, error=500)
            await until_said(another)


class Many:
    """A runtime of which each look takes a fifth of a second, as over a slow network. Counts those at one time."""

    litellm_prefix = "openai"

    def __init__(self) -> None:
        self.looks = self.now = self.most = 0

    async def observe(self, endpoint: Endpoint, client: Client) -> Observed:
        self.looks += 1
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.2)
        self.now -= 1
        return Observed(at=now(), state=ThermalState.COLD)

    async def warm(self, endpoint: Endpoint, client: Client, *, instances: int = 1) -> None: ...

    async def cool(self, endpoint: Endpoint, client: Client) -> None: ...

    async def scan(self, place: Endpoint, client: Client) -> None: ...


class Swept(Many):
    """One that tells of all at once."""

    async def sweep(
        self, endpoints: Sequence[Endpoint], client: Client, *, anew: Collection[int] = ()
    ) -> Mapping[int, Observed]:
        self.looks += 1
        return {it.id: Observed(at=now(), state=ThermalState.COLD) for it in endpoints}


@pytest.mark.parametrize("kind", [Many, Swept])
async def test_five_hundred_endpoints_are_looked_at_within_bounds(database: Database, kind: type[Many]) -> None:
    async with warming(database, endpoint=False) as it:
        await it.add("own", name="first")
        await it.say(
            "INSERT INTO endpoints (model_id, runtime, url, name)"
            " SELECT 'own', 'vllm', 'http://10.0.0.1', 'm' || n FROM generate_series(1, 499) n"
        )
        runtime = kind()
        began = time.monotonic()
        found = await look_at_all(database, {}, runtimes={"vllm": cast("Any", runtime)})
        took = time.monotonic() - began
    assert found is not None and found.seen == 500 and not found.errors
    assert (runtime.looks, runtime.most) == ((1, 0) if kind is Swept else (500, AT_ONCE))
    assert took < 60, "no more than a hang is excluded here; bench/ shows how long it takes"


async def test_a_run_too_believes_a_runtime_that_says_why_a_load_failed(database: Database) -> None:
    async with warming(database, "vllm", fails=True) as it:
        await it.seen("COLD")
        await it.ask()
        runtime = cast("Any", Falling())
        began = time.monotonic()
        await look_at_all(database, {}, runtimes={"vllm": runtime}, patience=30.0)
        assert time.monotonic() - began < 25, "it does not wait for what is down"
        found = await it.endpoint()
        assert (found["phase"], found["problem"]) == ("failed", "out of memory")


class Falling(Many):
    """One that takes an order, and then says why nothing came of it."""

    async def observe(self, endpoint: Endpoint, client: Client) -> Observed:
        return Observed(at=now(), state=ThermalState.COLD, problem="out of memory")

    async def warm(self, endpoint: Endpoint, client: Client, *, instances: int | None = None) -> None:
        pass


async def test_looks_that_are_minutes_apart_forgive_one_that_fails(database: Database) -> None:
    async with warming(database, state="ready") as it:
        await look_at_all(database, {})
        await it.say("UPDATE endpoint_states SET observed_at = now() - interval '5 min'")
        it.machine.behavior = Behavior.FAILING
        await look_at_all(database, {})
        found = await it.endpoint()
        assert (found["state"], bool(found["problem"])) == ("WARM", True)
        await it.say("UPDATE endpoint_states SET blind_since = blind_since - interval '5 min'")
        await look_at_all(database, {})
        assert (await it.endpoint())["state"] == "OFF"


async def test_an_order_that_is_lost_is_given_again(database: Database) -> None:
    async with warming(database) as it, Client(environment={}) as client:
        first = Thermal(database, client)
        await first.round()
        await it.ask()
        found = await first.round(look=lambda _: False)
        clock = [0.0]
        told: list[str] = []

        class Noting(Thermal):
            async def order(self, it: Any) -> None:
                told.append(it.endpoint.model_id)

        orders = Orders(Noting(database, client), clock=lambda: clock[0])
        for second in (0.0, 1.0, 29.0, 31.0, 32.0):
            clock[0] = second
            orders.give(found.under_way)
            await asyncio.sleep(0)
        await orders.close()
        assert told == ["own", "own"]
