"""What functions speak to besides SageMaker, as moto plays it: a secret that is rotated, a bus with a rule."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from radiant.aws.keys import LIFETIME, Keys, KeysUnusable
from radiant.domain.event import SOURCE, Event
from radiant.events.outcome import TAKEN, Fate
from radiant.events.sinks.eventbridge import EventBridgeSink
from tests.runtimes import test_aws_emulated as emulated

pytestmark = pytest.mark.runtimes

RUN = UUID("019ab000-0000-7000-8000-000000000001")


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    yield from emulated.account(tmp_path, monkeypatch)


def event(number: int, **data: Any) -> Event:
    return Event(
        seq=number, id=UUID(int=number), type="radiant.sync.completed", source=SOURCE, subject=str(RUN),
        time=dt.datetime.now(dt.UTC), data=data,
    )  # fmt: skip


async def test_a_secret_that_was_rotated_is_read_after_five_minutes_and_a_deleted_one_is_missed(aws: str) -> None:
    vault, now = emulated.of(aws, "secretsmanager"), [0.0]
    keys = Keys("radiant-keys", environment={}, clients=lambda _: vault, clock=lambda: now[0])
    with pytest.raises(KeysUnusable, match="radiant-keys cannot be read: ResourceNotFoundException"):
        await keys.environment()
    vault.create_secret(Name="radiant-keys", SecretString=json.dumps({"OPENAI_API_KEY": "first"}))
    assert (await keys.environment())["OPENAI_API_KEY"] == "first"
    vault.put_secret_value(SecretId="radiant-keys", SecretString=json.dumps({"OPENAI_API_KEY": "second"}))
    assert (await keys.environment())["OPENAI_API_KEY"] == "first"
    now[0] = LIFETIME
    assert (await keys.environment())["OPENAI_API_KEY"] == "second"


def queue(aws: str) -> Any:
    """A queue to which a rule of the bus `radiant-events` sends what comes from us; it reads what is there."""
    bus, sqs = emulated.of(aws, "events"), emulated.of(aws, "sqs")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bus.create_event_bus(Name="radiant-events")
    pattern = json.dumps({"source": ["radiant.registry"], "detail-type": ["RegistrySyncCompleted"]})
    bus.put_rule(Name="all", EventBusName="radiant-events", EventPattern=pattern)
    bus.put_targets(Rule="all", EventBusName="radiant-events", Targets=[{"Id": "queue", "Arn": arn}])

    def heard() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(it["Body"]) for it in found]

    return heard


async def test_a_run_that_ended_is_heard_of_by_a_rule_of_the_bus(aws: str) -> None:
    heard, sink = queue(aws), EventBridgeSink({"bus": "radiant-events"}, client=lambda _: emulated.of(aws, "events"))
    told = {"syncId": str(RUN), "syncType": "full", "durationMs": 12, "errors": []}
    assert await sink.send([event(1, **told)]) == [TAKEN]
    (message,) = heard()
    assert (message["source"], message["detail-type"], message["detail"]) == (
        "radiant.registry", "RegistrySyncCompleted", told,
    )  # fmt: skip


async def test_of_a_batch_the_bad_entry_is_refused_and_the_others_arrive(aws: str) -> None:
    heard, real = queue(aws), emulated.of(aws, "events")

    class Spoiling:
        def put_events(self, Entries: list[dict[str, Any]]) -> Any:
            Entries[1]["Detail"] = "no JSON"
            return real.put_events(Entries=Entries)

    sink = EventBridgeSink({"bus": "radiant-events"}, client=lambda _: Spoiling())
    outcomes = await sink.send([event(number, syncId=str(RUN), place=number) for number in (1, 2, 3)])
    assert [it.fate for it in outcomes] == [Fate.TAKEN, Fate.REFUSED, Fate.TAKEN]
    assert sorted(it["detail"]["place"] for it in heard()) == [1, 3]
