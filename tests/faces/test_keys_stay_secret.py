"""The keys of a whole run are in no table, dump, log, event, error, address and output."""

import json
import signal
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from radiant.embedded.programs import installed_programs
from tests.faces.conftest import Child, Program, Simulate
from tests.waiting import appeared

#: Part of every key, in whatever header it goes.
MARK = "k3yM4rk7"
WRONG = f"sk-wrong-{MARK}"

#: Bearer, two headers of their own, and a signature.
KEYS = {
    "OPENAI_API_KEY": f"sk-openai-{MARK}",
    "ANTHROPIC_API_KEY": f"sk-ant-{MARK}",
    "GEMINI_API_KEY": f"AIza{MARK}",
    "GROQ_API_KEY": f"gsk-{MARK}",
    "MISTRAL_API_KEY": f"mistral-{MARK}",
    "AWS_ACCESS_KEY_ID": f"AKIA{MARK}",
    "AWS_SECRET_ACCESS_KEY": f"secret/{MARK}",
    "AWS_SESSION_TOKEN": f"token-{MARK}",
}
PLAYED: dict[str, tuple[str, dict[str, Any]]] = {
    "openai": ("OPENAI_API_KEY", {}),
    "anthropic": ("ANTHROPIC_API_KEY", {"page_size": 2}),
    "google": ("GEMINI_API_KEY", {"page_size": 2}),
    "bedrock": ("AWS_ACCESS_KEY_ID", {}),
    "groq": ("GROQ_API_KEY", {"behavior": "redirect"}),
    "mistral": ("MISTRAL_API_KEY", {"behavior": "broken"}),
}

#: Base URLs below that of the simulation.
ROOTS = {
    "openai": "openai/v1",
    "anthropic": "anthropic",
    "google": "google",
    "bedrock": "bedrock",
    "groq": "groq/openai/v1",
    "mistral": "mistral/v1",
}

PRINTED = (
    ("providers", "list", "--json"),
    ("providers", "show", "openai", "--json"),
    ("review", "list", "--json"),
    ("events", "list", "--json"),
    ("events", "sinks", "--json"),
    ("schedules", "list", "--json"),
    ("models", "--json"),
    ("doctor",),
)

TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm', 'v') AND n.nspname IN ('public', 'jobs')
"""


@pytest.fixture
def played(simulate: Simulate) -> str:
    """Where `radiant simulate` plays."""
    return simulate(
        {"providers": [{"id": id, "count": 5, "key": KEYS[name], **how} for id, (name, how) in PLAYED.items()]}
    )[0]


def test_the_keys_of_a_whole_run_are_nowhere(
    clean_environment: pytest.MonkeyPatch,
    radiant: Program,
    start: Child,
    played: str,
    database_url: str,
    query: Callable[..., list[dict[str, Any]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name, value in {
        **KEYS,
        "RADIANT_DATABASE_URL": database_url,
        "RADIANT_ALLOW_PRIVATE_NETWORKS": "1",
        "RADIANT_ABSENCE_INTERVAL": "0",
    }.items():
        clean_environment.setenv(name, value)
    for id, root in ROOTS.items():
        query(database_url, "UPDATE providers SET api_base_url = %s WHERE id = %s", f"{played}/{root}", id)
    said = [radiant("events", "sink", "add", "log", "--json")]

    reports = [radiant("sync", "full", "--json")]
    found = {it["provider_id"]: it for it in json.loads(reports[0].out)["providers"] if it["skipped"] is None}
    assert found.keys() == PLAYED.keys()
    assert {id for id, it in found.items() if it["errors"]} == {"groq", "mistral"}, "keys were used, and accepted"

    # A key in the query of an address, where some clients put it.
    root = f"{played}/openai/v1"
    add = ("providers", "add", "acme", "--name", "Acme", "--base-url")
    refused = radiant(*add, f"{root}?key={WRONG}", "--key-env", "X_API_KEY")
    named = radiant(*add, root, "--key-env", WRONG)
    assert (refused.code != 0, named.code != 0) == (True, True)

    child = start("worker")
    assert child.stdout is not None and child.stdout.readline()
    said.append(radiant("schedules", "run", "full"))
    ran = "SELECT id FROM registry_sync_log WHERE worker LIKE %s AND status = 'completed'"
    appeared(lambda: query(database_url, ran, f"%:{child.pid}"))
    child.send_signal(signal.SIGTERM)
    worked = child.communicate(timeout=60)

    for name in KEYS:
        clean_environment.setenv(name, WRONG)
    reports.append(radiant("sync", "full", "--json"))
    errors = json.loads(reports[1].out)["errors"]
    assert sum("does not accept the key" in error for error in errors) >= 4

    said += [radiant(*command) for command in PRINTED]
    outputs = [*map(str, (*reports, *said)), *worked, caplog.text]
    assert [text for text in outputs if MARK in text] == []
    assert MARK not in refused.out + named.out
    for table in query(database_url, TABLES):
        assert query(database_url, f"SELECT t FROM {table['name']} t WHERE to_jsonb(t)::text ~ '{MARK}'") == [], table
    assert MARK not in dumped(database_url)


def dumped(url: str) -> str:
    programs = installed_programs()
    assert programs is not None
    done = subprocess.run([programs / "pg_dump", url], capture_output=True, text=True, check=True)
    assert "COPY public.sync_results" in done.stdout
    return done.stdout
