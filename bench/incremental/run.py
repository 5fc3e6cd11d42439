"""What a change costs, beside building the whole index anew: JSON. See README.md."""

import argparse
import json
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "selection"))

from demands import USUAL, distinct
from registry import Row, invented

from radiant import Selector

SIZES = (5_000, 100_000)
#: Models of one provider, as far as the registry is large enough.
OF_ONE = 20_000
#: Requests between two changes, as a process has that answers 2,000 a second while 100 changes a second come.
BETWEEN = 20


def cpu_ms(call: Callable[[], Any]) -> tuple[float, Any]:
    """CPU of this process, and what the call returned."""
    begin = time.process_time_ns()
    found = call()
    return (time.process_time_ns() - begin) / 1e6, found


def quantiles(spent: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(spent, n=100, method="inclusive")
    return {"p50": round(cuts[49], 3), "p90": round(cuts[89], 3), "p99": round(cuts[98], 3)}


class Registry:
    """Rows, and a selector that follows them."""

    def __init__(self, count: int, profiles: bool) -> None:
        self.rows, self.dice = invented(count), random.Random(5)
        external = [row for row in self.rows if row["hosting_type"] == "external"]
        for row in external[: min(OF_ONE, count // 5)]:
            row |= {"provider_id": "large", "provider_name": "Large", "health_status": "healthy"}
            row |= {"avg_latency_ms": 300.0, "error_rate": None}
        self.mix = dict(USUAL) if profiles else dict(USUAL) | {"profile": 0.0}
        self.selector = Selector.from_rows(self.rows)
        self.requests = distinct(self.rows, 1_000_000, self.mix, seed=7)
        self.choose(6_000)

    def choose(self, count: int) -> list[float]:
        """Microseconds of CPU of each choice."""
        spent = []
        for _ in range(count):
            asked = next(self.requests)
            begin = time.thread_time_ns()
            self.selector.select(**asked)
            spent.append((time.thread_time_ns() - begin) / 1e3)
        return spent

    def one_model(self) -> float:
        """Milliseconds: a latency, a price, or a thermal state is another one."""
        place = self.dice.randrange(len(self.rows))
        row = self.rows[place] = self.rows[place] | self._changed(self.rows[place])
        key = row["provider_id"], row["model_id"]
        spent, index = cpu_ms(lambda: self.selector.build_changed(self.selector._index, [row], [key]))
        self.selector.swap(index)
        return spent

    def _changed(self, row: Row) -> Row:
        if row["hosting_type"] == "self_hosted":
            return {"thermal_state": self.dice.choice(["HOT", "WARM", "COLD", "OFF"])}
        if self.dice.random() < 0.5:
            return {"avg_latency_ms": round(self.dice.lognormvariate(6, 0.5), 1)}
        return {"input_cost_per_1k": row["input_cost_per_1k"] * self.dice.randrange(1, 4)}

    def one_provider(self, latency: float) -> float:
        health = {"provider_id": "large", "health_status": "healthy", "avg_latency_ms": latency}
        spent, index = cpu_ms(lambda: self.selector.build_measured(self.selector._index, [health]))
        self.selector.swap(index)
        return spent


def figures(count: int, changes: int, *, profiles: bool) -> dict[str, Any]:
    registry = Registry(count, profiles)
    quiet = registry.choose(changes * BETWEEN)
    spent: list[float] = []
    busy: list[float] = []
    for _ in range(changes):
        spent.append(registry.one_model())
        busy += registry.choose(BETWEEN)
    provider = []
    for number in range(5):
        provider.append(registry.one_provider(200.0 + number))
        registry.choose(200)
    whole = min(cpu_ms(lambda: registry.selector.build(registry.rows))[0] for _ in range(2))
    return {
        "models": count,
        "profiles": "all" if profiles else "the default",
        "whole_build_ms": round(whole, 1),
        "one_model_ms": quantiles(spent),
        "one_provider_ms": {"models": min(OF_ONE, count // 5), "best": round(min(provider), 1)},
        "choose_quiet_us": quantiles(quiet),
        "choose_between_changes_us": quantiles(busy),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--changes", type=int, default=200)
    options = parser.parse_args()
    runs = [figures(size, options.changes, profiles=profiles) for size in options.sizes for profiles in (False, True)]
    print(json.dumps({"day": time.strftime("%Y-%m-%d"), "python": platform.python_version(), "runs": runs}, indent=1))


if __name__ == "__main__":
    main()
