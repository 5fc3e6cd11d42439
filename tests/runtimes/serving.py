"""Real servers of models as processes of a test, which end with it, whatever becomes of it."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from radiant.address import listening_socket
from radiant.domain.endpoint import Endpoint
from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.http import Client, Patience
from radiant.runtimes.roster import RUNTIMES
from tests.waiting import HANG

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

#: Less than the toys take to load, and enough for a server that is not loading.
PATIENCE = Patience(connect=2.0, look=1.0, order=0.2, load=60.0)

_DEATH_OF_PARENT = 1


def free_ports(count: int) -> list[int]:
    sockets = [listening_socket("127.0.0.1", 0) for _ in range(count)]
    ports = [it.getsockname()[1] for it in sockets]
    for it in sockets:
        it.close()
    return ports


def program_of(environment: str, name: str = "python") -> str:
    """A program of an environment that `make test-runtimes` makes."""
    found = ROOT / environment / "bin" / name
    assert found.exists(), f"{environment} is missing: run `make test-runtimes`"
    return str(found)


@contextmanager
def process(arguments: Sequence[str], folder: Path, more: Mapping[str, str] | None = None) -> Iterator[None]:
    """A process with all that it starts, while in here. Its output is in `log`."""
    with (folder / "log").open("a") as log:
        started = subprocess.Popen(
            arguments,
            env={**os.environ, **(more or {})},
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
    try:
        yield
    finally:
        _end(started)


@contextmanager
def serving(
    runtime: str, command: Callable[[Path, int], list[str]], folder: Path, *, name: str = "toy", **more: str
) -> Iterator[Endpoint]:
    """A real server at a free port, and an endpoint of the model `name` there."""
    (port,) = free_ports(1)
    with process(command(folder, port), folder, more):
        yield Endpoint(id=1, model_id=name, runtime=runtime, name=name, url=f"http://127.0.0.1:{port}")


async def reached(endpoint: Endpoint, client: Client, state: ThermalState, *, transitioning: bool = False) -> None:
    """Look until the model is so."""
    deadline = time.monotonic() + HANG
    while True:
        seen = await RUNTIMES[endpoint.runtime].observe(endpoint, client)
        if (seen.state, seen.transitioning) == (state, transitioning):
            return
        assert time.monotonic() < deadline, seen
        await asyncio.sleep(0.1)


def _end_with_parent() -> None:
    """A test that is killed leaves no server behind."""
    ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, signal.SIGKILL)


def _end(started: "subprocess.Popen[bytes]") -> None:
    for way in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(started.pid, way)
        with suppress(subprocess.TimeoutExpired):
            started.wait(20)
            break
    with suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
