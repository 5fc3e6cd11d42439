"""A fake Amazon SageMaker with its Application Auto Scaling: the operations that Radiant calls, in JSON 1.1.

docs.aws.amazon.com/sagemaker/latest/APIReference and the service models of botocore 1.44.5, read 2026-11-26; what is
refused, and that a component cannot be created without a copy, from what people saw there
(github.com/stdapi-ai/stdapi.ai/issues/43).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ..answers import Answer
from ..machine import Machine, Slot, State
from ..script import RuntimeModel
from .asked import Asked

_WHY: Final = "CapacityError: Unable to provision requested ML compute capacity."


class Refused(Exception):
    """A refusal in the words of AWS."""

    def __init__(self, words: str, code: str = "ValidationException") -> None:
        self.code = code
        super().__init__(words)


async def sagemaker(machine: Machine, asked: Asked) -> Answer:
    """Each model of the script is an inference component, with no copy where it is unloaded; and, where it is not
    unloaded, an endpoint of its own."""
    operation = asked.target.rpartition(".")[2]
    try:
        if operation not in OPERATIONS:
            raise Refused(f"no such operation: {operation}", "UnknownOperationException")
        return Answer.json(200, OPERATIONS[operation](machine, asked.body))
    except Refused as error:
        return Answer.json(400, {"__type": error.code, "message": str(error)})


def _modified(machine: Machine, slot: Slot) -> dict[str, Any]:
    """When it changed last, as this fake sees it when it is asked."""
    now = (slot.state.value, slot.copies)
    was, at = machine.resources.setdefault(f"modified {slot.name}", (now, 1.78e9))
    if was != now:
        at += 1
        machine.resources[f"modified {slot.name}"] = (now, at)
    return {"CreationTime": 1.78e9, "LastModifiedTime": at}


def _paged(entries: list[dict[str, Any]], member: str, said: Mapping[str, Any]) -> dict[str, Any]:
    start, size = int(said.get("NextToken", 0)), int(said.get("MaxResults", 10))
    more = {"NextToken": str(start + size)} if start + size < len(entries) else {}
    return {member: entries[start : start + size], **more}


def _status(slot: Slot, loading: str) -> str:
    return {State.LOADING: loading, State.FAILED: "Failed"}.get(slot.state, "InService")


def _component(machine: Machine, slot: Slot) -> dict[str, Any]:
    return {
        "InferenceComponentName": slot.name,
        "InferenceComponentArn": f"arn:aws:sagemaker:us-east-1:123456789012:inference-component/{slot.name}",
        "EndpointName": "host",
        "EndpointArn": "arn:aws:sagemaker:us-east-1:123456789012:endpoint/host",
        "VariantName": "AllTraffic",
        "InferenceComponentStatus": _status(slot, "Updating"),
        **_modified(machine, slot),
    }


def _named_component(machine: Machine, said: Mapping[str, Any]) -> Slot:
    slot = machine.models.get(said["InferenceComponentName"])
    if slot is None:
        raise Refused(f'Could not find inference component "{said["InferenceComponentName"]}".')
    return slot


def _describe_component(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    slot = _named_component(machine, said)
    wanted = slot.copies if slot.state in (State.READY, State.LOADING) else 0
    counts = {"CurrentCopyCount": slot.copies if slot.is_up else 0, "DesiredCopyCount": wanted}
    why = {"FailureReason": _WHY} if slot.state is State.FAILED else {}
    return {**_component(machine, slot), "RuntimeConfig": counts, **why}


def _list_components(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    return _paged([_component(machine, it) for it in machine.models.values()], "InferenceComponents", said)


def _update_component(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    slot = _named_component(machine, said)
    if slot.state is State.LOADING:
        raise Refused("Cannot update in-progress inference component.")
    _scale(slot, said["DesiredRuntimeConfig"]["CopyCount"])
    return {"InferenceComponentArn": "arn:aws:sagemaker:us-east-1:123456789012:inference-component/it"}


def _scale(slot: Slot, count: int) -> None:
    if count == 0:
        slot.unload()
        return
    slot.copies = count
    slot.load()


def _create_component(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    if said["RuntimeConfig"]["CopyCount"] < 1:
        raise Refused("Inference components copy count an integer larger than 0")
    if said["InferenceComponentName"] in machine.models:
        raise Refused("Cannot create already existing inference component.")
    name = said["InferenceComponentName"]
    machine.models[name] = slot = Slot(RuntimeModel(name=name, load_seconds=machine.only.load_seconds), machine.elapsed)
    machine.resources[f"component {name}"] = said
    _scale(slot, said["RuntimeConfig"]["CopyCount"])
    return {"InferenceComponentArn": f"arn:aws:sagemaker:us-east-1:123456789012:inference-component/{name}"}


def _delete_component(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    del machine.models[_named_component(machine, said).name]
    return {}


def _endpoint(machine: Machine, slot: Slot) -> dict[str, Any]:
    return {
        "EndpointName": slot.name,
        "EndpointArn": f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{slot.name}",
        "EndpointStatus": _status(slot, "Creating"),
        **_modified(machine, slot),
    }


def _named_endpoint(machine: Machine, said: Mapping[str, Any]) -> Slot:
    """One with a model of its own, or one that was created to host components."""
    slot = machine.resources.get(f"host {said['EndpointName']}") or machine.models.get(said["EndpointName"])
    if slot is None or slot.state is State.UNLOADED:
        raise Refused(f'Could not find endpoint "{said["EndpointName"]}".')
    return slot


def _describe_endpoint(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    slot = _named_endpoint(machine, said)
    current = slot.copies if slot.is_up else 0
    variant = {"VariantName": "AllTraffic", "CurrentInstanceCount": current, "DesiredInstanceCount": slot.copies}
    config = machine.resources.get(f"endpoint {slot.name}", {}).get("EndpointConfigName", slot.name)
    why = {"FailureReason": _WHY} if slot.state is State.FAILED else {}
    return {**_endpoint(machine, slot), "EndpointConfigName": config, "ProductionVariants": [variant], **why}


def _list_endpoints(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    there = [it for it in machine.models.values() if it.state is not State.UNLOADED]
    return _paged([_endpoint(machine, it) for it in there], "Endpoints", said)


def _create_endpoint(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    name, config = said["EndpointName"], machine.resources.get(f"config {said['EndpointConfigName']}")
    if config is None:
        raise Refused(f'Could not find endpoint configuration "{said["EndpointConfigName"]}".')
    made = Slot(RuntimeModel(name=name, load_seconds=machine.only.load_seconds), machine.elapsed)
    hosts = "ModelName" not in config["ProductionVariants"][0]
    slot = machine.resources.setdefault(f"host {name}", made) if hosts else machine.models.setdefault(name, made)
    if slot.state is not State.UNLOADED:
        raise Refused(f'Cannot create already existing endpoint "{name}".')
    machine.resources[f"endpoint {name}"] = said
    _scale(slot, config["ProductionVariants"][0]["InitialInstanceCount"])
    return {"EndpointArn": f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{name}"}


def _delete_endpoint(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    _named_endpoint(machine, said).unload()
    return {}


def _scale_endpoint(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    slot = _named_endpoint(machine, said)
    slot.copies = said["DesiredWeightsAndCapacities"][0]["DesiredInstanceCount"]
    return {"EndpointArn": f"arn:aws:sagemaker:us-east-1:123456789012:endpoint/{slot.name}"}


def _describe(kind: str, key: str, words: str) -> Callable[[Machine, Mapping[str, Any]], dict[str, Any]]:
    def described(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
        found = machine.resources.get(f"{kind} {said[key]}")
        if found is None:
            raise Refused(f'Could not find {words} "{said[key]}".')
        return {**found, "CreationTime": 1.78e9}

    return described


def _create(kind: str, key: str, arn: str) -> Callable[[Machine, Mapping[str, Any]], dict[str, Any]]:
    def made(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
        if f"{kind} {said[key]}" in machine.resources:
            raise Refused(f"Cannot create already existing {kind}.")
        machine.resources[f"{kind} {said[key]}"] = {**said, arn: f"arn:aws:sagemaker:us-east-1:1:{kind}/{said[key]}"}
        return {arn: f"arn:aws:sagemaker:us-east-1:123456789012:{kind}/{said[key]}"}

    return made


def _targets(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    found = [machine.resources.get(f"target {it}") for it in said["ResourceIds"]]
    more = {"RoleARN": "arn:aws:iam::123456789012:role/scaling", "CreationTime": 1.78e9}
    return {"ScalableTargets": [{**it, **more} for it in found if it is not None]}


def _register(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    machine.resources[f"target {said['ResourceId']}"] = dict(said)
    return {}


def _deregister(machine: Machine, said: Mapping[str, Any]) -> dict[str, Any]:
    if machine.resources.pop(f"target {said['ResourceId']}", None) is None:
        raise Refused("No scalable target found.", "ObjectNotFoundException")
    return {}


OPERATIONS: Final[Mapping[str, Callable[[Machine, Mapping[str, Any]], dict[str, Any]]]] = {
    "DescribeInferenceComponent": _describe_component,
    "ListInferenceComponents": _list_components,
    "UpdateInferenceComponentRuntimeConfig": _update_component,
    "CreateInferenceComponent": _create_component,
    "DeleteInferenceComponent": _delete_component,
    "DescribeEndpoint": _describe_endpoint,
    "ListEndpoints": _list_endpoints,
    "CreateEndpoint": _create_endpoint,
    "DeleteEndpoint": _delete_endpoint,
    "UpdateEndpointWeightsAndCapacities": _scale_endpoint,
    "DescribeModel": _describe("model", "ModelName", "model"),
    "CreateModel": _create("model", "ModelName", "ModelArn"),
    "DescribeEndpointConfig": _describe("config", "EndpointConfigName", "endpoint configuration"),
    "CreateEndpointConfig": _create("config", "EndpointConfigName", "EndpointConfigArn"),
    "DescribeScalableTargets": _targets,
    "RegisterScalableTarget": _register,
    "DeregisterScalableTarget": _deregister,
}
