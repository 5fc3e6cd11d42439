"""What an explanation and a list of the best cost in process, at 5,000 and 100,000 models. Prints JSON.

    python bench/selection/explaining.py [--sizes 5000 100000] [--repeat 20]

`first` is the first of a profile in a new process, which sorts all models once; `again` the same request; `another`
one with values that nobody asked for before; `after_a_change` the first one after one model's change. `whole` makes
every verdict and encodes it, as a stream over HTTP does: its seconds, bytes, and the most memory it held at a time.
"""

import argparse
import json
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from registry import Row, invented

from radiant import Selector
from radiant.api.resources.explaining import told_at_length

PLAIN = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}


def milliseconds(asks: Iterator[Callable[[], Any]]) -> dict[str, float]:
    taken = []
    for ask in asks:
        begun = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begun) * 1000)
    return {"p50": round(statistics.median(taken), 2), "max": round(max(taken), 2)}


def another(dice: random.Random) -> Row:
    """A request that states two limits of its own."""
    return PLAIN | {
        "required_capabilities": dice.sample(["vision", "reasoning", "streaming", "code"], 2),
        "min_context_window": dice.randrange(200_000),
        "max_input_cost_per_1k": str(dice.randrange(1, 20_000) / 10**6),
    }


def change(selector: Selector, row: Row, number: int) -> None:
    """One model has another price and tier from now on."""
    index = selector._index
    new = row | {"min_tier": 1 + number % 3, "cost_per_request": number}
    selector.swap(index.changed([new], [(row["provider_id"], row["model_id"])], freshness=index.freshness))


def whole(selector: Selector) -> dict[str, Any]:
    choice = selector.select(**PLAIN)
    assert choice is not None
    begun = time.perf_counter()
    size = sum(map(len, told_at_length(choice.document(), selector.explain_at_length(**PLAIN))))
    seconds = time.perf_counter() - begun
    tracemalloc.start()
    for _ in told_at_length(choice.document(), selector.explain_at_length(**PLAIN)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"seconds": round(seconds, 2), "megabytes": round(size / 1e6, 1), "peak_megabytes": round(peak / 1e6, 1)}


def measure(rows: list[Row], repeat: int) -> dict[str, Any]:
    dice, selector = random.Random(4), Selector.from_rows(rows)

    def changed() -> Iterator[Callable[[], Any]]:
        for number in range(repeat):
            change(selector, rows[number * 97 % len(rows)], number)
            yield lambda: selector.explain(**PLAIN, required_capabilities=["vision"])

    figures: dict[str, Any] = {"models": len(rows)}
    figures["first"] = milliseconds(iter([lambda: selector.explain(**PLAIN)]))
    figures["again"] = milliseconds(lambda: selector.explain(**PLAIN) for _ in range(repeat))
    selector.explain(**another(dice))
    asked = [another(dice) for _ in range(repeat)]
    figures["another"] = milliseconds(partial(selector.explain, **it) for it in asked)
    figures["rank_another"] = milliseconds(partial(selector.rank, **it) for it in asked)
    figures["after_a_change"] = milliseconds(changed())
    figures["whole"] = whole(selector)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=(5_000, 100_000))
    parser.add_argument("--repeat", type=int, default=20)
    options = parser.parse_args()
    report = [measure(invented(size), options.repeat) for size in options.sizes]
    json.dump({"day": time.strftime("%Y-%m-%d"), "milliseconds": report}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
