"""Runs over the health of fake providers: what is not known, and by whom; what real traffic says meanwhile."""

import datetime as dt
from typing import Any

import pytest

from radiant.domain.observation import Observation, Reason, Source
from radiant.health.standing import LASTS, PROBE_LASTS
from radiant.providers import route
from radiant.providers.probe import Target
from radiant.registry import health
from radiant.registry.database import Database
from radiant.sync import health as checking
from tests.flow.watching import FIVE, OTHER, after, watching


async def test_without_a_key_nobody_is_asked_and_nothing_is_known(database: Database) -> None:
    async with watching(database, {"id": "groq", "count": 3}, OTHER) as it:
        await it.check()
        keyless = it.stage.environment("mistral")
        await it.check(environment=keyless)
        assert (await it.of("groq"))["status"] == "healthy", "somebody has its key"
        assert (await it.statuses("groq", 1)) == [("healthy", None)]
        await it.check(environment=keyless, after=1.1 * PROBE_LASTS)
        row = await it.of("groq")
        assert (row["status"], row["reason"]) == ("unknown", "no key")
        (probe,) = await database.rows("SELECT skipped FROM probes WHERE provider_id = 'groq'")
        assert probe["skipped"] == "it has no key here (GROQ_API_KEY)"
        assert it.stage.theater.roles["groq"].stage.requests == 2
        assert await it.changes("groq") == [("healthy", None), ("unknown", "no key")]


@pytest.mark.parametrize(
    "why", ["enabled = false", "api_base_url = NULL", "key_variables = '{}'"], ids=["disabled", "no address", "no key"]
)
async def test_of_whom_nothing_was_seen_for_long_nothing_is_known(database: Database, why: str) -> None:
    """Whatever keeps it from being asked: traffic that nobody sends it cannot tell that it is well."""
    async with watching(database, OTHER, {"id": "groq"}) as it:
        await it.database.rows(f"UPDATE providers SET {why} WHERE id = 'groq' RETURNING id")
        down = [
            Observation(provider_id="groq", source=Source.TRAFFIC, at=it.at, ok=False, reason=Reason.TIMEOUT)
            for _ in range(2)
        ]
        async with database.connection() as connection:
            await health.record(connection, down, now=it.at)
        await it.check(after=LASTS / 2)
        assert (await it.of("groq"))["status"] == "unhealthy"
        await it.check(after=LASTS)
        row = await it.of("groq")
        assert (row["status"], row["failures"], row["error_rate"]) == ("unknown", 0, None)


async def test_whoever_asked_to_be_left_alone_stands_until_then(database: Database) -> None:
    async with watching(database, OTHER, {"id": "groq", "behavior": "throttled", "retry_after": 3600}) as it:
        await it.check()
        await database.rows("UPDATE probes SET at = NULL WHERE provider_id = 'groq' RETURNING at")
        await it.check(after=2 * LASTS)
        assert (await it.of("groq"))["status"] == "healthy"


async def test_a_fresh_registry_asks_nobody_and_says_so_once(database: Database) -> None:
    async with watching(database, {"id": "groq"}) as it:
        await it.check(environment={})
        before = await database.rows("SELECT provider_id, xmin::text FROM provider_health ORDER BY 1, 2")
        await it.check(environment={})
        assert await database.rows("SELECT provider_id, xmin::text FROM provider_health ORDER BY 1, 2") == before
        assert it.stage.theater.roles["groq"].stage.requests == 0
    assert {it["status"] for it in await database.rows("SELECT status FROM provider_health")} == {"unknown"}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who says nothing is waited for only briefly."""
    monkeypatch.setattr("radiant.providers.probe.LIMIT", 0.5)


async def test_everybody_who_answers_with_an_error_is_down_by_itself(database: Database) -> None:
    failing, lost = {"id": "groq", "behavior": "failing"}, {"id": "mistral", "behavior": "not_found"}
    async with watching(database, failing, lost) as it:
        assert (await it.statuses("groq", 2))[-1] == ("unhealthy", "server error")
        assert (await it.of("mistral"))["status"] == "unhealthy"
        assert await database.rows("SELECT FROM events WHERE type = 'radiant.host.offline'") == []


@pytest.mark.usefixtures("impatient")
async def test_while_others_are_served_it_is_not_this_host(database: Database) -> None:
    silent = {"behavior": "silent"}
    async with watching(database, {"id": "groq", **silent}, {"id": "mistral", **silent}, {"id": "cohere"}) as it:
        for _ in range(2):
            served = Observation(provider_id="cohere", source=Source.TRAFFIC, at=it.at, ok=True)
            async with database.connection() as connection:
                await health.record(connection, [served], now=it.at)
            report = await it.check(after=FIVE / 2)
            assert report.notes == ()
        assert (await it.of("groq"))["status"] == (await it.of("mistral"))["status"] == "unhealthy"


@pytest.mark.usefixtures("impatient")
async def test_if_nobody_answers_it_is_this_host(database: Database) -> None:
    down = {"changes": [after(1, behavior="silent"), after(3, behavior="well")]}
    async with watching(database, {"id": "groq", **down}, {"id": "mistral", **down}) as it:
        await it.check()
        report = await it.check()
        assert report.notes == ("this host seems offline: 2 probes, and nobody answered",)
        await it.check()
        for provider in ("groq", "mistral"):
            row = await it.of(provider)
            assert (row["status"], row["reason"]) == ("unknown", "this host seems offline")
        assert len(await database.rows("SELECT FROM events WHERE type = 'radiant.host.offline'")) == 1
        assert (await it.statuses("groq", 1)) == [("healthy", None)]


@pytest.mark.usefixtures("impatient")
async def test_one_alone_is_not_known_to_be_down_while_there_is_no_route(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watching(database, {"id": "groq", "behavior": "silent"}) as it:
        monkeypatch.setattr(checking, "has_route", lambda: False)
        assert (await it.statuses("groq", 2))[-1] == ("unknown", "this host seems offline")
        monkeypatch.setattr(checking, "has_route", lambda: True)
        assert (await it.statuses("groq", 2))[-1] == ("unhealthy", "timeout")
    assert route.has_route() in (True, False)


async def test_without_a_route_a_server_nearby_that_answers_does_not_make_the_others_down(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def probed(target: Target, *_: Any, at: dt.datetime) -> Observation:
        id, near = target.account.id, target.account.id == "mistral"
        return Observation(provider_id=id, source=Source.PROBE, at=at, ok=near, reason=None if near else Reason.DNS)

    monkeypatch.setattr(checking, "probe", probed)
    async with watching(database, OTHER, {"id": "groq"}) as it:
        for routed, status in ((False, "unknown"), (True, "unhealthy")):
            monkeypatch.setattr(checking, "has_route", lambda routed=routed: routed)
            await it.check()
            report = await it.check()
            assert ((await it.of("groq"))["status"], (await it.of("mistral"))["status"]) == (status, "healthy")
            assert report.notes == (() if routed else ("this host seems offline: 2 probes, and no way to groq",))
        assert await database.rows("SELECT data FROM events WHERE type = 'radiant.host.offline'") == [
            {"data": {"providers": ["groq"]}}
        ]


async def test_real_traffic_that_succeeds_makes_a_probe_superfluous(database: Database) -> None:
    async with watching(database, {"id": "groq", "count": 3}) as it:
        served = Observation(provider_id="groq", source=Source.TRAFFIC, at=it.at, ok=True, latency_ms=100.0)
        async with database.connection() as connection:
            await health.record(connection, [served], now=it.at)
        await it.check(after=dt.timedelta(minutes=4))
        assert it.stage.theater.roles["groq"].stage.requests == 0
        await it.check(after=dt.timedelta(minutes=4))
        assert it.stage.theater.roles["groq"].stage.requests == 1


async def test_traffic_that_failed_since_is_looked_into_by_a_probe(database: Database) -> None:
    async with watching(database, {"id": "groq", "count": 3}) as it:
        traffic: dict[str, Any] = {"provider_id": "groq", "source": Source.TRAFFIC}
        told = [Observation(**traffic, at=it.at, ok=True)]
        for n, model in enumerate(("one", "another")):
            at = it.at + dt.timedelta(seconds=10 + n)
            told.append(Observation(**traffic, at=at, ok=False, reason=Reason.SERVER, model_id=model))
        async with database.connection() as connection:
            await health.record(connection, told, now=told[-1].at)
        assert (await it.of("groq"))["status"] == "unhealthy"
        for expected in ("unhealthy", "healthy"):
            await it.check(after=dt.timedelta(minutes=1))
            assert (await it.of("groq"))["status"] == expected
        assert it.stage.theater.roles["groq"].stage.requests == 2
