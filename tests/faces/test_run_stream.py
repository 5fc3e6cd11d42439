"""The stream of a run: joined in the middle, gone on with, ended with the run or with the server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest

from radiant.domain.schedule import Order
from radiant.domain.source import Outcome, SourceResult
from radiant.domain.sync import Progress, ProviderResult, RunReport, SourceProgress, Step
from radiant.events import news
from radiant.insight import run_feed
from radiant.registry import runs, schedules
from radiant.registry.database import Database
from radiant.sync import service
from tests.faces.conftest import Child, Program
from tests.faces.served import problem, reading
from tests.faces.streaming import streaming
from tests.waiting import appeared

SYNC = "/api/v2/admin/registry-sync"


class Told(NamedTuple):
    """One server-sent event."""

    id: str | None
    event: str
    data: Any


async def events_of(response: httpx.Response) -> AsyncIterator[Told]:
    id, event = None, ""
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "id":
            id = value
        elif name == "event":
            event = value
        elif name == "data":
            yield Told(id, event, json.loads(value))
            id, event = None, ""


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncIterator[Database]:
    """Where the run goes on; the server knows of it by the database alone."""
    database = await Database.open(database_url)
    yield database
    await database.close()


def result(provider: str, seen: int) -> Progress:
    return Progress(provider_id=provider, result=ProviderResult(provider_id=provider, seen=seen, complete=True))


UNCHANGED = SourceResult(source="litellm", outcome=Outcome.UNCHANGED)


async def keep(database: Database, id: UUID, *steps: Step) -> None:
    async with database.connection() as connection, connection.transaction():
        await runs.keep_steps(connection, id, steps)


async def finish(database: Database, id: UUID) -> None:
    async with database.connection() as connection:
        await runs.finish(connection, RunReport(id=id, kind="models", status="completed", dry_run=False))


async def test_a_run_is_joined_in_the_middle_followed_to_its_end_and_gone_on_with(
    database_url: str, tmp_path: Path, elsewhere: Database
) -> None:
    id = await service.begin(elsewhere, "models", trigger="schedule", requested_by="schedule 0 0 * * *")
    await keep(elsewhere, id, Progress(provider_id="openai"), result("xai", 2))
    async with streaming(database_url, tmp_path, "admin") as (_, client):
        async with client.stream("GET", f"{SYNC}/{id}/stream") as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            told = events_of(response)
            begun, asking, xai = [await anext(told) for _ in range(3)]
            assert (begun.id, begun.event, begun.data["status"]) == (None, "run", "running")
            assert (begun.data["trigger"], begun.data["requested_by"]) == ("schedule", "schedule 0 0 * * *")
            assert asking == Told("1", "provider", {"provider_id": "openai", "result": None, "step": 1})
            assert (xai.id, xai.data["result"]["seen"]) == ("2", 2)
            await keep(elsewhere, id, SourceProgress(source="litellm", result=UNCHANGED), result("openai", 92))
            litellm, openai = [await anext(told) for _ in range(2)]
            assert (litellm.id, litellm.event, litellm.data["result"]["outcome"]) == ("3", "source", "unchanged")
            assert (openai.id, openai.data["provider_id"], openai.data["result"]["seen"]) == ("4", "openai", 92)
            await finish(elsewhere, id)
            (ended,) = [it async for it in told]
            assert (ended.id, ended.event, ended.data["status"]) == ("end", "ended", "completed")
            assert [it["provider_id"] for it in ended.data["providers"]] == ["openai", "xai"]
            assert [it["source"] for it in ended.data["sources"]] == ["litellm"]
        async with client.stream("GET", f"{SYNC}/{id}/stream", headers={"Last-Event-ID": "2"}) as response:
            assert [(it.id, it.event) async for it in events_of(response)] == [
                (None, "run"), ("3", "source"), ("4", "provider"), ("end", "ended"),
            ]  # fmt: skip
        over = await client.get(f"{SYNC}/{id}/stream", headers={"Last-Event-ID": "end"})
        assert (over.status_code, over.content) == (204, b""), "a browser asks no more"
        assert (await client.head(f"{SYNC}/{id}/stream")).status_code == 200


async def test_a_run_that_waits_for_a_worker_is_told_as_queued_and_goes_on_when_it_begins(
    database_url: str, tmp_path: Path, elsewhere: Database
) -> None:
    async with elsewhere.connection() as connection:
        id = await schedules.order(connection, Order(kind="models", provider="openai", requested_by="api"))
    async with (
        streaming(database_url, tmp_path, "admin") as (_, client),
        client.stream("GET", f"{SYNC}/{id}/stream") as response,
    ):
        assert response.status_code == 200
        told = events_of(response)
        waits = await anext(told)
        assert (waits.event, waits.data["status"], waits.data["id"]) == ("run", "queued", str(id))
        assert (waits.data["provider"], waits.data["requested_by"]) == ("openai", "api")
        assert await service.begin(elsewhere, "models", provider="openai", requested_by="api", id=id) == id
        await keep(elsewhere, id, result("openai", 92))
        begun, openai = [await anext(told) for _ in range(2)]
        assert (begun.event, begun.data["status"]) == ("run", "running")
        assert (openai.id, openai.data["result"]["seen"]) == ("1", 92)
        await finish(elsewhere, id)
        assert [(it.id, it.event) async for it in told] == [("end", "ended")]


async def test_a_stream_says_that_it_lives_and_ends_with_the_server(
    database_url: str, tmp_path: Path, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_feed, "HEARTBEAT", 0.05)
    id = await service.begin(elsewhere, "models")
    async with streaming(database_url, tmp_path, "admin") as (app, client):
        response = await client.send(client.build_request("GET", f"{SYNC}/{id}/stream"), stream=True)
        lines = response.aiter_lines()
        while "still here" not in await anext(lines):
            pass
        await app.end_streams()
        assert [line async for line in lines if "ended" in line] == []
        await response.aclose()
    (row,) = await elsewhere.rows("SELECT status FROM registry_sync_log WHERE id = %s", [id])
    assert row["status"] == "running", "whoever looks on ends nothing"


async def test_no_more_streams_are_opened_than_there_may_be_and_one_that_is_left_makes_room(
    database_url: str, tmp_path: Path, elsewhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "MOST", 1)
    id = await service.begin(elsewhere, "models")
    async with streaming(database_url, tmp_path, "admin") as (_, client):
        async with client.stream("GET", f"{SYNC}/{id}/stream") as response:
            told = events_of(response)
            await anext(told)
            problem(await client.get(f"{SYNC}/{id}/stream"), 429, "too-many-streams")
        async with asyncio.timeout(30):
            while True:
                async with client.stream("GET", f"{SYNC}/{id}/stream") as response:
                    if response.status_code == 200:
                        break
                await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("path", "headers", "status", "name"),
    [
        (f"{UUID(int=1)}/stream", {}, 404, "run-not-found"),
        ("no-uuid/stream", {}, 404, "address-unknown"),
        ("{id}/stream?after=1", {}, 400, "parameter-invalid"),
        ("{id}/stream", {"Last-Event-ID": "x"}, 400, "parameter-invalid"),
        ("{id}/stream", {"Last-Event-ID": "9" * 40}, 400, "parameter-invalid"),
        ("{id}/stream", {"Last-Event-ID": "0" * 20 + "9" * 5_000}, 400, "parameter-invalid"),
    ],
)
async def test_what_cannot_be_followed_is_a_problem(
    client: httpx.AsyncClient, path: str, headers: dict[str, str], status: int, name: str
) -> None:
    (seeded, *_) = (await client.get(f"{SYNC}/history")).json()
    problem(await client.get(f"{SYNC}/{path.format(id=seeded['id'])}", headers=headers), status, name)


async def test_only_administrators_follow_and_only_by_get(
    client: httpx.AsyncClient, standing_url: str, tmp_path: Path
) -> None:
    (seeded, *_) = (await client.get(f"{SYNC}/history")).json()
    address = f"{SYNC}/{seeded['id']}/stream"
    problem(await client.post(address), 405, "method-not-allowed")
    async with reading(standing_url, tmp_path) as reader:
        problem(await reader.get(address), 403, "admin-needed")
        reader.headers.pop("authorization")
        problem(await reader.get(address), 401, "token-needed")


SLOW = {"providers": [{"id": "acme", "models": ["acme-1", "acme-2"], "latency": 2.0}]}


def test_a_run_that_is_in_the_way_is_followed_by_command(
    radiant: Program, start: Child, clean_environment: pytest.MonkeyPatch, database_url: str, tmp_path: Path,
    query: Callable[..., list[Any]],
) -> None:  # fmt: skip
    script = tmp_path / "script.json"
    script.write_text(json.dumps(SLOW))
    simulated = start("simulate", str(script), "--port", "0")
    assert simulated.stdout is not None
    lines = iter(simulated.stdout)
    base = next(line for line in lines if "/acme" in line).split()
    url = next(it for it in base if it.startswith("http"))
    for name, value in {
        "RADIANT_DATABASE_URL": database_url, "RADIANT_ALLOW_PRIVATE_NETWORKS": "1", "ACME_API_KEY": "simulated-acme",
    }.items():  # fmt: skip
        clean_environment.setenv(name, value)
    assert radiant("providers", "add", "acme", "--base-url", url, "--key-env", "ACME_API_KEY").code == 0
    running = start("sync", "models", "--provider", "acme")
    appeared(lambda: query(database_url, "SELECT 1 FROM sync_results WHERE asking"))
    refused = radiant("sync", "models")
    assert (refused.code, "--follow shows how it goes on." in refused.err) == (3, True)
    followed = radiant("sync", "models", "--follow")
    assert followed.code == 0, followed.err
    assert "acme: asking" in followed.err
    assert "acme: 2 models" in followed.err
    assert "What is new waits for review" in followed.out
    assert running.wait(30) == 0
