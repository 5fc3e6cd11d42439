"""Commands stay quick in a registry of thousands: what they load and read is counted, which no busy machine changes."""

import json
import os
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from radiant.cli.model_columns import COLUMNS, PAGE, fields_of
from radiant.cli.roster import ROSTER
from radiant.domain.registry_model import ModelFilter, RegistryModel
from radiant.insight.models import Models
from radiant.registry.database import Database
from tests.faces.conftest import Program

#: Runs a command and then prints the modules that were loaded for it, as the last line.
LISTING = """
import json, sys
from radiant.cli import main
sys.argv[0] = "radiant"
try:
    main()
except SystemExit:
    pass
sys.stdout.flush()
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""

#: Of no use to a command that only reads, and slow to load.
HEAVY = (
    *("structlog", "litestar", "uvicorn", "httpx2", "license_expression"),
    *("radiant.catalog", "radiant.claims", "radiant.sync", "radiant.api"),
    # Of public catalogs, names are understood by the tables only.
    *(f"radiant.public_catalogs.{it}" for it in ("roster", "litellm", "models_dev", "openrouter", "genai_prices")),
    "radiant.installation.prepare",
)

#: Only whoever chooses needs them.
CHOOSING = ("radiant.selector", "radiant.selection", "radiant.access", "radiant.pricing")


def loaded(standing: str, *arguments: str, **variables: str) -> list[str]:
    """The modules that a command loads, in a process of its own."""
    environment = {**os.environ, "RADIANT_DATABASE_URL": standing, **variables}
    done = subprocess.run(
        [sys.executable, "-c", LISTING, *arguments], env=environment, capture_output=True, text=True, timeout=120
    )
    found: list[str] = json.loads(done.stderr.splitlines()[-1])
    assert "radiant.cli.program" in found
    return found


def among(modules: list[str], families: tuple[str, ...]) -> list[str]:
    return [name for name in modules if name in families or name.startswith(tuple(f"{it}." for it in families))]


def test_the_page_of_all_commands_loads_none_of_them() -> None:
    modules = loaded("", "--help")
    ours = {name for name in modules if name.split(".")[0] == "radiant"}
    assert ours == {"radiant", *(f"radiant.{it}" for it in ("cli", "cli.program", "cli.lazy", "cli.roster"))}
    assert among(modules, ("rich", "msgspec", "asyncio", "psycopg", "httpx", "procrastinate", "platformdirs")) == []


def test_a_list_of_models_loads_no_other_command_and_no_names_to_understand(standing: str) -> None:
    modules = loaded(standing, "models")
    assert among(modules, ("rich", "procrastinate", "httpx", "platformdirs", "email.mime")) == []
    assert among(modules, ("radiant.names", "radiant.public_catalogs", "radiant.registry.constraints")) == []
    commands = {line.found.partition(":")[0] for line in ROSTER} & {name.rpartition(".")[2] for name in modules}
    assert {f"radiant.cli.{it}" for it in commands} & set(modules) == {"radiant.cli.models"}


@pytest.mark.parametrize("arguments", [("models",), ("stats",), ("model", "show", "gpt-4o-mini")])
def test_a_command_that_reads_loads_neither_what_chooses_nor_what_serves(
    standing: str, arguments: tuple[str, ...]
) -> None:
    modules = loaded(standing, *arguments)
    assert among(modules, (*HEAVY, *CHOOSING)) == []
    behind = [name for name in modules if name.startswith("radiant.") and not name.startswith("radiant.cli.")]
    assert len(behind) < 70


def test_a_command_that_chooses_loads_no_catalog_and_no_server(standing: str) -> None:
    modules = loaded(standing, "select", "chat")
    assert "radiant.selector" in modules
    heavy = (
        *("structlog", "litestar", "uvicorn", "license_expression", "rich"),
        *("radiant.sync", "radiant.api", "radiant.access", "radiant.reporting", "radiant.health"),
    )
    assert among(modules, heavy) == []


def test_completing_a_name_loads_next_to_nothing(standing: str) -> None:
    words = {"COMP_WORDS": "radiant model show gpt", "COMP_CWORD": "3", "_RADIANT_COMPLETE": "complete_bash"}
    modules = loaded(standing, **words)
    assert "radiant.registry.names" in modules
    assert among(modules, (*HEAVY, *CHOOSING)) == []


async def test_a_table_reads_the_columns_it_shows_and_the_rows_of_a_page(standing: str) -> None:
    database = await Database.open(standing)
    try:
        models, fields = Models(database), fields_of(None)
        assert len(fields) < len(RegistryModel.__struct_fields__) / 2
        page, counts = await models.fields(ModelFilter(), fields, 7)
        rest, again = await models.fields(ModelFilter(), fields)
        whole = await models.listed(ModelFilter())
    finally:
        await database.close()
    assert [len(page), len(rest), sum(counts.values())] == [7, len(whole), len(whole)]
    assert counts == again
    assert {*vars(page[0])} == {*fields}
    assert [vars(it) for it in page] == [vars(it) for it in rest[:7]]
    shown = [[cell(it) for cell in COLUMNS.values()] for it in rest]
    assert shown == [[cell(it) for cell in COLUMNS.values()] for it in whole], "the table says what --json says"


def test_filters_that_nobody_uses_are_not_looked_up(
    standing: str, radiant: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = psycopg.AsyncConnection.execute

    async def remembered(self: Any, text: Any, *rest: Any, **more: Any) -> Any:
        asked.append(text.decode() if isinstance(text, bytes) else text if isinstance(text, str) else text.as_string())
        return await execute(self, text, *rest, **more)

    monkeypatch.setattr(psycopg.AsyncConnection, "execute", remembered)
    assert radiant("models", "--limit", "5").code == 0
    assert not any("array_agg" in text for text in asked)
    listings = [text for text in asked if "FROM unified_model_registry" in text]
    assert len(listings) == 2, "one page, and how many there are"
    assert not any("description" in text for text in listings)


def test_a_limit_shows_so_many_and_says_how_to_see_the_rest(standing: str, radiant: Program) -> None:
    every = radiant("models").out.splitlines()
    code, out, _ = radiant("models", "--limit", "3")
    lines = out.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines[1:4]] == [line.split()[0] for line in every[1:4]]
    assert lines[4] == every[-1]
    assert lines[5].startswith("The first 3 are shown;")
    assert len(json.loads(radiant("models", "--limit", "3", "--json").out)) == 3
    assert radiant("models", "--limit", "0").out.splitlines() == every
    assert 50 <= PAGE < len(every)


def test_the_help_says_how_many_a_terminal_shows(radiant: Program) -> None:
    assert str(PAGE) in radiant("models", "--help").out
