"""What the documents say is there, is there; and what is there, they say."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from radiant.cli.program import whole
from radiant.registry import statistics
from radiant.registry.database import Database

ROOT = Path(__file__).parents[2]

PAGES = sorted(path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/**/*.md")))

#: Words of a page in `code` that look like a path of the repository.
_PATH = re.compile(r"`((?:\.?[A-Za-z0-9_*<>-][A-Za-z0-9_.*<>-]*/)+[A-Za-z0-9_.*<>-]*|[A-Z][A-Za-z]+(?:\.md|file))`")
_FILE = re.compile(r"\.(?:py|sql|toml|md)$")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_VARIABLE = re.compile(r"\b(?:RADIANT_[A-Z_]+|DATABASE_URL)\b")


def commands(command: Any, name: str) -> Iterator[str]:
    """Every command below `command`, as it is typed."""
    for child in getattr(command, "commands", {}).values():
        yield f"{name} {child.name}"
        yield from commands(child, f"{name} {child.name}")


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"])
def test_what_a_newcomer_looks_for_is_there(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8")) > 300


def test_every_command_is_in_the_reference(generate: ModuleType) -> None:
    text = (ROOT / "docs/reference/cli.md").read_text("utf-8")
    missing = [name for name in commands(whole(), "radiant") if f"\n## `{name}`\n" not in text]
    assert missing == []
    assert text == generate.cli_md(), "run `make generated`"


def test_every_variable_the_code_reads_is_among_the_settings_and_no_other() -> None:
    read = {
        found
        for path in (ROOT / "src").rglob("*.py")
        for found in re.findall(rf"[\"']({_VARIABLE.pattern})[\"']", path.read_text("utf-8"))
    }
    described = set(_VARIABLE.findall((ROOT / "docs/reference/settings.md").read_text("utf-8")))
    assert {"RADIANT_HOME", "RADIANT_DATABASE_URL", "DATABASE_URL", "RADIANT_PORT"} <= read
    assert described - {"RADIANT_TEST_DATABASE_URL", "RADIANT_TEST_EXAMPLES"} == read


@pytest.mark.parametrize("page", PAGES, ids=lambda it: str(it.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    targets = [target for target in _LINK.findall(page.read_text("utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_file_the_architecture_names_is_there() -> None:
    named = set(_PATH.findall((ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    assert [name for name in sorted(named) if not _is_there(name)] == []


def test_every_room_is_in_the_architecture_and_in_each_contract_that_lists_rooms() -> None:
    """A contract names the rooms it binds, or the few it leaves out are said here."""
    rooms = {it.stem for it in (ROOT / "src/radiant").iterdir() if it.suffix == ".py" or (it / "__init__.py").is_file()}
    rooms -= {"__init__"}
    written = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert {it for it in rooms if f"`{it}/`" not in written and f"`{it}.py`" not in written} == set()
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    bound = {it["name"]: {room.removeprefix("radiant.") for room in it.get("source_modules", ())} for it in contracts}
    pure = {"domain", "claims", "public_catalogs", "names", "pricing", "selection", "thermal"}
    above = rooms - pure - {"catalog", "sql", "wording"}
    assert bound["Only the registry and the embedded server speak to PostgreSQL"] == above - {"registry", "embedded"}
    assert bound["Only providers and runtimes speak outward"] == above - {"providers", "runtimes"}


@pytest.mark.parametrize("file", sorted((ROOT / "src").rglob("*.py")), ids=lambda it: str(it.relative_to(ROOT)))
def test_every_file_that_code_speaks_of_is_there(file: Path) -> None:
    named = {name for name in _PATH.findall(file.read_text("utf-8")) if _FILE.search(name)}
    assert [name for name in sorted(named) if not _is_there(name)] == []


def _is_there(name: str) -> bool:
    """In the repository, the package, or a folder of the package; `<word>` and `*` stand for anything."""
    pattern = re.sub(r"<[^>]*>", "*", name).strip("/")
    package = ROOT / "src/radiant"
    return any(any(folder.glob(pattern)) for folder in (ROOT, package, *package.iterdir()))


@pytest.mark.parametrize("page", PAGES, ids=lambda it: str(it.relative_to(ROOT)))
def test_every_make_target_a_page_names_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^|\$ )make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE))
    assert named - targets == set()


def test_the_readme_runs_as_pasted(standing_url: str) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "REGISTRY": standing_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stderr == ""
    assert re.fullmatch(r"\S+/\S+ 0\.\d+\n", ran.stdout)


async def test_the_readme_counts_what_the_registry_counts(database: Database) -> None:
    """One number, one meaning: providers are those of external models."""
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    ((own, external, providers),) = re.findall(
        r"\*\*(\d+) self-hosted models\*\* \([^)]*\),.*? and \*\*(\d+) external models of (\d+) providers\*\*", text
    )
    async with database.connection() as connection:
        counts = await statistics.counts(connection)
    assert (counts["self_hosted_count"], counts["external_count"], counts["provider_count"]) == (
        int(own), int(external), int(providers),
    )  # fmt: skip
