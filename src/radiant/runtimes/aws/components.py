"""Strategy `inference_component`: a model is a component of an endpoint, with 0 to n copies of it."""

from collections.abc import Mapping
from typing import Any, Final

from radiant.domain.endpoint import Endpoint
from radiant.runtimes.driver import Condition, Seen, cannot
from radiant.runtimes.said import Unanswered

from . import reading, scaling
from .account import Account, NotThere
from .deploying import VARIANT, created, deployment, ensure_host_config, ensure_model, lacking, name_of, needs
from .strategy import Pace, is_gone, until

_DIMENSION: Final = "sagemaker:inference-component:DesiredCopyCount"


class Components:
    """The name of an endpoint of ours is that of the component; its option `endpoint_name` says which one hosts it, by
    default one of the same name."""

    what = "the inference component"
    lists = (
        "list_inference_components",
        "InferenceComponents",
        "InferenceComponentName",
        "InferenceComponentStatus",
    )

    async def describe(self, account: Account, endpoint: Endpoint) -> Mapping[str, Any]:
        return await account.sagemaker("describe_inference_component", InferenceComponentName=endpoint.name)

    def read(self, said: Mapping[str, Any], *, may_create: bool) -> Seen:
        return reading.of_component(said, may_create=may_create)

    def lacks(self, endpoint: Endpoint) -> str | None:
        return lacking(endpoint, "execution_role", "memory_mb")

    async def up(self, account: Account, endpoint: Endpoint, seen: Seen, count: int, pace: Pace) -> None:
        failed = seen.condition is Condition.FAILED
        if failed and not endpoint.may_create:
            raise cannot(endpoint, f"it failed, and may not be created again: {seen.problem}")
        if failed:
            deployment(endpoint, "memory_mb")  # what cannot be created again is not deleted
            await account.sagemaker("delete_inference_component", InferenceComponentName=endpoint.name)
        if failed or seen.moving:
            await until(pace, lambda: self._settled(account, endpoint), "what was going on there")
        try:
            await self._copies(account, endpoint, count)
        except NotThere:
            if not endpoint.may_create:
                raise cannot(endpoint, f"{self.what} does not exist, and may not be created") from None
            await self._create(account, endpoint, count, pace)

    async def down(self, account: Account, endpoint: Endpoint) -> None:
        await self._copies(account, endpoint, 0)

    async def _copies(self, account: Account, endpoint: Endpoint, count: int) -> None:
        await scaling.allow(
            account,
            f"inference-component/{endpoint.name}",
            _DIMENSION,
            least=count,
            most=max(endpoint.max_instances, count),
        )
        await account.sagemaker(
            "update_inference_component_runtime_config",
            InferenceComponentName=endpoint.name,
            DesiredRuntimeConfig={"CopyCount": count},
        )

    async def _settled(self, account: Account, endpoint: Endpoint) -> bool:
        """Whether it is gone, or nothing goes on with it."""
        try:
            said = await self.describe(account, endpoint)
        except NotThere:
            return True
        return said.get("InferenceComponentStatus") == "InService"

    async def _create(self, account: Account, endpoint: Endpoint, count: int, pace: Pace) -> None:
        """Create the host where it is missing, then the component. It cannot be created without a copy."""
        deploy = deployment(endpoint, "memory_mb")
        compute = needs(deploy)
        name, host = name_of(endpoint, deploy), _host(endpoint)
        if await is_gone(account.sagemaker("describe_endpoint", EndpointName=host)):
            most = max(endpoint.max_instances, count)
            config = name_of(endpoint, deploy, most)
            await ensure_host_config(account, config, deploy, most)
            await created(account.sagemaker("create_endpoint", EndpointName=host, EndpointConfigName=config))
        await until(pace, lambda: _serves(account, host), f"creating the endpoint {host}")
        await ensure_model(account, name, deploy)
        await created(
            account.sagemaker(
                "create_inference_component",
                InferenceComponentName=endpoint.name,
                EndpointName=host,
                VariantName=_variant(endpoint),
                Specification={"ModelName": name, "ComputeResourceRequirements": compute},
                RuntimeConfig={"CopyCount": count},
            )
        )


async def _serves(account: Account, host: str) -> bool:
    """Whether an endpoint takes components. Raises Unanswered where it never will."""
    said = await account.sagemaker("describe_endpoint", EndpointName=host)
    if said["EndpointStatus"] in ("Failed", "OutOfService"):
        raise Unanswered(f"the endpoint {host} is {said['EndpointStatus']}: {said.get('FailureReason', 'no reason')}")
    return bool(said["EndpointStatus"] == "InService")


def _host(endpoint: Endpoint) -> str:
    return _text(endpoint, "endpoint_name") or endpoint.name


def _variant(endpoint: Endpoint) -> str:
    return _text(endpoint, "variant_name") or VARIANT


def _text(endpoint: Endpoint, option: str) -> str | None:
    found = endpoint.options.get(option)
    return found if isinstance(found, str) and found.strip() else None
