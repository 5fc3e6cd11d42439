"""`radiant sync`, `review`, `providers` and `model show --lifecycle`, against fake providers over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.faces.conftest import Program, Simulate

MODELS = [{"id": f"acme-{n}"} for n in "abcdefghij"]

SCRIPT = {
    "providers": [
        {
            "id": "acme",
            "models": [*MODELS, {"id": "acme-new"}, {"id": "acme-new-2026-11-01"}],
            "changes": [{"lists": 2, "remove": ["acme-a"]}, {"lists": 5, "add": ["acme-a"]}],
        }
    ]
}


@pytest.fixture
def root(simulate: Simulate) -> str:
    """Where `radiant simulate` plays."""
    return f"{simulate(SCRIPT)[0]}/acme/v1"


@pytest.fixture
def own(clean_environment: pytest.MonkeyPatch, database_url: str) -> str:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    clean_environment.setenv("RADIANT_ALLOW_PRIVATE_NETWORKS", "1")
    clean_environment.setenv("RADIANT_ABSENCE_INTERVAL", "0")
    clean_environment.setenv("ACME_API_KEY", "simulated-acme")
    return database_url


def test_from_a_new_provider_to_a_deprecation_with_evidence(
    radiant: Program, own: str, root: str, query: Callable[..., list[Any]]
) -> None:
    code, out, err = radiant(
        "providers", "add", "acme", "--name", "Acme", "--base-url", root, "--key-env", "ACME_API_KEY", "--json"
    )
    assert (code, err) == (0, "")
    state = json.loads(out)
    assert {key: state[key] for key in ("id", "api_base_url", "key_variables", "key_env", "has_key", "enabled")} == {
        "id": "acme",
        "api_base_url": root,
        "key_variables": ["ACME_API_KEY"],
        "key_env": "ACME_API_KEY",
        "has_key": True,
        "enabled": True,
    }
    code, out, err = radiant("sync", "models", "--provider", "acme")
    assert code == 0, err
    assert "acme: asking" in err
    assert "What is new waits for review: `radiant review list`." in out

    waiting = json.loads(radiant("review", "list", "--provider", "acme", "--json").out)
    assert len(waiting) == 11
    (new,) = [it for it in waiting if it["id"] == "acme/acme-new"]
    assert new["members"] == [{"id": "acme/acme-new-2026-11-01", "kind": "snapshot"}]
    assert new["missing"] == ["task", "modalities", "price"]
    assert json.loads(radiant("models", "--provider", "acme", "--json").out or "[]") == []

    assert radiant("review", "reject", "acme/acme-new", "--reason", "not ours").code == 0
    query(
        own,
        "INSERT INTO facts (source, entry, field, value, provider_id, model_id) VALUES"
        " ('litellm', 'x', 'context_window', '\"wide\"', 'acme', 'acme-new')",
    )
    held = radiant("review", "approve", "acme/acme-new")
    assert held.code == 1
    assert held.out.startswith("acme/acme-new stays rejected: it cannot be a model of the registry: context_window: ")
    code, out, err = radiant("review", "approve", "acme/*")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "acme/acme-a is approved; not known: task, modalities, price."
    served = json.loads(radiant("models", "--provider", "acme", "--json").out)
    assert {it["model_id"] for it in served} == {it["id"] for it in MODELS}

    deprecated = [json.loads(radiant("sync", "models", "--json").out)["providers"] for _ in range(4)]
    counts = [next(it["deprecated"] for it in run if it["provider_id"] == "acme") for run in deprecated]
    assert counts == [0, 0, 0, 1]
    (life,) = json.loads(radiant("model", "show", "acme/acme-a", "--lifecycle", "--json").out)
    told = [it["what"] for it in life["evidence"]]
    assert told[-4:] == ["deprecated", "absent", "absent", "absent"]
    assert radiant("sync", "models", "--provider", "acme").code == 0
    (life,) = json.loads(radiant("model", "show", "acme/acme-a", "--lifecycle", "--json").out)
    assert (life["deprecated"], life["evidence"][0]["what"]) == (False, "restored")

    rejected = json.loads(radiant("review", "list", "--status", "rejected", "--json").out)
    assert [(it["id"], it["reason"]) for it in rejected] == [("acme/acme-new", "not ours")]
    assert radiant("review", "reopen", "acme/acme-b").code == 0
    assert radiant("model", "show", "acme/acme-b").code == 1, "what is in review is not served"
    assert "acme" in radiant("providers", "list").out


def test_providers_are_set_by_hand_and_said_to_be_skipped(radiant: Program, own: str) -> None:
    listed = {it["id"]: it for it in json.loads(radiant("providers", "list", "--json").out)}
    assert listed["voyage"]["status"] == "skipped: it documents no list of models"
    assert listed["voyage"]["lists_models"] is False
    assert "self_hosted" not in listed
    changed = json.loads(radiant("providers", "set", "openrouter", "--enable", "--json").out)
    assert (changed["contact"], changed["status"]) == (True, "not asked yet")
    changed = json.loads(radiant("providers", "set", "openai", "--disable", "--key-env", "MY_KEY", "--json").out)
    assert (changed["enabled"], changed["key_variables"]) == (False, ["MY_KEY"])
    assert changed["status"] == "skipped: it is disabled"
    assert "provider:openai" in radiant("overrides", "list").out, "no seed takes it back"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("providers", "set", "openai", "--base-url", "ftp://x"),
            "--base-url: The base URL of a provider cannot be used: it is no http(s) address",
        ),
        (
            ("providers", "set", "openai", "--key-env", "sk-abc def"),
            "--key-env: What is expected is the name of an environment variable",
        ),
        (("providers", "add", "openai", "--base-url", "https://x.y/v1"), "providers has a row with id openai already"),
        (("providers", "show", "opena"), "Did you mean"),
        (("review", "approve", "nosuch/model"), "Nothing in review is meant by 'nosuch/model'."),
        (("review", "list", "--status", "open"), "expected one of: pending, approved, rejected, all"),
        (("sync", "everything"), "expected one of: full, models, health, thermal, pricing"),
        (("sync", "models", "--provider", "nosuch"), "No provider 'nosuch' in the registry."),
        (("sync", "models", "--provider", "self_hosted"), "self_hosted is your own hardware"),
        (("providers", "show", "self_hosted"), "self_hosted is your own hardware"),
        (("sync", "thermal", "-p", "openai"), "--provider 'openai' is unknown; expected one of: self_hosted."),
    ],
)
def test_what_cannot_be_is_a_sentence(radiant: Program, own: str, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = radiant(*arguments)
    assert code in (1, 2)
    assert said in err
    assert "sk-abc" not in err


def test_a_kind_without_work_says_so_and_a_run_in_the_way_is_3(
    radiant: Program, own: str, query: Callable[..., list[Any]]
) -> None:
    for only in ((), ("-p", "self_hosted")):
        code, out, _ = radiant("sync", "thermal", *only)
        assert (code, out) == (0, "thermal: there is no endpoint; `radiant endpoints add` makes one.\n")
    for arguments in (("full", "--dry-run"), ("health",)):
        code, out, _ = radiant("sync", *arguments)
        assert code == 0
        assert "Nobody was asked: a provider is contacted once it has a key here or is enabled by hand." in out
    query(own, "INSERT INTO registry_sync_log (sync_type, heartbeat_at) VALUES ('models', now())")
    code, _, err = radiant("sync", "models")
    assert (code, "going on already" in err) == (3, True)
