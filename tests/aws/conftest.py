"""Templates as `make aws-synth` writes them, for three sets of settings."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from deploy.aws.app import synthesized
from deploy.aws.settings import ExistingDatabase, ExistingNetwork, Settings

ROLE = "arn:aws:iam::123456789012:role/serve"

#: What stands in the existing network and database.
THERE = {
    "network": ExistingNetwork(
        vpc_id="vpc-0123456789abcdef0",
        cidr="10.1.0.0/16",
        availability_zones=("us-east-1a", "us-east-1b"),
        private_subnet_ids=("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"),
    ),
    "database": ExistingDatabase(
        url="postgresql://db.abc.us-east-1.rds.amazonaws.com:5433/radiant",
        resource_id="db-1",
        security_group_id="sg-0123456789abcdef0",
    ),
}

CASES: Mapping[str, Mapping[str, Any]] = {
    "new": {"alarm_address": "ops@example.com"},
    "whole": {
        "service": True, "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/radiant:1", "may_create": True,
        "execution_role": ROLE, "multi_az": True,
        "certificate": "arn:aws:acm:us-east-1:123456789012:certificate/1",
        "settings": {"RADIANT_PRICE_GRACE_HOURS": "0", "RADIANT_ONLINE": "true"},
    },
    "existing": THERE,
}  # fmt: skip

Resources = dict[str, dict[str, Any]]


class Written:
    """One template, and what of it was found fault with."""

    def __init__(self, template: dict[str, Any]) -> None:
        self.template = template
        self.resources: Resources = template["Resources"]

    def of(self, type: str) -> dict[str, dict[str, Any]]:
        """The properties of all resources of a type, by logical id."""
        return {id: it.get("Properties", {}) for id, it in self.resources.items() if it["Type"] == f"AWS::{type}"}

    def function(self, name: str) -> dict[str, Any]:
        (found,) = [it for it in self.of("Lambda::Function").values() if it.get("FunctionName") == f"radiant-{name}"]
        return found

    def role(self, arn: Any) -> dict[str, Any]:
        """The role that `Fn::GetAtt` of its ARN names."""
        return dict(self.of("IAM::Role")[arn["Fn::GetAtt"][0]])


def text(value: Any) -> str:
    """A value of a template as one line: `${Id.Attribute}` for what is only known at AWS."""
    match value:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(text, parts))
        case {"Fn::GetAtt": [id, attribute]}:
            return f"${{{id}.{attribute}}}"
        case {"Ref": id}:
            return f"${{{id}}}"
        case dict():
            return ", ".join(f"{name}={text(it)}" for name, it in value.items())
        case list():
            return ", ".join(map(text, value))
    return str(value)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Written]:
    """The template of a case, written once."""
    package = tmp_path_factory.mktemp("package")
    (package / "radiant.py").write_text("")

    @cache
    def write(case: str) -> Written:
        settings = Settings(account="123456789012", package=str(package), **CASES[case])
        folder: Path = tmp_path_factory.mktemp(case)
        (stack,) = synthesized(settings, folder).synth().stacks  # it raises where anything is found fault with
        return Written(stack.template)

    return write


@pytest.fixture(params=list(CASES))
def each(request: pytest.FixtureRequest, written: Callable[[str], Written]) -> Written:
    return written(request.param)


@pytest.fixture
def new(written: Callable[[str], Written]) -> Written:
    return written("new")


@pytest.fixture
def whole(written: Callable[[str], Written]) -> Written:
    return written("whole")


@pytest.fixture
def existing(written: Callable[[str], Written]) -> Written:
    return written("existing")
