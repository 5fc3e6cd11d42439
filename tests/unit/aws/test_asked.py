"""What a function understands of the events it is called with."""

import datetime as dt

import pytest

from radiant.aws.asked import Asked, EventRefused, asked
from radiant.domain.schedule import KINDS
from radiant.domain.sync import Trigger


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_alone_is_somebodys_wish(kind: str) -> None:
    assert asked({"syncType": kind}) == Asked(kind=kind, by="a call of the function")
    assert asked({"syncType": kind, "requestedBy": "ada"}).by == "ada"


def test_a_time_makes_it_the_tick_of_a_schedule() -> None:
    found = asked({"syncType": "full", "scheduledTime": "2026-11-26T00:00:00Z"})
    assert (found.trigger, found.tick) == (Trigger.SCHEDULE, dt.datetime(2026, 11, 26, tzinfo=dt.UTC))


def test_what_sagemaker_tells_asks_for_a_thermal_run() -> None:
    event = {"source": "aws.sagemaker", "detail-type": "SageMaker Endpoint State Change", "detail": {}}
    found = asked(event)
    assert (found.kind, found.trigger, found.by) == ("thermal", Trigger.EVENT, "SageMaker Endpoint State Change")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (None, "The event is no JSON object; expected"),
        ([], "The event is no JSON object"),
        ({}, "has `syncType` None; expected"),
        ({"syncType": "everything"}, "has `syncType` 'everything'; expected"),
        ({"syncType": ["full"]}, r"has `syncType` \['full'\]"),
        ({"syncType": "full", "scheduledTime": "midnight"}, "has `scheduledTime` 'midnight'; expected 2026"),
        (
            {"source": "aws.sagemaker", "detail-type": "SageMaker Training Job State Change"},
            "expected one of: SageMaker",
        ),
    ],
)
def test_what_asks_for_nothing_is_refused_in_words(event: object, said: str) -> None:
    with pytest.raises(EventRefused, match=said):
        asked(event)


def test_who_asked_is_kept_as_far_as_a_row_takes_it() -> None:
    assert len(asked({"syncType": "health", "requestedBy": "a" * 1000}).by or "") == 500
    assert asked({"syncType": "health", "requestedBy": "a\x00b"}).by == "a call of the function"
