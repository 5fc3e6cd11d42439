"""SageMaker as it is played here: counts of copies and instances, what is created and what is kept."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from radiant.domain.endpoint import Endpoint
from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.aws.deploying import default_name
from radiant.runtimes.http import Client, Patience
from radiant.runtimes.runtime import RuntimeFailed, Sweeping
from radiant.runtimes.sagemaker import SageMaker
from radiant.simulator.machine import Machine
from radiant.simulator.script import Script
from radiant.simulator.serving import playing
from tests.unit.runtimes.playing import SHORT
from tests.waiting import until

DEPLOY = {
    "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1",
    "instance_type": "ml.g4dn.xlarge",
    "execution_role": "arn:aws:iam::123456789012:role/serve",
    "environment": {"MODEL": "mistral"},
    "model_data_url": None,
    "memory_mb": 8192,
    "accelerators": 1,
}
COMPONENT, OWN = {"strategy": "inference_component"}, {"strategy": "recreate"}


class Cloud:
    """SageMaker with the model `mistral`, and our driver in front of it."""

    def __init__(self, machine: Machine, url: str, client: Client) -> None:
        self.machine, self.url, self.client = machine, url, client
        self.driver = SageMaker(pause=0.02)

    def at(self, options: Mapping[str, Any] = COMPONENT, name: str = "mistral", **more: Any) -> Endpoint:
        told = {"id": 1, "region": "us-east-1", "max_instances": 3, **more}
        return Endpoint(model_id=name, runtime="sagemaker", name=name, url=self.url, options=options, **told)

    async def state(self, endpoint: Endpoint) -> tuple[ThermalState | None, bool, int | None]:
        seen = await self.driver.observe(endpoint, self.client)
        return seen.state, seen.transitioning, seen.instances

    def orders(self) -> list[str]:
        """What it was told, without looks."""
        told = [path.rpartition(".")[2] for _, path in self.machine.asked]
        return [it for it in told if not it.startswith(("Describe", "List"))]


@asynccontextmanager
async def cloud(
    state: str = "unloaded", models: int = 1, patience: Patience = SHORT, **model: Any
) -> AsyncIterator[Cloud]:
    named = [{"name": "mistral", "state": state, **model}]
    named += [{"name": f"other-{at}", "state": state} for at in range(models - 1)]
    played = {"id": "aws", "runtime": "sagemaker", "models": named}
    script = msgspec.convert({"runtimes": [played]}, Script)
    async with playing(script) as theater, Client(patience=patience, environment={}) as client:
        yield Cloud(theater.runtimes.all["aws"], theater.runtimes.url("aws"), client)


async def test_copies_of_a_component_are_counted_and_more_than_the_least_are_hot() -> None:
    async with cloud() as it:
        component = it.at()
        assert await it.state(component) == (ThermalState.COLD, False, 0)
        await it.driver.warm(component, it.client)
        assert await it.state(component) == (ThermalState.WARM, False, 1)
        await it.driver.warm(component, it.client, instances=9)
        assert await it.state(component) == (ThermalState.HOT, False, 3), "as many as the endpoint allows"
        await it.driver.warm(component, it.client)
        assert await it.state(component) == (ThermalState.HOT, False, 3), "who only wants it warm takes none away"
        await it.driver.warm(component, it.client, instances=1)
        assert await it.state(component) == (ThermalState.WARM, False, 1)
        await it.driver.cool(component, it.client)
        assert await it.state(component) == (ThermalState.COLD, False, 0)
        assert it.orders() == ["UpdateInferenceComponentRuntimeConfig"] * 4


async def test_limits_of_auto_scaling_move_with_the_count_and_are_not_made_where_none_are() -> None:
    async with cloud() as it:
        resource = "inference-component/mistral"
        it.machine.resources[f"target {resource}"] = {
            "ServiceNamespace": "sagemaker",
            "ResourceId": resource,
            "ScalableDimension": "sagemaker:inference-component:DesiredCopyCount",
            "MinCapacity": 0,
            "MaxCapacity": 1,
        }
        await it.driver.warm(it.at(), it.client, instances=2)
        limits = it.machine.resources[f"target {resource}"]
        assert (limits["MinCapacity"], limits["MaxCapacity"]) == (2, 3)
        await it.driver.cool(it.at(), it.client)
        limits = it.machine.resources[f"target {resource}"]
        assert (limits["MinCapacity"], limits["MaxCapacity"]) == (0, 3)
    async with cloud() as it:
        await it.driver.warm(it.at(), it.client)
        assert not [name for name in it.machine.resources if name.startswith("target")]


async def test_a_component_is_created_with_its_host_model_and_configuration_where_that_is_allowed() -> None:
    async with cloud() as it:
        new = it.at({**COMPONENT, "deploy": DEPLOY}, "radiant-new", may_create=True)
        assert await it.state(new) == (ThermalState.COLD, False, 0)
        await it.driver.warm(new, it.client)
        assert await it.state(new) == (ThermalState.WARM, False, 1)
        made = {name: said for name, said in it.machine.resources.items() if not name.startswith("modified")}
        (model,) = [said for name, said in made.items() if name.startswith("model ")]
        assert model["PrimaryContainer"] == {"Image": DEPLOY["image"], "Environment": DEPLOY["environment"]}
        assert model["ExecutionRoleArn"] == DEPLOY["execution_role"]
        (config,) = [said for name, said in made.items() if name.startswith("config ")]
        assert config["ExecutionRoleArn"] == DEPLOY["execution_role"], "a host without it is refused"
        scaling = config["ProductionVariants"][0]["ManagedInstanceScaling"]
        assert scaling == {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 3}
        component = made["component radiant-new"]
        assert component["Specification"]["ComputeResourceRequirements"] == {
            "MinMemoryRequiredInMb": 8192,
            "NumberOfAcceleratorDevicesRequired": 1,
        }
        assert component["RuntimeConfig"] == {"CopyCount": 1}


async def test_an_endpoint_of_its_own_is_created_deleted_and_created_again_from_what_was_kept() -> None:
    async with cloud() as it:
        own = it.at({**OWN, "deploy": DEPLOY}, "radiant-own", may_create=True)
        assert await it.state(own) == (ThermalState.COLD, False, 0)
        await it.driver.warm(own, it.client)
        assert await it.state(own) == (ThermalState.WARM, False, 1)
        await it.driver.cool(own, it.client)
        assert await it.state(own) == (ThermalState.COLD, False, 0)
        await it.driver.warm(own, it.client, instances=2)
        first = ["CreateModel", "CreateEndpointConfig", "CreateEndpoint", "DeleteEndpoint"]
        assert it.orders() == [*first, "CreateEndpoint"], "model and configuration were still there"


async def test_another_deployment_is_another_model_and_configuration() -> None:
    async with cloud() as it:
        own = it.at({**OWN, "deploy": DEPLOY}, "radiant-own", may_create=True)
        await it.driver.warm(own, it.client)
        await it.driver.cool(own, it.client)
        changed = it.at({**OWN, "deploy": {**DEPLOY, "image": "other:2"}}, "radiant-own", may_create=True)
        await it.driver.warm(changed, it.client)
        images = [said["PrimaryContainer"]["Image"] for name, said in it.machine.resources.items() if "model " in name]
        assert images == [DEPLOY["image"], "other:2"]


async def test_what_may_not_be_created_is_off_and_is_neither_created_nor_deleted() -> None:
    async with cloud("ready") as it:
        for options in (COMPONENT, OWN):
            missing = it.at({**options, "deploy": DEPLOY}, "nobody")
            assert await it.state(missing) == (ThermalState.OFF, False, 0)
            with pytest.raises(RuntimeFailed, match="does not exist, and may not be created") as raised:
                await it.driver.warm(missing, it.client)
            assert raised.value.permanent
        with pytest.raises(RuntimeFailed, match="cannot go to zero instances") as raised:
            await it.driver.cool(it.at(OWN), it.client)
        assert raised.value.permanent and it.orders() == []


async def test_instances_of_an_endpoint_of_its_own_are_counted() -> None:
    async with cloud("ready") as it:
        await it.driver.warm(it.at(OWN), it.client, instances=2)
        assert await it.state(it.at(OWN)) == (ThermalState.HOT, False, 2)
        assert await it.state(it.at(OWN, min_instances=2)) == (ThermalState.WARM, False, 2)
        assert it.orders() == ["UpdateEndpointWeightsAndCapacities"]


async def test_what_failed_says_why_and_is_created_again_where_that_is_allowed() -> None:
    async with cloud("failed") as it:
        own = it.at({**OWN, "endpoint_config_name": "mistral", "deploy": DEPLOY}, may_create=True)
        seen = await it.driver.observe(own, it.client)
        assert seen.state is ThermalState.COLD
        assert seen.problem == "CapacityError: Unable to provision requested ML compute capacity."
        for options in (OWN, COMPONENT):
            with pytest.raises(RuntimeFailed, match="may not be created again"):
                await it.driver.warm(it.at(options), it.client)
        await it.driver.warm(own, it.client)
        assert await it.state(own) == (ThermalState.WARM, False, 1)


async def test_a_creation_that_takes_long_goes_on_while_looks_say_that_it_loads() -> None:
    async with cloud(load_seconds=1.6) as it:
        new = it.at({**COMPONENT, "deploy": DEPLOY}, "radiant-new", may_create=True)
        await it.driver.warm(new, it.client)
        assert (await it.state(new))[:2] == (ThermalState.COLD, True)
        await until(lambda: it.machine.models["radiant-new"].is_up if "radiant-new" in it.machine.models else False)
        assert await it.state(new) == (ThermalState.WARM, False, 1)


async def test_what_is_up_and_answers_late_is_not_seen_rather_than_cold() -> None:
    async with cloud("ready", patience=Patience(look=1.0)) as it:
        await it.client.orders.start(it.at(), asyncio.sleep(60), 0.01)
        it.machine.latency = 1.5
        seen = await it.driver.observe(it.at(), it.client)
        assert (seen.state, seen.problem) == (None, "it did not answer within 1 seconds")


async def test_deleting_is_waited_for_before_it_is_created_again() -> None:
    async with cloud("ready") as it:
        own = it.at({**OWN, "endpoint_config_name": "mistral", "deploy": DEPLOY}, may_create=True)
        await it.driver.cool(own, it.client)
        await it.driver.warm(own, it.client)
        assert it.orders() == ["DeleteEndpoint", "CreateModel", "CreateEndpointConfig", "CreateEndpoint"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"strategy": "hope"}, "the option strategy is 'hope'; expected inference_component or recreate"),
        ({"strategy": 7}, "the option strategy is 7"),
        (OWN, "its options do not say how to create it (`deploy`)"),
        (
            {**OWN, "deploy": {"image": "a"}},
            "the option deploy has no instance_type and no execution_role, which it is",
        ),
        (
            {**OWN, "deploy": {**DEPLOY, "execution_role": None}},
            "the option deploy has no execution_role, which it is created with; such as `radiant endpoints set 1"
            """ --option 'deploy={"execution_role": "arn:aws:iam::123456789012:role/serve"}'`""",
        ),
        (
            {**COMPONENT, "deploy": {**DEPLOY, "execution_role": None, "memory_mb": None}},
            "the option deploy has no execution_role and no memory_mb, which it is created with; such as",
        ),
        ({**OWN, "deploy": {**DEPLOY, "environment": {"A": 1}}}, "the option deploy cannot be used: Expected `str`"),
    ],
)
async def test_an_option_that_is_missing_or_wrong_is_named(options: Mapping[str, Any], said: str) -> None:
    async with cloud() as it:
        with pytest.raises(RuntimeFailed) as raised:
            await it.driver.warm(it.at(options, "nobody", may_create=True), it.client)
        assert said in str(raised.value) and raised.value.permanent


async def test_a_component_that_lacks_a_role_says_so_before_anybody_wants_it() -> None:
    async with cloud() as it:
        for options, said in ((COMPONENT, "execution_role and no memory_mb"), ({**COMPONENT, "deploy": DEPLOY}, None)):
            new = it.at(options, "nobody", may_create=True)
            looked = await it.driver.observe(new, it.client)
            swept = (await it.driver.sweep([new], it.client))[new.id]
            for seen in (looked, swept):
                assert seen.state is ThermalState.COLD
                assert seen.problem is None if said is None else said in (seen.problem or "")


async def test_a_scan_of_a_region_finds_components_and_endpoints() -> None:
    async with cloud("ready", models=3) as it:
        found = await it.driver.scan(it.at({}, ""), it.client)
        assert {(model.name, model.state) for model in found or ()} == {
            (name, ThermalState.WARM) for name in ("mistral", "other-0", "other-1")
        }


def test_it_is_swept() -> None:
    assert isinstance(SageMaker(), Sweeping)


@pytest.mark.parametrize("model", ["esm2_t33/650M", "a" * 80, "mistral-7b", "whisper large.v3", "-"])
def test_default_names_are_names_for_sagemaker(model: str) -> None:
    import re

    name = default_name(model)
    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", name), name
    assert name.startswith("radiant-")


def test_default_names_of_different_models_differ() -> None:
    assert default_name("mistral-7b") == "radiant-mistral-7b"
    assert len({default_name(it) for it in ("a.b", "a-b", "a_b", "a b", "a" * 80, "a" * 81)}) == 6
