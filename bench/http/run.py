"""What choosing costs over HTTP: `POST /api/v2/select` beside an empty endpoint on the same server.

    python bench/http/run.py [--seconds 5] [--rounds 3]

Needs `wrk` (Debian: apt-get install wrk). Prints JSON: requests per second of both, in turns, and the ratio.
"""

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from litestar import Litestar, post
from serving import serving

from radiant.api.asgi import application
from radiant.app import App

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


def with_empty(app: App) -> Litestar:
    face = application(app)
    face.register(empty)
    return face


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
    with serving(with_empty) as server, tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (json.dumps(CRITERIA), server.token))
        script.flush()
        address, rounds = f"http://127.0.0.1:{server.port}", list[tuple[float, float]]()
        for _ in range(options.rounds):
            nothing, choice = (
                requests_per_second(f"{address}{path}", Path(script.name), options.seconds)
                for path in ("/empty", "/api/v2/select")
            )
            rounds.append((nothing, choice))
    report = {
        "empty_per_s": round(statistics.median(nothing for nothing, _ in rounds)),
        "select_per_s": round(statistics.median(choice for _, choice in rounds)),
        "ratio": round(statistics.median(choice / nothing for nothing, choice in rounds), 3),
        "target_ratio": 0.8,
    }
    json.dump(report, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
