"""Two machines with an API and a worker each, and a function as a third executor, on one PostgreSQL over TCP.

    python bench/two_machines/run.py [--seconds 600] [--kills 20] [--partition 60]

Programs are killed with -9 at random moments, one machine is cut off from the network for a while, and all programs
are replaced one after the other. Prints JSON: ticks, runs, events, and how soon a committed change was seen on both
sides. Needs root, `ip` and a PostgreSQL server on this machine.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
from machines import HERE, Program, address, cable, network, postgres
from psycopg.rows import dict_row

FOLDER = Path(__file__).parent

#: The schedule of each kind; the sixth field is seconds.
SCHEDULES = {"health": "* * * * * */3", "thermal": "* * * * * */5", "pricing": "* * * * * */20"}

#: Seconds of one point of the plot.
SPAN = 5

CHANGE = "UPDATE models SET display_name = %s WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'"

#: Every tick that is taken, by whoever takes it.
TICKS = """
    CREATE TABLE bench_ticks (kind text, due timestamptz);
    CREATE FUNCTION bench_tick() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO public.bench_ticks VALUES (NEW.kind, NEW.last_due); RETURN NULL; END';
    CREATE TRIGGER bench_tick AFTER UPDATE OF last_due ON schedules FOR EACH ROW
        WHEN (OLD.cron = NEW.cron AND OLD.last_due <> NEW.last_due) EXECUTE FUNCTION bench_tick()"""


class Receiver:
    """A webhook that remembers which events it was told."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                seen.add(json.loads(body)["id"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer((HERE, 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://{HERE}:{self.server.server_port}/"


class Bench:
    def __init__(self, url: str, folder: Path, options: argparse.Namespace) -> None:
        self.url, self.options = url, options
        python = str(Path(sys.executable))
        radiant = str(Path(sys.executable).with_name("radiant"))
        told = {
            "RADIANT_DATABASE_URL": url, "RADIANT_ALLOW_PRIVATE_NETWORKS": "true",
            "RADIANT_ADMIN_TOKEN": "bench-" * 6, "RADIANT_READER_TOKEN": "reads-" * 6, "BENCH_HOOK": "c2VjcmV0" * 4,
        }  # fmt: skip
        sides = ("one", "two")
        self.programs = [
            *(Program("worker", it, [radiant, "worker"], folder, told) for it in sides),
            *(Program("api", it, [radiant, "api", "--host", address(it)], folder, told) for it in sides),
            Program("function", "lambda", [python, str(FOLDER / "function.py")], folder, told),
        ]
        self.watchers = {
            it: Program("watcher", it, [python, str(FOLDER / "watcher.py"), url], folder, told) for it in sides
        }
        self.logs = {it: folder / f"watcher-{it}.log" for it in sides}
        self.receiver = Receiver()
        self.commits: list[float] = []
        self.cut: tuple[float, float] = (0.0, 0.0)
        self.killed: list[str] = []
        self.happened: list[tuple[float, str]] = []
        self.began = 0.0

    def say(self, text: str, *given: Any) -> list[dict[str, Any]]:
        with psycopg.connect(self.url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(text.encode(), given or None)
            return cursor.fetchall() if cursor.description else []

    def begin(self) -> None:
        self.say(TICKS)
        self.say("UPDATE schedules SET enabled = false")
        (self.before,) = self.say("SELECT coalesce(max(position), 0) AS it FROM events")
        settings = json.dumps({"url": self.receiver.url})
        self.say("INSERT INTO event_sinks (name, kind, settings) VALUES ('bench', 'webhook', %s)", settings)
        for kind, cron in SCHEDULES.items():
            self.say("UPDATE schedules SET cron = %s, enabled = true, last_due = now() WHERE kind = %s", cron, kind)
        for it in (*self.programs, *self.watchers.values()):
            it.start()
        for log in self.logs.values():
            while not log.exists() or "ready" not in log.read_text():
                time.sleep(0.1)

    def go_on(self) -> None:
        """All that happens, each in its time."""
        length, chance = self.options.seconds, random.Random(14)
        self.began = began = time.monotonic()
        happenings = [(chance.uniform(0.05, 0.9) * length, "kill") for _ in range(self.options.kills)]
        start = 0.4 * length
        happenings += [(start, "cut"), (start + self.options.partition, "heal"), (0.75 * length, "upgrade")]
        happenings.sort()
        with psycopg.connect(self.url, autocommit=True) as connection:
            while (now := time.monotonic() - began) < length:
                while happenings and happenings[0][0] <= now:
                    self.happen(happenings.pop(0)[1], chance)
                connection.execute(CHANGE.encode(), [f"change {len(self.commits)}"])
                self.commits.append(time.monotonic())
                time.sleep(0.1)

    def happen(self, what: str, chance: random.Random) -> None:
        self.happened.append((round(time.monotonic() - self.began, 1), what))
        if what == "kill":
            program = chance.choice(self.programs)
            self.killed.append(program.name)
            program.kill()
        elif what == "upgrade":
            threading.Thread(target=lambda: [it.replace() for it in self.programs]).start()
        else:
            cable("one", plugged=what == "heal")
            self.cut = (time.monotonic(), 0.0) if what == "cut" else (self.cut[0], time.monotonic())

    def end(self) -> dict[str, Any]:
        """Let everything come to its end, then look what became of it."""
        self.say("UPDATE schedules SET enabled = false")
        waiting = "SELECT (SELECT count(*) FROM jobs.procrastinate_jobs WHERE status IN ('todo', 'doing')) AS jobs"
        running = "SELECT count(*) AS n FROM registry_sync_log WHERE status = 'running'"
        told = f"SELECT id::text FROM events WHERE position > {self.before['it']}"
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            quiet = not self.say(waiting)[0]["jobs"] and not self.say(running)[0]["n"]
            if quiet and {row["id"] for row in self.say(told)} <= self.receiver.seen:
                break
            time.sleep(1)
        lost = {row["id"] for row in self.say(told)} - self.receiver.seen
        runs = self.say(
            "SELECT status, split_part(worker, ' ', 1) = 'function' AS by_function, count(*) AS n"
            " FROM registry_sync_log WHERE trigger = 'schedule' GROUP BY 1, 2"
        )
        (ticks,) = self.say("SELECT count(*) AS n, count(DISTINCT (kind, due)) AS once FROM bench_ticks")
        for it in (*self.programs, *self.watchers.values()):
            it.stop()
        return {
            "seconds": self.options.seconds,
            "kills": len(self.killed),
            "partition_seconds": self.options.partition,
            "ticks_taken": ticks["n"],
            "ticks_taken_twice": ticks["n"] - ticks["once"],
            "runs": [dict(row) for row in runs],
            "left_running": self.say(running)[0]["n"],
            "events": len(self.receiver.seen),
            "events_lost": len(lost),
            "changes": len(self.commits),
            "seen_ms": {side: self.waits(side) for side in self.watchers},
            "happened": self.happened,
        }

    def waits(self, side: str) -> dict[str, Any]:
        """Milliseconds from a commit to its sight on one side; of the one that was cut off, without what was committed
        while it was, or until it had caught up."""
        lines = [line.split() for line in self.logs[side].read_text().splitlines()]
        sights = [(float(at), int(number)) for at, number in (it for it in lines if len(it) == 2) if number.isdigit()]
        caught_up = 0.0
        if side == "one" and self.cut[1]:
            caught_up = next((at for at, _ in sights if at > self.cut[1]), time.monotonic())
        found: list[float] = []
        spans: dict[int, list[float]] = {}
        place = 0
        for number, committed in enumerate(self.commits):
            while place < len(sights) and sights[place][1] < number:
                place += 1
            if place == len(sights):
                break
            if not (side == "one" and self.cut[0] - 1 < committed < caught_up):
                found.append(1000 * max(0.0, sights[place][0] - committed))
                spans.setdefault(int(committed - self.began) // SPAN, []).append(found[-1])
        found.sort()
        at = {f"p{share}": round(found[min(len(found) - 1, len(found) * share // 100)], 1) for share in (50, 99)}
        more = {
            "worst": round(found[-1], 1),
            "seen": len(found),
            "slowest_of_span": [[SPAN * span, round(max(some), 1)] for span, some in sorted(spans.items())],
        }
        return {**at, **more, **({"caught_up_after": round(caught_up - self.cut[1], 1)} if caught_up else {})}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--partition", type=float, default=60)
    parser.add_argument("--logs", type=Path, help="a folder that the logs of all programs are copied to")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    try:
        with network(), postgres(folder) as url:
            os.environ["RADIANT_DATABASE_URL"] = url
            from radiant.aws.handlers import migrate

            migrate({}, None)
            bench = Bench(url, folder, options)
            bench.begin()
            bench.go_on()
            print(json.dumps(bench.end(), indent=1))
    finally:
        if options.logs is not None:
            options.logs.mkdir(parents=True, exist_ok=True)
            for log in folder.glob("*.log"):
                shutil.copy(log, options.logs)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
