"""Limits of Application Auto Scaling, where an operator registered what it scales: it undoes counts outside of them."""

import contextlib

from .account import Account, NotThere


async def allow(account: Account, resource: str, dimension: str, *, least: int, most: int) -> None:
    """Have the limits include all counts from `least` to `most`, and `least` as their lower end: at `least` or above it
    goes on scaling by its own policies. Nothing is registered that was not. Raises Unanswered."""
    found = await account.scaling(
        "describe_scalable_targets",
        ServiceNamespace="sagemaker",
        ResourceIds=[resource],
        ScalableDimension=dimension,
    )
    for target in found.get("ScalableTargets", []):
        highest = max(int(target["MaxCapacity"]), most)
        if (int(target["MinCapacity"]), int(target["MaxCapacity"])) != (least, highest):
            await account.scaling(
                "register_scalable_target",
                ServiceNamespace="sagemaker",
                ResourceId=resource,
                ScalableDimension=dimension,
                MinCapacity=least,
                MaxCapacity=highest,
            )


async def forget(account: Account, resource: str, dimension: str) -> None:
    """Take back a registration, with its policies, before what it scales is deleted. Raises Unanswered."""
    found = await account.scaling(
        "describe_scalable_targets",
        ServiceNamespace="sagemaker",
        ResourceIds=[resource],
        ScalableDimension=dimension,
    )
    if found.get("ScalableTargets"):
        with contextlib.suppress(NotThere):
            await account.scaling(
                "deregister_scalable_target",
                ServiceNamespace="sagemaker",
                ResourceId=resource,
                ScalableDimension=dimension,
            )
