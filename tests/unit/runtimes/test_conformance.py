"""Every runtime of the roster is observed, warmed, cooled and scanned as its protocol is documented."""

import datetime as dt

import pytest

from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.driver import STATES, Condition, Driver
from radiant.runtimes.http import Patience
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.runtime import RuntimeFailed
from radiant.simulator.machine import State
from radiant.simulator.machines import PROTOCOLS
from tests.unit.runtimes.playing import FIXED, OVER_HTTP, SINGLE, at, stand
from tests.waiting import until

#: Whose servers cannot be told by their address.
UNSCANNED = ("http",)

EACH = pytest.mark.parametrize("runtime", sorted(RUNTIMES))
LOADING = pytest.mark.parametrize("runtime", sorted(set(RUNTIMES) - set(FIXED)))

#: Who waits for no model to load, though as long as it takes for an answer.
IMPATIENT = Patience(connect=10.0, look=10.0, order=0.1, load=20.0)


def others(runtime: str) -> int:
    return 0 if runtime in SINGLE else 2


def down(runtime: str) -> str:
    """How a model of this runtime is when it is not up."""
    return "asleep" if runtime == "vllm" else "unloaded"


def test_each_runtime_of_the_roster_is_played_and_no_other() -> None:
    assert set(RUNTIMES) == set(PROTOCOLS)


@EACH
async def test_a_model_that_is_up_is_warm(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state="ready") as it:
        seen = await it.observe()
    assert (seen.state, seen.transitioning, seen.problem) == (ThermalState.WARM, False, None)
    assert seen.instances == 1


@LOADING
async def test_a_model_that_is_down_is_cold_and_looking_does_not_wake_it(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state=down(runtime)) as it:
        for _ in range(3):
            seen = await it.observe()
            assert (seen.state, seen.transitioning, seen.problem) == (ThermalState.COLD, False, None)
        assert (it.slot.loads, it.slot.state.value) == (0, down(runtime))


@EACH
async def test_looking_is_no_work_that_keeps_a_model_awake_and_never_a_head(runtime: str) -> None:
    for state in ("ready", down(runtime)):
        async with stand(runtime, others=others(runtime), state=state) as it:
            await it.observe()
            assert it.machine.tasks == 0
            assert {method for method, _ in it.machine.asked} <= {"GET", "POST"}
            posted = {path for method, path in it.machine.asked if method == "POST"}
            lists = ("/v2/repository/index", "SageMaker.Describe", "SageMaker.List")
            assert all(path.startswith(lists) for path in posted), "no order, though AWS and V2 are asked with POST"


@pytest.mark.parametrize("runtime", ["vllm", "sglang", "tgi"])
async def test_requests_in_flight_are_told_where_they_are_known(runtime: str) -> None:
    async with stand(runtime, state="ready", in_flight=3) as it:
        assert (await it.observe()).in_flight == 3


@pytest.mark.parametrize("runtime", sorted(set(RUNTIMES) - {"vllm", "sglang", "tgi"}))
async def test_requests_in_flight_are_unknown_elsewhere_and_not_none_at_all(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state="ready", in_flight=3) as it:
        assert (await it.observe()).in_flight is None


@LOADING
async def test_a_model_is_warmed_and_cooled(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state=down(runtime)) as it:
        await it.warm()
        assert (await it.observe()).state is ThermalState.WARM
        await it.cool()
        assert (await it.observe()).state is ThermalState.COLD
        assert (it.slot.loads, it.slot.unloads) == (1, 1)


@LOADING
async def test_a_model_that_loads_is_cold_and_in_transition_until_it_is_warm(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state=down(runtime), load_seconds=2.5, patience=IMPATIENT) as it:
        await it.warm()
        seen = await it.observe()
        assert (seen.state, seen.transitioning, seen.problem) == (ThermalState.COLD, True, None)
        await until(lambda: it.slot.is_up)
        assert (await it.observe()).state is ThermalState.WARM
        assert it.slot.loads == 1, "it was loaded in one go, though nobody waited for it"


@LOADING
async def test_warming_and_cooling_twice_is_warming_and_cooling_once(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state=down(runtime), load_seconds=1.5, patience=IMPATIENT) as it:
        await it.warm()
        await it.warm()
        # While the order to load still runs, an order to unload is none.
        await until(lambda: it.slot.is_up and not it.client.orders.runs(it.endpoint))
        await it.warm()
        assert it.slot.loads == 1
        await it.cool()
        await it.cool()
        assert it.slot.unloads == 1


@LOADING
async def test_a_model_that_fails_to_load_is_told_to_who_waits_or_by_the_next_look(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state=down(runtime), fails=True) as it:
        told = []
        try:
            await it.warm()
        except RuntimeFailed as failed:
            told.append(str(failed))
        seen = await it.observe()
        assert seen.state in (ThermalState.COLD, None), "it is not up"
        assert told or seen.problem or runtime in ("http",)
        assert all("mistral at http://127.0.0.1" in text and text.endswith(".") for text in told)


@pytest.mark.parametrize("runtime", ["ollama", "lm_studio", "mlserver", "triton", "kserve", "llama_swap"])
async def test_a_failure_after_nobody_waited_any_more_is_told_by_the_next_look(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), fails=True, load_seconds=2.0, patience=IMPATIENT) as it:
        await it.warm()
        assert (await it.observe()).transitioning
        await until(lambda: it.slot.state in (State.FAILED, State.UNLOADED))
        await until(lambda: not it.client.orders.runs(it.endpoint))
        seen = await it.observe()
        assert (seen.state, seen.transitioning) == (ThermalState.COLD, False)
        assert seen.problem


@pytest.mark.parametrize("runtime", FIXED)
async def test_what_cannot_be_put_to_sleep_says_so_for_good(runtime: str) -> None:
    async with stand(runtime, state="ready") as it:
        await it.warm()
        with pytest.raises(RuntimeFailed) as raised:
            await it.cool()
        assert raised.value.permanent
        assert (await it.observe()).state is ThermalState.WARM


@pytest.mark.parametrize("runtime", sorted(set(RUNTIMES) - {"http", "kserve", "sagemaker"}))
async def test_a_model_that_the_server_does_not_have_is_off_and_is_not_loaded(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state="ready") as it:
        other = it._replace(endpoint=at(runtime, it.endpoint.url, "llama"))
        seen = await other.observe()
        assert (seen.state, bool(seen.problem)) == (ThermalState.OFF, True)
        with pytest.raises(RuntimeFailed, match="does not have 'llama'") as raised:
            await other.warm()
        assert raised.value.permanent


async def test_what_kserve_does_not_have_shows_when_it_is_to_be_loaded() -> None:
    async with stand("kserve") as it:
        other = it._replace(endpoint=at("kserve", it.endpoint.url, "llama"))
        assert (await other.observe()).state is ThermalState.COLD
        with pytest.raises(RuntimeFailed, match="failed to load 'llama', no such model"):
            await other.warm()


@EACH
async def test_a_scan_finds_what_a_server_has(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state="ready", context_window=8192) as it:
        found = await it.scan()
    if runtime in UNSCANNED:
        assert found is None
        return
    assert found is not None
    states = {model.name: model.state for model in found}
    assert states["mistral"] is ThermalState.WARM
    assert runtime == "kserve" or len(states) == 1 + others(runtime)
    assert {state for name, state in states.items() if name != "mistral"} <= {ThermalState.COLD}
    if runtime in ("vllm", "sglang", "tgi", "ollama", "lm_studio"):
        assert found[0].context_window == 8192


@EACH
async def test_a_scan_knows_its_own_server_from_all_others(runtime: str) -> None:
    async with stand(runtime, others=others(runtime), state="ready") as it:
        claimed = [name for name in OVER_HTTP if await it.scan(name) is not None]
    assert claimed == ([] if runtime in (*UNSCANNED, "sagemaker") else [runtime])


@EACH
def test_a_driver_says_what_its_states_are_and_where_that_is_documented(runtime: str) -> None:
    driver = RUNTIMES[runtime]
    assert isinstance(driver, Driver)
    assert Condition.READY in driver.signs and set(driver.signs) <= set(STATES)
    assert driver.sources
    for source in driver.sources:
        assert dt.date.fromisoformat(source.read) <= dt.datetime.now(dt.UTC).date() and source.place and source.what
    assert driver.warmed_by and driver.cooled_by and driver.litellm_prefix
