"""What cdk-nag finds fault with and we leave so, each with its reason. Any other finding ends the synthesis."""

import re
from collections.abc import Iterator
from typing import Final

from aws_cdk import Acknowledgment, Validations
from constructs import Construct

from radiant.aws.rights import Names, filled, rights

from .functions import TIMES
from .settings import Settings

_PREFIX: Final = "AwsSolutions::AwsSolutions-"

#: By the rule: which constructs of the stack, by their paths, and why.
REASONS: Final = {
    "L1": (r"Functions/\w+/Resource", "the package has wheels for Python 3.13, which is what is tested"),
    "SMG4": (
        r"Keys/Secret|Service/AdminToken/Resource",
        "keys are changed at the providers, and the token by who uses it; a new value is read by itself",
    ),
    "RDS3": (r"Database/Instance/Resource", "a second zone doubles the price; `multi_az` of the settings asks for it"),
    "RDS11": (
        r"Database/Instance/Resource",
        "who is let in is said by a security group; another port would hide nothing",
    ),
    "ECS2": (r"Service/\w+-task/Resource", "variables are addresses and names; the token comes from a secret"),
    "ELB2": (
        r"Service/Load/Resource",
        "it is inside the VPC, and access logs need a bucket, for which companies have rules of their own",
    ),
    "IAM5[Resource::*]": (
        r"Service/\w+-task/ExecutionRole/DefaultPolicy/Resource",
        "a token for the registry of images, for which AWS knows no resource",
    ),
    "EC23": (r"Service/Balancer/Resource", "the range is that of the VPC itself, which is only known at AWS"),
}

_ROLES: Final = re.compile(r"(?:Functions|Service)/(\w+)-role/Resource")


def explain(stack: Construct, settings: Settings) -> None:
    """Give each finding that is left its reason."""
    for it in stack.node.find_all():
        path = it.node.path.partition("/")[2]
        found = [
            Acknowledgment(id=f"{_PREFIX}{rule}", reason=reason)
            for rule, (where, reason) in REASONS.items()
            if re.fullmatch(where, path)
        ]
        if (role := _ROLES.fullmatch(path)) is not None:
            found += _wildcards(role[1], settings)
        if found:
            Validations.of(it).acknowledge(*found)


def _wildcards(part: str, settings: Settings) -> Iterator[Acknowledgment]:
    """Resources with a star, each with what its right is for."""
    if part in (*TIMES, "migrate"):
        reason = "network interfaces of Lambda, for which AWS knows no resource"
        yield Acknowledgment(id=f"{_PREFIX}IAM5[Resource::*]", reason=reason)
    known = Names(
        partition="<AWS::Partition>",
        region=settings.region,
        account=settings.account,
        prefix=settings.prefix,
        execution_role=settings.execution_role,
    )
    for right in rights(part, may_create=settings.may_create):
        for resource in filled(right, known) or ():
            if "*" in resource:
                yield Acknowledgment(id=f"{_PREFIX}IAM5[Resource::{resource}]", reason=right.why)
