"""Events as people and programs see them: a list, a stream that goes on where it was left, sinks by command and API."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest

from radiant.events import feed
from tests.faces.conftest import Program
from tests.faces.served import problem
from tests.faces.streaming import streaming

EVENTS = "/api/v2/events"
SINKS = "/api/v2/admin/event-sinks"
HOOK = {"kind": "webhook", "url": "https://ops.example.com/hook", "secret_env": "OPS_SECRET"}


def emit(url: str, *subjects: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for subject in subjects:
            connection.execute("SELECT emit_event('radiant.catalog.imported', %s, '{}')", [subject])


async def told(response: httpx.Response, count: int) -> list[tuple[int, str]]:
    """The next events of a stream: number and subject."""
    found: list[tuple[int, str]] = []
    number = 0
    async for line in response.aiter_lines():
        if line.startswith("id: "):
            number = int(line[4:])
        elif line.startswith("data: "):
            event = json.loads(line[6:])
            assert event["specversion"] == "1.0"
            assert event["sequence"] == str(number)
            found.append((number, event["subject"]))
            if len(found) == count:
                break
    return found


async def test_a_stream_follows_and_goes_on_where_it_was_left(database_url: str, tmp_path: Path) -> None:
    async with streaming(database_url, tmp_path) as (_, client):
        async with client.stream("GET", EVENTS) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            lines = response.aiter_lines()
            assert (await anext(lines)).startswith(":")
            await asyncio.sleep(0.3)  # it has begun to follow
            emit(database_url, "one")
            while not (line := await anext(lines)).startswith("id: "):
                pass
            first = int(line[4:])
        emit(database_url, *(f"missed {number}" for number in range(250)))
        async with client.stream("GET", EVENTS, headers={"Last-Event-ID": str(first)}) as response:
            found = await told(response, 250)
        assert [subject for _, subject in found] == [f"missed {number}" for number in range(250)]
        async with client.stream("GET", EVENTS, headers={"Last-Event-ID": str(found[99][0])}) as response:
            assert (await told(response, 1))[0][1] == "missed 100"


async def test_a_silent_stream_says_that_it_lives_and_ends_with_the_server(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT", 0.05)
    async with streaming(database_url, tmp_path) as (app, client):
        async with client.stream("GET", EVENTS, headers={"Accept": "text/event-stream"}) as response:
            lines = response.aiter_lines()
            while "still here" not in await anext(lines):
                pass
            await app.end_streams()
            async for _ in lines:
                pass
        assert (await client.head(EVENTS)).status_code == 200


async def test_the_list_goes_on_from_its_last_number(client_of_own: httpx.AsyncClient, database_url: str) -> None:
    emit(database_url, "one", "two", "three")
    start = (await client_of_own.get(EVENTS, params={"after": 0, "limit": 1000})).json()
    first = start["events"][-3]["seq"] - 1
    page = (await client_of_own.get(EVENTS, params={"after": first, "limit": 2})).json()
    assert [it["subject"] for it in page["events"]] == ["one", "two"]
    rest = (await client_of_own.get(EVENTS, params={"after": page["next"]})).json()
    assert [it["subject"] for it in rest["events"]] == ["three"]
    empty = (await client_of_own.get(EVENTS, params={"after": rest["next"]})).json()
    assert empty == {"events": [], "next": rest["next"]}


@pytest.mark.parametrize("last", ["x", "-1", "9" * 30, "0" * 20 + "9" * 5_000])
async def test_a_last_event_id_that_was_never_given_is_refused(client: httpx.AsyncClient, last: str) -> None:
    problem(await client.get(EVENTS, headers={"Last-Event-ID": last}))


async def test_sinks_are_made_stopped_played_again_and_forgotten(client_of_own: httpx.AsyncClient) -> None:
    made = await client_of_own.put(f"{SINKS}/ops", json=HOOK)
    assert made.status_code == 200, made.text
    assert made.json()["settings"] == {"url": HOOK["url"]}
    problem(await client_of_own.put(f"{SINKS}/ops", json=HOOK), 409)
    assert not (await client_of_own.post(f"{SINKS}/ops/disable")).json()["enabled"]
    assert (await client_of_own.post(f"{SINKS}/ops/enable")).json()["enabled"]
    assert (await client_of_own.post(f"{SINKS}/ops/replay", params={"after": 0})).json()["through"] == 0
    assert (await client_of_own.get(f"{SINKS}/ops/dead-letters")).json() == []
    assert [it["name"] for it in (await client_of_own.get(SINKS)).json()] == ["ops"]
    assert (await client_of_own.delete(f"{SINKS}/ops")).status_code == 200
    assert problem(await client_of_own.delete(f"{SINKS}/ops"), 404, "sink-not-found")["known"] == []


SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

WRONG = [
    {**HOOK, "secret_env": SECRET},
    {**HOOK, "url": f"https://ops:{SECRET}@example.com/"},
    {**HOOK, "url": f"https://example.com/?token={SECRET}"},
    {**HOOK, "secret": SECRET},
    {"kind": "webhook"},
    {**HOOK, "url_env": "HOOK_URL"},
    {"kind": "eventbridge", "secret_env": "A"},
    {"kind": "log", "url": "https://example.com"},
    {"kind": "log", "types": ["radiant.nothing"]},
    {"kind": "carrier pigeon"},
    ["log"],
]


@pytest.mark.parametrize("body", WRONG)
async def test_settings_that_do_not_fit_are_refused_and_no_secret_is_repeated(
    client_of_own: httpx.AsyncClient, database_url: str, body: object, query: Callable[..., list[object]]
) -> None:
    answer = await client_of_own.put(f"{SINKS}/ops", json=body)
    assert answer.status_code in (400, 422), answer.text
    problem(answer, answer.status_code)
    assert SECRET not in answer.text
    assert query(database_url, "SELECT * FROM event_sinks") == []


#: What a sink did not take.
DEAD = """
    INSERT INTO event_dead_letters (sink, seq, error) SELECT 'ops', seq, 'no' FROM events WHERE subject = %s"""


def test_the_commands_do_the_same(
    radiant: Program, clean_environment: pytest.MonkeyPatch, database_url: str, query: Callable[..., list[object]]
) -> None:
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    assert "Nobody is told" in radiant("events", "sinks").out
    added = radiant("events", "sink", "add", "ops", "--url", "https://ops.example.com/hook", "--secret-env", "OPS")
    assert added == (0, "ops is told of what happens from now on, while `radiant up` runs.\n", "")
    refused = radiant("events", "sink", "add", "x", "--url", "https://ops.example.com/hook", "--secret-env", SECRET)
    assert refused.code == 2 and refused.err.startswith("radiant: --secret-env: `secret_env` is the name of an")
    assert SECRET not in refused.out + refused.err
    emit(database_url, "one")
    assert json.loads(radiant("events", "list", "--json").out)[-1]["subject"] == "one"
    assert "catalog.imported" in radiant("events", "list").out
    [sink] = json.loads(radiant("events", "sinks", "--json").out)
    assert (sink["name"], sink["waiting"], sink["secret_env"]) == ("ops", 1, "OPS")
    assert "ops" in radiant("events", "sinks").out
    assert radiant("events", "sink", "disable", "ops").code == 0
    assert radiant("events", "sink", "enable", "ops").code == 0
    assert radiant("events", "replay", "ops").out == "ops has no dead letters.\n"
    assert radiant("events", "dead").out == "There are no dead letters.\n"
    query(database_url, DEAD, "one")
    assert radiant("events", "replay", "ops").out == "ops is told 1 dead letter again.\n"
    assert radiant("events", "replay", "ops").out == "ops is told 1 dead letter again already.\n"
    assert radiant("events", "replay", "ops", "--after", "0").out == "ops is told everything after 0 again.\n"
    assert radiant("events", "sink", "remove", "ops").code == 0
    gone = radiant("events", "sink", "remove", "ops")
    assert (gone.code, gone.err) == (1, "radiant: No sink 'ops' for events; there is none yet.\n")
