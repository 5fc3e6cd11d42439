"""The wheel stands alone: built, installed where nothing else is, and run in an empty folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.long


def made(tmp_path: Path) -> Path:
    """An environment with the wheel and what it requires, at the versions of our constraints."""
    pip = ["-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", tmp_path / "dist", ROOT], check=True)
    (wheel,) = (tmp_path / "dist").glob("radiant_registry-*.whl")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv/bin/python"
    subprocess.run([python, *pip, "install", "--constraint", ROOT / "constraints.txt", wheel], check=True)
    return tmp_path / "venv/bin"


def test_the_installed_wheel_serves_in_an_empty_folder(tmp_path: Path, home: Path) -> None:
    programs, folder = made(tmp_path), tmp_path / "empty"
    folder.mkdir()
    told = {name: it for name, it in os.environ.items() if not name.startswith(("RADIANT", "PYTHON", "DATABASE"))}
    environment = {**told, "RADIANT_HOME": str(home), "PATH": f"{programs}:/usr/bin:/bin"}
    up = subprocess.Popen(
        ["radiant", "up", "--port", "0"], env=environment, cwd=folder, stdout=subprocess.PIPE, text=True
    )
    try:
        assert up.stdout is not None
        lines = iter(up.stdout.readline, "")
        address = next(line.split()[1] for line in lines if line.split()[:1] == ["address"])
        assert httpx2.get(f"{address}/health/ready", timeout=30).status_code == 200
        counted = subprocess.run(
            ["radiant", "models", "--json"], env=environment, cwd=folder, capture_output=True, check=True
        )
        assert len(counted.stdout) > 10_000, "the catalog came along"
    finally:
        up.send_signal(signal.SIGTERM)
        rest, _ = up.communicate(timeout=60)
    assert up.returncode == 0 and rest.endswith("Radiant has stopped.\n")
    assert list(folder.iterdir()) == []
