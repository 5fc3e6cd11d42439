"""Many endpoints of SageMaker at once: one list, and a description of what changed or is in transition."""

import datetime as dt

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)

from radiant.domain.capacity import has_no_capacity
from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.aws.account import AlreadyThere, NotThere, said
from radiant.runtimes.http import Client
from radiant.runtimes.sagemaker import SageMaker
from tests.unit.runtimes.playing import SHORT, at
from tests.unit.runtimes.test_sagemaker import COMPONENT, OWN, Cloud, cloud
from tests.waiting import until


def asked(it: Cloud) -> list[str]:
    """What was asked since the last time."""
    names = [path.rpartition(".")[2] for _, path in it.machine.asked]
    it.machine.asked.clear()
    return names


async def swept(it: Cloud, count: int, **more: object) -> list[ThermalState | None]:
    names = ["mistral", *(f"other-{number}" for number in range(count - 1))]
    options = more.pop("options", COMPONENT)
    endpoints = [it.at(options, name, id=number, **more) for number, name in enumerate(names)]  # type: ignore[arg-type]
    seen = await it.driver.sweep(endpoints, it.client)
    return [seen[number].state for number in range(count)]


async def test_a_second_sweep_describes_nothing_where_nothing_changed() -> None:
    async with cloud("ready", models=250) as it:
        assert set(await swept(it, 250)) == {ThermalState.WARM}
        first = asked(it)
        assert first.count("ListInferenceComponents") == 3, "pages of a hundred"
        assert first.count("DescribeInferenceComponent") == 250
        assert set(await swept(it, 250)) == {ThermalState.WARM}
        assert asked(it) == ["ListInferenceComponents"] * 3


async def test_what_changed_and_what_is_in_transition_is_described_again() -> None:
    async with cloud("ready", models=4) as it:
        await swept(it, 4)
        asked(it)
        it.machine.models["other-1"].unload()
        assert await swept(it, 4) == [ThermalState.WARM, ThermalState.WARM, ThermalState.COLD, ThermalState.WARM]
        assert asked(it).count("DescribeInferenceComponent") == 1
        it.machine.models["other-1"].load_seconds = 0.3
        it.machine.models["other-1"].load()
        for _ in range(2):
            await swept(it, 4)
            assert asked(it).count("DescribeInferenceComponent") == 1, "as long as it is on its way up"
        await until(lambda: it.machine.models["other-1"].is_up)
        assert (await swept(it, 4))[2] is ThermalState.WARM


async def test_what_did_not_change_for_long_is_described_again_all_the_same() -> None:
    async with cloud("ready") as it:
        now = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
        it.client.now = lambda: now
        await swept(it, 1)
        asked(it)
        now += dt.timedelta(minutes=9)
        await swept(it, 1)
        assert "DescribeInferenceComponent" not in asked(it)
        now += dt.timedelta(minutes=2)
        await swept(it, 1)
        assert "DescribeInferenceComponent" in asked(it)


async def test_what_a_caller_found_cold_is_described_although_the_list_says_nothing_new() -> None:
    async with cloud("ready", models=2) as it:
        await swept(it, 2)
        asked(it)
        endpoints = [it.at(COMPONENT, name, id=number) for number, name in enumerate(("mistral", "other-0"))]
        await it.driver.sweep(endpoints, it.client, anew={1})
        assert asked(it) == ["ListInferenceComponents", "DescribeInferenceComponent"]


async def test_a_sweep_says_what_a_look_says() -> None:
    async with cloud("unloaded") as it:
        endpoints = [
            it.at(id=1),
            it.at(OWN, id=2),
            it.at(OWN, id=3, may_create=True),
            it.at(COMPONENT, "nobody", id=4),
            it.at({"strategy": "hope"}, id=5),
        ]
        seen = await it.driver.sweep(endpoints, it.client)
        for endpoint in endpoints:
            alone = await it.driver.observe(endpoint, it.client)
            together = seen[endpoint.id]
            assert (together.state, together.problem) == (alone.state, alone.problem)
        assert [seen[id].state for id in range(1, 6)] == [
            ThermalState.COLD,
            ThermalState.OFF,
            ThermalState.COLD,
            ThermalState.OFF,
            None,
        ]


async def test_no_more_than_eight_requests_are_made_at_once() -> None:
    async with cloud("ready", models=40) as it:
        it.machine.latency = 0.02
        await swept(it, 40)
        assert it.machine.most_at_once <= 8


async def test_where_nobody_answers_nothing_is_seen_and_nothing_is_off() -> None:
    nowhere = at("sagemaker", "http://127.0.0.1:9", options=COMPONENT)
    async with Client(patience=SHORT, environment={}) as client:
        driver = SageMaker(pause=0.02)
        seen = (await driver.sweep([nowhere], client))[1]
        assert (seen.state, seen.problem) == (None, "AWS cannot be reached (EndpointConnectionError)")
        assert (await driver.sweep([], client)) == {}


def refusal(code: str, words: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": words}}, "DescribeEndpoint")


@pytest.mark.parametrize(
    ("error", "words", "permanent"),
    [
        (NoCredentialsError(), "boto3 finds no credentials of AWS here", True),
        (NoRegionError(), "no region is set: give the endpoint one, or set AWS_REGION", True),
        (EndpointConnectionError(endpoint_url="https://a"), "AWS cannot be reached (EndpointConnectionError)", False),
        (ConnectTimeoutError(endpoint_url="https://a"), "AWS cannot be reached (ConnectTimeoutError)", False),
        (
            refusal("AccessDeniedException", "User: arn:aws:iam::1:user/x is not authorized"),
            "AWS does not allow DescribeEndpoint with these credentials (AccessDeniedException)",
            True,
        ),
        (refusal("ThrottlingException", "Rate exceeded"), "AWS answered ThrottlingException", False),
        (
            refusal("ResourceLimitExceeded", "The account limit is 0. Ask AKIAIOSFODNN7EXAMPLE."),
            "AWS answered ResourceLimitExceeded: The account limit is 0. Ask …",
            False,
        ),
        (refusal("ValidationException", "Cannot update in-progress endpoint"), "in-progress", False),
        (refusal("ValidationException", "1 validation error"), "AWS answered ValidationException", True),
    ],
)
def test_errors_of_aws_are_sentences_without_keys(error: Exception, words: str, permanent: bool) -> None:
    told = said(error, "describe_endpoint")
    assert words in told.problem and told.permanent is permanent
    assert "AKIA" not in told.problem and "arn:" not in told.problem


def test_what_is_missing_and_what_exists_is_told_by_the_words_of_aws() -> None:
    assert isinstance(said(refusal("ValidationException", 'Could not find endpoint "a".'), "x"), NotThere)
    exists = refusal("ValidationException", 'Cannot create already existing endpoint "a".')
    assert isinstance(said(exists, "x"), AlreadyThere)


def test_a_component_without_copies_is_no_failure() -> None:
    assert has_no_capacity(400, "Inference Component has no capacity to process this request.")
    assert has_no_capacity(429, "ModelNotReadyException: the model is not ready")
    assert not has_no_capacity(400, "1 validation error detected")
    assert not has_no_capacity(500, "has no capacity")
