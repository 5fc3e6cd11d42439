"""What the sources say, shown: every claim about a model, and where they disagree."""

import asyncio
import base64
import datetime as dt
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from radiant.admin.catalogs import public_source
from radiant.registry.database import Database
from radiant.sync.importing import adopt, import_facts
from tests.conftest import create, drop, named
from tests.faces.conftest import Program
from tests.faces.served import reading

TODAY = dt.date(2026, 11, 23)

LITELLM: dict[str, dict[str, Any]] = {
    "gpt-4o-mini": {"input_cost_per_token": 3e-7, "output_cost_per_token": 6e-7, "max_input_tokens": 100_000},
    "acme/deep/m": {"litellm_provider": "acme", "input_cost_per_token": 1e-6, "max_output_tokens": 10},
    **{f"m{n}": {"input_cost_per_token": n * 1e-6} for n in range(1, 6)},
}
MODELS_DEV = {
    "acme": {"models": {"deep/m": {"name": "Deep M", "cost": {"input": 0}, "limit": {"output": 10}}}},
    "openai": {"models": {f"m{n}": {"cost": {"input": 10}, "limit": {"context": n}} for n in range(1, 6)}},
}


@pytest.fixture(scope="module")
def registry(server_url: str, template: str) -> Iterator[str]:
    """A registry in which two public catalogs were imported, one of them with its own models adopted."""
    name = f"radiant_test_{uuid.uuid4().hex[:12]}"
    create(server_url, name, template)
    asyncio.run(_fill(named(server_url, name)))
    yield named(server_url, name)
    drop(server_url, name)


async def _fill(url: str) -> None:
    entries = {key: {"litellm_provider": "openai", "mode": "chat", **entry} for key, entry in LITELLM.items()}
    database = await Database.open(url)
    for source, content in (("litellm", entries), ("models.dev", MODELS_DEV)):
        await import_facts(database, public_source(source), json.dumps(content).encode(), TODAY)
    await adopt(database, public_source("litellm"), ["acme"])
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE models SET max_output = 9 WHERE model_id = 'gpt-4o-mini' AND provider_id = 'openai'"
        )
        await connection.execute("UPDATE overrides SET reason = 'what we tested', set_by = 'ada'")
    await database.close()


@pytest.fixture
def at_registry(clean_environment: pytest.MonkeyPatch, registry: str) -> None:
    """RADIANT_DATABASE_URL is that registry."""
    clean_environment.setenv("RADIANT_DATABASE_URL", registry)


# On the command line


@pytest.mark.usefixtures("at_registry")
def test_model_show_sources_tells_every_claim_and_why(radiant: Program) -> None:
    code, out, err = radiant("model", "show", "openai/gpt-4o-mini", "--sources")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert (code, err, lines[:2]) == (0, "", ["GPT-4o mini (OpenAI)", "field value source seen why"])
    day = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
    read = "[pkg:pypi/litellm@1.106.2 (2026-11-23)]"
    assert claim(lines, "price.input_per_mtok") == [
        f"price.input_per_mtok holds 0.15 curated {day} curated, with its source {read}",
        f"0.3 litellm {day} curated speaks first, and says otherwise",
    ]
    assert claim(lines, "price.output_per_mtok") == [
        f"price.output_per_mtok holds 0.6 curated {day} curated, with its source {read}",
        f"0.6 litellm {day} agrees with curated",
    ]
    assert claim(lines, "max_output") == [
        f"max_output holds 9 administrator {day} set by ada: what we tested; an administrator's word comes first",
        f"16,384 curated {day} an administrator speaks first, and says otherwise {read}",
    ]
    assert claim(lines, "max_input") == [
        f"max_input holds 100,000 litellm {day} nobody nearer says it; public catalogs in the order openrouter, "
        "models.dev, litellm, genai-prices",
    ]


def claim(lines: list[str], field: str) -> list[str]:
    """The lines about one field: the one that begins with it, and those that follow without a name."""
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{field} holds "))
    rest = lines[start + 1 :]
    count = next((number for number, line in enumerate(rest) if " holds " in line or not line), len(rest))
    return lines[start : start + 1 + count]


@pytest.mark.usefixtures("at_registry")
def test_model_show_sources_as_json_is_exact(radiant: Program) -> None:
    code, out, _ = radiant("model", "show", "gpt-4o-mini", "--sources", "--json")
    (told,) = json.loads(out)
    assert (code, told["model"]["provider_id"]) == (0, "openai")
    prices = [(it["source"], it["value"], it["holds"]) for it in told["facts"] if it["field"] == "price.input_per_mtok"]
    assert prices == [("curated", "0.15", True), ("litellm", "0.3", False)]


@pytest.mark.usefixtures("at_registry")
def test_an_adopted_model_is_shown_with_its_public_sources_alone(radiant: Program) -> None:
    code, out, _ = radiant("model", "show", "acme/deep/m", "--sources", "--json")
    ((told,),) = (code, json.loads(out))[1:]
    assert code == 0
    holders = {it["field"]: it["source"] for it in told["facts"] if it["holds"]}
    assert holders["price.input_per_mtok"] == "litellm"
    assert holders["max_output"] == holders["display_name"] == "models.dev"


@pytest.mark.usefixtures("at_registry")
def test_the_rights_of_a_self_hosted_model_are_shown_with_where_they_were_read(radiant: Program) -> None:
    ((told,),) = (json.loads(radiant("model", "show", "llama-3.3-70b", "--sources", "--json").out),)
    (use,) = [it for it in told["facts"] if it["field"] == "license.weights.commercial_use"]
    assert (use["value"], use["source"], use["holds"]) == ("conditional", "curated", True)
    assert use["reference"].startswith(("https://", "pkg:"))


@pytest.mark.usefixtures("at_registry")
def test_a_model_that_is_not_there_has_no_sources(radiant: Program) -> None:
    code, out, err = radiant("model", "show", "gpt-4o-minni", "--sources")
    assert (code, out) == (1, "")
    assert err.startswith("radiant: No model 'gpt-4o-minni' in the registry. Did you mean gpt-4o-mini")


@pytest.mark.usefixtures("at_registry")
def test_conflicts_are_listed_with_the_largest_gap_first(radiant: Program) -> None:
    code, out, err = radiant("catalog", "conflicts", "--prices")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert (code, err, lines[0]) == (0, "", "model field gap what they say")
    assert lines[1:] == [
        "acme/deep/m price.input_per_mtok 100% litellm 1; models.dev 0",
        "openai/m1 price.input_per_mtok 90% litellm 1; models.dev 10",
        "openai/m2 price.input_per_mtok 80% litellm 2; models.dev 10",
        "openai/m3 price.input_per_mtok 70% litellm 3; models.dev 10",
        "openai/m4 price.input_per_mtok 60% litellm 4; models.dev 10",
        "openai/gpt-4o-mini price.input_per_mtok 50% curated 0.15; litellm 0.3",
        "openai/m5 price.input_per_mtok 50% litellm 5; models.dev 10",
    ]


@pytest.mark.usefixtures("at_registry")
def test_conflicts_of_one_provider_as_json_as_many_as_wanted(radiant: Program) -> None:
    code, out, _ = radiant("catalog", "conflicts", "-p", "openai", "--limit", "1", "--json")
    assert code == 0
    assert json.loads(out) == [
        {
            "provider_id": "openai",
            "model_id": "m1",
            "field": "price.input_per_mtok",
            "said": {"litellm": "1", "models.dev": "10"},
            "gap": 0.9,
            "doubts": [],
        }
    ]
    assert radiant("catalog", "conflicts", "--limit", "0").code == 2


@pytest.mark.usefixtures("standing")
def test_without_imports_there_is_nothing_to_disagree_about(radiant: Program) -> None:
    code, out, _ = radiant("catalog", "conflicts")
    assert (code, out.splitlines()[-1]) == (
        0, "No two sources disagree. `radiant catalog import litellm` brings one in.",
    )  # fmt: skip


# Over HTTP


@pytest.fixture
async def reader(registry: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the reader's token."""
    async with reading(registry, tmp_path) as client:
        yield client


@pytest.mark.parametrize("name", ["acme/deep/m", "acme%2Fdeep%2Fm", "deep/m", "uuid"])
async def test_facts_are_found_by_any_name_of_a_model(reader: httpx.AsyncClient, registry: str, name: str) -> None:
    database = await Database.open(registry)
    row = await database.row("SELECT id::text FROM models WHERE provider_id = 'acme'")
    await database.close()
    assert row is not None
    answer = await reader.get(f"/api/v2/models/{row['id'] if name == 'uuid' else name}/facts")
    assert answer.status_code == 200
    (told,) = answer.json()
    assert (told["id"], told["provider_id"], told["model_id"]) == (row["id"], "acme", "deep/m")
    inputs = [(it["source"], it["value"], it["holds"]) for it in told["facts"] if it["field"] == "price.input_per_mtok"]
    assert inputs == [("litellm", "1", True), ("models.dev", "0", False)]


async def test_facts_of_a_name_that_several_providers_have_are_told_of_each(reader: httpx.AsyncClient) -> None:
    answer = await reader.get("/api/v2/models/text-embedding-3-small/facts")
    assert {told["provider_id"] for told in answer.json()} == {"openai", "azure_openai"}
    assert all(any(it["source"] == "curated" for it in told["facts"]) for told in answer.json())


async def test_facts_say_who_decided_and_what_was_overruled(reader: httpx.AsyncClient) -> None:
    (openai,) = (await reader.get("/api/v2/models/gpt-4o-mini/facts")).json()
    (decided,) = [it for it in openai["facts"] if it["field"] == "max_output" and it["holds"]]
    assert decided["why"] == "set by ada: what we tested; an administrator's word comes first"
    (window,) = [it for it in openai["facts"] if it["field"] == "context_window" and it["source"] == "litellm"]
    assert (window["value"], window["holds"], window["entry"]) == (100_000, False, "gpt-4o-mini")
    assert window["why"] == "curated speaks first, and says otherwise"


@pytest.mark.parametrize("name", ["nobody", "openai/nobody", "a/b/c/d/e/f", str(uuid.UUID(int=0))])
async def test_facts_of_nothing_are_not_found(reader: httpx.AsyncClient, name: str) -> None:
    answer = await reader.get(f"/api/v2/models/{name}/facts")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert name in answer.json()["detail"]


async def test_conflicts_come_in_pages_that_follow_each_other(reader: httpx.AsyncClient) -> None:
    whole = (await reader.get("/api/v2/catalog/conflicts")).json()
    assert whole["next_cursor"] is None
    assert [(it["model_id"], it["gap"]) for it in whole["conflicts"][:3]] == [("deep/m", 1.0), ("m1", 0.9), ("m2", 0.8)]
    assert len(whole["conflicts"]) == 8
    pages, cursor = [], None
    for _ in range(3):
        page = (await reader.get("/api/v2/catalog/conflicts", params={"limit": 3} | _at(cursor))).json()
        pages.append(page["conflicts"])
        cursor = page["next_cursor"]
    assert (cursor, [len(page) for page in pages]) == (None, [3, 3, 2])
    assert [it for page in pages for it in page] == whole["conflicts"]
    all_of_them = (await reader.get("/api/v2/catalog/conflicts", params={"limit": 8})).json()
    assert all_of_them["next_cursor"] is None, "no empty page after the last"


def _at(cursor: str | None) -> dict[str, Any]:
    return {} if cursor is None else {"cursor": cursor}


async def test_conflicts_can_be_of_one_provider_and_of_prices(reader: httpx.AsyncClient) -> None:
    acme = (await reader.get("/api/v2/catalog/conflicts", params={"provider": "acme"})).json()["conflicts"]
    assert [it["model_id"] for it in acme] == ["deep/m"]
    prices = (await reader.get("/api/v2/catalog/conflicts", params={"prices_only": "true"})).json()["conflicts"]
    assert {it["field"] for it in prices} == {"price.input_per_mtok"}


#: A cursor of our making would never hold lists in lists.
NESTED = base64.urlsafe_b64encode(b'{"a":' + b"[" * 1_400).decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("cursor=nonsense", "`cursor` is not one this registry gave; start again without it."),
        ("cursor=YWZ0ZXI=", "`cursor` is not one this registry gave"),
        ("cursor=%00", "`cursor` is not one this registry gave"),
        (f"cursor={NESTED}", "`cursor` is not one this registry gave"),
        ("cursor=%F0%9F%92%A9", "`cursor` is not one this registry gave"),
        ("limit=0", "expected a whole number"),
        ("limit=501", "expected a whole number"),
        ("limit=many", "expected a whole number"),
        ("prices=true", "Unknown query parameter prices; expected one of: cursor, limit, prices_only, provider."),
        ("provider=%00", ""),
    ],
)
async def test_bad_questions_about_conflicts_are_problems(reader: httpx.AsyncClient, query: str, said: str) -> None:
    answer = await reader.get(f"/api/v2/catalog/conflicts?{query}")
    assert answer.status_code == 400, answer.text
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("address", ["/api/v2/models/gpt-4o-mini/facts", "/api/v2/catalog/conflicts"])
async def test_without_a_token_nothing_is_told(reader: httpx.AsyncClient, address: str) -> None:
    del reader.headers["Authorization"]
    assert (await reader.get(address)).status_code == 401
