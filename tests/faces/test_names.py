"""Names as people write them, over HTTP and on the command line: the shapes of public reports, each with its model."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from psycopg.rows import DictRow

from tests.faces.conftest import Program
from tests.faces.served import problem, reading

Query = Callable[..., list[DictRow]]

CHAT: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5}
HAIKU = ["anthropic/claude-haiku-5-5", "azure_ai/claude-haiku-5-5", "vertex_ai/claude-haiku-5-5"]

#: As they stand in the catalog that comes along.
NAMES = [
    ("claude-haiku-5-5", HAIKU),
    ("claude-haiku-5.5", HAIKU),
    ("Claude-Haiku-5-5", HAIKU),
    ("anthropic/claude-haiku-5.5", HAIKU[:1]),
    ("openrouter/anthropic/claude-haiku-5.5", HAIKU[:1]),
    ("vertex_ai/claude-haiku-5.5", HAIKU[2:]),
    ("vertex_ai/claude-haiku-5-5@20261001", HAIKU[2:]),
    ("azure/gpt-6-luna", ["azure_openai/gpt-6-luna"]),
    ("models/gemini-3.8-flash", ["google/gemini-3.8-flash"]),
    ("gemini/gemini-3.8-flash", ["google/gemini-3.8-flash"]),
    ("claude-haiku-4-5-20251001", ["anthropic/claude-haiku-4-5"]),
]


@pytest.fixture
async def client(standing_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with reading(standing_url, tmp_path, selecting=True) as it:
        yield it


def slugs(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(f"{it['provider_id']}/{it['model_id']}" for it in rows)


# Over HTTP


@pytest.mark.parametrize(("name", "meant"), NAMES)
async def test_facts_and_lists_find_a_model_however_it_is_written(
    client: httpx.AsyncClient, name: str, meant: list[str]
) -> None:
    facts = await client.get(f"/api/v2/models/{quote(name)}/facts")
    assert facts.status_code == 200 and slugs(facts.json()) == meant
    one = await client.get(f"/v1/models/{quote(name)}")
    if len(meant) == 1:
        assert one.json()["id"] == meant[0]
    else:
        error = one.json()["error"]
        assert (one.status_code, error["code"], error["param"]) == (409, "model_ambiguous", "model")
        assert all(slug in error["message"] for slug in meant)


async def test_a_name_that_nothing_bears_is_answered_with_the_nearest(client: httpx.AsyncClient) -> None:
    told = problem(await client.get("/api/v2/models/anthropic/claude-haiku-5.6/facts"), 404, "model-not-found")
    assert (
        told["close"][0] == "anthropic/claude-haiku-5-5" and "Did you mean anthropic/claude-haiku-5-5" in told["detail"]
    )
    error = (await client.get("/v1/models/gpt-4o-mni")).json()["error"]
    assert error["message"] == "No model 'gpt-4o-mni' in the registry. Did you mean gpt-4o-mini?"


async def test_a_name_of_several_models_is_told_with_all_of_them(
    database_url: str, tmp_path: Path, query: Query
) -> None:
    query(database_url, "UPDATE models SET aliases = '{our-best}' WHERE model_id IN ('gpt-5.5', 'claude-opus-5')")
    bearers = [f"{it['provider_id']}/{it['model_id']}" for it in query(
        database_url, "SELECT provider_id, model_id FROM models WHERE 'our-best' = ANY(aliases) ORDER BY 1, 2"
    )]  # fmt: skip
    async with reading(database_url, tmp_path, selecting=True) as client:
        told = problem(await client.get("/api/v2/models/our-best/facts"), 409, "model-ambiguous")
        assert told["candidates"] == bearers and len(bearers) == 2
        answer = await client.post("/api/v2/select", json=CHAT | {"exclude": ["our-best"], "profile": "best"})
        assert answer.json()["choice"]["unmatched_exclusions"] == []


@pytest.mark.parametrize(("name", "meant"), NAMES)
async def test_an_exclusion_is_understood_however_it_is_written(
    client: httpx.AsyncClient, name: str, meant: list[str]
) -> None:
    asked = CHAT | {"exclude": [name]}
    answer = (await client.post("/api/v2/select", params={"explain": "true"}, json=asked)).json()
    assert answer["choice"]["unmatched_exclusions"] == []
    (group,) = [it for it in answer["explanation"]["refused"] if it["criterion"] == "exclude"]
    assert slugs(group["models"]) == meant


async def test_an_exclusion_of_nothing_is_reported(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v2/select", json=CHAT | {"exclude": ["claude-haiku-5.6", "nosuch"]})
    told = answer.json()["choice"]["unmatched_exclusions"]
    assert [it["name"] for it in told] == ["claude-haiku-5.6", "nosuch"]
    assert told[0]["nearest"][0] == "claude-haiku-5-5" and told[1]["nearest"] == []


@pytest.mark.parametrize(
    ("demand", "field", "close"),
    [
        ({"only_providers": ["OpenAi2"]}, "only_providers", "openai"),
        ({"prefer_providers": ["antropic"]}, "prefer_providers", "anthropic"),
        ({"required_capabilities": ["visoin"]}, "required_capabilities", "vision"),
        ({"task": "chta"}, "task", "chat"),
        ({"profile": "cheepest"}, "profile", "cheapest"),
    ],
)
async def test_what_is_misspelt_is_refused_with_the_nearest(
    client: httpx.AsyncClient, demand: dict[str, Any], field: str, close: str
) -> None:
    told = problem(await client.post("/api/v2/select", json=CHAT | demand), 400, "criteria-invalid")
    assert (told["field"], told["close"][0]) == (field, close) and f"did you mean {close}" in told["detail"]
    batch = await client.post("/api/v2/select/batch", json={"requests": [CHAT | demand]})
    assert batch.json()["results"][0]["problem"]["close"][0] == close


# On the command line


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(("name", "meant"), NAMES)
def test_commands_find_a_model_however_it_is_written(radiant: Program, name: str, meant: list[str]) -> None:
    assert slugs(json.loads(radiant("model", "show", name, "--json").out)) == meant
    assert slugs([it["model"] for it in json.loads(radiant("model", "show", name, "--sources", "--json").out)]) == meant


@pytest.mark.usefixtures("standing")
def test_select_understands_what_it_is_given(radiant: Program) -> None:
    usual = ("select", "chat", "--json", "-n", "100")
    (only,) = {it["provider_id"] for it in json.loads(radiant(*usual, "--only-provider", "OpenAI").out)["choices"]}
    assert only == "openai"
    tools, calling = (radiant(*usual, "--capability", it).out for it in ("tools", "function_calling"))
    assert slugs(json.loads(tools)["choices"]) == slugs(json.loads(calling)["choices"]) != []
    for name, meant in NAMES:
        found = slugs(json.loads(radiant(*usual, "--exclude", name).out)["choices"])
        assert found and not set(meant) & set(found)


@pytest.mark.usefixtures("standing")
def test_select_tells_an_exclusion_of_nothing_in_a_line(radiant: Program) -> None:
    code, out, _ = radiant("select", "chat", "--exclude", "claude-haiku-5.6")
    assert code == 0 and "--exclude: no model is called claude-haiku-5.6; the nearest is claude-haiku-5-5" in out


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("select", "chat", "-p", "OpenAi2"), "--provider: unknown provider 'OpenAi2'; did you mean openai?"),
        (("select", "chat", "-c", "visoin"), "--capability: unknown capability 'visoin'; did you mean vision?"),
        (("select", "chta"), "TASK: unknown value 'chta'; did you mean chat? Expected: chat, "),
        (("models", "-p", "OpenAi2"), "--provider 'OpenAi2' is unknown; did you mean openai?\n"),
        (("models", "-t", "chta"), "--task 'chta' is unknown; did you mean chat? Expected one of: "),
        (("catalog", "conflicts", "-p", "OpenAi2"), "--provider 'OpenAi2' is unknown; did you mean openai?\n"),
        (("sync", "helth"), "KIND 'helth' is unknown; did you mean health? Expected one of: full, models, health, "),
        (("sync", "x"), "KIND 'x' is unknown; expected one of: full, models, health, thermal, pricing.\n"),
        (("schedules", "set", "ful", "@daily"), "KIND 'ful' is unknown; did you mean full? Expected one of: "),
        (("schedules", "run", "prices"), "KIND 'prices' is unknown; did you mean pricing? Expected one of: "),
        (("sources", "enable", "litelm"), "SOURCE 'litelm' is unknown; did you mean litellm? Expected one of: "),
        (("review", "list", "--status", "aproved"), "--status 'aproved' is unknown; did you mean approved? Expected "),
        (("review", "rules", "add", "*", "-t", "chta"), "--task 'chta' is unknown; did you mean chat? Expected one "),
        (
            ("events", "sink", "add", "ops", "--kind", "log", "--type", "radiant.model.aproved"),
            "--type 'radiant.model.aproved' is unknown; did you mean radiant.model.approved",
        ),
    ],
)
def test_what_is_misspelt_is_wrong_usage(radiant: Program, arguments: tuple[str, ...], told: str) -> None:
    code, out, err = radiant(*arguments)
    assert (code, out) == (2, "") and err.startswith(f"radiant: {told}")


@pytest.mark.usefixtures("standing")
def test_lists_understand_providers_and_capabilities(radiant: Program) -> None:
    for written, ours in (
        (("-p", "OpenAI"), ("-p", "openai")),
        (("--capability", "tools"), ("--capability", "function_calling")),
    ):
        assert radiant("models", "--json", *written).out == radiant("models", "--json", *ours).out != "[]\n"


def test_decisions_are_found_by_the_name_of_a_model(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch, query: Query
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    query(database_url, "UPDATE models SET display_name = 'Mine' WHERE model_id = 'gpt-4o-mini'")
    query(database_url, "DELETE FROM models WHERE model_id = 'claude-haiku-4-5'")
    for name in ("GPT-4o-mini", "openai/gpt-4o-mini", "gpt-4o-mini-2024-07-18", "model:openai/gpt-4o-mini"):
        (found,) = json.loads(radiant("overrides", "list", name, "--json").out)
        assert (found["subject"], found["field"]) == ("model:openai/gpt-4o-mini", "display_name")
    (gone,) = json.loads(radiant("overrides", "list", "Claude-Haiku-4.5", "--json").out)
    assert gone["subject"] == "model:anthropic/claude-haiku-4-5"
    code, _, err = radiant("overrides", "list", "gpt-4o-mni")
    assert code == 1 and "Did you mean gpt-4o-mini?" in err
    assert "handed back" in radiant("overrides", "drop", "anthropic/claude-haiku-4.5").out
    assert "handed back" in radiant("overrides", "drop", "openai/GPT-4o-mini", "display_name").out
    assert json.loads(radiant("overrides", "list", "--json").out) == []


async def test_aliases_given_by_hand_are_known_at_once(database_url: str, tmp_path: Path, query: Query) -> None:
    async with reading(database_url, tmp_path, selecting=True) as client:
        asked = CHAT | {"exclude": ["our-favorite"]}
        before = (await client.post("/api/v2/select", json=asked)).json()["choice"]
        assert [it["name"] for it in before["unmatched_exclusions"]] == ["our-favorite"]
        query(database_url, "UPDATE models SET aliases = '{our-favorite}' WHERE model_id = %s", before["model_id"])
        after = before
        async with asyncio.timeout(10):
            while after["model_id"] == before["model_id"]:
                await asyncio.sleep(0.05)
                after = (await client.post("/api/v2/select", json=asked)).json()["choice"]
        assert after["unmatched_exclusions"] == []
