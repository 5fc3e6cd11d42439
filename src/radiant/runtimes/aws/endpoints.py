"""Strategy `recreate`: a model has an endpoint of its own, which cannot go to zero and is deleted instead."""

from collections.abc import Mapping
from typing import Any, Final

from radiant.domain.endpoint import Endpoint
from radiant.runtimes.driver import Condition, Seen, cannot

from . import reading, scaling
from .account import Account
from .deploying import VARIANT, created, deployment, ensure_config, ensure_model, has_config, name_of
from .strategy import Pace, is_gone, until

_DIMENSION: Final = "sagemaker:variant:DesiredInstanceCount"


class Endpoints:
    """Model and configuration stay when an endpoint is deleted, and it is created again from them. Which configuration:
    the option `endpoint_config_name`, or the one of the endpoint's own name, or one made from the option `deploy`."""

    what = "the SageMaker endpoint"
    lists = ("list_endpoints", "Endpoints", "EndpointName", "EndpointStatus")

    async def describe(self, account: Account, endpoint: Endpoint) -> Mapping[str, Any]:
        return await account.sagemaker("describe_endpoint", EndpointName=endpoint.name)

    def read(self, said: Mapping[str, Any], *, may_create: bool) -> Seen:
        return reading.of_endpoint(said, may_create=may_create)

    def lacks(self, endpoint: Endpoint) -> str | None:
        """Nothing that can be told without another request: its configuration may be there still."""
        return None

    async def up(self, account: Account, endpoint: Endpoint, seen: Seen, count: int, pace: Pace) -> None:
        if seen.condition is Condition.READY:
            await self._instances(account, endpoint, count)
            return
        if not endpoint.may_create:
            raise cannot(endpoint, f"it is not up ({seen.problem or seen.condition}), and may not be created again")
        gone = await is_gone(self.describe(account, endpoint))
        if not gone and seen.condition is Condition.UNLOADED and not seen.moving:
            raise cannot(endpoint, "it hosts inference components: name one, with the strategy inference_component")
        if seen.condition is Condition.FAILED and not gone:
            await self._delete(account, endpoint)
        await until(pace, lambda: is_gone(self.describe(account, endpoint)), "deleting it before it is created again")
        await self._create(account, endpoint, count)

    async def down(self, account: Account, endpoint: Endpoint) -> None:
        if not endpoint.may_create:
            raise cannot(
                endpoint,
                "an endpoint of its own cannot go to zero instances, only be deleted and created again: "
                "allow that with may_create, or use the strategy inference_component",
            )
        await self._delete(account, endpoint)

    async def _instances(self, account: Account, endpoint: Endpoint, count: int) -> None:
        said = await self.describe(account, endpoint)
        variant = said["ProductionVariants"][0]["VariantName"]
        most = max(endpoint.max_instances, count)
        await scaling.allow(account, _resource(endpoint, variant), _DIMENSION, least=count, most=most)
        await account.sagemaker(
            "update_endpoint_weights_and_capacities",
            EndpointName=endpoint.name,
            DesiredWeightsAndCapacities=[{"VariantName": variant, "DesiredInstanceCount": count}],
        )

    async def _delete(self, account: Account, endpoint: Endpoint) -> None:
        """Only what can be created again as it was."""
        said = await self.describe(account, endpoint)
        config = str(said.get("EndpointConfigName"))
        if config != await self._config(account, endpoint):
            raise cannot(
                endpoint,
                f"its endpoint configuration is {config}: say so with the option endpoint_config_name, "
                "so that it can be created again",
            )
        if not await has_config(account, config):
            deployment(endpoint)
        for variant in said.get("ProductionVariants") or []:
            await scaling.forget(account, _resource(endpoint, variant["VariantName"]), _DIMENSION)
        await account.sagemaker("delete_endpoint", EndpointName=endpoint.name)

    async def _config(self, account: Account, endpoint: Endpoint) -> str:
        told = endpoint.options.get("endpoint_config_name")
        if isinstance(told, str) and told.strip():
            return told
        if await has_config(account, endpoint.name):
            return endpoint.name
        return name_of(endpoint, deployment(endpoint))

    async def _create(self, account: Account, endpoint: Endpoint, count: int) -> None:
        config = await self._config(account, endpoint)
        if not await has_config(account, config):
            deploy = deployment(endpoint)
            await ensure_model(account, config, deploy)
            await ensure_config(account, config, deploy, count)
        await created(account.sagemaker("create_endpoint", EndpointName=endpoint.name, EndpointConfigName=config))


def _resource(endpoint: Endpoint, variant: str) -> str:
    return f"endpoint/{endpoint.name}/variant/{variant or VARIANT}"
