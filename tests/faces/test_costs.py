"""`POST /api/v2/costs` and `radiant cost`: what a usage costs, item by item."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from radiant.domain.cost import LARGEST_BATCH
from tests.faces.conftest import Program
from tests.faces.served import reading

PATH = "/api/v2/costs"
MINI = {"provider": "openai", "model": "gpt-4o-mini"}


@pytest.fixture
async def asker(standing_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the reader's token."""
    async with reading(standing_url, tmp_path) as it:
        yield it


async def cost(asker: httpx.AsyncClient, question: Any) -> dict[str, Any]:
    answer = await asker.post(PATH, json=question)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_usage_is_rated_item_by_item(asker: httpx.AsyncClient) -> None:
    found = await cost(asker, {**MINI, "usage": {"input_tokens": 1000, "cache_read_tokens": 400, "output_tokens": 500}})
    # 600 × 0.15 + 400 × 0.075 + 500 × 0.6, per million.
    assert (found["usd"], found["state"], found["book"]) == ("0.00042", "priced", "purchase")
    lines = [(it["meter"], it["quantity"], it["amount"], it["per"], it["usd"]) for it in found["lines"]]
    assert lines == [
        ("cache_read_tokens", 400, "0.075", 1000000, "0.00003"),
        ("input_tokens", 600, "0.15", 1000000, "0.00009"),
        ("output_tokens", 500, "0.6", 1000000, "0.0003"),
    ]
    assert found["unpriced"] == [] and "problem" not in found


async def test_a_response_is_read_and_what_a_tenant_pays_has_the_markup(asker: httpx.AsyncClient) -> None:
    response = {
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "prompt_tokens_details": {"cached_tokens": 400}}
    }
    found = await cost(asker, {"model": "openai/gpt-4o-mini", "response": response, "book": "sale"})
    assert (found["usd"], found["markup"]) == ("0.000588", "0.4")  # 0.00042 × 1.4
    assert found["usage"] == {"input_tokens": 1000, "cache_read_tokens": 400, "output_tokens": 500}
    assert Decimal(found["usd"]) == sum(Decimal(it["usd"]) for it in found["lines"])
    of_tenant = await cost(asker, {"model": "openai/gpt-4o-mini", "response": response, "tenant": "t1"})
    assert (of_tenant["book"], of_tenant["usd"]) == ("sale", found["usd"])


async def test_a_change_that_is_announced_is_told_and_takes_effect_at_its_moment(asker: httpx.AsyncClient) -> None:
    asked = {"model": "google/gemini-4-argon", "usage": {"input_tokens": 1_000_000, "output_tokens": 1_000_000}}
    before = await cost(asker, {**asked, "at": "2026-11-30T23:59:59Z"})
    assert (before["usd"], before["valid_until"]) == ("12", "2026-12-01T00:00:00Z")
    assert [(it["at"], it["usd"]) for it in before["announced"]] == [("2026-12-01T00:00:00Z", "24")]
    after = await cost(asker, {**asked, "at": "2026-12-01T01:00:00+01:00"})
    assert (after["usd"], after["announced"]) == ("24", [])
    batch = await cost(asker, {**asked, "at": "2026-12-01T00:00:00Z", "context": {"processing": "batch"}})
    assert batch["usd"] == "12"


async def test_hours_of_the_week_are_the_vendor_s(asker: httpx.AsyncClient) -> None:
    asked = {"model": "deepseek/deepseek-flash", "usage": {"input_tokens": 1_000_000}}
    for at, usd in (
        ("2026-11-26T09:59:59Z", "0.3"),
        ("2026-11-26T10:00:00Z", "0.15"),
        ("2026-11-28T05:00:00Z", "0.15"),
    ):
        assert (await cost(asker, {**asked, "at": at}))["usd"] == usd


async def test_what_has_no_price_is_null_and_named(asker: httpx.AsyncClient) -> None:
    found = await cost(asker, {**MINI, "usage": {"images": 2}})
    assert (found["usd"], found["unpriced"], found["state"]) == (None, ["images"], "unpriced")
    partly = await cost(asker, {**MINI, "usage": {"images": 2, "input_tokens": 1_000_000}})
    assert (partly["usd"], partly["unpriced"], partly["state"]) == ("0.15", ["images"], "partly_priced")
    early = await cost(asker, {**MINI, "usage": {"input_tokens": 1}, "at": "2001-01-01T00:00:00Z"})
    assert (early["usd"], early["unpriced"]) == (None, ["input_tokens"])


AT: dict[str, Any] = {"usage": {"input_tokens": 1}}
BAD: list[tuple[Any, dict[str, Any], str]] = [
    ("nothing", {}, "The question: lacks model."),
    (MINI, {}, "The question: names neither usage nor response; one of them is expected."),
    (MINI, {"usage": {}, "response": {}}, "The question: names both usage and response; one of them is expected."),
    (MINI, {"usage": {"input_tokens": -1}}, "input_tokens: is -1; expected 0 to 1,000,000,000,000,000."),
    (MINI, {"usage": {"input_tokens": 0.5}}, "input_tokens: is 0.5; a part of one makes no sense"),
    (MINI, {"usage": {"input_tokens": 1, "cache_read_tokens": 2}}, "cache_read_tokens: 2 is more than 1 of"),
    (MINI, {"usage": {"tokens": 1}}, "tokens: is no meter"),
    (MINI, {**AT, "at": "2026-12-01"}, "at: '2026-12-01' has no time zone"),
    (MINI, {**AT, "at": "0001-01-01T00:00:00Z"}, "at: '0001-01-01T00:00:00Z' is out of reach"),
    (MINI, {**AT, "at": "9999-12-31T00:00:00-12:00"}, "at: '9999-12-31T00:00:00-12:00' is out of"),
    (MINI, {**AT, "at": "soon"}, "at: 'soon' is no moment"),
    (MINI, {"response": {}}, "response: has no usage that is known here"),
    (MINI, {**AT, "when": "now"}, "The question: "),
    (MINI, {**AT, "book": "rent"}, "The question: "),
    (MINI, {**AT, "tenant": "\0"}, "The question: tenant: is blank, or has a character that cannot stand in it."),
    (MINI, {**AT, "tenant": " "}, "The question: tenant: is blank"),
    (MINI, {**AT, "context": {"a": "\0"}}, "context.a: is no text of 1 to 200 printable characters on one line."),
    (MINI, {**AT, "context": dict.fromkeys(map(str, range(21)), "x")}, "context: has 21 conditions; expected at most"),
    ({"model": "gpt\0"}, AT, "The question: "),
    ({"model": "openai/"}, AT, "No model 'openai/' in the registry."),
    ({"model": "/"}, AT, "No model '/' in the registry."),
    ({"model": "openai/gpt-99"}, AT, "No model 'openai/gpt-99' in the registry."),
    ({"model": "gpt-4o-mini", "provider": "acme"}, AT, "No provider 'acme' in the registry."),
]  # fmt: skip


async def test_one_bad_question_leaves_the_others_alone(asker: httpx.AsyncClient) -> None:
    good = {**MINI, "usage": {"input_tokens": 1_000_000}}
    bad = [named if isinstance(named, str) else {**named, **more} for named, more, _ in BAD]
    answers = (await cost(asker, {"requests": [good, *bad, good]}))["results"]
    assert [answers[0]["usd"], answers[-1]["usd"]] == ["0.15", "0.15"]
    for found, (_, _, said) in zip(answers[1:-1], BAD, strict=True):
        if said != BAD[0][2]:
            assert found["problem"]["detail"].startswith(said), found
        assert (found["usd"], found["lines"], found["unpriced"]) == (None, [], [])
    assert (await cost(asker, bad[1]))["problem"] == answers[2]["problem"]
    in_a_list = (await asker.post(PATH, json=[good])).json()
    assert [it["usd"] for it in in_a_list["results"]] == ["0.15"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("1", "The body is one question, a list of them"),
        ({"requests": 1}, "The body is one question, a list of them"),
        ([{}] * (LARGEST_BATCH + 1), "There are 1,001 entries; at most 1,000 go into one batch."),
    ],
)
async def test_a_body_that_is_none(asker: httpx.AsyncClient, body: Any, said: str) -> None:
    answer = await asker.post(PATH, json=body)
    assert answer.status_code == 400 and answer.json()["detail"].startswith(said)


async def test_a_thousand_questions_are_answered_in_order(asker: httpx.AsyncClient) -> None:
    asked = [{**MINI, "usage": {"input_tokens": count}} for count in range(LARGEST_BATCH)]
    answers = (await cost(asker, {"requests": asked}))["results"]
    assert [Decimal(it["usd"]) for it in answers] == [Decimal("0.00000015") * count for count in range(LARGEST_BATCH)]


def test_a_model_that_only_a_source_knows_is_answered_from_its_claims(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO facts (source, entry, field, value, provider_id, model_id, source_date) VALUES"
            " ('genai-prices', 'openai/gpt-old', 'price.input_per_mtok', '2', 'openai', 'gpt-old', '2026-01-01'),"
            " ('litellm', 'gpt-old', 'price.input_per_mtok', '3', 'openai', 'gpt-old', '2026-02-01'),"
            " ('litellm', 'azure/gpt-older', 'price.input_per_mtok', '4', 'azure_openai', 'gpt-older', '2026-02-01'),"
            " ('litellm', 'us.old', 'price.input_per_mtok', '5', 'bedrock', 'us.old', '2026-02-01'),"
            " ('litellm', 'us.old', 'task', '\"chat\"', 'azure_ai', 'llama', '2026-02-01')"
        )
    found = json.loads(radiant("cost", "openai/gpt-old", "--input", "1000000", "--json").out)
    assert found["usd"] == "2"
    # `azure` is the name of two providers, and a profile of Bedrock that of a model.
    profile = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.old"
    for name, usd in (("azure/gpt-older", "4"), ("bedrock/us.old", "5"), (profile, "5"), (f"bedrock/{profile}", "5")):
        assert json.loads(radiant("cost", name, "--input", "1000000", "--json").out)["usd"] == usd, name
    assert radiant("cost", "openrouter/openai/gpt-old", "--input", "1").code == 1  # a gateway has prices of its own
    sold = json.loads(radiant("cost", "openai/gpt-old", "--input", "1000000", "--book", "sale", "--json").out)
    assert (sold["usd"], sold["markup"]) == ("2.8", "0.4")
    assert found["note"] == (
        "The registry has no model openai/gpt-old; its price is what genai-prices and litellm claim."
    )
    for asked in ("show", "history"):
        code, out, _ = radiant("prices", asked, "openai/gpt-old")
        assert code == 0 and "2026-01-01" in out and "genai-prices" in out and "No price is known" not in out


async def test_what_is_kept_in_a_cache_for_an_hour_has_its_own_price(asker: httpx.AsyncClient) -> None:
    written = {"cache_write_tokens": 1_000_000, "cache_write_1h_tokens": 600_000}
    found = await cost(asker, {"model": "anthropic/claude-haiku-4-5", "usage": {"cache_write_1h_tokens": 1_000_000}})
    assert (found["usd"], found["state"]) == ("2", "priced")
    found = await cost(asker, {"model": "anthropic/claude-haiku-4-5", "usage": written})
    assert (found["usd"], found["state"]) == ("1.7", "priced"), "0.4 × 1.25 + 0.6 × 2"


async def test_a_piece_of_a_stream_is_partly_priced_and_says_what_it_lacks(asker: httpx.AsyncClient) -> None:
    haiku = {"model": "anthropic/claude-haiku-4-5"}
    last: dict[str, Any] = {"type": "message_delta", "usage": {"output_tokens": 1_000_000}}
    found = await cost(asker, {**haiku, "response": last})
    assert (found["usd"], found["state"], found["unpriced"]) == ("5", "partly_priced", ["input_tokens"])
    assert "piece of a stream that does not count all input_tokens" in found["note"]
    first = {"type": "message", "usage": {"input_tokens": 1_000_000, "output_tokens": 1}}
    found = await cost(asker, {**haiku, "response": {**last, "message": first}})
    assert (found["usd"], found["state"], found.get("note")) == ("6", "priced", None)


async def test_a_wrapped_response_costs_what_the_response_alone_does(asker: httpx.AsyncClient) -> None:
    inner = {"model": "gpt-4o-mini", "service_tier": "priority", "usage": {"input_tokens": 9000, "output_tokens": 500}}
    alone = await cost(asker, {**MINI, "response": inner})
    found = await cost(asker, {**MINI, "response": {"type": "response.completed", "response": inner}})
    assert found["context"] == {"service_tier": "priority"}
    assert {**found, "at": None} == {**alone, "at": None}


async def test_a_condition_that_no_price_is_for_is_named(asker: httpx.AsyncClient) -> None:
    usage = {"input_tokens": 1000}
    asked = {**MINI, "usage": usage, "context": {"service_tier": "turbo", "batch": "true", "processing": "batch"}}
    found = await cost(asker, asked)
    assert (found["state"], found["unmatched"]) == ("priced", ["batch", "service_tier"])
    plain = await cost(asker, {**MINI, "usage": usage, "context": {"service_tier": "default", "region": "Global"}})
    assert plain["unmatched"] == []


async def test_a_number_beyond_all_is_the_fault_of_its_question_alone(asker: httpx.AsyncClient) -> None:
    good, bad = (json.dumps({**MINI, "usage": {"input_tokens": it}}) for it in (1000, 0))
    body = f'{{"requests": [{good}, {bad.replace(": 0", ": 1e400")}]}}'
    answer = await asker.post(PATH, content=body.encode(), headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["results"]
    assert first["usd"] == "0.00015"
    assert (second["usd"], second["problem"]["type"].rpartition("/")[2]) == (None, "usage-invalid")
    assert "input_tokens: is 1e400; expected 0 to" in second["problem"]["detail"]


async def test_half_a_character_in_a_response_costs_nothing(asker: httpx.AsyncClient) -> None:
    """A model may be cut off in the middle of one."""
    response = {"choices": [{"message": {"content": "OK \ud83d"}}], "usage": {"prompt_tokens": 1000}}
    body = json.dumps({"requests": [{**MINI, "response": response}]}).encode()
    answer = await asker.post(PATH, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"][0]["usd"] == "0.00015"
