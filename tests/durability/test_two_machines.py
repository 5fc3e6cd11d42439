"""Two machines and a function on one database: the bench, short. How soon a change is seen is for the bench to say."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def makes_machines() -> bool:
    """Whether network namespaces can be made here, and there is a PostgreSQL for them."""
    if os.geteuid() != 0 or shutil.which("ip") is None or not [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]:
        return False
    name = f"radiant-try-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], check=False, capture_output=True)
    subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
    return made.returncode == 0


@pytest.mark.skipif(not makes_machines(), reason="no network namespaces can be made here, or there is no PostgreSQL")
def test_ticks_are_taken_once_and_nothing_is_lost_by_kills_a_partition_and_an_upgrade() -> None:
    command = [
        sys.executable,
        str(ROOT / "bench/two_machines/run.py"),
        "--seconds",
        "40",
        "--kills",
        "4",
        "--partition",
        "6",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=400, check=True)
    told = json.loads(ran.stdout)
    assert told["ticks_taken"] > 5 and told["kills"] == 4
    assert (told["ticks_taken_twice"], told["left_running"], told["events_lost"]) == (0, 0, 0)
    assert all(it["seen"] > 20 for it in told["seen_ms"].values())
