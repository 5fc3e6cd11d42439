"""`POST /api/v2/usage`, `GET /api/v2/spend`, rating again: over HTTP and on the command line."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from radiant.domain.usage import LARGEST_BATCH
from tests.faces.conftest import Program
from tests.faces.served import Clock, administering, problem, reading

PATH, SPEND = "/api/v2/usage", "/api/v2/spend"
RERATE, CLOSE = "/api/v2/admin/prices/rerate", "/api/v2/admin/prices/close"
MINI = {"model": "openai/gpt-4o-mini", "usage": {"input_tokens": 1_000_000}}

#: What one caller tells that cannot be, beside which others' usages are taken all the same.
ODD: tuple[dict[str, Any], ...] = (
    {"response": {"usage": {"input_tokens": "abc", "cache_read_input_tokens": 5}}},
    {"response": {"usage": {"prompt_tokens": 1}, "service_tier": "x\0"}},
    {"response": {"usage": {"prompt_tokens": 1}, "service_tier": "x" * 300_000}},
    {"usage": {"input_tokens": 1}, "reported_cost": "1e-99999"},
)


@pytest.fixture
async def asker(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the reader's token, of a registry of its own."""
    async with reading(database_url, tmp_path) as it:
        yield it


async def test_a_usage_is_recorded_and_a_batch_is_judged_one_by_one(asker: httpx.AsyncClient) -> None:
    one = await asker.post(PATH, json={"request_id": "r1", "tenant": "blue", **MINI})
    assert one.status_code == 200, one.text
    found = one.json()
    assert (found["usd"], found["sale_usd"], found["markup"], found["tenant"]) == ("0.15", "0.21", "0.4", "blue")
    assert [(it["meter"], it["usd"]) for it in found["lines"]] == [("input_tokens", "0.15")]
    assert (await asker.post(PATH, json={"request_id": "r1", "tenant": "blue", **MINI})).json() == found
    batch = [
        {"request_id": "r1", "tenant": "red", **MINI},
        {"request_id": "r2", "model": "openai/gpt-4o-mino", "usage": {"input_tokens": 1}},
        {"request_id": "r3", **MINI, "usage": {"input_tokens": -1}},
        {"request_id": "r4", **MINI, "at": "2026-01-01"},
        {"request_id": "r5", **MINI, "reported_cost": "1"},
        "nonsense",
        *({"request_id": f"r{6 + place}", "model": MINI["model"], **odd} for place, odd in enumerate(ODD)),
    ]
    answer = await asker.post(PATH, json={"requests": batch})
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [it["problem"]["type"] if "problem" in it else it["reported_differs"] for it in results] == [
        "/problems/usage-conflict", "/problems/model-not-found", "/problems/usage-invalid", "/problems/usage-invalid",
        True, "/problems/usage-invalid", *["/problems/usage-invalid"] * len(ODD),
    ]  # fmt: skip
    assert results[0]["problem"]["request_id"] == "r1"
    assert "openai/gpt-4o-mini" in results[1]["problem"]["close"]
    assert [it["problem"]["field"] for it in results[2:4]] == ["input_tokens", "at"]
    told = (await asker.get("/metrics")).text
    for outcome, count in (("recorded", 2), ("repeated", 1), ("refused", 5 + len(ODD))):
        assert f'radiant_usages_total{{outcome="{outcome}"}} {count}' in told
    assert "radiant_usage_cost_differs_total 1" in told
    spent = (await asker.get(SPEND, params={"by": "tenant,model"})).json()
    assert [(it["tenant"], it["model"], it["usd"], it["requests"]) for it in spent["rows"]] == [
        (None, "openai/gpt-4o-mini", "0.15", 1), ("blue", "openai/gpt-4o-mini", "0.15", 1),
    ]  # fmt: skip
    assert (spent["total"]["usd"], spent["total"]["sale_usd"], spent["from"]) == ("0.3", "0.42", None)


async def test_half_a_character_in_a_response_keeps_no_usage_from_the_ledger(asker: httpx.AsyncClient) -> None:
    response = {"choices": [{"message": {"content": "OK \ud83d"}}], "usage": {"prompt_tokens": 1_000_000}}
    body = json.dumps({"request_id": "r1", "model": MINI["model"], "response": response}).encode()
    answer = await asker.post(PATH, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json().get("usd")) == (200, "0.15"), answer.text


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"request_id": "x", **MINI, "usage": {"tokens": 1}}, 422, "usage-invalid"),
        ({"request_id": "x", "model": "nosuch-model", "usage": {"input_tokens": 1}}, 404, "model-not-found"),
        ({"requests": 1}, 400, "body-invalid"),
        ([{}] * (LARGEST_BATCH + 1), 400, "body-invalid"),
        ("x", 400, "body-invalid"),
    ],
)
async def test_a_single_one_that_is_not_right_is_answered_with_its_problem(
    standing_url: str, tmp_path: Path, body: Any, status: int, name: str
) -> None:
    async with reading(standing_url, tmp_path) as asker:
        problem(await asker.post(PATH, json=body), status, name)


@pytest.mark.parametrize(
    ("asked", "status", "name"),
    [
        ({"by": "colour"}, 400, "filter-value-unknown"),
        ({"from": "2026-11-01"}, 422, "usage-invalid"),
        ({"to": "9999-01-01T00:00:00Z"}, 422, "usage-invalid"),
        ({"from": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z"}, 422, "usage-invalid"),
        ({"until": "2026-11-01T00:00:00Z"}, 400, "parameter-invalid"),
    ],
)
async def test_spend_that_cannot_be_asked_for_is_a_named_problem(
    standing_url: str, tmp_path: Path, asked: dict[str, str], status: int, name: str
) -> None:
    async with reading(standing_url, tmp_path) as asker:
        problem(await asker.get(SPEND, params=asked), status, name)


@pytest.mark.parametrize(("path", "body"), [(RERATE, {"since": "2026-11-01T00:00:00Z"}), (CLOSE, {"until": "x"})])
async def test_readers_may_tell_and_look_and_not_rate_again(
    standing_url: str, tmp_path: Path, path: str, body: dict[str, str]
) -> None:
    async with reading(standing_url, tmp_path) as asker:
        problem(await asker.post(path, json=body), 403, "admin-needed")
        assert (await asker.get(SPEND)).status_code == 200


async def test_usages_are_rated_again_and_periods_closed_over_http(
    database_url: str, tmp_path: Path, clock: Clock, query: Any
) -> None:
    since = {"since": "2026-01-01T00:00:00Z"}
    async with administering(database_url, tmp_path, clock) as admin:
        usage = {"request_id": "r1", **MINI, "at": "2026-02-01T00:00:00Z"}
        assert (await admin.post(PATH, json=usage)).json()["usd"] is None, "before the first known price it is unknown"
        query(
            database_url,
            "SELECT append_sheet(price_offer('openai', 'gpt-4o-mini'), 0::smallint, tstzrange('2026-01-01Z', NULL),"
            ' \'[{"meter": "input_tokens", "amount": 2, "per": 1000000}]\', \'test\')',
        )
        plan = (await admin.post(RERATE, json=since)).json()
        assert (plan["run"], plan["changed"], plan["difference_usd"]) == (None, 1, "2")
        closed = await admin.post(CLOSE, json={"until": "2026-03-01T00:00:00Z"})
        assert (closed.json()["requests"], closed.json()["unpriced"], closed.json()["usd"]) == (1, 1, None)
        done = (await admin.post(RERATE, json={**since, "apply": True})).json()
        assert done["run"] is not None and done["groups"][0]["corrections"] == 1
        spent = (await admin.get(SPEND)).json()
        assert (spent["total"]["corrections_usd"], spent["closed_until"]) == ("2", "2026-03-01T00:00:00Z")
        problem(await admin.post(CLOSE, json={"until": "2026-02-01T00:00:00Z"}), 422, "usage-invalid")
        problem(await admin.post(RERATE, json={}), 400, "body-invalid")
        problem(await admin.post(RERATE, json={"since": "2026-01-01"}), 422, "usage-invalid")


def test_the_commands_show_spend_and_rate_again(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch, query: Any
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    assert "Nothing was spent then" in radiant("spend").out
    query(
        database_url,
        "INSERT INTO usage_records (request_id, told, provider_id, model_id, at, booked_at, quantities) VALUES"
        " ('r1', decode(repeat('0', 32), 'hex'), 'openai', 'gpt-4o-mini', '2026-02-01Z', '2026-02-01Z',"
        " '{\"input_tokens\": 1000000}')",
    )
    query(
        database_url,
        "INSERT INTO ratings (usage_id, run_id, booked_at, state, stored, basis, lines)"
        " SELECT id, 0, booked_at, 'unpriced', false, 0, '[]' FROM usage_records",
    )
    shown = radiant("spend", "--by", "model,month").out
    assert "openai/gpt-4o-mini 2026-02" in " ".join(shown.split()) and "1 request has no price" in shown
    query(
        database_url,
        "SELECT append_sheet(price_offer('openai', 'gpt-4o-mini'), 0::smallint, tstzrange('2026-01-01Z', NULL),"
        ' \'[{"meter": "input_tokens", "amount": 2, "per": 1000000}]\', \'test\')',
    )
    since = ("--since", "2026-01-01T00:00:00Z")
    plan = radiant("prices", "rerate", *since).out
    assert (
        "1 of 1 usage cost something else: 2 USD of ours" in plan and "Nothing was written; --apply books it." in plan
    )
    assert "Written as run 1." in radiant("prices", "rerate", *since, "--apply").out
    assert json.loads(radiant("prices", "rerate", *since, "--apply", "--json").out)["run"] is None
    assert json.loads(radiant("spend", "--by", "tenant", "--json").out)["total"]["usd"] == "2"
    closed = radiant("prices", "close", "2026-03-01T00:00:00Z").out
    assert "Closed until 2026-03-01 00:00 UTC: 1 request, 0 of them without a price." in closed
    assert "The books are closed until 2026-03-01 00:00 UTC." in radiant("spend").out
    for wrong, said in (
        (("spend", "--by", "colour"), "--by 'colour' is unknown"),
        (("spend", "--from", "2026-01-01"), "--from: '2026-01-01' has no time zone"),
        (("prices", "rerate", "--since", "9999-01-01T00:00:00Z"), "--since: '9999-01-01T00:00:00Z' is out of reach"),
        (("prices", "close", "2026-01-01T00:00:00Z"), "MOMENT: is 2026-01-01"),
        (("spend", "--from", "2026-02-01T00:00:00Z", "--to", "2026-01-01T00:00:00Z"), "--to: is 2026-01-01"),
        (("prices", "rerate", *since, "--until", "2025-01-01T00:00:00Z"), "--until: is 2025-01-01"),
    ):
        found = radiant(*wrong)
        assert found.code == 2 and said in found.err and "Traceback" not in found.err, found
