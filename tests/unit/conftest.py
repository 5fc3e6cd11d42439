"""Catalog folders to read, small ones."""

import shutil
from pathlib import Path

import pytest

from radiant.catalog import check, load
from radiant.domain.vocabulary import Task
from tests.unit.catalog_files import Write
from tests.unit.checking import LASTING


@pytest.fixture
def small_catalog(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own catalog, cut down to what reads fast."""
    ours, small = load.OURS, tmp_path_factory.mktemp("ours")
    for name in (
        "instances.toml",
        "containers.toml",
        "runtimes.toml",
        "defaults.toml",
        "providers/openai/provider.toml",
        "providers/openai/gpt-4o-mini.toml",
        "self_hosted/vision/sam-2.toml",
    ):
        (small / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ours / name, small / name)
    monkeypatch.setattr(load, "OURS", small)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Put a file into a catalog folder of one's own, which is `tmp_path`."""

    def put(name: str, text: str | bytes) -> None:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    return put


@pytest.fixture
def checked_catalog(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own catalog, cut down to what is checked fast."""
    ours, small = load.OURS, tmp_path_factory.mktemp("ours")
    (small / "providers/openai").mkdir(parents=True)
    for name in ("instances.toml", "containers.toml", "runtimes.toml", "providers/openai/provider.toml"):
        shutil.copy(ours / name, small / name)
    for name in ("gpt-4o-mini", "gpt-6-luna", "gpt-6.1-terra"):
        shutil.copy(ours / f"providers/openai/{name}.toml", small / f"providers/openai/{name}.toml")
    (small / "models/openai").mkdir(parents=True)
    shutil.copy(ours / "models/openai/gpt-6-luna.toml", small / "models/openai/gpt-6-luna.toml")
    tasks = [task for task in Task if task is not Task.OTHER]
    (small / "defaults.toml").write_text("".join(f"{task} = {LASTING}\n" for task in tasks))
    monkeypatch.setattr(load, "OURS", small)
    monkeypatch.setattr(check, "OURS", small)
