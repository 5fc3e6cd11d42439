"""The container, as far as it can be checked without building it: no image is pulled or run here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from radiant.cli.program import whole

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/container"

CONTAINERFILE = (FOLDER / "Containerfile").read_text("utf-8")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))["services"])


def last_stage() -> str:
    return CONTAINERFILE.split("\nFROM ")[-1]


def test_it_runs_as_nobody_and_ends_as_it_is_told() -> None:
    (user,) = re.findall(r"^USER (\d+):(\d+)$", last_stage(), re.MULTILINE)
    assert int(user[0]) > 1000 and int(user[1]) > 1000
    assert "\nSTOPSIGNAL SIGTERM\n" in last_stage() and "\nHEALTHCHECK " in last_stage()


def test_what_is_copied_is_there() -> None:
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE):
        assert [it for it in sources.split() if not (ROOT / it).exists()] == []


def test_commands_of_the_image_and_of_the_services_are_commands_of_ours(services: dict[str, Any]) -> None:
    (command,) = re.findall(r"^CMD (\[.*\])$", last_stage(), re.MULTILINE)
    given = [json.loads(command), *(it["command"] for name, it in services.items() if name != "database")]
    known: Any = whole()
    for words in given:
        group = known
        for word in words:
            if word.startswith("-"):
                break
            assert word in group.commands, words
            group = group.commands[word]
            if not hasattr(group, "commands"):
                break


def test_services_of_ours_write_nowhere_and_have_no_rights(services: dict[str, Any]) -> None:
    for name in ("migrate", "api", "worker"):
        it = services[name]
        assert it["read_only"] is True and it["tmpfs"] == ["/tmp"] and it["cap_drop"] == ["ALL"]  # noqa: S108
        assert it["security_opt"] == ["no-new-privileges:true"]
    assert "RADIANT_HOME=/tmp/radiant" in last_stage(), "what is written all the same"
    assert services["api"]["ports"] == ["127.0.0.1:8420:8420"], "for this machine only"


def test_migration_is_done_before_anything_runs(services: dict[str, Any]) -> None:
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in ("api", "worker"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_no_secret_stands_in_the_files_and_each_has_to_be_given(services: dict[str, Any]) -> None:
    told = services["api"]["environment"]
    for name in ("RADIANT_ADMIN_TOKEN", "RADIANT_READER_TOKEN"):
        assert told[name] == f"${{{name}:?set {name}}}"
    assert "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}" in told["RADIANT_DATABASE_URL"]
