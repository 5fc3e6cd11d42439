"""Deliveries: in order, at least once, each sink on its own; what is not taken dies visibly and can be played again."""

import asyncio
import base64
import json

import pytest
import standardwebhooks
from cloudevents.core.bindings.http import HTTPMessage, from_http
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from radiant.domain.event import Event, Sink
from radiant.events import deliver
from radiant.events.deliver import Deliverer
from radiant.events.outcome import ATTEMPTS, REFUSALS, TAKEN, Fate, Outcome
from radiant.registry import event_sinks, events
from radiant.registry.database import Database
from tests.flow.receiving import Collecting, again, emitted, receiving, sink
from tests.waiting import until

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes or so").decode()
KNOWN = {"HOOK_SECRET": SECRET}


async def state(database: Database, name: str) -> Sink:
    async with database.connection() as connection:
        return (await event_sinks.listed(connection, name))[0]


async def test_a_webhook_is_signed_and_can_be_read_by_what_others_read_it_with(database: Database) -> None:
    async with receiving() as receiver:
        await sink(database, "hook", kind="webhook", url=receiver.url, secret_env="HOOK_SECRET")
        await emitted(database, "zürich 🜂")
        deliverer = Deliverer(database, private=True, environment=KNOWN)
        await deliverer.once()
        await deliverer.close()
    [request] = receiver.requests
    standardwebhooks.Webhook(SECRET).verify(request.body, request.headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(SECRET).verify(request.body + b" ", request.headers)
    event = from_http(HTTPMessage(headers=request.headers, body=request.body), JSONFormat(), CloudEvent)
    assert event.get_subject() == "zürich 🜂"
    assert event.get_type() == "radiant.catalog.imported"
    assert event.get_source() == "radiant.registry"
    assert event.get_data() == {"source": "zürich 🜂"}
    assert event.get_id() == request.headers["webhook-id"]


async def test_a_failure_is_tried_again_in_order_and_with_the_same_id(database: Database) -> None:
    async with receiving("503 Busy\r\nRetry-After: 90", "500 Oh") as receiver:
        await sink(database, "hook", kind="webhook", url=receiver.url, secret_env="HOOK_SECRET")
        await emitted(database, "one", "two")
        deliverer = Deliverer(database, private=True, environment=KNOWN, chance=lambda: 0.0)
        await deliverer.once()
        await deliverer.once()  # it is not its time yet
        seen = await state(database, "hook")
        assert (len(receiver.requests), seen.failures, seen.waiting) == (1, 1, 2)
        assert seen.last_error == "it answered 503"
        async with database.connection() as connection:
            row = await (
                await connection.execute("SELECT next_try_at - now() > interval '85 s' AS waits FROM event_sinks")
            ).fetchone()
        assert row == {"waits": True}
        for _ in range(2):
            await again(database, "hook")
            await deliverer.once()
        await deliverer.close()
    subjects = [json.loads(it.body)["subject"] for it in receiver.requests]
    assert subjects == ["one", "one", "one", "two"]
    assert len({it.headers["webhook-id"] for it in receiver.requests[:3]}) == 1
    assert (await state(database, "hook")).failures == 0


async def test_410_disables_a_webhook_and_its_events_wait(database: Database) -> None:
    async with receiving("410 Gone") as receiver:
        await sink(database, "hook", kind="webhook", url=receiver.url)
        await emitted(database, "one")
        deliverer = Deliverer(database, private=True)
        await deliverer.once()
        seen = await state(database, "hook")
        assert (seen.enabled, seen.why_disabled) == (False, "it answered 410: it wants no more events")
        async with database.connection() as connection:
            await event_sinks.set_enabled(connection, "hook", True, None)
        await deliverer.once()
        await deliverer.close()
    assert len(receiver.requests) == 2


async def test_a_private_address_is_refused_unless_it_is_allowed(database: Database) -> None:
    async with receiving() as receiver:
        await sink(database, "hook", kind="webhook", url=receiver.url)
        await emitted(database, "one")
        deliverer = Deliverer(database)
        await deliverer.once()
        await deliverer.close()
    assert receiver.requests == []
    seen = await state(database, "hook")
    assert "RADIANT_ALLOW_PRIVATE_NETWORKS" in str(seen.last_error)
    assert (seen.dead, seen.waiting) == (0, 1)


async def test_a_missing_secret_is_named_and_costs_no_event(database: Database) -> None:
    async with receiving() as receiver:
        await sink(database, "hook", kind="webhook", url=receiver.url, secret_env="HOOK_SECRET")
        await emitted(database, "one")
        for environment in ({}, {"HOOK_SECRET": "too-short-to-be-good"}):
            deliverer = Deliverer(database, private=True, environment=environment)
            for _ in range(ATTEMPTS + 1):
                await again(database, "hook")
                await deliverer.once()
            await deliverer.close()
            seen = await state(database, "hook")
            assert (seen.dead, seen.waiting) == (0, 1)
            assert "HOOK_SECRET" in str(seen.last_error)
            assert "too-short" not in str(seen.last_error)
    assert receiver.requests == []


@pytest.mark.parametrize(("fate", "most"), [(Fate.LATER, ATTEMPTS), (Fate.REFUSED, REFUSALS)])
async def test_what_is_never_taken_dies_and_can_be_played_again(database: Database, fate: Fate, most: int) -> None:
    async def act(event: Event) -> Outcome:
        return Outcome(fate, "no") if event.subject == "bad" and not well else TAKEN

    well = False
    it = Collecting(act)
    await sink(database, "it")
    await emitted(database, "good", "bad", "after")
    deliverer = Deliverer(database, maker=lambda _: it)
    for _ in range(most + 1):
        await again(database, "it")
        await deliverer.once()
    assert it.seen == ["good", *["bad"] * most, "after"]
    async with database.connection() as connection:
        [letter] = await event_sinks.dead(connection, "it")
        assert (letter.subject, letter.error, letter.replay) == ("bad", "no", False)
        well = True
        assert await event_sinks.replay(connection, "it", None) == 1
    await deliverer.once()
    assert it.seen[-1] == "bad"
    assert (await state(database, "it")).dead == 0
    async with database.connection() as connection:
        assert await event_sinks.replay(connection, "it", 0) is None
    await deliverer.once()
    await deliverer.close()
    assert it.seen[-3:] == ["good", "bad", "after"]


async def test_who_dies_after_sending_sends_again_and_nothing_is_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    it = Collecting()
    await sink(database, "it")
    await emitted(database, "one", "two")
    monkeypatch.setattr(deliver, "LEASE", 0.3)

    class Killed(BaseException):
        pass

    async def died(*_: object) -> bool:
        raise Killed

    async with database.connection() as connection:
        await events.number(connection)
    first = Deliverer(database, maker=lambda _: it)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(event_sinks, "release", died)
        await first._batch("it")
    second = Deliverer(database, maker=lambda _: it)
    await second.once()
    assert it.seen == ["one"], "the claim of the dead one still holds"
    await asyncio.sleep(0.35)
    await second.once()
    assert it.seen == ["one", "one", "two"]
    for deliverer in (first, second):
        await deliverer.close()


async def test_two_deliverers_do_not_both_send(database: Database) -> None:
    it = Collecting()
    await sink(database, "it")
    await emitted(database, *map(str, range(20)))
    both = [Deliverer(database, maker=lambda _: it) for _ in range(2)]
    await asyncio.gather(*(one.once() for one in both))
    for one in both:
        await one.once()
        await one.close()
    assert it.seen == [str(number) for number in range(20)]


async def test_who_hangs_or_breaks_delays_nobody(database: Database) -> None:
    release = asyncio.Event()

    async def hang(_: Event) -> Outcome:
        await release.wait()
        return TAKEN

    async def breaks(_: Event) -> Outcome:
        raise RuntimeError("boom")

    sinks = {"hangs": Collecting(hang), "breaks": Collecting(breaks), "well": Collecting()}
    for name in sinks:
        await sink(database, name)
    deliverer = Deliverer(database, maker=lambda held: sinks[held.name])
    running = asyncio.create_task(deliverer.run())
    await asyncio.sleep(0)
    await emitted(database, "one", "two")
    await until(lambda: sinks["well"].seen == ["one", "two"])
    await emitted(database, "three")
    await until(lambda: sinks["well"].seen == ["one", "two", "three"])
    assert sinks["hangs"].seen == []
    release.set()
    await until(lambda: sinks["hangs"].seen == ["one", "two", "three"])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await deliverer.close()
    assert (await state(database, "breaks")).last_error == "it broke: RuntimeError"


async def test_of_a_batch_taken_in_part_only_the_rest_is_sent_again(database: Database) -> None:
    failing = {"two"}

    async def act(event: Event) -> Outcome:
        return Outcome(Fate.LATER, "no") if event.subject in failing else TAKEN

    it = Collecting(act, batch=10)
    await sink(database, "it")
    await emitted(database, "one", "two", "three")
    deliverer = Deliverer(database, maker=lambda _: it)
    await deliverer.once()
    failing.clear()
    await emitted(database, "four")
    await again(database, "it")
    await deliverer.once()
    await deliverer.close()
    assert it.seen == ["one", "two", "three", "two", "four"]
