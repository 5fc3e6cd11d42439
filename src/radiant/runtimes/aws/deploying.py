"""Creating what serves a model at SageMaker, from what the catalog says of it."""

import contextlib
import hashlib
import re
from collections.abc import Awaitable
from typing import Annotated, Any, Final

import msgspec

from radiant.domain.endpoint import Endpoint
from radiant.runtimes.driver import cannot

from .account import Account, AlreadyThere, NotThere

#: The longest name that SageMaker takes, and what it may consist of.
_LONGEST: Final = 63
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9]+")

VARIANT: Final = "AllTraffic"

Text = Annotated[str, msgspec.Meta(min_length=1)]
Positive = Annotated[int, msgspec.Meta(ge=1)]


class Deployment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the option `deploy` of an endpoint says. `memory_mb` (of the host), `accelerators` and `cores` are what one
    copy of an inference component needs; others need none of them."""

    image: Text
    instance_type: Text
    execution_role: Text
    environment: dict[str, str] = {}
    model_data_url: Text | None = None
    memory_mb: Positive | None = None
    accelerators: Positive | None = None
    cores: Positive | None = None


#: What only a person knows, with an example; the catalog has the rest.
_OURS: Final = {"execution_role": '"arn:aws:iam::123456789012:role/serve"', "memory_mb": "65536"}


def lacking(endpoint: Endpoint, *names: str) -> str | None:
    """What has to be said before something can be created, of `names` in the option `deploy`; None where all is."""
    said = endpoint.options.get("deploy")
    there = said if isinstance(said, dict) else {}
    absent = [name for name in names if there.get(name) is None]
    if not absent:
        return None
    example = ", ".join(f'"{name}": {_OURS[name]}' for name in absent if name in _OURS)
    how = f"; such as `radiant endpoints set {endpoint.id} --option 'deploy={{{example}}}'`" if example else ""
    return f"the option deploy has no {' and no '.join(absent)}, which it is created with{how}"


def deployment(endpoint: Endpoint, *needed: str) -> Deployment:
    """Raises RuntimeFailed that says what is missing, `needed` besides what every one takes."""
    said = endpoint.options.get("deploy")
    if not isinstance(said, dict):
        raise cannot(endpoint, "it does not exist, and its options do not say how to create it (`deploy`)")
    if absent := lacking(endpoint, "image", "instance_type", "execution_role", *needed):
        raise cannot(endpoint, absent)
    try:
        return msgspec.convert({name: it for name, it in said.items() if it is not None}, Deployment)
    except msgspec.ValidationError as error:
        raise cannot(endpoint, f"the option deploy cannot be used: {error}") from None


def default_name(model_id: str) -> str:
    """`radiant-<model_id>` as SageMaker takes it: letters, digits and hyphens, at most 63 of them.

    What had to be changed for that ends in six hexadecimal digits, so that two models never have one name.
    """
    plain = f"radiant-{_NO_NAME.sub('-', model_id).strip('-')}"
    if plain == f"radiant-{model_id}" and len(plain) <= _LONGEST:
        return plain
    digest = hashlib.sha256(model_id.encode()).hexdigest()[:6]
    return f"{plain[: _LONGEST - 7].rstrip('-')}-{digest}"


def name_of(endpoint: Endpoint, deploy: Deployment, *more: int) -> str:
    """The name of a model or a configuration, which cannot be changed once they are there: another one for each other
    deployment, and for what stands in it besides."""
    told = msgspec.json.encode([msgspec.to_builtins(deploy), *more], order="sorted")
    digest = hashlib.sha256(told).hexdigest()[:8]
    return f"{endpoint.name[: _LONGEST - 9].rstrip('-')}-{digest}"


async def ensure_model(account: Account, name: str, deploy: Deployment) -> None:
    """Have the model there, with image, environment and weights. Raises Unanswered."""
    try:
        await account.sagemaker("describe_model", ModelName=name)
    except NotThere:
        container: dict[str, Any] = {"Image": deploy.image, "Environment": deploy.environment}
        if deploy.model_data_url is not None:
            container["ModelDataUrl"] = deploy.model_data_url
        role = deploy.execution_role
        await created(
            account.sagemaker("create_model", ModelName=name, PrimaryContainer=container, ExecutionRoleArn=role)
        )


async def ensure_config(account: Account, name: str, deploy: Deployment, instances: int) -> None:
    """Have the configuration of an endpoint there that serves the model of the same name. Raises Unanswered."""
    variant = {
        "VariantName": VARIANT,
        "ModelName": name,
        "InstanceType": deploy.instance_type,
        "InitialInstanceCount": instances,
        "InitialVariantWeight": 1.0,
    }
    await _ensure_config(account, name, [variant])


async def ensure_host_config(account: Account, name: str, deploy: Deployment, most: int) -> None:
    """Have the configuration of an endpoint there that hosts inference components and can go to zero instances.

    Raises Unanswered.
    """
    variant = {
        "VariantName": VARIANT,
        "InstanceType": deploy.instance_type,
        "InitialInstanceCount": 1,
        "ManagedInstanceScaling": {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": most},
        "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
    }
    await _ensure_config(account, name, [variant], ExecutionRoleArn=deploy.execution_role)


async def _ensure_config(account: Account, name: str, variants: list[dict[str, Any]], **more: Any) -> None:
    if not await has_config(account, name):
        await created(
            account.sagemaker("create_endpoint_config", EndpointConfigName=name, ProductionVariants=variants, **more)
        )


async def created(request: Awaitable[Any]) -> None:
    """Create something, or find that another process did. Raises Unanswered."""
    with contextlib.suppress(AlreadyThere):
        await request


async def has_config(account: Account, name: str) -> bool:
    """Whether there is a configuration of that name. Raises Unanswered."""
    try:
        await account.sagemaker("describe_endpoint_config", EndpointConfigName=name)
    except NotThere:
        return False
    return True


def needs(deploy: Deployment) -> dict[str, Any]:
    """What one copy of an inference component takes of an instance."""
    told = {
        "MinMemoryRequiredInMb": deploy.memory_mb,
        "NumberOfAcceleratorDevicesRequired": deploy.accelerators,
        "NumberOfCpuCoresRequired": deploy.cores,
    }
    return {name: it for name, it in told.items() if it is not None}
