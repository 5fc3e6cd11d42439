"""Sinks by themselves: what AWS EventBridge is sent and how it may answer, and what is noted of a batch."""

import datetime as dt
import json
from typing import Any
from uuid import UUID, uuid4

import boto3
import pytest
from botocore.stub import ANY, Stubber

from radiant.domain.event import Event
from radiant.domain.event_kinds import KINDS
from radiant.events.outcome import TAKEN, Fate, Outcome, settled
from radiant.events.sinks.eventbridge import LARGEST, EventBridgeSink, fitted
from radiant.registry.event_sinks import Claim

RUN = {
    "sync_id": "0c6d4b5e-6f0f-4b5b-9a51-3a1f7f4de0c9",
    "sync_type": "full",
    "providers_updated": 1,
    "models_added": 2,
    "models_updated": 3,
    "models_deprecated": 4,
    "duration_ms": 5,
    "errors": ["openai: it answered 500"],
}


def event(seq: int = 1, type: str = "radiant.sync.completed", **data: Any) -> Event:
    time = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    return Event(
        seq=seq, id=UUID(int=seq), type=type, source="radiant.registry", subject="x", time=time, data=data or RUN
    )


def bridged(**settings: str) -> tuple[EventBridgeSink, Stubber]:
    client = boto3.client(
        "events", region_name="eu-central-1", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="x"
    )
    stubber = Stubber(client)
    stubber.activate()
    return EventBridgeSink(settings, client=lambda _: client), stubber


def answer(*codes: str | None) -> dict[str, Any]:
    entries = [{"EventId": "1"} if code is None else {"ErrorCode": code, "ErrorMessage": "m"} for code in codes]
    return {"FailedEntryCount": sum(code is not None for code in codes), "Entries": entries}


async def test_a_run_has_the_agreed_shape_at_eventbridge() -> None:
    sink, stubber = bridged(bus="registry")
    detail = {
        "syncId": RUN["sync_id"],
        "syncType": "full",
        "providersUpdated": 1,
        "modelsAdded": 2,
        "modelsUpdated": 3,
        "modelsDeprecated": 4,
        "durationMs": 5,
        "errors": ["openai: it answered 500"],
    }
    entry = {
        "Source": "radiant.registry",
        "DetailType": "RegistrySyncCompleted",
        "Time": dt.datetime(2026, 11, 26, tzinfo=dt.UTC),
        "Detail": json.dumps(detail, separators=(",", ":")),
        "EventBusName": "registry",
    }
    stubber.add_response("put_events", answer(None), {"Entries": [entry]})
    assert await sink.send([event()]) == [TAKEN]
    stubber.assert_no_pending_responses()


async def test_of_a_batch_each_entry_has_its_own_fate() -> None:
    sink, stubber = bridged()
    stubber.add_response("put_events", answer(None, "ThrottlingException", "MalformedDetail", None), {"Entries": ANY})
    outcomes = await sink.send([event(seq) for seq in range(1, 5)])
    assert [it.fate for it in outcomes] == [Fate.TAKEN, Fate.LATER, Fate.REFUSED, Fate.TAKEN]
    assert sink.batch == 10


async def test_what_aws_says_of_keys_is_not_repeated() -> None:
    sink, stubber = bridged()
    stubber.add_client_error("put_events", "AccessDeniedException", "User AKIDEXAMPLE may not", http_status_code=400)
    [outcome] = await sink.send([event()])
    assert outcome == Outcome(Fate.LATER, "AWS EventBridge: AccessDeniedException")


async def test_more_than_aws_takes_at_once_goes_in_several_requests() -> None:
    sink, stubber = bridged()
    for _ in range(2):
        stubber.add_response("put_events", answer(None), {"Entries": ANY})
    large: dict[str, Any] = {**RUN, "errors": ["x" * 200_000]}
    assert await sink.send([event(1, **large), event(2, **large)]) == [TAKEN, TAKEN]
    stubber.assert_no_pending_responses()


@pytest.mark.parametrize("errors", [1, 5_000, 50_000])
def test_a_detail_is_cut_to_what_aws_takes_and_says_by_how_much(errors: int) -> None:
    texts = [f"provider {number}: it answered 500 ü" for number in range(errors)]
    text = fitted({**RUN, "errors": texts}, LARGEST)
    detail = json.loads(text)
    assert len(text.encode()) <= LARGEST
    assert len(detail["errors"]) + detail.get("errorsTruncated", 0) == errors
    assert detail["errors"] == texts[: len(detail["errors"])]
    if "errorsTruncated" in detail:
        assert len(text.encode()) > LARGEST - 200, "no more is left out than has to be"


def test_what_cannot_be_cut_says_its_size() -> None:
    assert json.loads(fitted({"note": "x" * 1000}, 500)) == {"truncated": 1011}


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.detail_type for kind in KINDS.values()}) == len(KINDS)


def held(**more: Any) -> Claim:
    usual: dict[str, Any] = {"attempts": 0, "failures": 0, "through": 5, "beyond": []}
    return Claim(id=uuid4(), name="it", kind="log", settings={}, secret_env=None, types=[], **{**usual, **more})


LATER = Outcome(Fate.LATER, "no")


def test_a_batch_is_done_up_to_the_first_that_failed() -> None:
    done = settled(held(beyond=[7]), [event(6), event(8), event(9)], [TAKEN, LATER, TAKEN], lambda: 1.0)
    assert (done.through, done.beyond, done.delivered) == (6, [7, 9], [6, 9])
    after = settled(held(through=6, beyond=[7, 9]), [event(8)], [TAKEN], lambda: 1.0)
    assert (after.through, after.beyond) == (8, [9])


def test_the_pause_doubles_is_bounded_and_varies() -> None:
    pauses = [settled(held(failures=it), [event(6)], [LATER], lambda: 1.0).pause for it in range(30)]
    assert pauses[:3] == [5.0, 10.0, 20.0]
    assert pauses[-1] == 3600.0
    assert settled(held(), [event(6)], [LATER], lambda: 0.0).pause == 2.5
