"""KServe and MLServer as they are published, each in an environment of its own: `make test-runtimes`."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from radiant.domain.endpoint import Endpoint
from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.http import Client
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.runtime import RuntimeFailed
from radiant.runtimes.said import Unanswered
from tests.runtimes.serving import HERE, PATIENCE, free_ports, program_of, reached, serving
from tests.unit.runtimes.playing import OVER_HTTP

pytestmark = pytest.mark.runtimes


def kserve(folder: Path, port: int) -> list[str]:
    return [program_of(".venv-kserve"), str(HERE / "kserve_server.py"), str(port), "2"]


def mlserver(folder: Path, port: int) -> list[str]:
    grpc, metrics = free_ports(2)
    ports = {"http_port": port, "grpc_port": grpc, "metrics_port": metrics, "host": "127.0.0.1"}
    settings = {**ports, "parallel_workers": 0, "load_models_at_startup": False}
    (folder / "settings.json").write_text(json.dumps(settings))
    (folder / "toy").mkdir()
    shutil.copy(HERE / "mlserver_toy.py", folder / "toy")
    described = {"name": "toy", "implementation": "mlserver_toy.Toy"}
    (folder / "toy/model-settings.json").write_text(json.dumps(described))
    return [program_of(".venv-mlserver"), "-m", "mlserver.cli.main", "start", str(folder)]


@pytest.mark.parametrize(("runtime", "command"), [("kserve", kserve), ("mlserver", mlserver)])
async def test_a_real_server_is_observed_warmed_and_cooled(
    runtime: str, command: Callable[[Path, int], list[str]], tmp_path: Path
) -> None:
    with serving(runtime, command, tmp_path, PYTHONPATH=str(tmp_path / "toy")) as endpoint:
        await loaded_and_unloaded(endpoint)
    async with Client(patience=PATIENCE, environment={}) as client:
        assert (await RUNTIMES[runtime].observe(endpoint, client)).state is ThermalState.OFF


async def recognized(name: str, endpoint: Endpoint, client: Client) -> bool:
    try:
        return await RUNTIMES[name].scan(endpoint, client) is not None
    except Unanswered:
        return False


async def loaded_and_unloaded(endpoint: Endpoint) -> None:
    """The model is loaded, told twice, and unloaded, told twice."""
    runtime, driver = endpoint.runtime, RUNTIMES[endpoint.runtime]
    async with Client(patience=PATIENCE, environment={}) as client:
        await reached(endpoint, client, ThermalState.COLD)
        unknown = Endpoint(id=2, model_id="no", runtime=runtime, name="nobody", url=endpoint.url)
        with pytest.raises(RuntimeFailed):
            await driver.warm(unknown, client)
        await driver.warm(endpoint, client)
        seen = await driver.observe(endpoint, client)
        assert (seen.state, seen.transitioning) == (ThermalState.COLD, True), "nobody waits two seconds for it"
        await driver.warm(endpoint, client)
        await reached(endpoint, client, ThermalState.WARM)
        found = await driver.scan(endpoint, client)
        assert [(it.name, it.state) for it in found or ()] == [("toy", ThermalState.WARM)]
        assert [name for name in OVER_HTTP if await recognized(name, endpoint, client)] == [runtime]
        await driver.cool(endpoint, client)
        await reached(endpoint, client, ThermalState.COLD)
        await driver.cool(endpoint, client)
