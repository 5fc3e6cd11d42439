"""What has to sleep so that another can wake, where several models share the memory of one machine."""

import datetime as dt
from collections.abc import Sequence

import msgspec


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """A model that is up, or on its way, at a host. `spare`: nothing keeps it from going to sleep."""

    endpoint_id: int
    model_id: str
    gpu_memory_gb: float
    spare: bool
    last_active: dt.datetime | None = None


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """Which endpoints have to sleep first, or the sentence that says why there is no room."""

    sleep: tuple[int, ...] = ()
    problem: str | None = None


def make_room(model_id: str, needs_gb: float | None, tenants: Sequence[Tenant], budget_gb: float | None) -> Room:
    """Those that worked least recently, as few as will do; none where memory is not counted.

    A model that nobody counted the memory of takes what it finds.
    """
    if budget_gb is None or needs_gb is None:
        return Room()
    if needs_gb > budget_gb:
        return Room(problem=f"{model_id} needs {needs_gb:g} GB of GPU memory, and its host has {budget_gb:g}")
    missing = needs_gb - (budget_gb - sum(it.gpu_memory_gb for it in tenants))
    if missing <= 0:
        return Room()
    spare = sorted((it for it in tenants if it.spare), key=_last_active)
    chosen: list[Tenant] = []
    for it in spare:
        if missing <= sum(other.gpu_memory_gb for other in chosen):
            break
        chosen.append(it)
    freed = sum(it.gpu_memory_gb for it in chosen)
    if freed < missing:
        busy = ", ".join(sorted(it.model_id for it in tenants if not it.spare)) or "what is there"
        return Room(problem=f"no room for {model_id}: {missing - freed:g} GB of GPU memory are missing beside {busy}")
    # One of the last may be enough without an earlier one.
    for it in list(chosen):
        if freed - it.gpu_memory_gb >= missing:
            chosen.remove(it)
            freed -= it.gpu_memory_gb
    return Room(sleep=tuple(it.endpoint_id for it in chosen))


def _last_active(it: Tenant) -> tuple[float, int]:
    return (it.last_active.timestamp() if it.last_active else 0.0), it.endpoint_id
