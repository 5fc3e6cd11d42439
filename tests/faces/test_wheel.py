"""The wheel stands alone: built, run where nothing else is, in an empty folder, as pip and uv bring it."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx2
import pytest

ROOT = Path(__file__).parents[2]

CONSTRAINTS = ROOT / "constraints.txt"

PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, *PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.glob("radiant_registry-*.whl")
    return built


def serves_alone(command: Sequence[str | Path], home: Path, folder: Path, **variables: str) -> None:
    """`command` is how `radiant` is run: it serves, reads the catalog that came along, stops, and leaves the folder
    that it is run in empty."""
    told = {name: it for name, it in os.environ.items() if not name.startswith(("RADIANT", "PYTHON", "DATABASE"))}
    environment = {**told, "RADIANT_HOME": str(home), "PATH": "/usr/bin:/bin", **variables}
    folder.mkdir()
    up = subprocess.Popen(
        [*command, "up", "--port", "0"], env=environment, cwd=folder, stdout=subprocess.PIPE, text=True
    )
    try:
        assert up.stdout is not None
        lines = iter(up.stdout.readline, "")
        address = next(line.split()[1] for line in lines if line.split()[:1] == ["address"])
        assert httpx2.get(f"{address}/health/ready", timeout=30).status_code == 200
        counted = subprocess.run(
            [*command, "models", "--json"], env=environment, cwd=folder, capture_output=True, check=True
        )
        assert len(counted.stdout) > 10_000, "the catalog came along"
    finally:
        up.send_signal(signal.SIGTERM)
        rest, _ = up.communicate(timeout=60)
    assert up.returncode == 0 and rest.endswith("Radiant has stopped.\n")
    assert list(folder.iterdir()) == []


def test_the_installed_wheel_serves_in_an_empty_folder(wheel: Path, tmp_path: Path, home: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    programs = tmp_path / "venv/bin"
    subprocess.run([programs / "python", *PIP, "install", "--constraint", CONSTRAINTS, wheel], check=True)
    serves_alone(["radiant"], home, tmp_path / "empty", PATH=f"{programs}:/usr/bin:/bin")


def test_uv_runs_the_wheel_without_installing_it(wheel: Path, tmp_path: Path, home: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    given: list[str | Path] = ["--python", sys.executable, "--constraints", CONSTRAINTS, "--from", wheel]
    cache = str(tmp_path / "cache")
    serves_alone([uv, "--quiet", "tool", "run", *given, "radiant"], home, tmp_path / "empty", UV_CACHE_DIR=cache)
