"""Fake servers of the Open Inference Protocol.

kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol, and the model repository extension of
github.com/triton-inference-server/server. Read 2026-11-26; KServe 0.21.0 and MLServer 1.7.1 run beside them in
`make test-runtimes`.
"""

from typing import Any

from ..answers import Answer
from ..machine import Machine, Slot, State
from .asked import Asked, nothing_here, plain

_REPOSITORY = "POST /v2/repository/models/"


async def kserve(machine: Machine, asked: Asked) -> Answer:
    """What is not loaded is not there. Loading is answered when it is done, with 503 where that failed."""
    up = [it for it in machine.models.values() if it.state in (State.READY, State.LOADING)]
    match asked.what:
        case "GET /v2":
            return Answer.json(
                200, {"name": "kserve", "version": "0.21.0", "extensions": ["model_repository_extension"]}
            )
        case "GET /v2/models":
            return Answer.json(200, {"models": [it.name for it in up]})
        case "GET /v2/health/live":
            return Answer.json(200, {"live": True})
        case "POST /v2/repository/index":
            return nothing_here()
    if (rest := asked.after("GET /v2/models/")) is not None and rest.endswith("/ready"):
        slot = next((it for it in up if it.name == rest.removesuffix("/ready")), None)
        if slot is None:
            return Answer.json(404, {"error": f"Model with name {rest.removesuffix('/ready')} does not exist."})
        if slot.state is State.LOADING:
            return Answer.json(503, {"error": f"Model with name {slot.name} is not ready."})
        return Answer.json(200, {"name": slot.name, "ready": True})
    return await _repository(machine, asked, absent=503)


async def indexed(machine: Machine, asked: Asked) -> Answer:
    """Triton and MLServer; readiness of a model has an empty body."""
    triton = machine.runtime == "triton"
    match asked.what:
        case "GET /v2":
            return Answer.json(200, {"name": machine.runtime, "version": "1.0", "extensions": ["model_repository"]})
        case "GET /v2/health/live" | "GET /v2/health/ready":
            return plain()
        case "POST /v2/repository/index":
            return Answer.json(200, [_indexed(it, triton) for it in machine.models.values()])
    return await _repository(machine, asked, absent=400 if triton else 404)


def _indexed(slot: Slot, triton: bool) -> dict[str, Any]:
    """Triton says neither state nor version of what was never loaded."""
    if triton and slot.state is State.UNLOADED and not slot.unloads:
        return {"name": slot.name}
    states = {
        State.READY: ("READY", ""),
        State.LOADING: ("LOADING", ""),
        State.FAILED: ("UNAVAILABLE", "out of memory"),
    }
    state, reason = states.get(slot.state, ("UNAVAILABLE", "unloaded" if triton else ""))
    return {"name": slot.name, "version": "1", "state": state, "reason": reason}


async def _repository(machine: Machine, asked: Asked, *, absent: int) -> Answer:
    id, _, verb = (asked.after(_REPOSITORY) or "").partition("/")
    slot = machine.models.get(id)
    if verb not in ("load", "unload"):
        return nothing_here()
    if slot is None:
        return Answer.json(absent, {"error": f"failed to {verb} '{id}', no such model"})
    if verb == "unload":
        slot.unload()
        return plain()
    refused = Answer.json(absent, {"error": f"failed to load '{id}', out of memory"})
    return plain() if await slot.loaded() else refused
