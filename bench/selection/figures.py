"""What choosing costs with the Radiant that Python finds: JSON, for `bench/beside.py`.

    PYTHONPATH=TREE/src python bench/selection/figures.py [--calls 20000] [--sizes 106 4242 100000]

Only what every release of the public `Selector` has is called, so that an earlier one answers the same requests.
"""

import argparse
import json
from typing import Any

from demands import USUAL, distinct
from registry import invented
from timing import best_of, each

from radiant import Selector

SIZES = (106, 4_242, 100_000)
PLAIN = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}


def figures(size: int, calls: int) -> dict[str, float]:
    """Microseconds of a choice, median of `calls`; milliseconds of a build."""
    rows = invented(size)
    selector = Selector.from_rows(rows)
    full = next(distinct(rows, 1, dict.fromkeys(USUAL, 1.0)))
    measured: dict[str, Any] = {
        "distinct_us": each(selector.select, distinct(rows, calls, USUAL))["p50_us"],
        "repeated_us": each(selector.select, (PLAIN for _ in range(calls)))["p50_us"],
        "repeated_all_criteria_us": each(selector.select, (full for _ in range(calls)))["p50_us"],
        "build_ms": best_of(lambda: Selector.from_rows(rows), 5 if size < 10_000 else 1),
    }
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    print(
        json.dumps(
            {f"{name}@{size}": value for size in options.sizes for name, value in figures(size, options.calls).items()}
        )
    )


if __name__ == "__main__":
    main()
