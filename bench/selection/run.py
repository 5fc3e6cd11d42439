"""Choosing in process, beside the LiteLLM router: JSON, and a plot in `bench/results/`. See README.md."""

import argparse
import gc
import json
import os
import platform
import random
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

from demands import DEMANDING, USUAL, distinct
from plot import draw
from registry import Row, adopted, invented
from timing import best_of, each, nothing

from radiant import Selector
from radiant.domain.criteria import Usage
from radiant.selection.costing import Costing

HERE = Path(__file__).parent
SIZES = (10, 106, 1_000, 4_500, 20_000, 100_000)
PEERS = {
    "cost-based-routing": (10, 100, 1_000),
    "latency-based-routing": (10, 100, 1_000),
    "simple-shuffle": (10, 100, 1_000),
}
PLAIN = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}


def say(*words: object) -> None:
    print(*words, file=sys.stderr, flush=True)


def ours(rows: list[Row], calls: int) -> dict[str, Any]:
    selector = Selector.from_rows(rows)
    figures: dict[str, Any] = {"models": len(rows)}
    figures["build_ms"] = best_of(lambda: selector.build(rows), 5 if len(rows) < 10_000 else 2)
    figures["distinct"] = each(selector.select, distinct(rows, calls, USUAL))
    figures["distinct_one_demand"] = each(selector.select, distinct(rows, min(calls, 200 * len(rows)), None))
    figures["distinct_demanding"] = each(selector.select, distinct(rows, calls, DEMANDING))
    figures["empty_call"] = each(nothing, distinct(rows, calls, USUAL))
    figures["repeated"] = each(selector.select, (PLAIN for _ in range(calls)))
    full = next(distinct(rows, 1, dict.fromkeys(USUAL, 1.0)))
    figures["repeated_all_criteria"] = each(selector.select, (full for _ in range(calls)))
    read = ({"criteria": selector.read(asked)} for asked in distinct(rows, calls, USUAL))
    figures["choose_distinct"] = each(selector.choose, read)
    figures["choose_repeated"] = each(selector.choose, ({"criteria": selector.read(full)} for _ in range(calls)))
    dice = random.Random(3)
    costing = Costing(Usage(input_tokens=1234, output_tokens=77, cached_share=0.25))
    tariffs = [dice.choice(selector.candidates).tariff for _ in range(2_000)]
    figures["rating_one_model"] = each(costing.cost_usd, ({"tariff": tariff} for tariff in tariffs))
    usages = [Usage(input_tokens=dice.randrange(10**5), output_tokens=dice.randrange(10**4)) for _ in range(200)]
    figures["distinct_usage"] = each(selector.select, (PLAIN | {"usage": usage} for usage in usages))
    cheapest = PLAIN | {"profile": "cheapest"}
    figures["distinct_usage_cheapest"] = each(selector.select, (cheapest | {"usage": usage} for usage in usages[:20]))
    say(f"{len(rows):>7} models: built in {figures['build_ms']} ms, distinct p50 {figures['distinct']['p50_us']} µs")
    return figures


def memory(count: int) -> dict[str, float]:
    """Bytes a model; measured apart, because tracing slows everything down."""
    rows = invented(count)
    asked = list(distinct(rows, 20_000, USUAL))
    selector = Selector()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    selector.swap(selector.build(rows))
    built = tracemalloc.get_traced_memory()[0] - before
    for one in asked:
        if "profile" not in one:
            selector.select(**one)
    default = tracemalloc.get_traced_memory()[0] - before
    for one in asked:
        selector.select(**one)
    everything = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    texts = sum(sys.getsizeof(row[key]) for row in rows for key in ("id", "model_id", "litellm_id", "display_name"))
    figures = {"built": built, "default_profile_in_use": default, "five_profiles_in_use": everything}
    return {"models": count} | {name: round((texts + size) / count) for name, size in figures.items()}


def peers(python: str, calls: int) -> list[dict[str, Any]]:
    found = []
    for strategy, counts in PEERS.items():
        for count in counts:
            some = max(50, calls // (count // 10))
            command = [python, str(HERE / "litellm_router.py"), str(count), str(some), strategy]
            answer = subprocess.run(command, capture_output=True, text=True, check=True)
            found.append({"strategy": strategy, "deployments": count} | json.loads(answer.stdout.splitlines()[-1]))
            say(f"LiteLLM {strategy} among {count}: p50 {found[-1]['p50_us']:.0f} µs")
    return found


def times_faster(peers: list[dict[str, Any]], mine: dict[str, Any], count: int) -> float:
    """Against the router's pick by cost among `count` deployments."""
    theirs = next(p["p50_us"] for p in peers if (p["strategy"], p["deployments"]) == ("cost-based-routing", count))
    return round(theirs / mine["distinct"]["p50_us"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--litellm-python", default=os.environ.get("LITELLM_PYTHON"), help="a Python that has LiteLLM")
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--plot", type=Path, default=HERE.parent / "results" / "selection.svg")
    options = parser.parse_args()
    report: dict[str, Any] = {
        "day": time.strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "invented": [ours(invented(size), options.calls) for size in options.sizes],
        "adopted": None,
        "peers": [],
        "memory_bytes_a_model": memory(max(options.sizes)),
    }
    if python := options.litellm_python:
        command = [python, str(HERE / "litellm_router.py"), "map"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
        report["adopted"] = ours(adopted(Path(answer.stdout.splitlines()[-1])), options.calls)
        report["peers"] = peers(python, 2_000)
        for mine in report["invented"]:
            for models, deployments in ((106, 100), (1_000, 1_000)):
                if mine["models"] == models:
                    mine["times_faster_than_litellm_by_cost"] = times_faster(report["peers"], mine, deployments)
    options.plot.parent.mkdir(parents=True, exist_ok=True)
    options.plot.write_text(draw(report))
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
