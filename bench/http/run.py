"""What choosing costs over HTTP: `POST /api/v2/select` beside an empty endpoint on the same server.

    python bench/http/run.py [--seconds 5] [--rounds 3]

Needs `wrk` (Debian: apt-get install wrk). Prints JSON: requests per second of both, in turns, and the ratio.
"""

import argparse
import asyncio
import json
import multiprocessing
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import uvicorn
from litestar import post

from radiant.address import listening_socket
from radiant.api.asgi import application
from radiant.api.connections import protocol
from radiant.app import App
from radiant.installation.prepare import made_database, prepare
from radiant.installation.tokens import read_token
from radiant.settings import Settings

CONNECTIONS = 16

CRITERIA = {
    "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3,
    "required_capabilities": ["function_calling"], "max_cost_per_request": "0.01",
}  # fmt: skip

SCRIPT = """
wrk.method = "POST"
wrk.body = '%s'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer %s"
"""


@post("/empty", status_code=200)
async def empty() -> dict[str, Any]:
    return {}


def server(home: str, pipe: Pipe) -> None:
    async def run() -> None:
        settings = Settings(home=Path(home))
        async with made_database(settings, stop=True) as url:
            await prepare(settings, url)
            async with await App.open(settings, selecting=True) as app:
                await _serve(app, pipe)

    asyncio.run(run())


async def _serve(app: App, pipe: Pipe) -> None:
    """Until the other end of the pipe says anything."""
    face = application(app)
    face.register(empty)
    limits = protocol(app.settings.limits)
    config = uvicorn.Config(face, http=limits, log_config=None, access_log=False, lifespan="off", proxy_headers=False)
    with listening_socket("127.0.0.1", 0) as listener:
        serving = uvicorn.Server(config)
        task = asyncio.create_task(serving.serve(sockets=[listener]))
        pipe.send((listener.getsockname()[1], read_token(app.settings.token_file("reader"))))
        while not pipe.poll():
            await asyncio.sleep(0.1)
        serving.should_exit = True
        await task


def requests_per_second(address: str, script: Path, seconds: int) -> float:
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script, address],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None, said
    return float(found[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing; on Debian: apt-get install wrk")
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=server, args=(str(folder / "home"), theirs))
    process.start()
    try:
        theirs.close()  # so that a server that failed is heard of
        port, token = ours.recv()
        script = folder / "select.lua"
        script.write_text(SCRIPT % (json.dumps(CRITERIA), token))
        rounds: list[tuple[float, float]] = []
        for _ in range(options.rounds):
            rounds.append(
                (
                    requests_per_second(f"http://127.0.0.1:{port}/empty", script, options.seconds),
                    requests_per_second(f"http://127.0.0.1:{port}/api/v2/select", script, options.seconds),
                )
            )
        report = {
            "empty_per_s": round(statistics.median(nothing for nothing, _ in rounds)),
            "select_per_s": round(statistics.median(choice for _, choice in rounds)),
            "ratio": round(statistics.median(choice / nothing for nothing, choice in rounds), 3),
            "target_ratio": 0.8,
        }
        json.dump(report, sys.stdout, indent=2)
    finally:
        ours.send("stop")
        process.join(20)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
