"""Whatever a server does, observing it gives an observation; what it was told and did not do is an error in words."""

import asyncio
import socket

import pytest

from radiant.domain.endpoint import Endpoint
from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.http import Client, Patience
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.runtime import RuntimeFailed
from radiant.runtimes.said import Unanswered
from radiant.simulator.script import Behavior
from tests.unit.runtimes.playing import OVER_HTTP, SHORT, at, stand
from tests.waiting import until

EACH = pytest.mark.parametrize("runtime", OVER_HTTP)

#: As long as a test waits for who does not answer.
IMPATIENT = Patience(connect=1.0, look=1.0, order=1.0, load=20.0)

#: What servers should never answer.
MISBEHAVING = ["broken", "html", "endless", "drip", "bomb", "cut", "silent", "failing", "throttled", "not_found"]


def closed_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port: int = it.getsockname()[1]
        return port


#: What is an answer all the same: any 2xx is ready, a 503 or 429 says that a model comes up.
MEANT = {
    **{("http", behavior): (ThermalState.WARM, False) for behavior in ("html", "broken", "wrong_types")},
    ("http", "failing"): (ThermalState.COLD, False),
    ("http", "throttled"): (ThermalState.COLD, True),
    ("sglang", "failing"): (ThermalState.COLD, True),
    ("tgi", "failing"): (ThermalState.COLD, True),
    ("kserve", "failing"): (ThermalState.COLD, True),
}


@EACH
async def test_a_server_that_misbehaves_is_not_seen_and_says_why(runtime: str) -> None:
    async with stand(runtime, others=runtime == "llama_cpp", state="ready", patience=IMPATIENT) as it:
        for behavior in (*MISBEHAVING, "redirect"):
            it.machine.behavior = Behavior(behavior)
            seen = await it.observe()
            expected = MEANT.get((runtime, behavior), (None, False))
            assert (seen.state, seen.transitioning) == expected, behavior
            if seen.state is None:
                assert seen.problem and seen.problem.isprintable() and len(seen.problem) < 600
                with pytest.raises(RuntimeFailed):
                    await it.warm()


@EACH
async def test_a_server_with_other_types_than_documented_is_never_up(runtime: str) -> None:
    async with stand(runtime, others=runtime == "llama_cpp", state="ready", behavior="wrong_types") as it:
        seen = await it.observe()
        if (runtime, "wrong_types") in MEANT:
            return
        assert seen.state in (None, ThermalState.OFF), "never up, and never to be started"
        assert seen.problem
        assert not await it.scan() or runtime == "llama_swap"


@EACH
@pytest.mark.parametrize("behavior", ["html", "redirect", "not_found"])
async def test_a_scan_of_a_server_that_misbehaves_finds_nothing(runtime: str, behavior: str) -> None:
    async with stand(runtime, state="ready", behavior=behavior) as it:
        assert await it.scan() is None


@EACH
async def test_a_server_that_is_gone_is_off(runtime: str) -> None:
    endpoint = at(runtime, f"http://127.0.0.1:{closed_port()}", options={})
    async with Client(patience=SHORT, environment={}) as client:
        driver = RUNTIMES[runtime]
        seen = await driver.observe(endpoint, client)
        assert (seen.state, seen.transitioning, seen.problem) == (ThermalState.OFF, False, "nobody listens there")
        for order in (driver.warm, driver.cool):
            with pytest.raises(RuntimeFailed, match="nobody listens there") as raised:
                await order(endpoint, client)
            assert not raised.value.permanent
        if runtime != "http":
            with pytest.raises(Unanswered, match="nobody listens there"):
                await driver.scan(endpoint, client)


async def test_a_server_that_is_gone_can_be_woken_by_a_hook_elsewhere() -> None:
    async with stand("http", load_seconds=0.0) as it:
        gone = f"http://127.0.0.1:{closed_port()}"
        endpoint = at("http", gone, options={"wake_url": f"{it.endpoint.url}/wake"})
        assert (await RUNTIMES["http"].observe(endpoint, it.client)).state is ThermalState.COLD
        await RUNTIMES["http"].warm(endpoint, it.client)
        assert it.slot.loads == 1


async def test_a_hook_that_fails_late_is_told_though_nobody_listens_yet() -> None:
    async with stand("http", patience=Patience(connect=5.0, look=5.0, order=0.05, load=20.0)) as it:
        options = {"wake_url": f"{it.endpoint.url}/wake"}
        endpoint = at("http", f"http://127.0.0.1:{closed_port()}", options=options)
        it.machine.behavior, it.machine.latency = Behavior.FAILING, 0.3
        await RUNTIMES["http"].warm(endpoint, it.client)
        seen = await RUNTIMES["http"].observe(endpoint, it.client)
        assert (seen.state, seen.transitioning) == (ThermalState.COLD, True)
        await until(lambda: not it.client.orders.runs(endpoint))
        seen = await RUNTIMES["http"].observe(endpoint, it.client)
        assert (seen.state, seen.transitioning) == (ThermalState.COLD, False)
        assert (seen.problem or "").startswith("it answered 503")


async def test_a_load_that_failed_is_told_by_the_first_look_that_sees_something() -> None:
    async with stand("ollama", patience=Patience(connect=5.0, look=5.0, order=0.01, load=20.0)) as it:
        it.machine.behavior, it.machine.latency = Behavior.FAILING, 0.05
        await it.client.start(it.endpoint, _fails())
        await until(lambda: not it.client.orders.runs(it.endpoint))
        assert (await it.observe()).state is None
        it.machine.behavior = Behavior.WELL
        assert (await it.observe()).problem == "out of memory"


async def _fails() -> None:
    await asyncio.sleep(0.05)
    raise RuntimeFailed("gpu", "out of memory")


async def test_a_host_that_is_not_known_is_off_and_one_that_cannot_be_looked_up_is_not_seen() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def later(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    endpoint = at("ollama", "http://gpu.example")
    for resolver, state in ((unknown, ThermalState.OFF), (later, None)):
        async with Client(patience=SHORT, environment={}, resolver=resolver) as client:
            seen = await RUNTIMES["ollama"].observe(endpoint, client)
            assert (seen.state, seen.problem) == (state, "no connection: gpu.example is not known")


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        (at("vllm", None), "it has no address"),
        (at("vllm", "ftp://gpu"), "no http"),
        (at("vllm", "http://user:hunter2@gpu"), "a name or password in it"),
        (at("vllm", "http://169.254.169.254"), "never spoken to"),
        (at("vllm", "http://gpu", secret_env="GPU_KEY"), "its key is not set: GPU_KEY has no value here"),
        (at("vllm", "http://gpu?token=hunter2"), "a query in it"),
    ],
)
async def test_an_endpoint_that_cannot_be_asked_says_what_to_change(endpoint: Endpoint, said: str) -> None:
    async with Client(patience=SHORT, environment={}) as client:
        seen = await RUNTIMES["vllm"].observe(endpoint, client)
        assert seen.state is None
        assert said in (seen.problem or "") and "hunter2" not in (seen.problem or "")
        with pytest.raises(RuntimeFailed) as raised:
            await RUNTIMES["vllm"].warm(endpoint, client)
        assert raised.value.permanent and "hunter2" not in str(raised.value)


async def test_what_ollama_says_of_a_failure_is_told() -> None:
    async with stand("ollama", fails=True) as it:
        with pytest.raises(RuntimeFailed, match=r"model requires more system memory \(9\.0 GiB\)") as raised:
            await it.warm()
        assert not raised.value.permanent


async def test_an_option_that_cannot_be_is_named() -> None:
    async with stand("vllm", state="ready") as it:
        endpoint = at("vllm", it.endpoint.url, options={"sleep_level": 3})
        with pytest.raises(RuntimeFailed, match="sleep_level is 3; expected 1 or 2") as raised:
            await RUNTIMES["vllm"].cool(endpoint, it.client)
        assert raised.value.permanent


async def test_a_client_that_is_closed_gives_up_what_still_loads() -> None:
    async with stand("ollama", load_seconds=60.0) as it, Client(patience=IMPATIENT, environment={}) as client:
        await RUNTIMES["ollama"].warm(it.endpoint, client)
        assert client.orders.runs(it.endpoint)
        await client.orders.cancel()
        assert not client.orders.runs(it.endpoint)


async def test_looks_share_a_bounded_number_of_connections() -> None:
    async with stand("ollama", state="ready") as it, Client(connections=4, patience=SHORT, environment={}) as client:
        most = now = 0

        async def look() -> None:
            nonlocal most, now
            async with client.look():
                now += 1
                most = max(most, now)
                await client.get(it.endpoint, "/api/ps")
                now -= 1

        await asyncio.gather(*(look() for _ in range(40)))
    assert most == 4
