"""How long a user waits: `radiant up` from nothing and again, `radiant --help`, and commands in a large registry.

    python bench/startup/run.py [--repeat 5]

Prints JSON: seconds until `/health/ready` answers, beside the limits of the design (5 s and 2 s, 0.3 s for help); and
with LiteLLM's map adopted, the wall and processor seconds of reading commands, beside `python -c pass` and an import of
LiteLLM, which is what asking the same of it takes. The commands' limit is 0.6 s.
"""

import argparse
import importlib.util
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

RADIANT = Path(sys.executable).with_name("radiant")

#: In a registry of about 4,200 models.
COMMANDS = {
    "models": ["models"],
    "models, a page": ["models", "--limit", "200"],
    "select chat": ["select", "chat"],
    "complete a name": [],
}
COMPLETING = {"COMP_WORDS": "radiant model show gpt", "COMP_CWORD": "3", "_RADIANT_COMPLETE": "complete_bash"}

LIMITS = {"from nothing": 5.0, "again": 2.0, "help": 0.3}


def serving(home: Path) -> float:
    """Start, wait until ready, stop with Ctrl-C; seconds from start to ready."""
    environment = {**os.environ, "RADIANT_HOME": str(home)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [RADIANT, "up", "--port", "0"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    address = next(line.split()[1] for line in process.stdout if line.strip().startswith("address"))
    with urllib.request.urlopen(f"{address}/health/ready", timeout=10) as answer:
        assert answer.status == 200
    taken = time.perf_counter() - begun
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    return taken


def spent(command: list[str | Path], environment: dict[str, str]) -> tuple[float, float]:
    """Wall and processor seconds of a command that has to succeed."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime


def in_a_large_registry(home: Path, repeat: int) -> dict[str, dict[str, float]]:
    """The commands and their peers, with LiteLLM's map adopted and the server up."""
    found = importlib.util.find_spec("litellm")
    assert found is not None and found.origin is not None, "the package litellm is missing"
    body = Path(found.origin).with_name("model_prices_and_context_window_backup.json")
    environment = {**os.environ, "RADIANT_HOME": str(home), "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    server = subprocess.Popen(
        [RADIANT, "up", "--port", "0"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    next(line for line in server.stdout if line.strip().startswith("address"))
    subprocess.run([RADIANT, "catalog", "import", "litellm", "--file", body, "--adopt"],
                   env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)  # fmt: skip
    peers: dict[str, list[str | Path]] = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import litellm": [sys.executable, "-c", "import litellm; litellm.model_cost"],
    }
    commands: dict[str, list[str | Path]] = {name: [RADIANT, *words] for name, words in COMMANDS.items()} | peers
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    try:
        for _ in range(repeat):
            for name, command in commands.items():
                completing = COMPLETING if name == "complete a name" else {}
                taken[name].append(spent(command, environment | completing))
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
    least = min(cpu for _, cpu in taken["python -c pass"])
    return {
        name: {
            "wall_s": round(statistics.median(wall for wall, _ in times), 3),
            "processor_s": round(min(cpu for _, cpu in times), 3),
            "times_python": round(min(cpu for _, cpu in times) / least, 1),
        }
        for name, times in taken.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    taken: dict[str, list[float]] = {name: [] for name in LIMITS}
    for _ in range(repeat):
        folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
        folder.chmod(0o755)
        taken["from nothing"].append(serving(folder / "home"))
        taken["again"].append(serving(folder / "home"))
        shutil.rmtree(folder)
        begun = time.perf_counter()
        subprocess.run([RADIANT, "--help"], stdout=subprocess.DEVNULL, check=True)
        taken["help"].append(time.perf_counter() - begun)
    report: dict[str, object] = {
        name: {"median_s": round(statistics.median(times), 3), "worst_s": round(max(times), 3), "limit_s": LIMITS[name]}
        for name, times in taken.items()
    }
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    large = in_a_large_registry(folder / "home", repeat)
    shutil.rmtree(folder)
    json.dump({**report, "with LiteLLM's map adopted": large}, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
