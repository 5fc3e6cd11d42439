"""`radiant sources`, and from an enabled public catalog to a model that is chosen, without typing a fact."""

import json
from typing import Any

import pytest

from tests.faces.conftest import Program, Simulate

KNOWN = {"provider": "acme", "context_window": 64_000, "max_output": 8_000}

SCRIPT = {
    "providers": [{"id": "acme", "models": ["acme-1", "acme-1-latest", "acme-2", "acme-3"]}],
    "catalogs": [
        {
            "id": "litellm",
            "models": [
                {**KNOWN, "id": "acme-1", "input_per_mtok": 0.001, "output_per_mtok": 0.002},
                {**KNOWN, "id": "acme-2"},
            ],
        },
        {"id": "models.dev", "models": [{**KNOWN, "id": "acme-1", "display_name": "Acme One"}]},
    ],
}


@pytest.fixture
def root(simulate: Simulate) -> str:
    """Where `radiant simulate` plays."""
    url, said = simulate(SCRIPT)
    assert f"radiant sources enable litellm --url {url}/catalogs/litellm" in said
    return url


@pytest.fixture
def own(clean_environment: pytest.MonkeyPatch, database_url: str) -> str:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    clean_environment.setenv("RADIANT_ALLOW_PRIVATE_NETWORKS", "1")
    clean_environment.setenv("ACME_API_KEY", "simulated-acme")
    return database_url


def from_json(radiant: Program, *arguments: str) -> Any:
    code, out, err = radiant(*arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_no_source_is_fetched_before_somebody_says_so(radiant: Program, own: str) -> None:
    listed = from_json(radiant, "sources", "list")
    assert [(it["id"], it["enabled"], it["fetched"], it["status"]) for it in listed] == [
        (id, False, False, "disabled") for id in ("genai-prices", "litellm", "models.dev", "openrouter")
    ]
    assert "None is fetched; `radiant sources enable all` begins." in radiant("sources", "list").out
    enabled = from_json(radiant, "sources", "enable", "all")
    assert {it["status"] for it in enabled} == {"not fetched yet"}
    disabled = radiant("sources", "disable", "all")
    assert (disabled.code, disabled.out.splitlines()[0]) == (0, "genai-prices is disabled.")
    assert {it["enabled"] for it in from_json(radiant, "sources", "list")} == {False}


def test_online_fetches_all_and_enables_none(radiant: Program, own: str, clean_environment: pytest.MonkeyPatch) -> None:
    clean_environment.setenv("RADIANT_ONLINE", "1")
    assert {(it["enabled"], it["fetched"]) for it in from_json(radiant, "sources", "list")} == {(False, True)}
    assert "RADIANT_ONLINE has it fetched here." in radiant("sources", "disable", "litellm").out
    clean_environment.setenv("RADIANT_ONLINE", "perhaps")
    answer = radiant("sources", "list")
    assert (answer.code, answer.err) == (1, "radiant: RADIANT_ONLINE is 'perhaps'; expected true or false.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("enable", "wikipedia"), 2, "expected one of: openrouter, genai-prices, litellm, models.dev, all"),
        (
            ("enable", "litellm", "--url", "ftp://x"),
            2,
            "--url: This cannot be the address of a catalog: it is no http(s) address",
        ),
        (("enable", "all", "--url", "https://x.example.com"), 2, "each catalog has an address of its own"),
    ],
)
def test_what_cannot_be_is_a_sentence(
    radiant: Program, own: str, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = radiant("sources", *arguments)
    assert (answer.code, said in answer.err, "Traceback" in answer.err) == (code, True, False)


def test_from_a_public_catalog_to_a_model_that_is_chosen(radiant: Program, own: str, root: str) -> None:
    for id in ("litellm", "models.dev"):
        assert radiant("sources", "enable", id, "--url", f"{root}/catalogs/{id}").code == 0
    arguments = ("--base-url", f"{root}/acme/v1", "--key-env", "ACME_API_KEY")
    assert radiant("providers", "add", "acme", *arguments).code == 0
    dry = from_json(radiant, "sync", "models", "--dry-run", "-p", "acme")
    assert [(it["source"], it["outcome"]) for it in dry["sources"]] == [
        ("litellm", "imported"), ("models.dev", "imported"),
    ]  # fmt: skip
    assert {it["status"] for it in from_json(radiant, "sources", "list") if it["enabled"]} == {"not fetched yet"}

    code, out, err = radiant("sync", "models", "-p", "acme")
    assert code == 0, err
    assert "litellm: 2 entries; facts: " in out
    assert {it["status"] for it in from_json(radiant, "sources", "list") if it["enabled"]} == {"fetched"}

    waiting = {it["model_id"]: it for it in from_json(radiant, "review", "list", "-p", "acme")}
    assert {id: it["missing"] for id, it in waiting.items()} == {
        "acme-1": [],
        "acme-2": ["price"],
        "acme-3": ["task", "modalities", "price"],
    }
    code, out, err = radiant("review", "approve", "acme")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "acme/acme-1 is approved; with it its other names: acme-1-latest.",
        "acme/acme-2 is approved; not known: price.",
        "acme/acme-3 is approved; not known: task, modalities, price.",
    ]
    (model,) = from_json(radiant, "model", "show", "acme-1-latest")
    assert (model["model_id"], model["display_name"], model["context_window"]) == ("acme-1", "Acme One", 64_000)
    chosen = from_json(radiant, "select", "chat", "--only-provider", "acme")
    assert chosen["choices"][0]["model_id"] == "acme-1"
    without = radiant("select", "chat", "--only-provider", "acme", "--exclude", "acme-1-latest", "--json")
    assert [it["model_id"] for it in json.loads(without.out)["choices"]] == ["acme-2"]

    again = from_json(radiant, "sync", "models", "-p", "acme")
    assert [it["outcome"] for it in again["sources"]] == ["unchanged", "unchanged"]
    assert [(it["new"], it["changed"]) for it in again["providers"]] == [(0, 0)]


def test_doctor_says_who_is_called_and_which_default_goes(
    radiant: Program, own: str, query: Any, clean_environment: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        clean_environment.delenv(name, raising=False)
    query(own, "UPDATE models SET retires = current_date + 40 WHERE litellm_id = 'openai/gpt-6-luna'")
    found = {it["subject"]: it for it in from_json_of_doctor(radiant)}
    assert found["calls"]["state"] == (
        "nobody: no provider has a key here, no public catalog is enabled; to begin, set a key such as OPENAI_API_KEY"
        " or `radiant sources enable all`"
    )
    assert "gpt-6-luna for chat and completion: openai/gpt-6-luna retires on " in found["default models"]["state"]
    assert "(in 40 days), gpt-6.1-terra follows it" in found["default models"]["state"]


def from_json_of_doctor(radiant: Program) -> Any:
    return json.loads(radiant("doctor", "--json").out)
