"""Fake runtimes that have many models.

Ollama: github.com/ollama/ollama/blob/main/docs/api.md; llama.cpp: tools/server/README.md of
github.com/ggml-org/llama.cpp; llama-swap: README.md of github.com/mostlygeek/llama-swap; LM Studio:
lmstudio.ai/docs/developer/rest. Read 2026-11-26.
"""

import datetime as dt
from typing import Any

from ..answers import Answer
from ..machine import Machine, Slot, State
from .asked import Asked, nothing_here, openai_entry, openai_list, plain


async def ollama(machine: Machine, asked: Asked) -> Answer:
    match asked.what:
        case "GET /":
            return plain("Ollama is running")
        case "GET /api/version":
            return Answer.json(200, {"version": "0.14.2"})
        case "GET /api/tags":
            return Answer.json(200, {"models": [{"name": it, "model": it, "size": 7_000} for it in machine.models]})
        case "GET /api/ps":
            return Answer.json(200, {"models": [_resident(it) for it in machine.models.values() if it.is_up]})
        case "POST /api/generate":
            return await _generated(machine, asked)
    return nothing_here("404 page not found")


def _resident(slot: Slot) -> dict[str, Any]:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    expires = until.strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"
    window = slot.context_window or 4096
    return {"name": slot.name, "model": slot.name, "expires_at": expires, "size_vram": 1, "context_length": window}


async def _generated(machine: Machine, asked: Asked) -> Answer:
    """Without a prompt it loads, or unloads where nothing is to stay. It stops loading when the caller hangs up."""
    id = str(asked.body.get("model"))
    slot = machine.models.get(id) or machine.models.get(f"{id}:latest")
    if slot is None:
        return Answer.json(404, {"error": f"model '{id}' not found"})
    machine.tasks += 1
    if asked.body.get("keep_alive") == 0:
        slot.unload()
        return Answer.json(200, {"model": id, "response": "", "done": True, "done_reason": "unload"})
    if await slot.loaded(asked.hung_up):
        return Answer.json(200, {"model": id, "response": "", "done": True, "done_reason": "load"})
    return Answer.json(500, {"error": "model requires more system memory (9.0 GiB) than is available (2.0 GiB)"})


async def llama_cpp(machine: Machine, asked: Asked) -> Answer:
    """One model is served alone; with more it is a router."""
    if len(machine.models) == 1:
        return _alone(machine, asked)
    slot = machine.models.get(str(asked.body.get("model") or asked.query.get("model")))
    match asked.what:
        case "GET /health":
            return Answer.json(200, {"status": "ok"})
        case "GET /models" | "GET /v1/models":
            return openai_list(*(_routed(it) for it in machine.models.values()))
        case "GET /props":
            return Answer.json(200, {"role": "router", "max_instances": 4, "models_autoload": True})
        case "POST /models/load" | "POST /models/unload" | "POST /v1/completions" if slot is None:
            return _llama_error(404, "model is not found")
        case "POST /models/load" if slot and slot.state in (State.READY, State.LOADING, State.ASLEEP):
            return _llama_error(400, "model is already running")
        case "POST /models/load" if slot:
            slot.load()
            return Answer.json(200, {"success": True})
        case "POST /models/unload" if slot and slot.state in (State.UNLOADED, State.FAILED):
            return _llama_error(400, "model is not running")
        case "POST /models/unload" if slot:
            slot.unload()
            return Answer.json(200, {"success": True})
        case "POST /v1/completions" if slot:
            machine.tasks += 1
            return Answer.json(200, {"choices": []}) if await slot.loaded() else _llama_error(500, "failed to load")
    return _task(machine, asked)


def _alone(machine: Machine, asked: Asked) -> Answer:
    slot = machine.only
    entry = openai_entry(slot, "llamacpp", meta=None if slot.state is State.LOADING else {"n_ctx_train": 512})
    if asked.what in ("GET /models", "GET /v1/models"):
        return openai_list(entry)
    if slot.state is State.LOADING:
        return _llama_error(503, "Loading model", "unavailable_error")
    match asked.what:
        case "GET /health":
            return Answer.json(200, {"status": "ok"})
        case "GET /props":
            return Answer.json(200, {"model_path": slot.name, "is_sleeping": slot.state is State.ASLEEP})
        case "POST /v1/completions":
            machine.tasks += 1
            slot.load()
            return Answer.json(200, {"choices": []})
        case "POST /models/load" | "POST /models/unload":
            return _llama_error(404, "File Not Found")
    return _task(machine, asked)


def _task(machine: Machine, asked: Asked) -> Answer:
    """Anything else wakes a sleeping model, and keeps one awake."""
    machine.tasks += 1
    return Answer.json(200, []) if asked.what == "GET /slots" else _llama_error(404, "File Not Found")


def _routed(slot: Slot) -> dict[str, Any]:
    names = {State.READY: "loaded", State.ASLEEP: "sleeping", State.FAILED: "unloaded"}
    failed = {"failed": True, "exit_code": 1} if slot.state is State.FAILED else {}
    status = {"value": names.get(slot.state, slot.state.value), "args": ["llama-server"], **failed}
    return openai_entry(slot, "llamacpp", status=status)


def _llama_error(code: int, message: str, type: str = "invalid_request_error") -> Answer:
    return Answer.json(code, {"error": {"code": code, "message": message, "type": type}})


async def llama_swap(machine: Machine, asked: Asked) -> Answer:
    match asked.what:
        case "GET /health":
            return plain("OK")
        case "GET /v1/models" | "GET /models":
            return openai_list(*(openai_entry(it, "llama-swap") for it in machine.models.values()))
        case "GET /running":
            up = [it for it in machine.models.values() if it.state in (State.READY, State.LOADING)]
            names = {State.READY: "ready", State.LOADING: "starting"}
            return Answer.json(200, {"running": [{"model": it.name, "state": names[it.state], "ttl": 0} for it in up]})
    if (id := asked.after("POST /api/models/unload/")) is not None:
        slot = machine.models.get(id)
        if slot is None:
            return plain("Model not found", 404)
        slot.unload()
        return plain("OK")
    if (id := asked.after("GET /upstream/")) is not None:
        slot = machine.models.get(id.rpartition("/")[0])
        if slot is None:
            return plain("no router for requested model", 404)
        machine.tasks += 1
        return Answer.json(200, {"status": "ok"}) if await slot.loaded() else plain("unable to start process", 502)
    return plain("404 page not found", 404)


async def lm_studio(machine: Machine, asked: Asked) -> Answer:
    match asked.what:
        case "GET /api/v1/models":
            return Answer.json(200, {"models": [_keyed(it) for it in machine.models.values()]})
        case "POST /api/v1/models/load":
            slot = machine.models.get(str(asked.body.get("model")))
            if slot is None:
                return Answer.json(404, {"error": {"type": "model_not_found", "message": "Model not found"}})
            if not await slot.loaded():
                return Answer.json(500, {"error": {"type": "model_load_failed", "message": "Failed to load model"}})
            return Answer.json(200, {"type": "llm", "instance_id": slot.name, "load_time_seconds": slot.load_seconds})
        case "POST /api/v1/models/unload":
            slot = machine.models.get(str(asked.body.get("instance_id")))
            if slot is None or not slot.is_up:
                return Answer.json(404, {"error": {"type": "model_not_found", "message": "No such instance"}})
            slot.unload()
            return Answer.json(200, {"instance_id": slot.name})
    return Answer.json(404, {"error": f"Unexpected endpoint or method. ({asked.what})"})


def _keyed(slot: Slot) -> dict[str, Any]:
    config = {"context_length": slot.context_window or 4096}
    loaded = [{"id": slot.name, "config": config}] if slot.is_up else []
    return {"type": "llm", "key": slot.name, "loaded_instances": loaded, "max_context_length": 131_072}
