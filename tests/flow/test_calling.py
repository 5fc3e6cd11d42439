"""Somebody wants a model where no worker is alive: the function that warms models is called, once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

from radiant import serve
from radiant.aws.asked import asked
from radiant.aws.calling import AGAIN, RETRY, Caller, invoking
from radiant.aws.clients import AwsUnanswered
from radiant.aws.keys import Keys
from radiant.aws.running import Function
from radiant.registry import thermal
from radiant.registry.database import Database
from radiant.settings import Settings
from tests.flow.warming import warming
from tests.waiting import until

ADD = """
    INSERT INTO self_hosted_models (model_id, name, display_name, category, primary_mode, input_modalities,
                                    output_modalities)
    VALUES ('own', 'own', 'Own', 'llm', 'chat', '{text}', '{text}') RETURNING id"""
ASK = "SELECT request_warmup('own') AS it"


class Calls:
    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.fails = False

    async def __call__(self, reason: str) -> None:
        self.reasons.append(reason)
        if self.fails:
            raise AwsUnanswered("The function thermal cannot be called: TooManyRequestsException.")


@pytest.fixture
async def cold(database: Database) -> Database:
    await database.rows(ADD)
    await database.rows("UPDATE thermal_states SET current_state = 'COLD' WHERE model_id = 'own' RETURNING 1")
    return database


@pytest.fixture
async def calls(cold: Database) -> AsyncIterator[Calls]:
    """What is called, while two processes watch."""
    made = Calls()
    tasks = [asyncio.create_task(Caller(cold.address, made, look=0.05).run()) for _ in range(2)]
    yield made
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_demand_calls_once_whoever_makes_it(cold: Database, calls: Calls) -> None:
    await cold.rows(ASK)
    await until(lambda: calls.reasons)
    await cold.rows("SELECT pg_notify('radiant_thermal', '')")
    await asyncio.sleep(0.3)
    assert calls.reasons == ["own wanted"]


async def test_nobody_is_called_where_somebody_keeps_models_warm(cold: Database, calls: Calls) -> None:
    async with thermal.listening(cold.address) as keeper:
        assert await thermal.lead(keeper)
        await cold.rows(ASK)
        await asyncio.sleep(0.3)
        assert calls.reasons == []
    await until(lambda: calls.reasons)  # the keeper died, and the model is still wanted


async def test_a_model_that_does_not_come_up_is_called_for_again(cold: Database) -> None:
    made, now = Calls(), [0.0]
    caller = Caller(cold.address, made, clock=lambda: now[0])
    await cold.rows(ASK)
    async with thermal.listening(cold.address) as connection:
        for now[0] in (0.0, 59.0, 60.0):
            await caller.look(connection)
        assert made.reasons == ["own wanted"] * 2
        await cold.rows("UPDATE thermal_states SET current_state = 'WARM' WHERE model_id = 'own' RETURNING 1")
        now[0] = 180.0
        await caller.look(connection)
    assert len(made.reasons) == 2


async def test_a_call_that_fails_is_told_once_and_made_again_soon(cold: Database, capsys: Any) -> None:
    made, now = Calls(), [0.0]
    made.fails = True
    caller = Caller(cold.address, made, clock=lambda: now[0])
    await cold.rows(ASK)
    async with thermal.listening(cold.address) as connection:
        for now[0], times in ((0.0, 1), (RETRY - 1, 1), (RETRY, 2)):
            await caller.look(connection)
            assert len(made.reasons) == times
        told = [line for line in "".join(capsys.readouterr()).splitlines() if "could be called" in line]
        assert len(told) == 1 and "TooManyRequestsException" in told[0]
        made.fails = False
        for now[0], times in ((2 * RETRY, 3), (2 * RETRY + AGAIN - 1, 3), (2 * RETRY + AGAIN, 4)):
            await caller.look(connection)
            assert len(made.reasons) == times, "one that went through is not made again so soon"


async def test_the_function_is_called_without_waiting_for_its_end() -> None:
    client = boto3.client("lambda", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(client) as stubber:
        body = StreamingBody(raw_stream=None, content_length=0)
        asked = {"FunctionName": "radiant-thermal", "InvocationType": "Event", "Payload": ANY}
        stubber.add_response("invoke", {"StatusCode": 202, "Payload": body}, asked)
        await invoking("radiant-thermal", lambda _: client)("own wanted")
        stubber.add_client_error("invoke", "ResourceNotFoundException", "no", 404, expected_params=asked)
        with pytest.raises(AwsUnanswered, match="radiant-thermal cannot be called: ResourceNotFoundException"):
            await invoking("radiant-thermal", lambda _: client)("own wanted")


async def test_an_api_without_workers_calls_the_function_of_its_settings(
    cold: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made, named = Calls(), []

    def calling(function: str) -> Calls:
        named.append(function)
        return made

    monkeypatch.setattr(serve, "invoking", calling)
    settings = Settings(home=tmp_path, database_url=cold.url, thermal_function="radiant-thermal")
    async with AsyncExitStack() as held:
        await serve._open(settings, Keys(None), held, alone=True)
        await cold.rows(ASK)
        await until(lambda: made.reasons)
    assert named == ["radiant-thermal"] and made.reasons == ["own wanted"]


async def test_a_demand_without_a_worker_is_carried_out_by_the_function_that_is_called(
    database: Database, tmp_path: Path
) -> None:
    async with warming(database) as it:
        await it.seen("COLD")

        async def lambda_(reason: str) -> None:
            settings = Settings(home=tmp_path, private_networks=True)
            called = Function(database, settings, {}, name="radiant-thermal", remaining=lambda: 295.0)
            await called.run(asked({"syncType": "thermal", "requestedBy": reason}))

        task = asyncio.create_task(Caller(database.address, lambda_, look=0.05).run())
        assert await it.ask()
        await it.until("WARM")
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    (run,) = await database.rows("SELECT * FROM registry_sync_log WHERE sync_type = 'thermal'")
    assert run["requested_by"] == "own wanted"
