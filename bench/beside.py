"""This tree beside an earlier one, in turns, in one run: has anything become slower?

    python bench/beside.py REVISION [selection] [http] [convergence] [--rounds 5]

Every round runs each benchmark of both trees, the one that goes first changing from round to round. Prints JSON: the
best of all rounds of either, and their ratio: above 1 this tree is slower (or, per second, faster). Run it on a machine
that does nothing else.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
Figures = dict[str, float]


def flat(said: Mapping[str, object], of: str = "") -> Figures:
    """The numbers of a report, by their path in it."""
    found: Figures = {}
    for name, value in said.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{of}{name}.")
        elif isinstance(value, int | float):
            found[f"{of}{name}"] = value
    return found


def run(tree: Path, script: Path, options: tuple[str, ...]) -> Figures:
    done = subprocess.run(
        [sys.executable, script, *options],
        env=os.environ | {"PYTHONPATH": str(tree / "src")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return flat(json.loads(done.stdout[done.stdout.index("{") :]))


def selection(tree: Path) -> Figures:
    """The same requests to either, from this tree's script."""
    return run(tree, HERE / "selection" / "figures.py", ())


def http(tree: Path) -> Figures:
    found = run(tree, tree / "bench" / "http" / "run.py", ("--seconds", "3", "--rounds", "1"))
    return {name: found[name] for name in ("empty_per_s", "select_per_s", "ratio")}


def convergence(tree: Path) -> Figures:
    found = run(tree, tree / "bench" / "convergence" / "run.py", ("--changes", "300", "--burst", "300"))
    return {name: found[name] for name in ("seen_ms.p50", "seen_ms.p99", "burst.last_seen_ms")}


BENCHES = {"selection": selection, "http": http, "convergence": convergence}


def best(name: str, rounds: list[Figures]) -> float:
    values = [figures[name] for figures in rounds]
    return max(values) if name.endswith(("_per_s", "ratio")) else min(values)


def compare(old: Path, names: list[str], rounds: int) -> dict[str, dict[str, Figures]]:
    report: dict[str, dict[str, Figures]] = {}
    for name in names:
        bench = BENCHES[name]
        before: list[Figures] = []
        now: list[Figures] = []
        for number in range(rounds):
            turns = [(before, old), (now, ROOT)]
            for kept, tree in turns if number % 2 else reversed(turns):
                kept.append(bench(tree))
            print(f"{name}: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        report[name] = {
            figure: {
                "before": best(figure, before),
                "now": best(figure, now),
                "ratio": round(best(figure, now) / best(figure, before), 3),
            }
            for figure in now[0]
        }
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision")
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="radiant-beside-") as folder:
        old = Path(folder) / "tree"
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "--quiet", "--detach", old, options.revision], check=True)
        try:
            print(json.dumps(compare(old, options.names or list(BENCHES), options.rounds), indent=1))
        finally:
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", old], check=True)


if __name__ == "__main__":
    main()
