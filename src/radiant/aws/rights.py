"""What each part may do at AWS, and no more: the statements of its policy, as data.

What of it can be narrowed to a resource, and by which condition, is said by the service authorization reference of
AWS (https://docs.aws.amazon.com/service-authorization/latest/reference/). Ask it before you add an action.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What stands for the fields of resources, `{secret}` and the like. Absent ones leave their statements out."""

    partition: str = "aws"
    region: str
    account: str
    prefix: str = "radiant-"
    secret: str | None = None
    master_secret: str | None = None
    database: str | None = None
    bus: str | None = None
    execution_role: str | None = None
    thermal_function: str | None = None
    user: str = "radiant_sync"


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """One statement: `actions` on `resources`, under `condition` where there is one (name and value of StringEquals).

    `why` is what it is for, and for a resource `*` why it cannot be narrowed.
    """

    id: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str
    condition: tuple[str, str] | None = None

    @property
    def is_wide(self) -> bool:
        return "*" in self.resources


_SAGEMAKER: Final = "arn:{partition}:sagemaker:{region}:{account}"
_NONE: Final = "the service knows no resource for it"

KEYS: Final = Right(
    id="Keys", actions=("secretsmanager:GetSecretValue",), resources=("{secret}",), why="the keys of providers"
)
MASTER: Final = Right(
    id="Master",
    actions=("secretsmanager:GetSecretValue",),
    resources=("{master_secret}",),
    why="to make roles as the master of the database, where RDS has its password",
)
DATABASE: Final = Right(
    id="Database",
    actions=("rds-db:connect",),
    resources=("arn:{partition}:rds-db:{region}:{account}:dbuser:{database}/{user}",),
    why="a token of RDS as password",
)
EVENTS: Final = Right(
    id="Events",
    actions=("events:PutEvents",),
    resources=("{bus}",),
    condition=("events:source", "radiant.registry"),
    why="events to the bus, from no other source",
)
MODELS: Final = Right(
    id="BedrockModels",
    actions=("bedrock:ListFoundationModels",),
    resources=("*",),
    why=f"the list of models, which the probe of health asks for too; {_NONE}",
)
PROFILES: Final = Right(
    id="BedrockProfiles",
    actions=("bedrock:ListInferenceProfiles",),
    resources=("*",),
    why=f"models that are called through a profile; {_NONE}",
)
LOOKING: Final = Right(
    id="SageMakerLists",
    actions=("sagemaker:ListEndpoints", "sagemaker:ListInferenceComponents"),
    resources=("*",),
    why=f"one list for all endpoints; {_NONE}",
)
DESCRIBING: Final = Right(
    id="SageMakerEndpoints",
    actions=("sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpointWeightsAndCapacities"),
    resources=(f"{_SAGEMAKER}:endpoint/{{prefix}}*",),
    why="how warm an endpoint is, and how many instances it has",
)
COMPONENTS: Final = Right(
    id="SageMakerComponents",
    actions=("sagemaker:DescribeInferenceComponent", "sagemaker:UpdateInferenceComponentRuntimeConfig"),
    resources=(f"{_SAGEMAKER}:inference-component/{{prefix}}*",),
    why="how warm a component is, and how many copies it has",
)
LIMITS: Final = Right(
    id="ScalingLimits",
    actions=("application-autoscaling:DescribeScalableTargets",),
    resources=("*",),
    why=f"limits of scaling that an operator registered; {_NONE}",
)
SCALING: Final = Right(
    id="Scaling",
    actions=("application-autoscaling:RegisterScalableTarget",),
    resources=("arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/*",),
    condition=("application-autoscaling:service-namespace", "sagemaker"),
    why="to move those limits with the count; ids of targets are not known beforehand",
)
CREATING: Final = Right(
    id="SageMakerCreation",
    actions=(
        "sagemaker:CreateEndpoint",
        "sagemaker:CreateEndpointConfig",
        "sagemaker:CreateInferenceComponent",
        "sagemaker:CreateModel",
        "sagemaker:DeleteEndpoint",
        "sagemaker:DeleteInferenceComponent",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:DescribeModel",
    ),
    resources=tuple(
        f"{_SAGEMAKER}:{kind}/{{prefix}}*" for kind in ("endpoint", "endpoint-config", "inference-component", "model")
    ),
    why="to create what is missing, and to delete what can be created again",
)
FORGETTING: Final = Right(
    id="ScalingEnd",
    actions=("application-autoscaling:DeregisterScalableTarget",),
    resources=("arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/*",),
    condition=("application-autoscaling:service-namespace", "sagemaker"),
    why="limits go with the endpoint that is deleted",
)
PASSING: Final = Right(
    id="ExecutionRole",
    actions=("iam:PassRole",),
    resources=("{execution_role}",),
    condition=("iam:PassedToService", "sagemaker.amazonaws.com"),
    why="the role under which SageMaker runs what is created",
)
CALLING: Final = Right(
    id="ThermalFunction",
    actions=("lambda:InvokeFunction",),
    resources=("{thermal_function}",),
    why="to have a model warmed at once, where no worker is alive",
)

_ALL: Final = (KEYS, DATABASE, EVENTS)
_LISTS: Final = (MODELS, PROFILES)
_WARMTH: Final = (LOOKING, DESCRIBING, COMPONENTS, LIMITS, SCALING)

#: What SageMaker is asked for besides, where models may be created.
CREATION: Final = (CREATING, FORGETTING, PASSING)

#: By the part that has them: a function by its kind of run, then `migrate`, `worker` and `api`.
RIGHTS: Final[Mapping[str, tuple[Right, ...]]] = MappingProxyType(
    {
        "full": (*_ALL, *_LISTS, *_WARMTH),
        "models": (*_ALL, *_LISTS),
        "health": (*_ALL, MODELS),
        "thermal": (*_ALL, *_WARMTH),
        "pricing": _ALL,
        "migrate": (MASTER, DATABASE),
        "worker": (*_ALL, *_LISTS, *_WARMTH),
        "api": (KEYS, DATABASE, CALLING),
    }
)


def rights(part: str, *, may_create: bool) -> tuple[Right, ...]:
    """The statements of one part; creation where it is allowed, for who warms models."""
    own = RIGHTS[part]
    return (*own, *CREATION) if may_create and LOOKING in own else own


def actions(some: Iterable[Right]) -> frozenset[str]:
    """All that they allow."""
    return frozenset(action for it in some for action in it.actions)


def filled(right: Right, names: Names) -> list[str] | None:
    """Its resources for one account; None where it is about something that is not there."""
    known = {name: it for name, it in msgspec.structs.asdict(names).items() if it is not None}
    try:
        return [it.format_map(known) for it in right.resources]
    except KeyError:
        return None
