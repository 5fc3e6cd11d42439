"""What is deleted at SageMaker, and what is kept because it could not be created again."""

import pytest

from radiant.runtimes.runtime import RuntimeFailed
from tests.unit.runtimes.test_sagemaker import COMPONENT, DEPLOY, OWN, cloud


async def test_an_endpoint_that_could_not_be_created_again_is_not_deleted() -> None:
    async with cloud("ready") as it:
        it.machine.resources["endpoint mistral"] = {"EndpointConfigName": "theirs"}
        own = it.at({**OWN, "deploy": DEPLOY}, may_create=True)
        with pytest.raises(
            RuntimeFailed, match="its endpoint configuration is theirs: say so with the option"
        ) as raised:
            await it.driver.cool(own, it.client)
        assert raised.value.permanent and it.orders() == []
        told = it.at({**OWN, "endpoint_config_name": "theirs"}, may_create=True)
        with pytest.raises(RuntimeFailed, match="do not say how to create it"):
            await it.driver.cool(told, it.client)
        assert it.orders() == [], "somebody deleted the configuration"
        it.machine.resources["config theirs"] = {"ProductionVariants": []}
        await it.driver.cool(told, it.client)
        assert it.orders() == ["DeleteEndpoint"]


async def test_a_failed_component_that_could_not_be_created_again_is_not_deleted() -> None:
    async with cloud("failed") as it:
        lacks = it.at({**COMPONENT, "deploy": {**DEPLOY, "execution_role": None}}, may_create=True)
        with pytest.raises(RuntimeFailed, match="the option deploy has no execution_role") as raised:
            await it.driver.warm(lacks, it.client)
        assert raised.value.permanent and it.orders() == []


async def test_an_endpoint_that_may_have_more_instances_now_is_still_ours_to_delete() -> None:
    async with cloud() as it:
        own = it.at({**OWN, "deploy": DEPLOY}, "radiant-own", may_create=True)
        await it.driver.warm(own, it.client)
        more = it.at({**OWN, "deploy": DEPLOY}, "radiant-own", may_create=True, max_instances=7)
        await it.driver.cool(more, it.client)
        assert it.orders()[-1] == "DeleteEndpoint"
