"""`radiant catalog`, and what cannot be, in sentences and exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radiant.catalog.load import Catalog, load_catalog
from tests.faces.conftest import Program

Value = Callable[[str, str], Any]


# catalog check


def test_catalog_check_needs_no_database_and_counts(radiant: Program, catalog: Catalog) -> None:
    code, out, err = radiant("catalog", "check")
    assert (code, err) == (0, "")
    providers = {provider for provider, _ in catalog.external}
    assert out.splitlines()[-1] == (
        f"{len(providers)} providers, {len(catalog.external)} external and 56 self-hosted models: no problems"
    )
    report = json.loads(radiant("catalog", "check", "--json").out)
    assert (report["self_hosted"], report["problems"]) == (56, [])


def test_catalog_check_fails_with_every_problem_by_file_line_and_key(
    radiant: Program, clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "mine/providers/openai/m.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text("dislpay_name = 5\n")
    code, out, _ = radiant("catalog", "check", str(tmp_path / "mine"))
    assert code == 1
    assert out.splitlines()[0] == f"{broken}:1: `dislpay_name`: unknown key; did you mean `display_name`?"
    assert out.splitlines()[-1].endswith(": 1 problem")
    clean_environment.setenv("RADIANT_CATALOG", str(tmp_path / "mine"))
    assert radiant("catalog", "check", "--json").code == 1


def test_a_broken_catalog_stops_preparing_with_its_place_and_no_reading(
    radiant: Program, clean_environment: pytest.MonkeyPatch, standing: str, tmp_path: Path
) -> None:
    (tmp_path / "mine/providers/openai").mkdir(parents=True)
    (tmp_path / "mine/providers/openai/m.toml").write_text('description = "cut off')
    clean_environment.setenv("RADIANT_CATALOG", str(tmp_path / "mine"))
    code, _, err = radiant("db", "migrate")
    assert code == 1
    assert err.startswith("radiant: A problem in the catalog:\n")
    assert "m.toml:1: is not valid TOML" in err
    assert radiant("stats").code == 0


def test_a_folder_of_ones_own_is_listed_and_dropped(
    radiant: Program, clean_environment: pytest.MonkeyPatch, database_url: str, tmp_path: Path, row: Value
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    place = tmp_path / "mine/providers/openai"
    place.mkdir(parents=True)
    ours = Path(load_catalog.__code__.co_filename).parent / "providers/openai/gpt-4o-mini.toml"
    (place / "gpt-own.toml").write_text(ours.read_text("utf-8"))
    (tmp_path / "mine/catalog.toml").write_text('name = "acme"\n')
    clean_environment.setenv("RADIANT_CATALOG", str(tmp_path / "mine"))
    assert "models added: 1" in radiant("db", "migrate").out
    listed = json.loads(radiant("catalog", "list", "--json").out)
    assert [(it["name"], it["folder"], it["external"]) for it in listed if it["name"] != "radiant"] == [
        ("acme", str(tmp_path / "mine"), 1)
    ]
    assert [line.split()[0] for line in radiant("catalog", "list").out.splitlines()[1:]] == ["acme", "radiant"]
    code, out, err = radiant("catalog", "drop", "acne")
    assert (code, out, err) == (2, "", "radiant: NAME 'acne' is unknown; did you mean acme? Expected one of: acme.\n")
    assert radiant("catalog", "drop", "acme").out.startswith("1 model deprecated.")
    assert row(database_url, "SELECT deprecated FROM models WHERE model_id = 'gpt-own'") is True


# What cannot be


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ada:secret@127.0.0.1:1/x",
         "PostgreSQL at 127.0.0.1:1, database x does not answer: Connection refused. "
         "Is it running, and is that its address?"),
        ("postgresql://ada:sec/ret@127.0.0.1:1/x",
         "The database address cannot be read; expected postgresql://user:password@host:5432/database. "
         "In a password write @ as %40, / as %2F, : as %3A and % as %25."),
        ("mysql://ada:secret@h/x",
         "RADIANT_DATABASE_URL is a mysql address; expected postgresql://user@host:5432/database."),
    ],
)  # fmt: skip
def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_password(
    radiant: Program, clean_environment: pytest.MonkeyPatch, url: str, said: str
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", url)
    assert radiant("stats") == (1, "", f"radiant: {said}\n")


def test_a_database_that_does_not_exist_or_that_is_too_new_is_one_sentence(
    radiant: Program, clean_environment: pytest.MonkeyPatch, database_url: str, query: Callable[..., Any]
) -> None:
    name = query(database_url, "SELECT current_database() AS name")[0]["name"]
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url.replace(name, "radiant_nowhere"))
    code, _, err = radiant("stats")
    assert code == 1
    assert err.endswith("database radiant_nowhere: that database does not exist. Create it with `createdb`.\n")
    query(database_url, "INSERT INTO schema_migrations (version, name) VALUES ('999', 'future')")
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    code, _, err = radiant("stats")
    assert code == 1
    assert err.startswith("radiant: This database was migrated by a newer Radiant: it has 999, ")


def test_where_there_is_no_registry_reading_says_how_to_make_one_and_makes_none(
    radiant: Program,
    clean_environment: pytest.MonkeyPatch,
    empty_database_url: str,
    query: Callable[..., Any],
    folder: Path,
) -> None:
    code, out, err = radiant("models")
    assert (code, out) == (1, "")
    assert err == (
        f"radiant: There is no registry in {folder} yet. `radiant up` makes one and serves it; `radiant db migrate` "
        "only makes it.\n"
    )
    assert not folder.exists()
    clean_environment.setenv("RADIANT_DATABASE_URL", empty_database_url)
    code, out, err = radiant("select", "chat")
    assert (code, out) == (1, "")
    assert err.startswith("radiant: There is no registry in the database ")
    assert query(empty_database_url, "SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []
    assert not folder.exists()


@pytest.mark.usefixtures("standing")
def test_a_data_folder_that_cannot_be_made_is_one_sentence(
    radiant: Program, clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    clean_environment.setenv("RADIANT_HOME", str(tmp_path / "file"))
    code, _, err = radiant("db", "migrate")
    assert code == 1
    assert err == f"radiant: The token file {tmp_path}/file/admin-token cannot be read: {_not_a_folder(tmp_path)}.\n"


def _not_a_folder(path: Path) -> str:
    try:
        (path / "file/admin-token").read_text()
    except OSError as error:
        return str(error)
    raise AssertionError


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["models", "--nonsense"],
        ["model", "show"],
        ["up", "--port", "70000"],
        ["up", "--port", "http"],
        [],
    ],
)
def test_wrong_usage_is_exit_code_2(radiant: Program, arguments: list[str]) -> None:
    code, out, err = radiant(*arguments)
    assert code == 2
    assert "Usage: radiant" in out + err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["prices", "show", "openai/gpt-5.5", "--known", "yesterday"], "--known"),
        (["prices", "set", "openai/gpt-5.5", "input_tokens=1", "--reason", "x", "--since", "yesterday"], "--since"),
        (["prices", "markup", "set", "0.4", "--reason", "x", "--until", "yesterday"], "--until"),
        (["prices", "rerate", "--since", "yesterday"], "--since"),
        (["prices", "close", "yesterday"], "MOMENT"),
        (["spend", "--from", "yesterday"], "--from"),
    ],
)
def test_a_moment_that_is_none_is_told_by_its_option_before_a_registry_is_looked_for(
    radiant: Program, arguments: list[str], named: str
) -> None:
    code, out, err = radiant(*arguments)
    assert (code, out) == (2, "")
    assert err == f"radiant: {named}: 'yesterday' is no moment; expected one such as 2026-12-01T00:00:00Z.\n"


def test_the_version_is_told(radiant: Program) -> None:
    assert radiant("--version") == (0, "0.1.0\n", "")


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("option", "arguments"),
    [
        ("--limit", ("models",)),
        ("--limit", ("catalog", "conflicts")),
        ("--limit", ("prices", "conflicts")),
        ("--limit", ("events", "list")),
        ("--after", ("events", "list")),
        ("--after", ("events", "replay", "ops")),
        ("--for", ("thermal", "warm", "mistral-7b-v0.3")),
        ("--tier", ("select", "chat")),
        ("--max-instances", ("endpoints", "set", "1")),
    ],
)
def test_a_number_beyond_all_bounds_is_wrong_usage_of_its_option(
    radiant: Program, option: str, arguments: tuple[str, ...]
) -> None:
    code, out, err = radiant(*arguments, option, "9" * 30)
    assert (code, out) == (2, "") and option in err.splitlines()[-1]
