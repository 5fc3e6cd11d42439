"""Every statement of every role, against the list in `statements.txt`: a new right fails until it is written there."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.aws.functions import TIMES
from deploy.aws.policies import INTERFACES
from radiant.aws.rights import RIGHTS, rights
from tests.aws.conftest import CASES, Written, text

LIST = Path(__file__).with_name("statements.txt")

#: What CDK ends logical ids with.
_DIGEST = re.compile(r"(?<=[A-Za-z])[0-9A-F]{8}(?=[.}]|$)")


def plain(value: Any) -> str:
    return _DIGEST.sub("", text(value))


def statements(written: Written) -> Iterator[str]:
    """All, one a line: who, what, on what, under which condition; and whom each role trusts."""
    roles = dict(written.of("IAM::Role").items())
    for id, role in roles.items():
        for it in role["AssumeRolePolicyDocument"]["Statement"]:
            yield line(id, it, " is " + plain(it["Principal"]))
        documents = [it["PolicyDocument"] for it in role.get("Policies", [])]
        for policy in written.of("IAM::Policy").values():
            if {"Ref": id} in policy["Roles"]:
                documents.append(policy["PolicyDocument"])
        for document in documents:
            for it in document["Statement"]:
                yield line(id, it, " on " + plain(it["Resource"]))
        for managed in role.get("ManagedPolicyArns", []):
            yield f"{plain(id)}: managed {plain(managed)}"
    for type in ("SQS::QueuePolicy", "SNS::TopicPolicy", "Lambda::Permission"):
        for id, it in written.of(type).items():
            if type == "Lambda::Permission":
                yield f"{plain(id)}: {it['Action']} is {plain(it['Principal'])} from {plain(it.get('SourceArn', ''))}"
                continue
            for said in it["PolicyDocument"]["Statement"]:
                yield line(id, said, f" is {plain(said['Principal'])} on {plain(said['Resource'])}")


def line(id: str, it: dict[str, Any], about: str) -> str:
    condition = f" if {plain(it['Condition'])}" if "Condition" in it else ""
    effect = "" if it["Effect"] == "Allow" else "never "
    return f"{plain(id)}: {effect}{plain(it['Action'])}{about}{condition}"


def test_every_statement_is_in_the_list(written: Callable[[str], Written]) -> None:
    found = [f"# {case}\n" + "\n".join(sorted(statements(written(case)))) for case in CASES]
    assert "\n\n".join(found) + "\n" == LIST.read_text("utf-8")


@pytest.mark.parametrize("part", [*TIMES, "migrate"])
def test_a_function_may_do_what_its_rights_say_and_write_its_log(whole: Written, part: str) -> None:
    role = whole.role(whole.function(part)["Role"])
    (policy,) = role["Policies"]
    told = {it["Sid"]: it for it in policy["PolicyDocument"]["Statement"]}
    mine = rights(part, may_create=True)
    assert set(told) == {it.id for it in mine} | {"Log", "Interfaces"}
    for it in mine:
        actions = told[it.id]["Action"]
        assert sorted([actions] if isinstance(actions, str) else actions) == sorted(it.actions)
    wide = {sid for sid, it in told.items() if it["Resource"] == "*"}
    assert wide == {it.id for it in mine if it.is_wide} | {"Interfaces"}
    assert told["Interfaces"]["Action"] == list(INTERFACES)


def test_without_may_create_nothing_is_created_and_no_role_passed(new: Written, existing: Written) -> None:
    for written in (new, existing):
        said = "\n".join(statements(written))
        for word in ("sagemaker:Create", "sagemaker:Delete", "iam:PassRole", "application-autoscaling:Deregister"):
            assert word not in said


def test_a_task_may_do_what_its_rights_say(whole: Written) -> None:
    for part in ("api", "worker"):
        (task,) = [
            it for it in whole.of("ECS::TaskDefinition").values() if it["ContainerDefinitions"][0]["Name"] == part
        ]
        (policy,) = whole.role(task["TaskRoleArn"])["Policies"]
        told = [it["Sid"] for it in policy["PolicyDocument"]["Statement"]]
        assert sorted(told) == sorted(it.id for it in rights(part, may_create=True))
    assert set(RIGHTS) == {*TIMES, "migrate", "worker", "api"}
