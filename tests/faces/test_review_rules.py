"""Rules that approve discovered models at once: by command and over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.faces.conftest import Program
from tests.faces.served import problem, reading

RULES = "/api/v2/admin/review/rules"

TERMS = {"provider_id": "openai", "pattern": "gpt-*", "task": "chat", "most_input_per_mtok": "5.25"}

#: A model in review, and what a public catalog says of it.
WAITING = """
INSERT INTO discovered_models (provider_id, model_id, status, family, proposed)
VALUES ('openai', 'gpt-99', 'pending', 'gpt-99', '{"task": "chat", "price.input_per_mtok": 5}')
"""
SAID = """
INSERT INTO facts (source, entry, field, value, provider_id, model_id)
SELECT 'litellm', 'gpt-99', f.key, f.value, 'openai', 'gpt-99' FROM jsonb_each(
    '{"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "price.input_per_mtok": 5}') f
"""


@pytest.fixture
def waiting(database_url: str, query: Callable[..., list[Any]]) -> str:
    query(database_url, WAITING)
    query(database_url, SAID)
    return database_url


@pytest.mark.usefixtures("waiting")
async def test_a_rule_is_tried_added_shown_and_removed(client_of_own: httpx.AsyncClient) -> None:
    client = client_of_own
    assert [it["id"] for it in (await client.post(f"{RULES}/preview", json=TERMS)).json()] == ["openai/gpt-99"]
    dearer = {**TERMS, "most_input_per_mtok": 4.99}
    assert (await client.post(f"{RULES}/preview", json=dearer)).json() == []
    assert (await client.get(RULES)).json() == [], "a preview writes nothing"
    added = await client.post(RULES, json=TERMS)
    rule = added.json()
    assert added.status_code == 201
    assert added.headers["location"] == f"{RULES}/{rule['id']}"
    assert {name: rule[name] for name in TERMS} == TERMS
    assert (rule["enabled"], rule["created_by"], rule["approved"]) == (True, "api", 0)
    assert (await client.get(added.headers["location"])).json() == rule
    assert (await client.get(RULES)).json() == [rule]
    assert (await client.delete(added.headers["location"])).json() == rule
    gone = problem(await client.delete(added.headers["location"]), 404, "review-rule-not-found")
    assert gone["known"] == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "name"),
    [
        ("POST", "", {}, 400, "body-invalid"),
        ("POST", "", {"pattern": 1}, 400, "body-invalid"),
        ("POST", "", {"pattern": ""}, 422, "rule-invalid"),
        ("POST", "", {"pattern": "a" * 601}, 422, "rule-invalid"),
        ("POST", "", {"pattern": "a\0b"}, 422, "rule-invalid"),
        ("POST", "/preview", {"pattern": "a" * 601}, 422, "rule-invalid"),
        ("POST", "", {"pattern": "*", "provider_id": "nosuch"}, 404, "provider-not-found"),
        ("POST", "", {"pattern": "*", "task": "juggling"}, 400, "body-invalid"),
        ("POST", "", {"pattern": "*", "most_input_per_mtok": "cheap"}, 400, "body-invalid"),
        ("POST", "", {"pattern": "*", "most_input_per_mtok": -1}, 422, "rule-invalid"),
        ("POST", "", {"pattern": "*", "most_output_per_mtok": "NaN"}, 422, "rule-invalid"),
        ("POST", "", {"pattern": "*", "most_output_per_mtok": 1e300}, 422, "rule-invalid"),
        ("POST", "", {"pattern": "*", "enabled": False}, 400, "body-invalid"),
        ("POST", "/preview", {"pattern": "*", "provider_id": "nosuch"}, 404, "provider-not-found"),
        ("GET", "/preview", None, 405, "method-not-allowed"),
        ("GET", "/9", None, 404, "review-rule-not-found"),
        ("DELETE", "/99999999999999999999", None, 400, "parameter-invalid"),
        ("GET", "/x", None, 404, "address-unknown"),
        ("GET", "?all=1", None, 400, "parameter-invalid"),
        ("PUT", "", {}, 405, "method-not-allowed"),
    ],
)
async def test_what_cannot_be_is_a_problem_of_its_kind(
    client: httpx.AsyncClient, method: str, path: str, body: Any, status: int, name: str
) -> None:
    problem(await client.request(method, f"{RULES}{path}", json=body), status, name)
    assert (await client.get(RULES)).json() == []


async def test_only_an_administrator_may(standing_url: str, tmp_path: Any) -> None:
    async with reading(standing_url, tmp_path) as reader:
        for method, path in (("GET", ""), ("POST", ""), ("POST", "/preview"), ("DELETE", "/1")):
            problem(await reader.request(method, f"{RULES}{path}", json=TERMS), 403, "admin-needed")
        reader.headers.pop("authorization")
        problem(await reader.get(RULES), 401, "token-needed")


def test_the_commands_do_the_same(radiant: Program, clean_environment: pytest.MonkeyPatch, waiting: str) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", waiting)
    assert radiant("review", "rules", "list").out == "There are no rules: every discovered model waits for a person.\n"
    terms = ("gpt-*", "--provider", "openai", "--task", "chat", "--max-input", "5.25")
    code, out, err = radiant("review", "rules", "add", *terms, "--dry-run")
    assert (code, err) == (0, "")
    assert "openai/gpt-99" in out
    assert out.endswith("The rule would approve 1 model of those that wait now. Nothing was written.\n")
    assert json.loads(radiant("review", "rules", "list", "--json").out) == []
    added = radiant("review", "rules", "add", *terms)
    said = "approves provider openai, pattern gpt-*, task chat, input up to USD 5.25, from the next list on.\n"
    assert (added.code, said in added.out) == (0, True)
    (rule,) = json.loads(radiant("review", "rules", "list", "--json").out)
    assert {name: rule[name] for name in TERMS} == TERMS
    assert "gpt-*" in radiant("review", "rules", "list").out
    assert radiant("review", "rules", "remove", str(rule["id"])).code == 0
    gone = radiant("review", "rules", "remove", str(rule["id"]))
    assert (gone.code, gone.err) == (1, f"radiant: No review rule {rule['id']}; there is none yet.\n")


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("*", "--task", "juggling"), 2, "expected one of: chat"),
        (("*", "--provider", "nosuch"), 1, "No provider 'nosuch'"),
        (("*", "--max-input", "cheap"), 2, "is no amount of US dollars"),
        (
            ("*", "--max-output", "-1"),
            2,
            "--max-output: A ceiling is US dollars per million tokens, from 0 to 1,000,000",
        ),
        (("*", "--max-input", "NaN"), 2, "--max-input: A ceiling is US dollars"),
        (("",), 2, "PATTERN: The pattern of a rule has 1 to 600 characters, on one line."),
    ],
)
def test_what_cannot_be_is_a_sentence(radiant: Program, arguments: tuple[str, ...], code: int, said: str) -> None:
    told = radiant("review", "rules", "add", *arguments)
    assert (told.code, said in told.err) == (code, True), told
