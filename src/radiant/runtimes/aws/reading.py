"""What SageMaker's descriptions of endpoints and inference components say of a model. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from radiant.runtimes.driver import Condition, Seen

#: Statuses in which nothing is going on.
SETTLED: Final = ("InService", "Failed", "OutOfService", "UpdateRollbackFailed")


def of_component(said: Mapping[str, Any], *, may_create: bool) -> Seen:
    """An inference component: how many of its copies run."""
    status = said.get("InferenceComponentStatus")
    counts = said.get("RuntimeConfig") or {}
    return _seen(
        status,
        current=int(counts.get("CurrentCopyCount") or 0),
        desired=int(counts.get("DesiredCopyCount") or 0),
        why=said.get("FailureReason"),
        may_create=may_create,
    )


def of_endpoint(said: Mapping[str, Any], *, may_create: bool) -> Seen:
    """An endpoint with a model of its own: how many instances run, over its variants. A serverless one has none, and is
    there whenever it is in service."""
    variants = said.get("ProductionVariants") or []
    serverless = any(it.get("CurrentServerlessConfig") for it in variants)
    current = sum(int(it.get("CurrentInstanceCount") or 0) for it in variants)
    desired = sum(int(it.get("DesiredInstanceCount") or 0) for it in variants)
    seen = _seen(
        said.get("EndpointStatus"),
        current=1 if serverless else current,
        desired=1 if serverless else desired,
        why=said.get("FailureReason"),
        may_create=may_create,
    )
    return Seen(condition=seen.condition, moving=seen.moving, problem=seen.problem) if serverless else seen


def missing(*, may_create: bool, what: str, lacks: str | None) -> Seen:
    """What is not there can be created, or not, or not before somebody says what it `lacks`."""
    if may_create:
        return Seen(condition=Condition.UNLOADED, instances=0, problem=lacks)
    return Seen(condition=Condition.ABSENT, instances=0, problem=f"{what} does not exist, and may not be created")


def _seen(status: Any, *, current: int, desired: int, why: Any, may_create: bool) -> Seen:
    problem = " ".join(str(why).split())[:300] if why else None
    match status:
        case "Creating":
            return Seen(condition=Condition.LOADING, instances=current)
        case "Deleting":
            condition = Condition.UNLOADED if may_create else Condition.ABSENT
            return Seen(
                condition=condition, instances=0, moving=True, problem=None if may_create else "it is being deleted"
            )
        case "Failed":
            return Seen(condition=Condition.FAILED, instances=0, problem=problem or "AWS does not say why")
        case "OutOfService":
            return Seen(condition=Condition.FAILED, instances=current, problem=problem or "it is out of service")
        case "InService" | "Updating" | "SystemUpdating" | "RollingBack" | "UpdateRollbackFailed":
            return _counted(current, desired, moving=status not in SETTLED, problem=problem)
    return Seen(condition=Condition.UNSEEN, problem=f"its status is {status!r:.40}, which is not known")


def _counted(current: int, desired: int, *, moving: bool, problem: str | None) -> Seen:
    """What serves goes on serving while it is changed."""
    if current:
        return Seen(condition=Condition.READY, instances=current, moving=moving or current != desired, problem=problem)
    if desired:
        return Seen(condition=Condition.LOADING, instances=0, problem=problem)
    return Seen(condition=Condition.UNLOADED, instances=0, moving=moving, problem=problem)
