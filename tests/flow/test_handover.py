"""The hand-over end to end: somebody stands in, one wake-up, then one's own model; held, or told when to come again."""

import asyncio
import math
import subprocess
import sys
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.choice import Via
from radiant.domain.errors import InvalidCriteria, ModelWarming, TooManyHeld
from radiant.registry.database import Database
from tests.flow.warming import Warming, keeping, warming
from tests.waiting import until

CHAT: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}
OWN = {**CHAT, "prefer_hosting": "self_hosted"}


async def stand_in(it: Warming, price: str = "0.02") -> None:
    await it.say(
        "INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, input_modalities,"
        " output_modalities, pricing_type, cost_per_request) VALUES ('openai', 'ext', 'ext', 'ext', 'chat', '{text}',"
        " '{text}', 'per_request', %s)",
        price,
    )


async def test_somebody_stands_in_until_the_own_model_is_warm(database: Database) -> None:
    async with warming(database) as it:
        await stand_in(it)
        async with keeping(it), await Selector.connect(database.url) as selector:
            await it.until("COLD")
            await _sees(selector, "COLD")
            first = await selector.select_with_fallback(**OWN)
            assert (first.model_id, first.via, first.warming) == ("ext", Via.HANDOVER, "own")
            assert first.warmup_started and first.warming_seconds == 77
            assert f"{first.extra_cost:f}" == f"{first.estimated_cost:f}" == "0.028"
            await it.until("WARM")
            await _sees(selector, "WARM")
            then = await selector.select_with_fallback(**OWN)
            assert (then.model_id, then.via, then.warming, then.extra_cost) == ("own", Via.PREFERRED, None, None)
            assert then.endpoint_url == it.url
            await asyncio.sleep(1.1)
        (counted,) = await database.rows("SELECT served, priced, cost_usd FROM handovers WHERE model_id = 'own'")
        assert (counted["served"], counted["priced"], f"{counted['cost_usd']:f}") == (1, 1, "0.028")


async def test_a_caller_is_held_until_it_is_ready(database: Database) -> None:
    async with warming(database) as it:
        await stand_in(it)
        async with keeping(it), await Selector.connect(database.url) as selector:
            await it.until("COLD")
            await _sees(selector, "COLD")
            held = await selector.select_with_fallback(**OWN, fallback="hold", max_wait_s=20)
            assert (held.model_id, held.via) == ("own", Via.PREFERRED)
            assert it.slot.loads == 1


async def test_who_was_held_long_enough_gets_the_stand_in(database: Database) -> None:
    async with warming(database, load_seconds=30.0) as it:
        await stand_in(it)
        async with keeping(it), await Selector.connect(database.url) as selector:
            await it.until("COLD")
            await _sees(selector, "COLD")
            held = await selector.select_with_fallback(**OWN, fallback="hold", max_wait_s=0.3)
            assert (held.model_id, held.warming) == ("ext", "own")
            await it.say("DELETE FROM models")
            await _gone(selector, "ext")
            with pytest.raises(ModelWarming, match=r"^own warms up; that takes about 77 seconds\.$"):
                await selector.select_with_fallback(**OWN, fallback="hold", max_wait_s=0.2)


async def test_a_warm_up_that_fails_holds_nobody_any_longer(database: Database) -> None:
    async with warming(database, "triton", fails=True) as it:
        await stand_in(it)
        async with keeping(it), await Selector.connect(database.url) as selector:
            await it.until("COLD")
            await _sees(selector, "COLD")
            async with asyncio.timeout(10):
                held = await selector.select_with_fallback(**OWN, fallback="hold", max_wait_s=60)
            assert held.model_id == "ext"


async def test_who_wants_no_other_hears_at_once_when_to_come_again(database: Database) -> None:
    async with warming(database) as it:
        await stand_in(it)
        await it.seen("COLD")
        async with await Selector.connect(database.url) as selector:
            with pytest.raises(ModelWarming) as told:
                await selector.select_with_fallback(**OWN, fallback="fail")
            assert (told.value.model_id, told.value.seconds) == ("own", 77)
            assert not await it.ask(), "it was asked for"


async def test_no_more_are_held_than_may_be_and_who_leaves_makes_room(database: Database) -> None:
    async with warming(database) as it:
        await it.seen("COLD")
        async with await Selector.connect(database.url) as selector:
            selector.handover.most = 2
            held = [asyncio.create_task(selector.select_with_fallback(**OWN, fallback="hold")) for _ in range(2)]
            await until(lambda: selector.handover.held == 2)
            with pytest.raises(TooManyHeld):
                await selector.select_with_fallback(**OWN, fallback="hold")
            held[0].cancel()
            await asyncio.wait([held[0]])
            assert selector.handover.held == 1
            held[1].cancel()
            await asyncio.wait([held[1]])


@pytest.mark.parametrize(
    "wrong",
    [{"fallback": "wait"}, {"max_wait_s": 0}, {"max_wait_s": 601}, {"max_wait_s": math.nan}, {"max_wait_s": "long"}],
)
async def test_what_cannot_be_is_refused(database: Database, wrong: dict[str, Any]) -> None:
    async with await Selector.connect(database.url) as selector:
        with pytest.raises(InvalidCriteria):
            await selector.select_with_fallback(**OWN, **wrong)


CALLERS = """
import asyncio, sys
from radiant import Selector

ASKED = dict(task='chat', input_modalities=['text'], output_modalities=['text'], tenant_tier=3)
ASKED['prefer_hosting'] = 'self_hosted'

async def main():
    async with await Selector.connect(sys.argv[1]) as selector:
        print("ready", flush=True)
        sys.stdin.readline()
        found = await asyncio.gather(*(selector.select_with_fallback(**ASKED) for _ in range(250)))
        print(sum(it.warmup_started for it in found), sum(it.model_id == "ext" for it in found), flush=True)
        found = await asyncio.gather(*(
            selector.select_with_fallback(**ASKED, fallback="hold", max_wait_s=60) for _ in range(250)))
        print(sum(it.model_id == "own" for it in found), flush=True)

asyncio.run(main())
"""


async def test_a_thousand_callers_in_four_processes_wake_it_once(database: Database) -> None:
    async with warming(database, load_seconds=2.0) as it:
        await stand_in(it)
        async with keeping(it):
            await it.until("COLD")
            told = await asyncio.to_thread(_callers, database.url)
        assert sum(int(first.split()[0]) for first, _ in told) == 1, "one of a thousand started it"
        assert sum(int(first.split()[1]) for first, _ in told) == 1000, "somebody stood in for each"
        assert sum(int(second) for _, second in told) == 1000, "each that was held got the own model"
        assert it.slot.loads == 1
        assert [row["outcome"] for row in await it.warmups()] == ["ready"]
        (counted,) = await database.rows("SELECT sum(served) AS it FROM handovers")
        assert counted["it"] == 1000


def _callers(url: str) -> list[tuple[str, str]]:
    command = [sys.executable, "-c", CALLERS, url]
    there = [subprocess.Popen(command, stdin=-1, stdout=-1, text=True) for _ in range(4)]
    try:
        for it in there:
            assert it.stdout is not None and it.stdout.readline() == "ready\n"
        for it in there:
            assert it.stdin is not None
            it.stdin.write("go\n")
            it.stdin.flush()
        said = [it.communicate(timeout=90)[0].splitlines() for it in there]
    finally:
        for it in there:
            it.kill()
    return [(lines[0], lines[1]) for lines in said]


async def _sees(selector: Selector, state: str) -> None:
    await until(lambda: any(it.model_id == "own" and it.thermal_state == state for it in selector.candidates))


async def _gone(selector: Selector, model_id: str) -> None:
    await until(lambda: all(it.model_id != model_id for it in selector.candidates))
