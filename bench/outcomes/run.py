"""Whether outcomes at 5,000 a second over HTTP are all counted, and what that costs the process that takes them.

    python bench/outcomes/run.py [--rate 5000] [--batch 500] [--senders 2] [--seconds 15]

Prints JSON: outcomes sent, accepted and counted in the database; how long an answer takes; the CPU of the serving
process, and how far it was behind at the end. One in fifty fails. Each sender is a process with one connection.
"""

import argparse
import http.client
import json
import multiprocessing
import random
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "http"))

from serving import serving

from radiant.app import App

MODELS = 40

PATH = "/api/v2/outcomes"

COUNTED = """
SELECT sum(ok + (SELECT coalesce(sum(n::int), 0) FROM jsonb_each_text(failed) AS it (reason, n)))::int AS counted
  FROM health_minutes WHERE model_id IS NOT NULL
"""


async def counted(app: App) -> dict[str, Any]:
    """CPU seconds of the server, what is counted in the database, and models to tell of."""
    (row,) = await app.database.rows(COUNTED)
    models = [[it.provider_id, it.model_id] for it in app.selector.candidates if it.external][:MODELS]
    return {"cpu": time.process_time(), "counted": row["counted"], "models": models}


class Address(NamedTuple):
    """Where the server is, and the token that is shown to it."""

    port: int
    token: str


class Sent(NamedTuple):
    """How many the server accepted, the seconds of each answer, and the seconds of all."""

    accepted: int
    took: list[float]
    seconds: float


def made(chance: random.Random, models: list[list[str]], count: int) -> bytes:
    outcomes: list[dict[str, Any]] = []
    for _ in range(count):
        provider, model = chance.choice(models)
        latency = round(chance.lognormvariate(6.5, 0.6), 1)
        outcomes.append(
            {
                "id": f"{chance.getrandbits(96):x}",
                "provider": provider,
                "model": model,
                "latency_ms": latency,
                "ttft_ms": latency / 4,
                "input_tokens": 900,
                "output_tokens": 200,
                **({"error": "timeout"} if chance.random() < 0.02 else {}),
            }
        )
    return json.dumps({"outcomes": outcomes}).encode()


def send(address: Address, bodies: list[bytes], pause: float) -> Sent:
    """One every `pause` seconds, later ones at once where an answer took longer."""
    headers = {"Authorization": f"Bearer {address.token}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=60)
    accepted, took = 0, list[float]()
    begun = time.perf_counter()
    for number, body in enumerate(bodies):
        time.sleep(max(begun + number * pause - time.perf_counter(), 0))
        asked = time.perf_counter()
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        assert answer.status == 202, told
        took.append(time.perf_counter() - asked)
        accepted += told["accepted"]
    return Sent(accepted, took, max(time.perf_counter() - begun, len(bodies) * pause))


def waiting(address: Address) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=60)
    connection.request("GET", PATH, headers={"Authorization": f"Bearer {address.token}"})
    found: int = json.loads(connection.getresponse().read())["waiting"]
    connection.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--senders", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=15)
    options = parser.parse_args()
    with (
        serving(tell=counted) as server,
        multiprocessing.get_context("spawn").Pool(options.senders) as senders,
    ):
        address, before, chance = Address(server.port, server.token), server.tell(), random.Random(1)
        each = options.rate * options.seconds // options.batch // options.senders
        pause = options.batch * options.senders / options.rate
        tasks = [
            (address, [made(chance, before["models"], options.batch) for _ in range(each)], pause)
            for _ in range(options.senders)
        ]
        begun = time.perf_counter()
        done = senders.starmap(send, tasks)
        sent_in = time.perf_counter() - begun
        while waiting(address):
            time.sleep(0.02)
        until_written = time.perf_counter() - begun
        after = server.tell()
    sent, took = each * options.senders * options.batch, sorted(it for one in done for it in one.took)
    report = {
        "sent": sent,
        "accepted": sum(it.accepted for it in done),
        "counted": after["counted"],
        "lost": sent - after["counted"],
        "sent_per_s": round(sum(len(it.took) * options.batch / it.seconds for it in done)),
        "behind_at_the_end_s": round(until_written - sent_in, 2),
        "answer_p50_ms": round(1000 * took[len(took) // 2], 1),
        "answer_p99_ms": round(1000 * took[len(took) * 99 // 100], 1),
        "cpu_us_per_outcome": round(1e6 * (after["cpu"] - before["cpu"]) / sent, 1),
        "cpu_share": round((after["cpu"] - before["cpu"]) / until_written, 2),
    }
    json.dump(report, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
