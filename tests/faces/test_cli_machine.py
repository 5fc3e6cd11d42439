"""`radiant token`, `db` and `doctor`: what a machine has."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radiant.catalog.load import Catalog
from radiant.domain.errors import RadiantError
from radiant.installation.doctor import examine
from radiant.settings import Settings
from tests.faces.conftest import Program

Value = Callable[[str, str], Any]


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
    (folder / "reader-token").unlink()
    assert radiant("db", "migrate").out == f"new reader token in {folder}/reader-token\n"
    assert radiant("token", "--reader").out not in (out, reader)


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
    assert any(line.split()[:2] == ["036a", "seed_self_hosted_models"] for line in lines)


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
        "settings",
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


def test_doctor_says_whether_anybody_does_the_work_and_what_waits(
    radiant: Program, clean_environment: pytest.MonkeyPatch, database_url: str
) -> None:
    clean_environment.setenv("DATABASE_URL", database_url)
    code, out, _ = radiant("doctor")
    assert (code, "ok    worker: none is running; nothing is done by the clock\n" in out) == (0, True)
    assert "ok    queue: nothing waits; 0 jobs run\n" in out
    assert "ok    last runs: full never, models never, health never, pricing never, thermal never\n" in out
    radiant("schedules", "run", "full")
    code, out, _ = radiant("doctor")
    assert code == 1
    assert "FAIL  worker: none is running; nothing is done by the clock\n" in out
    assert "      `radiant up` or `radiant worker` starts one.\n" in out
    assert "ok    queue: 1 job waits, the oldest for " in out


def test_doctor_knows_a_token_that_the_environment_gives(
    radiant: Program, clean_environment: pytest.MonkeyPatch, folder: Path
) -> None:
    clean_environment.setenv("RADIANT_ADMIN_TOKEN", "radiant_0123456789abcdef0123456789abcdef")
    out = radiant("doctor").out
    assert "ok    admin token: given by RADIANT_ADMIN_TOKEN\n" in out


async def test_doctor_counts_the_keys_of_a_secret_and_says_where_they_cannot_be_read(
    database_url: str, tmp_path: Path
) -> None:
    async def with_keys() -> dict[str, str]:
        return {"ANTHROPIC_API_KEY": "k"}

    async def without() -> dict[str, str]:
        raise RadiantError("The secret keys cannot be read: it does not exist.")

    settings = Settings(home=tmp_path, database_url=database_url, port=0)
    found = {it.subject: it.state for it in await examine(settings, with_keys)}
    assert "anthropic" in found["calls"]
    found = {it.subject: it.state for it in await examine(settings, without)}
    assert found["calls"] == "not known: The secret keys cannot be read: it does not exist."


@pytest.mark.parametrize(
    "arguments",
    [("select", "\udcff"), ("models", "--provider", "\udcff"), ("catalog", "import", "litellm", "--url", "\udcff")],
)
def test_what_is_typed_and_is_no_text_is_a_sentence(radiant: Program, arguments: tuple[str, ...]) -> None:
    """Bytes that are no UTF-8 reach a program as halves of characters, with which nothing can be done."""
    assert radiant(*arguments) == (2, "", "radiant: '\\udcff' is not UTF-8; type it as text.\n")
