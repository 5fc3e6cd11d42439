"""Roles made of `radiant.aws.rights`: every statement stands there, but those that the platform itself needs."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from radiant.aws.rights import Names, Right, filled, rights

#: What Lambda does for a function in a VPC. Of these no right can be narrowed to a resource.
INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


def names(scope: Construct, **known: str | None) -> Names:
    """The names of one account, as the template writes them."""
    stack = Stack.of(scope)
    given = {name: it for name, it in known.items() if it is not None}
    return Names(partition=stack.partition, region=stack.region, account=stack.account, **given)


def statements(part: str, known: Names, *, may_create: bool) -> list[iam.PolicyStatement]:
    """The rights of one part; those about something that is not there are left out."""
    found = [(it, filled(it, known)) for it in rights(part, may_create=may_create)]
    return [_statement(it, resources) for it, resources in found if resources is not None]


def _statement(right: Right, resources: list[str]) -> iam.PolicyStatement:
    conditions = {"StringEquals": dict([right.condition])} if right.condition else None
    return iam.PolicyStatement(sid=right.id, actions=list(right.actions), resources=resources, conditions=conditions)


def function_role(scope: Construct, id: str, group: logs.ILogGroup, own: list[iam.PolicyStatement]) -> iam.Role:
    """A role for one function: its own rights, its own log, and a network interface."""
    writing = iam.PolicyStatement(
        sid="Log", actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[f"{group.log_group_arn}"]
    )
    interfaces = iam.PolicyStatement(sid="Interfaces", actions=list(INTERFACES), resources=["*"])
    return iam.Role(
        scope,
        id,
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        inline_policies={"radiant": iam.PolicyDocument(statements=[*own, writing, interfaces])},
    )
