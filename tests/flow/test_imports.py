"""Reading public catalogs into the table of facts: whole, with provenance, and only what is new."""

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from radiant.admin.catalogs import public_source
from radiant.claims.document import MAX_BYTES
from radiant.claims.entries import LONGEST_ID
from radiant.domain.errors import DatabaseUnusable, SourceUnreadable
from radiant.registry.database import Database
from radiant.sync.importing import ImportReport, import_facts

TODAY = dt.date(2026, 11, 23)

#: One row that changes with every write to either table, even one that puts the same values in place.
WRITES = """
    SELECT (SELECT md5(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid)) FROM facts) AS facts,
           (SELECT md5(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid)) FROM fact_imports) AS imports
"""

#: Connections that wait for somebody else to be done.
WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

OPENROUTER = {
    "data": [
        {
            "id": "anthropic/claude-opus-9",
            "name": "Claude Opus 9",
            "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
            "context_length": 1_000_000,
            "top_provider": {"max_completion_tokens": 64_000},
            "supported_parameters": ["tools", "response_format"],
            "pricing": {"prompt": "0.000005", "completion": "0.000025", "input_cache_read": "0.0000005"},
            "expiration_date": "2028-01-31",
        },
        {"id": "openrouter/auto", "name": "Auto Router", "pricing": {"prompt": "-1", "completion": "-1"}},
    ]
}


def litellm(**entries: dict[str, Any]) -> bytes:
    """LiteLLM's map with these entries, chat models of OpenAI's unless they say otherwise."""
    plain = {"litellm_provider": "openai", "mode": "chat"}
    return json.dumps({key: {**plain, **entry} for key, entry in entries.items()}).encode()


async def take(database: Database, source: str, body: bytes) -> ImportReport:
    return await import_facts(database, public_source(source), body, TODAY)


async def told(database: Database, source: str) -> dict[tuple[str, str], Any]:
    """What the table holds of a source, by entry and field."""
    rows = await database.rows("SELECT entry, field, value::text FROM facts WHERE source = %s", [source])
    return {(row["entry"], row["field"]): json.loads(row["value"], parse_float=Decimal) for row in rows}


def keys_of_litellm(body: bytes) -> int:
    return len(json.loads(body).keys() - {"sample_spec", "fallback_generalizations"})


def keys_of_models_dev(body: bytes) -> int:
    return sum(len(provider["models"]) for provider in json.loads(body).values())


def keys_of_genai_prices(body: bytes) -> int:
    return sum(len(provider["models"]) for provider in json.loads(body))


REAL = {
    "litellm": ("litellm_body", keys_of_litellm, "gpt-4o-mini", 4_200),
    "models.dev": ("models_dev_body", keys_of_models_dev, "openai/gpt-4o-mini", 4_800),
    "genai-prices": ("genai_prices_body", keys_of_genai_prices, "openai/gpt-4o-mini", 1_000),
}


@pytest.mark.parametrize("source", REAL)
async def test_a_real_catalog_is_read_whole_and_again_writes_nothing(
    database: Database, request: pytest.FixtureRequest, source: str
) -> None:
    fixture, count, entry, least = REAL[source]
    body: bytes = request.getfixturevalue(fixture)
    first = await take(database, source, body)
    assert count(body) >= least
    assert first.entries >= count(body) - len(first.refused)
    assert len(first.refused) < count(body) / 10, "a catalog of today is read nearly whole"
    assert (first.added, first.changed, first.removed, first.unchanged) == (first.facts, 0, 0, False)
    facts = await told(database, source)
    assert len(facts) == first.facts
    assert facts[entry, "price.input_per_mtok"] == Decimal("0.15")
    (mini,) = await database.rows(
        "SELECT provider_id, model_id, seen_at > now() - interval '1 minute' AS new, source_date FROM facts"
        " WHERE source = %s AND entry = %s AND field = 'price.output_per_mtok'",
        [source, entry],
    )
    assert (mini["provider_id"], mini["model_id"], mini["new"]) == ("openai", "gpt-4o-mini", True)
    assert (mini["source_date"] is not None) == (source == "models.dev"), "of these bodies only one has dates"
    (record,) = await database.rows("SELECT entries, facts, refused FROM fact_imports WHERE source = %s", [source])
    assert record == {"entries": first.entries, "facts": first.facts, "refused": len(first.refused)}

    before = await database.rows(WRITES)
    again = await take(database, source, body)
    assert (again.facts, again.added, again.changed, again.removed) == (first.facts, 0, 0, 0)
    assert again.unchanged
    assert await database.rows(WRITES) == before


async def test_openrouters_list_becomes_facts_about_openrouters_own_offers(database: Database) -> None:
    report = await take(database, "openrouter", json.dumps(OPENROUTER).encode())
    assert (report.entries, report.refused) == (2, ())
    facts = await told(database, "openrouter")
    assert facts == {
        ("anthropic/claude-opus-9", "display_name"): "Claude Opus 9",
        ("anthropic/claude-opus-9", "task"): "chat",
        ("anthropic/claude-opus-9", "input_modalities"): ["text", "image"],
        ("anthropic/claude-opus-9", "output_modalities"): ["text"],
        ("anthropic/claude-opus-9", "context_window"): 1_000_000,
        ("anthropic/claude-opus-9", "max_output"): 64_000,
        ("anthropic/claude-opus-9", "capabilities"): ["function_calling", "json_mode", "vision"],
        ("anthropic/claude-opus-9", "price.input_per_mtok"): 5,
        ("anthropic/claude-opus-9", "price.output_per_mtok"): 25,
        ("anthropic/claude-opus-9", "price.cache_read_per_mtok"): Decimal("0.5"),
        ("anthropic/claude-opus-9", "retires"): "2028-01-31",
        ("openrouter/auto", "display_name"): "Auto Router",
    }
    subjects = await database.rows("SELECT DISTINCT provider_id FROM facts WHERE source = 'openrouter'")
    assert subjects == [{"provider_id": "openrouter"}]


async def test_an_exact_price_stays_exact(database: Database) -> None:
    await take(database, "litellm", b'{"m": {"litellm_provider": "openai", "input_cost_per_token": 1.23456789e-10}}')
    assert (await told(database, "litellm"))["m", "price.input_per_mtok"] == Decimal("0.000123456789")


async def test_only_a_value_that_changed_is_seen_anew(database: Database) -> None:
    await take(database, "litellm", litellm(m={"input_cost_per_token": 1e-6, "max_output_tokens": 10}, n={}))
    before = {tuple(row.values())[:2]: row["seen_at"] for row in await seen(database)}
    report = await take(database, "litellm", litellm(m={"input_cost_per_token": 2e-6, "max_output_tokens": 10}, n={}))
    assert (report.added, report.changed, report.removed, report.unchanged) == (0, 1, 0, False)
    after = {tuple(row.values())[:2]: row["seen_at"] for row in await seen(database)}
    moved = {key for key in before if before[key] != after[key]}
    assert moved == {("m", "price.input_per_mtok")}
    assert after["m", "price.input_per_mtok"] > before["m", "price.input_per_mtok"]


async def seen(database: Database) -> list[dict[str, Any]]:
    return await database.rows("SELECT entry, field, seen_at FROM facts WHERE source <> 'curated' AND model_id <> ''")


async def test_a_new_date_of_the_source_is_no_new_value(database: Database) -> None:
    def body(day: str) -> bytes:
        return json.dumps({"openai": {"models": {"m": {"name": "M", "last_updated": day}}}}).encode()

    await take(database, "models.dev", body("2026-01-01"))
    (before,) = await seen(database)
    report = await take(database, "models.dev", body("2026-02-02"))
    (after,) = await seen(database)
    assert (report.added, report.removed) == (0, 0)
    assert after == before
    rows = await database.rows("SELECT DISTINCT source_date FROM facts WHERE source = 'models.dev'")
    assert rows == [{"source_date": dt.date(2026, 2, 2)}]


async def test_what_a_source_says_no_more_goes_and_other_sources_stay(database: Database) -> None:
    await take(database, "litellm", litellm(m={"max_output_tokens": 10}, gone={"max_output_tokens": 10}))
    await take(database, "openrouter", json.dumps(OPENROUTER).encode())
    others = await told(database, "openrouter"), await told(database, "curated")
    report = await take(database, "litellm", litellm(m={}))
    assert {entry for entry, _ in await told(database, "litellm")} == {"m"}
    assert ("m", "max_output") not in await told(database, "litellm")
    assert report.removed == 1 + len({"task", "max_output", "input_modalities", "output_modalities", "litellm_id"})
    assert (await told(database, "openrouter"), await told(database, "curated")) == others


async def test_entries_that_cannot_be_read_are_told_one_by_one_and_stop_nothing(database: Database) -> None:
    body = json.dumps(
        {
            "good": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6},
            "wrong type": "gpt",
            "nameless": {"mode": "chat"},
            "negative": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": -1},
            "not a number": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": float("nan")},
            "absurd": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1.0},
            "x" * 2000: {"litellm_provider": "openai", "mode": "chat"},
            "zero\0byte": {"litellm_provider": "openai", "mode": "chat"},
        }
    ).encode()
    report = await take(database, "litellm", body)
    assert {refusal.entry: refusal.problem for refusal in report.refused} == {
        "wrong type": 'is "gpt"; expected an object',
        "nameless": "`litellm_provider` is null; expected the name of a provider",
        "negative": "`input_cost_per_token` is -1: a price is not negative",
        "not a number": "`input_cost_per_token` is NaN; expected a number",
        "absurd": "`input_cost_per_token` is 1.0: 1,000,000 USD per million tokens is taken for a mistake; "
        "at most 2,500 is believed",
        "x" * 59 + "…": "has an id of 2,000 characters; at most 512 are read",
        "zero\\x00byte": "has control characters in its id",
    }
    facts = await told(database, "litellm")
    assert facts["good", "price.input_per_mtok"] == 1
    assert {entry for entry, _ in facts} == {"good", "negative", "not a number", "absurd"}
    assert {entry for entry, field in facts if field.startswith("price.")} == {"good"}


async def test_the_longest_ids_that_are_read_can_be_kept(database: Database) -> None:
    provider, model = "p" * LONGEST_ID, "m" * LONGEST_ID
    listed = {"openai": {"models": {model: {"name": "M"}}}, provider: {"models": {model: {"name": "M"}}}}
    report = await take(database, "models.dev", json.dumps(listed).encode())
    assert {len(entry) for entry, _ in await told(database, "models.dev")} >= {len("openai/") + LONGEST_ID}
    assert report.entries + len(report.refused) == 2
    named = {"equals": "n" * LONGEST_ID}
    entry = {"id": model, "name": "M", "match": {"or": [named, {"equals": model}]}, "prices": {"input_mtok": 1}}
    wordy = await take(database, "genai-prices", json.dumps([{"id": "openai", "models": [entry]}]).encode())
    assert wordy.facts > 0
    for provider in "openai", "fireworks_ai", "no provider we have a name for, and none that makes an id":
        brief = await take(database, "litellm", litellm(m={}, **{"é😀" * 256: {"litellm_provider": provider}}))
        assert brief.entries + len(brief.refused) == 2


def spoiled(kind: str, body: bytes) -> bytes:
    return {
        "truncated": body[: len(body) // 2],
        "gigantic": b" " * (MAX_BYTES + 1),
        "a bomb": b"[" + b"[]," * 1_000_000 + b"[]]",
        "deep": b'{"m":' * 50_000 + b"1" + b"}" * 50_000,
        "empty": b"",
        "a web page": b"<!doctype html><title>429</title>",
        "UTF-16": body.decode().encode("utf-16"),
        "a list": b"[1, 2, 3]",
        "no models": b"{}",
    }[kind]


@pytest.mark.parametrize(
    "kind", ["truncated", "gigantic", "a bomb", "deep", "empty", "a web page", "UTF-16", "a list", "no models"]
)
async def test_a_spoiled_catalog_is_refused_whole_and_nothing_is_written(database: Database, kind: str) -> None:
    good = litellm(**{f"model-{n}": {"input_cost_per_token": n * 1e-6} for n in range(100)})
    await take(database, "litellm", good)
    before = await database.rows(WRITES)
    with pytest.raises(SourceUnreadable, match="Nothing was read from litellm: what came"):
        await take(database, "litellm", spoiled(kind, good))
    assert await database.rows(WRITES) == before


async def test_an_import_that_fails_at_its_end_leaves_nothing_behind(
    database: Database, query: Callable[..., Any]
) -> None:
    query(
        database.url,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;"
        " CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON fact_imports FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    before = await database.rows(WRITES)
    with pytest.raises(DatabaseUnusable, match="refused a statement: no room"):
        await take(database, "litellm", litellm(m={}))
    assert await database.rows(WRITES) == before


async def test_two_imports_of_a_source_at_once_are_one_after_the_other(database: Database) -> None:
    """Both are held at their ends, when all is written and nothing committed."""
    heads, tails = (
        litellm(**{f"{side} {n}": {"input_cost_per_token": 1e-6} for n in range(9)}) for side in ("heads", "tails")
    )
    async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as holder:
        async with holder.transaction():
            await holder.execute("LOCK TABLE fact_imports IN SHARE MODE")
            imports = [asyncio.create_task(take(database, "litellm", body)) for body in (heads, tails, heads)]
            async with asyncio.timeout(30):
                while len(await database.rows(WAITING)) < len(imports):  # noqa: ASYNC110 - only the server knows
                    await asyncio.sleep(0.01)
        reports = await asyncio.gather(*imports)
    facts = await told(database, "litellm")
    assert {len(facts)} == {report.facts for report in reports}
    assert len({entry.split()[0] for entry, _ in facts}) == 1, "one import stands whole, not half of each"
