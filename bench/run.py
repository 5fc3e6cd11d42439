"""Run every benchmark, one after the other, and keep what each prints in `bench/results/`.

    python bench/run.py [NAME …]

Run it on a machine that does nothing else.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

BENCHES = {
    "startup": ["startup/run.py"],
    "selection": ["selection/run.py", "--litellm-python", sys.executable],
    "incremental": ["incremental/run.py"],
    "explaining": ["selection/explaining.py"],
    "select_model": ["database/select_model.py"],
    "imports": ["imports/run.py"],
    "convergence": ["convergence/run.py"],
    "changes": ["convergence/incremental.py"],
    "http": ["http/run.py"],
    "lists": ["lists/run.py"],
    "looks": ["database/looks.py"],
    "full_sync": ["lists/full.py"],
    "probes": ["probes/run.py"],
    "thermal": ["thermal/run.py"],
    "outcomes": ["outcomes/run.py"],
    "rating": ["rating/run.py"],
    "rating_again": ["prices/again.py"],
}


def main() -> None:
    asked = sys.argv[1:] or list(BENCHES)
    if unknown := set(asked) - set(BENCHES):
        sys.exit(f"No benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    for name in asked:
        print(f"== {name}", flush=True)
        script, *options = BENCHES[name]
        done = subprocess.run([sys.executable, HERE / script, *options], stdout=subprocess.PIPE, text=True, check=True)
        (results / f"{name}.json").write_text(done.stdout.rstrip() + "\n")
        print(done.stdout)


if __name__ == "__main__":
    main()
