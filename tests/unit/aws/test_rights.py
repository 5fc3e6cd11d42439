"""Rights cover exactly what is called: a call without its right fails, a right without a call is one too many."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import botocore.loaders
import msgspec
import pytest
from botocore.stub import Stubber

from radiant.aws import rights
from radiant.aws.calling import invoking
from radiant.aws.keys import Keys
from radiant.aws.rights import CREATION, RIGHTS, Names, Right, actions, filled
from radiant.domain.schedule import KINDS
from radiant.events.sinks.eventbridge import EventBridgeSink
from radiant.providers.roster import LISTERS
from radiant.registry.rds import signed
from tests.unit.runtimes.test_sagemaker import COMPONENT, DEPLOY, OWN, Cloud, cloud

NAMES = Names(
    region="us-east-1", account="123456789012", secret="arn:secret", master_secret="arn:master", database="db-1",
    bus="arn:bus", execution_role="arn:role", thermal_function="arn:thermal",
)  # fmt: skip


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Every call that any client of boto3 makes, as the action that it needs."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    session, found = boto3.Session(region_name="us-east-1"), set[str]()

    def note(model: Any, **_: Any) -> None:
        found.add(f"{model.service_model.service_name}:{model.name}".replace("lambda:Invoke", "lambda:InvokeFunction"))

    session.events.register("provide-client-params", note)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
    yield found


def limited(it: Cloud, resource: str, dimension: str) -> None:
    """As if an operator had registered what is scaled."""
    it.machine.resources[f"target {resource}"] = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": resource,
        "ScalableDimension": dimension,
        "MinCapacity": 0,
        "MaxCapacity": 1,
    }


async def warmed_and_cooled(it: Cloud) -> None:
    """All that is done with what is there."""
    limited(it, "inference-component/mistral", "sagemaker:inference-component:DesiredCopyCount")
    await it.driver.sweep([it.at(), it.at(OWN)], it.client)
    await it.driver.warm(it.at(), it.client, instances=2)
    await it.driver.warm(it.at(OWN), it.client, instances=3)
    await it.driver.cool(it.at(), it.client)


async def test_what_is_there_needs_no_right_to_create(recorded: set[str]) -> None:
    async with cloud("ready") as it:
        await warmed_and_cooled(it)
    warmth = actions(RIGHTS["thermal"]) - actions(RIGHTS["pricing"])
    assert recorded == warmth


async def test_creation_needs_its_rights_and_no_others(recorded: set[str]) -> None:
    async with cloud("failed") as it:
        own = it.at({**OWN, "deploy": DEPLOY}, "radiant-own", may_create=True)
        component = it.at({**COMPONENT, "deploy": DEPLOY}, "radiant-new", may_create=True)
        for endpoint in (own, component):
            await it.driver.warm(endpoint, it.client)
        limited(it, "endpoint/radiant-own/variant/AllTraffic", "sagemaker:variant:DesiredInstanceCount")
        await it.driver.cool(own, it.client)
        await it.driver.warm(it.at({**COMPONENT, "deploy": DEPLOY}, may_create=True), it.client)  # it had failed
    needed = recorded - actions(RIGHTS["thermal"])
    assert needed == actions(CREATION) - {"iam:PassRole"}, "which AWS asks for when a role is named"


async def test_what_all_do_is_covered_exactly(recorded: set[str]) -> None:
    def stubbed(service: str, operation: str, answer: Mapping[str, Any]) -> Any:
        client = boto3.client(service)
        stubber = Stubber(client)
        stubber.add_response(operation, dict(answer))
        stubber.activate()
        return client

    answer = {"ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:k", "Name": "k", "SecretString": "{}"}
    vault = stubbed("secretsmanager", "get_secret_value", answer)
    await Keys("k", clients=lambda _: vault).environment()
    bus = stubbed("events", "put_events", {"FailedEntryCount": 0, "Entries": []})
    await asyncio.to_thread(EventBridgeSink({"bus": "radiant"}, client=lambda _: bus)._put, [])
    await signed("postgresql://u@h/d?sslmode=verify-full").parameters_now()
    assert recorded | {"rds-db:connect"} == actions(RIGHTS["pricing"]), (
        "a token is signed here; connecting needs the right"
    )
    recorded.clear()
    thermal = stubbed("lambda", "invoke", {"StatusCode": 202})
    await invoking("thermal", lambda _: thermal)("wanted")
    assert recorded == actions(RIGHTS["api"]) - actions(RIGHTS["pricing"])


def test_the_lists_of_bedrock_are_what_its_lister_asks() -> None:
    model = botocore.loaders.Loader().load_service_model("bedrock", "service-2")
    by_path = {
        it["http"]["requestUri"]: f"bedrock:{name}"
        for name, it in model["operations"].items()
        if it["http"]["method"] == "GET"
    }
    asked = {by_path[request.path] for request in LISTERS["bedrock"].requests}
    assert asked == actions(RIGHTS["models"]) - actions(RIGHTS["pricing"])


def test_each_kind_of_run_has_rights_and_a_full_run_those_of_its_parts() -> None:
    assert set(KINDS) < set(RIGHTS)
    parts = actions(it for kind in ("models", "health", "thermal", "pricing") for it in RIGHTS[kind])
    assert actions(RIGHTS["full"]) == parts == actions(RIGHTS["worker"])


def every() -> list[Right]:
    return [*{it.id: it for some in (*RIGHTS.values(), CREATION) for it in some}.values()]


@pytest.mark.parametrize("right", every(), ids=lambda it: str(it.id))
def test_what_cannot_be_narrowed_says_why_and_all_else_is_narrow(right: Right) -> None:
    resources = filled(right, NAMES)
    assert resources and right.why
    assert right.is_wide == ("the service knows no resource for it" in right.why)
    assert right.is_wide or all(it.startswith("arn:") and not it.endswith(":*") for it in resources)
    assert not any("*" in action for action in right.actions)


def test_only_who_warms_may_create_and_only_where_that_is_allowed() -> None:
    for part in RIGHTS:
        more = set(rights.rights(part, may_create=True)) - set(rights.rights(part, may_create=False))
        assert more == (set(CREATION) if part in ("full", "thermal", "worker") else set())


def test_a_right_to_what_is_not_there_is_left_out() -> None:
    nobody = msgspec.structs.replace(NAMES, execution_role=None)
    assert filled(rights.PASSING, NAMES) == ["arn:role"] and filled(rights.PASSING, nobody) is None
