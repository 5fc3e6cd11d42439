"""`GET /api/v2/models/{id}/prices` and `radiant prices`."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.faces.conftest import Program
from tests.faces.served import reading


@pytest.fixture
async def asker(standing_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the reader's token."""
    async with reading(standing_url, tmp_path) as it:
        yield it


async def test_prices_are_told_at_a_moment_with_their_source(asker: httpx.AsyncClient) -> None:
    answer = await asker.get("/api/v2/models/google/gemini-4-argon/prices", params={"at": "2026-12-01T00:00:00Z"})
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()
    plain = [it for it in found["sheets"] if not it["context"]]
    assert [it["usd"] for it in plain[0]["lines"] if it["meter"] == "input_tokens"] == ["4"]
    before = await asker.get("/api/v2/models/google/gemini-4-argon/prices", params={"at": "2026-11-30T23:59:59Z"})
    lines = [line for it in before.json()[0]["sheets"] if not it["context"] for line in it["lines"]]
    assert [it["usd"] for it in lines if it["meter"] == "input_tokens"] == ["2"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"at": "2026-12-01"}, 422),
        ({"at": "yesterday"}, 422),
        ({"known": "2026-12-01T00:00:00"}, 422),
        ({"at": "9999-12-31T23:59:59-12:00"}, 422),
        ({"known": "0001-01-01T00:00:00+14:00"}, 422),
        ({"to": "x"}, 400),
    ],
)
async def test_a_moment_that_is_none_is_a_named_problem(
    asker: httpx.AsyncClient, asked: dict[str, str], status: int
) -> None:
    answer = await asker.get("/api/v2/models/deepseek/deepseek-v4-pro/prices", params=asked)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    if status == 422:
        (name,) = asked
        assert answer.json()["field"] == name


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (("show", "openai/gpt-4o-mini", "--known", "soon"), "--known"),
        (("show", "openai/gpt-4o-mini", "--at", "soon"), "--at"),
        (("show", "deepseek/deepseek-v4-pro", "--at", "9999-12-31T23:59:59-12:00"), "--at"),
        (("show", "deepseek/deepseek-v4-pro", "--known", "0001-01-01T00:00:00+14:00"), "--known"),
        (("markup", "set", "20%", "--reason", "r", "--until", "9999-12-31T23:59:59-12:00"), "--until"),
        (("set", "openai/gpt-4o-mini", "input_tokens=1", "--reason", "r", "--until", "soon"), "--until"),
        (("markup", "set", "20%", "--reason", "r", "--since", "soon"), "--since"),
    ],
)
def test_a_moment_that_is_none_is_named_by_its_option(
    radiant: Program, clean_environment: pytest.MonkeyPatch, standing_url: str, command: tuple[str, ...], option: str
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", standing_url)
    moment = command[-1]
    wrong = "no moment" if moment == "soon" else "out of reach"
    said = radiant("prices", *command)
    assert (said.code, f"radiant: {option}: '{moment}' is {wrong}" in said.err) == (2, True), said.err


async def test_a_model_that_there_is_not_is_a_named_problem(asker: httpx.AsyncClient) -> None:
    answer = await asker.get("/api/v2/models/nosuch-model/prices")
    assert answer.status_code == 404


def test_prices_are_brought_up_to_date_shown_set_and_unset(
    radiant: Program, database_url: str, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv("DATABASE_URL", database_url)
    assert "new sheets of" in radiant("sync", "pricing").out
    assert "0 new sheets of 0 models" in radiant("sync", "pricing").out
    history = radiant("prices", "history", "google/gemini-4-argon").out
    assert "2026-12-01 ████████" in history
    given = ("prices", "set", "openai/gpt-4o-mini", "input_tokens=0.1", "--reason", "deal")
    assert "Nothing was written." in radiant(*given, "--dry-run").out
    radiant(*given)
    (found,) = json.loads(radiant("prices", "show", "openai/gpt-4o-mini", "--json").out)
    assert [(it["reason"], it["lines"][0]["usd"]) for it in found["sheets"] if it["rank"] == 1] == [("deal", "0.1")]
    cost = json.loads(radiant("cost", "openai/gpt-4o-mini", "--input", "1000000", "--json").out)
    assert cost["usd"] == "0.1"
    assert "has ended" in radiant("prices", "unset", "openai/gpt-4o-mini").out
    assert json.loads(radiant("cost", "openai/gpt-4o-mini", "--input", "1000000", "--json").out)["usd"] == "0.15"
    assert "No change of price waits" in radiant("prices", "held").out
    assert "curated" in radiant("prices", "compare", "openai/gpt-4o-mini").out
    refused = radiant("prices", "approve", "99")
    assert (refused.code, "No change of price of 99 waits for approval" in refused.err) == (1, True)
