"""What happens to the warmth of models, as programs and people follow it; and callers who do not wait to the end."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from radiant.app import App
from tests.asleep import ASLEEP
from tests.faces.conftest import Child
from tests.faces.served import problem
from tests.faces.streaming import streaming
from tests.waiting import HANG, until, until_said

CHANGES, SELECT = "/api/v2/thermal/changes", "/api/v2/select"
MODEL = "llama-3.3-70b"
OWN = {
    "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5,
    "prefer_hosting": "self_hosted",
}  # fmt: skip

Query = Callable[..., list[DictRow]]


@pytest.fixture
def own(database_url: str, query: Query) -> str:
    """A registry of this test alone, whose models sleep."""
    query(database_url, ASLEEP)
    return database_url


def happen(url: str, *states: str) -> None:
    """The model is in these states, one after the other, and something else happens as well."""
    with psycopg.connect(url, autocommit=True) as connection:
        for state in states:
            connection.execute("SELECT emit_event('radiant.catalog.imported', 'litellm', '{}')")
            connection.execute("UPDATE thermal_states SET current_state = %s WHERE model_id = %s", [state, MODEL])


async def told(response: httpx.Response) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """The events of a stream, with their numbers."""
    number, kind = 0, ""
    async for line in response.aiter_lines():
        name, _, said = line.partition(": ")
        if name == "id":
            number = int(said)
        elif name == "event":
            kind = said
        elif name == "data":
            event = json.loads(said)
            assert event["type"] == kind and event["sequence"] == str(number)
            yield number, event


async def first(response: httpx.Response, url: str) -> int:
    """The number of the first event after the stream began to follow; nobody else can tell when that is."""

    async def change() -> None:
        while True:
            await asyncio.to_thread(happen, url, "WARM", "COLD")
            await asyncio.sleep(0.05)

    changing = asyncio.create_task(change())
    try:
        async for number, event in told(response):
            assert event["type"] == "radiant.thermal.state_changed" and event["subject"] == f"self_hosted/{MODEL}"
            return number
    finally:
        changing.cancel()
        await asyncio.wait([changing])
    raise AssertionError("the stream ended")


async def test_changes_are_streamed_and_nothing_else_and_gone_on_with(own: str, tmp_path: Path) -> None:
    async with streaming(own, tmp_path) as (app, client), asyncio.timeout(HANG):
        async with client.stream("GET", CHANGES) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            seen = await first(response, own)
        happen(own, "WARM", "HOT", "WARM", "COLD")
        newest = (await app.events.newest(1))[0].seq
        found = []
        async with client.stream("GET", CHANGES, headers={"Last-Event-ID": str(seen)}) as response:
            async for number, event in told(response):
                found.append(event)
                if number == newest:
                    break
        assert {it["type"] for it in found} == {"radiant.thermal.state_changed"}
        assert [it["data"]["after"] for it in found[-4:]] == ["WARM", "HOT", "WARM", "COLD"]
        assert (await client.head(CHANGES)).status_code == 200
        problem(await client.get(CHANGES, headers={"Last-Event-ID": "x"}), 400, "parameter-invalid")
        problem(await client.get(f"{CHANGES}?after=3"), 400, "parameter-invalid")


async def test_a_stream_lives_where_only_other_things_happen_and_ends_with_the_server(own: str, tmp_path: Path) -> None:
    async with streaming(own, tmp_path) as (app, client), asyncio.timeout(HANG):
        after = (await app.events.newest(1))[0].seq
        with psycopg.connect(own, autocommit=True) as connection:
            connection.execute("SELECT emit_event('radiant.catalog.imported', 'litellm', '{}')")
        async with client.stream("GET", CHANGES, headers={"Last-Event-ID": str(after)}) as response:
            lines = response.aiter_lines()
            while await anext(lines) != ": still here":
                pass
            await app.end_streams()
            assert [line async for line in lines] in ([], [""])


async def test_the_command_follows_until_it_is_told_to_stop(own: str, start: Child) -> None:
    for options in ((), ("--json",)):
        watching = start("thermal", "watch", *options, RADIANT_DATABASE_URL=own)
        assert watching.stdout is not None
        reading = asyncio.create_task(asyncio.to_thread(watching.stdout.readline))
        async with asyncio.timeout(HANG):
            while not reading.done():
                await asyncio.to_thread(happen, own, "WARM", "COLD")
                await asyncio.wait([reading], timeout=0.1)
        line = (await reading).strip()
        assert line == "{" if options else line[8:] in (f"  {MODEL}  COLD → WARM", f"  {MODEL}  WARM → COLD")
        watching.terminate()
        assert await asyncio.to_thread(watching.wait, HANG) is not None


def request(client: httpx.AsyncClient, **more: Any) -> bytes:
    """A request for a model as it stands on the wire."""
    body = json.dumps({**OWN, "fallback": "hold", "max_wait_s": 600, **more}).encode()
    built = client.build_request("POST", SELECT, content=body, headers={"Content-Type": "application/json"})
    lines = [f"{name}: {value}" for name, value in built.headers.items()]
    return "\r\n".join(["POST /api/v2/select HTTP/1.1", *lines, "", ""]).encode() + body


@pytest.mark.parametrize("end", ["close", "abort"])
async def test_who_hangs_up_while_held_makes_room_for_the_next(own: str, tmp_path: Path, end: str) -> None:
    async with streaming(own, tmp_path, selecting=True) as (app, client), asyncio.timeout(HANG):
        app.selector.handover.most = 1
        port = client.base_url.port
        await until(lambda: any(it.thermal_state == "COLD" for it in app.selector.candidates))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(client))
        await until(lambda: app.selector.handover.held == 1)
        refused = await client.post(SELECT, json={**OWN, "fallback": "hold"})
        assert problem(refused, 503, "too-many-held") and "retry-after" in refused.headers
        getattr(writer if end == "close" else writer.transport, end)()
        await until(lambda: app.selector.handover.held == 0)
        assert await reader.read() == b"", "nothing was answered"
        held = asyncio.create_task(client.post(SELECT, json={**OWN, "fallback": "hold", "max_wait_s": 600}))
        await until(lambda: app.selector.handover.held == 1)
        assert not held.done()
        await _warm(app)
        choice = (await held).json()["choice"]
        assert (choice["via"], choice["thermal_state"]) == ("preferred", "WARM")
        assert app.selector.handover.held == 0


async def _warm(app: App) -> None:
    """As soon as it was asked for, which is told beside the request."""
    text = "UPDATE thermal_states t SET current_state = 'WARM' FROM warmup_demands d WHERE d.model_id = t.model_id"
    await until_said(lambda: app.database.rows(f"{text} RETURNING 1 AS it"))
