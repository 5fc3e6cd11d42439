"""The answers of `radiant`, in tables and in JSON."""

import json
import stat
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from radiant.catalog.load import Catalog, load_catalog
from tests.faces.conftest import Program

STATISTICS = [
    "external_count",
    "self_hosted_count",
    "healthy_count",
    "unhealthy_count",
    "hot_count",
    "warm_count",
    "cold_count",
    "category_count",
    "provider_count",
]

Value = Callable[[str, str], Any]


def names(text: str) -> set[str]:
    return {model["model_id"] for model in json.loads(text)}


# models


@pytest.mark.usefixtures("standing")
def test_models_lists_everything_by_hosting_and_counts_it(radiant: Program, catalog: Catalog) -> None:
    code, out, err = radiant("models")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert " ".join(lines[0].split()) == "model name hosting provider category task context USD health state"
    assert lines[-1] == f"{len(catalog.external) + 56} models: {len(catalog.external)} external, 56 self-hosted"
    assert len(lines) == len(catalog.external) + 56 + 2
    mini = next(line for line in lines if line.startswith("gpt-4o-mini ") and " openai " in line)
    assert "128,000  0.15 / 0.6 per M tokens" in mini
    sam = next(line for line in lines if line.startswith("sam-2 "))
    assert sam.split()[-6:] == ["–", "1.408", "per", "hour", "unknown", "COLD"]


@pytest.mark.usefixtures("standing")
def test_models_prints_whole_rows_as_json_with_exact_prices(radiant: Program, catalog: Catalog) -> None:
    code, out, _ = radiant("models", "--json")
    rows = json.loads(out)
    assert code == 0
    assert len(rows) == len(catalog.external) + 56
    (mini,) = [row for row in rows if row["model_id"] == "gpt-4o-mini" and row["provider_id"] == "openai"]
    assert (mini["input_cost_per_1k"], mini["output_cost_per_1k"]) == ("0.00015", "0.0006")
    assert (mini["thermal_state"], mini["avg_latency_ms"], mini["enabled"]) == (None, None, True)


FILTERS: list[tuple[list[str], Callable[[dict[str, Any]], bool]]] = [
    (["--category", "medical"], lambda row: row["category"] == "medical"),
    (["--hosting", "self_hosted"], lambda row: row["hosting_type"] == "self_hosted"),
    (["--provider", "groq"], lambda row: row["provider_id"] == "groq"),
    (["--task", "embedding"], lambda row: row["primary_mode"] == "embedding"),
    (["--status", "unknown"], lambda row: row["health_status"] == "unknown"),
    (["--capability", "function_calling", "--capability", "vision"],
     lambda row: {"function_calling", "vision"} <= set(row["capabilities"])),
    (["--input", "image", "--output", "text"],
     lambda row: "image" in row["input_modalities"] and "text" in row["output_modalities"]),
    (["WHISPER"], lambda row: "whisper" in (row["model_id"] + row["display_name"] + row["description"]).lower()),
    (["--hosting", "external", "--task", "ocr"],
     lambda row: (row["hosting_type"], row["primary_mode"]) == ("external", "ocr")),
]  # fmt: skip


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(("arguments", "fits"), FILTERS, ids=[" ".join(it[0]) for it in FILTERS])
def test_models_lists_what_fits_and_all_of_it(
    radiant: Program, arguments: list[str], fits: Callable[[dict[str, Any]], bool], everything: list[dict[str, Any]]
) -> None:
    expected = {row["id"] for row in everything if fits(row)}
    code, out, _ = radiant("models", *arguments, "--json")
    assert code == 0
    assert {row["id"] for row in json.loads(out)} == expected
    assert expected


@pytest.fixture(scope="module")
def everything(standing_url: str) -> list[dict[str, Any]]:
    with psycopg.connect(standing_url, row_factory=dict_row) as connection:
        return connection.execute("SELECT * FROM unified_model_registry").fetchall()


@pytest.mark.usefixtures("standing")
def test_text_means_itself_and_nothing_found_is_no_error(radiant: Program) -> None:
    assert json.loads(radiant("models", "%", "--json").out) == []
    assert radiant("models", "no such thing").out.splitlines()[-1] == "0 models: 0 external, 0 self-hosted"


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--category", "toys"], "category 'toys' is unknown; expected one of: vision, audio, scientific, "),
        (["--hosting", "cloud"], "hosting 'cloud' is unknown; expected one of: external, self_hosted.\n"),
        (["--provider", "opnai"], "provider 'opnai' is unknown; expected one of: anthropic, assemblyai, "),
        (["--task", "chta"], "task 'chta' is unknown; expected one of: chat, completion, "),
        (["--status", "ill"], "status 'ill' is unknown; expected one of: healthy, degraded, unhealthy, unknown.\n"),
        (["--input", "smell"], "input_modalities 'smell' is unknown; expected one of: text, image, "),
        (["--output", "smell"], "output_modalities 'smell' is unknown; expected one of: text, image, "),
        (["--capability", "viison"], "capabilities 'viison' is unknown; expected one of: "),
    ],
)
def test_a_misspelled_filter_is_refused_with_what_is_allowed(radiant: Program, arguments: list[str], said: str) -> None:
    code, out, err = radiant("models", *arguments)
    assert (code, out) == (1, "")
    assert err.startswith(f"radiant: {said}")


# model show, stats


@pytest.mark.usefixtures("standing")
def test_model_show_tells_everything_about_a_model_at_each_provider_that_has_it(radiant: Program) -> None:
    table = radiant("model", "show", "openai/gpt-oss-120b").out
    assert "context_window" in table
    rows = json.loads(radiant("model", "show", "openai/gpt-oss-120b", "--json").out)
    assert {row["model_id"] for row in rows} == {"openai/gpt-oss-120b"}
    assert {row["provider_id"] for row in rows} >= {"groq", "together"}
    (one,) = json.loads(radiant("model", "show", "groq/openai/gpt-oss-120b", "--json").out)
    assert one["provider_id"] == "groq"
    assert json.loads(radiant("model", "show", one["id"], "--json").out) == [one]


@pytest.mark.usefixtures("standing")
def test_a_model_that_is_not_there_is_answered_with_one_that_is(radiant: Program) -> None:
    code, out, err = radiant("model", "show", "gpt-4o-mni")
    assert (code, out) == (1, "")
    assert err == "radiant: No model 'gpt-4o-mni' in the registry. Did you mean gpt-4o-mini?\n"


def test_stats_counts_by_hosting_health_and_state(radiant: Program, standing: str, row: Value) -> None:
    counts = json.loads(radiant("stats", "--json").out)
    assert list(counts) == STATISTICS
    assert (counts["self_hosted_count"], counts["cold_count"], counts["hot_count"]) == (56, 56, 0)
    assert counts["external_count"] == row(standing, "SELECT count(*) FROM models WHERE enabled AND NOT deprecated")
    assert ["self", "hosted", "56"] in [line.split() for line in radiant("stats").out.splitlines()]


# select


@pytest.mark.usefixtures("standing")
def test_select_chooses_as_select_model_does(radiant: Program, standing: str, row: Value) -> None:
    chosen = json.loads(radiant("select", "chat", "--limit", "10", "--json").out)["choices"]
    by_sql = row(
        standing,
        "SELECT array_agg(model_id) FROM select_model('chat', ARRAY['text'], ARRAY['text'], 3, 'any')",
    )
    assert [choice["model_id"] for choice in chosen] == by_sql
    shown = radiant("select", "chat", "--limit", "10").out.splitlines()
    assert [line.lstrip("→ ").split()[0] for line in shown[1:]] == by_sql


SELECTIONS: list[tuple[list[str], Callable[[dict[str, Any]], bool]]] = [
    (["chat", "--hosting", "self_hosted"], lambda it: it["hosting_type"] == "self_hosted" and it["warmup_required"]),
    (["chat", "--hosting", "external"], lambda it: it["hosting_type"] == "external"),
    (["chat", "--tier", "1"], lambda it: it["hosting_type"] == "external"),
    (["transcription"], lambda it: it["primary_mode"] == "transcription"),
    (["chat", "--provider", "anthropic", "--limit", "1"], lambda it: it["provider_id"] == "anthropic"),
    (["chat", "--exclude", "command-r7b-12-2024"], lambda it: it["model_id"] != "command-r7b-12-2024"),
    (["chat", "--max-cost", "0.001"], lambda it: Decimal(it["estimated_cost"]) <= Decimal("0.001")),
]


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(("arguments", "fits"), SELECTIONS, ids=[" ".join(it[0]) for it in SELECTIONS])
def test_select_keeps_to_what_is_asked(
    radiant: Program, arguments: list[str], fits: Callable[[dict[str, Any]], bool]
) -> None:
    code, out, _ = radiant("select", *arguments, "--json")
    choices = json.loads(out)["choices"]
    assert code == 0
    assert choices
    assert all(map(fits, choices))


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("criteria", "condition"),
    [
        (["--capability", "function_calling", "--capability", "vision"],
         "capabilities @> '{function_calling,vision}'"),
        (["--input", "text", "--input", "image"], "input_modalities @> '{text,image}'"),
        (["--min-context", "500000"], "context_window >= 500000"),
        (["--hipaa"], "'HIPAA' = ANY(compliance)"),
        (["--commercial"], "commercial_use_allowed IS NOT FALSE"),
    ],
)  # fmt: skip
def test_select_meets_hard_demands(
    radiant: Program, standing: str, row: Value, criteria: list[str], condition: str
) -> None:
    choices = json.loads(radiant("select", "chat", "--limit", "20", "--json", *criteria).out)["choices"]
    ids = [choice["id"] for choice in choices]
    assert ids
    text = f"SELECT count(*) FROM unified_model_registry WHERE id = ANY('{{{','.join(ids)}}}') AND {condition}"
    assert row(standing, text) == len(ids)


@pytest.mark.usefixtures("standing")
def test_select_says_which_demand_left_nothing_and_fails(radiant: Program) -> None:
    code, out, _ = radiant("select", "chat", "--capability", "telepathy")
    assert code == 1
    assert "No model fits: " in out
    assert "without required_capabilities" in out


@pytest.mark.usefixtures("standing")
def test_select_refuses_what_is_in_no_vocabulary(radiant: Program) -> None:
    code, out, err = radiant("select", "chta")
    assert (code, out) == (1, "")
    assert "task" in err
    assert "expected: chat, completion, embedding" in err


# catalog check


def test_catalog_check_needs_no_database_and_counts(radiant: Program, catalog: Catalog) -> None:
    code, out, err = radiant("catalog", "check")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == (
        f"{len(catalog.providers)} providers, {len(catalog.external)} external and 56 self-hosted models: no problems"
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
    assert out.splitlines()[-1].endswith(": 1 problems")
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
    assert (code, out, err) == (1, "", "radiant: catalog 'acne' is unknown; expected one of: acme.\n")
    assert radiant("catalog", "drop", "acme").out.startswith("1 model deprecated.")
    assert row(database_url, "SELECT deprecated FROM models WHERE model_id = 'gpt-own'") is True


# token


def test_token_prints_the_token_and_nothing_else_and_only_its_hash_is_kept(
    radiant: Program, clean_environment: pytest.MonkeyPatch, database_url: str, folder: Path, row: Value
) -> None:
    code, out, err = radiant("token")
    assert (code, out) == (1, "")
    assert err == f"radiant: There is no token in {folder}/admin-token yet. Start the registry once: `radiant up`.\n"
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    assert radiant("db", "migrate").code == 0
    code, out, err = radiant("token")
    assert (code, err) == (0, "")
    assert out == (folder / "admin-token").read_text()
    assert out.startswith("radiant_")
    assert len(out.split()) == 1
    reader = radiant("token", "--reader").out
    assert reader != out
    modes = {stat.S_IMODE((folder / name).stat().st_mode) for name in ("admin-token", "reader-token")}
    assert modes == {0o600}
    kept = row(database_url, "SELECT string_agg(role || encode(hash, 'hex'), ',' ORDER BY role) FROM access_tokens")
    assert out.strip() not in kept
    assert kept.startswith("admin")
    before = row(database_url, "SELECT count(*) FROM access_tokens")
    assert radiant("db", "migrate").out == "Nothing to do.\n"
    assert radiant("token").out == out
    assert row(database_url, "SELECT count(*) FROM access_tokens") == before


@pytest.mark.usefixtures("standing")
def test_an_empty_token_file_is_named(radiant: Program, folder: Path) -> None:
    folder.mkdir()
    (folder / "admin-token").touch()
    code, _, err = radiant("db", "migrate")
    assert code == 1
    assert err == f"radiant: The token file {folder}/admin-token is empty. Delete it, and a new one is made.\n"


# db


def test_db_status_and_migrate_bring_an_empty_database_up_to_date_once(
    radiant: Program, clean_environment: pytest.MonkeyPatch, empty_database_url: str, catalog: Catalog
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", empty_database_url)
    before = json.loads(radiant("db", "status", "--json").out)
    assert before["applied"] == []
    assert before["pending"][:3] == ["035_foundations", "036_unified_model_registry", "036a_seed_self_hosted_models"]
    done = json.loads(radiant("db", "migrate", "--json").out)
    assert [step for step in before["pending"] if step != "036a_seed_self_hosted_models"] == done["applied"]
    assert done["seeded"]["models_added"] == len(catalog.external) + 56
    assert radiant("db", "migrate").out == "Nothing to do.\n"
    after = json.loads(radiant("db", "status", "--json").out)
    assert (after["pending"], len(after["applied"])) == ([], len(before["pending"]) - 1)
    lines = radiant("db", "status").out.splitlines()
    assert lines[0].startswith(f"PostgreSQL {after['server_version'].split()[0]} at ")
    assert lines[-1] == "up to date"
    assert any(line.startswith("036a     seed_self_hosted_models") for line in lines)


def test_db_url_prints_the_address_that_is_set_and_stop_leaves_that_server_alone(
    radiant: Program, standing: str
) -> None:
    assert radiant("db", "url") == (0, f"{standing}\n", "")
    code, _, err = radiant("db", "stop")
    assert code == 1
    assert err == "radiant: The database of RADIANT_DATABASE_URL is not Radiant's to stop.\n"


# doctor


def test_doctor_finds_a_fresh_machine_fit_and_changes_nothing(radiant: Program, folder: Path) -> None:
    code, out, err = radiant("doctor")
    assert (code, err) == (0, "")
    assert all(line.startswith("ok  ") for line in out.splitlines() if not line.startswith("      "))
    findings = json.loads(radiant("doctor", "--json").out)
    assert [it["subject"] for it in findings] == [
        "Python",
        "catalog",
        "embedded PostgreSQL",
        "disk",
        "data folder",
        "admin token",
        "port",
    ]
    assert not folder.exists()


def test_doctor_says_what_is_pending_and_what_to_do(
    radiant: Program, clean_environment: pytest.MonkeyPatch, empty_database_url: str
) -> None:
    clean_environment.setenv("DATABASE_URL", empty_database_url)
    code, out, _ = radiant("doctor")
    assert code == 1
    assert "FAIL  schema: pending: 035_foundations, " in out
    assert "      Run `radiant db migrate`, or `radiant up`." in out


def test_doctor_names_a_broken_catalog_an_open_token_and_a_database_that_is_away(
    radiant: Program, clean_environment: pytest.MonkeyPatch, folder: Path, tmp_path: Path
) -> None:
    folder.mkdir()
    (folder / "admin-token").write_text("radiant_x")
    (folder / "admin-token").chmod(0o644)
    clean_environment.setenv("RADIANT_CATALOG", str(tmp_path / "nowhere"))
    clean_environment.setenv("DATABASE_URL", "postgresql://ada:secret@127.0.0.1:1/x")
    code, out, _ = radiant("doctor", "--json")
    assert code == 1
    findings = {it["subject"]: it for it in json.loads(out)}
    assert [subject for subject, it in findings.items() if not it["ok"]] == ["catalog", "schema", "admin token"]
    assert findings["catalog"]["state"] == f"{tmp_path}/nowhere: is not a folder; RADIANT_CATALOG names a folder"
    assert "PostgreSQL at 127.0.0.1:1, database x does not answer" in findings["schema"]["state"]
    assert findings["admin token"]["advice"] == f"chmod 600 {folder}/admin-token"
    assert "secret" not in out


# What cannot be


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ada:secret@127.0.0.1:1/x",
         "PostgreSQL at 127.0.0.1:1, database x does not answer: Connection refused. "
         "Is it running, and is RADIANT_DATABASE_URL right?"),
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


def test_the_version_is_told(radiant: Program) -> None:
    assert radiant("--version") == (0, "0.1.0\n", "")
