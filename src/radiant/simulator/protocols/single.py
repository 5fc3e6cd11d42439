"""Fake runtimes that serve one model each.

vLLM 0.33: docs.vllm.ai/en/latest/features/sleep_mode.html and its `/health`, `/metrics`; SGLang 0.5.23: docs.sglang.io;
TGI 3: huggingface.github.io/text-generation-inference. Read 2026-11-26.
"""

from typing import Any

import msgspec

from ..answers import Answer
from ..machine import Machine, State
from .asked import Asked, gauge, nothing_here, openai_entry, openai_list, plain


async def vllm(machine: Machine, asked: Asked) -> Answer:
    """In development mode with sleep mode on. A server that sleeps is healthy, and lists its model."""
    slot = machine.only
    match asked.what:
        case "GET /health":
            return plain(status=503 if slot.state is State.FAILED else 200)
        case "GET /version":
            return Answer.json(200, {"version": "0.33.0"})
        case "GET /v1/models":
            more: dict[str, Any] = {
                "root": slot.name,
                "parent": None,
                "max_model_len": slot.context_window,
                "permission": [],
            }
            return openai_list(openai_entry(slot, "vllm", **more))
        case "GET /is_sleeping":
            return Answer.json(200, {"is_sleeping": not slot.is_up})
        case "GET /load":
            return Answer.json(200, {"server_load": 0})
        case "GET /metrics":
            labels = msgspec.json.encode(slot.name).decode()
            running = gauge("vllm:num_requests_running", slot.in_flight, f'{{engine="0",model_name={labels}}}')
            return plain(running + gauge("vllm:num_requests_waiting", 0, f'{{engine="0",model_name={labels}}}'))
        case "POST /sleep":
            slot.unload(State.ASLEEP)
            return plain()
        case "POST /wake_up" if asked.query.get("tags") == "weights":
            return plain()
        case "POST /wake_up":
            return plain() if await slot.loaded() else plain(status=500)
        case "POST /collective_rpc":
            return Answer.json(200, {"results": [None]})
    return nothing_here()


async def sglang(machine: Machine, asked: Asked) -> Answer:
    """`/health` generates a token: it is work, and takes a second."""
    slot = machine.only
    match asked.what:
        case "GET /ready":
            return plain(status=200 if slot.is_up else 503)
        case "GET /health" | "GET /health_generate":
            machine.tasks += 1
            return plain()
        case "GET /model_info":
            return Answer.json(200, {"model_path": slot.name, "is_generation": True})
        case "GET /v1/models":
            more = {"root": slot.name, "max_model_len": slot.context_window}
            return openai_list(openai_entry(slot, "sglang", **more))
        case "GET /metrics":
            return plain(gauge("sglang:num_running_reqs", slot.in_flight) + gauge("sglang:num_queue_reqs", 0))
    if asked.path in ("/release_memory_occupation", "/resume_memory_occupation", "/flush_cache"):
        machine.tasks += 1
        return plain()
    return nothing_here()


async def tgi(machine: Machine, asked: Asked) -> Answer:
    slot = machine.only
    match asked.what:
        case "GET /health":
            return plain() if slot.is_up else Answer.json(503, {"error": "unhealthy", "error_type": "healthcheck"})
        case "GET /info":
            info = {"model_id": slot.name, "router": "text-generation-router", "version": "3.3.6"}
            return Answer.json(200, {**info, "max_total_tokens": slot.context_window or 4096})
        case "GET /metrics":
            return plain(gauge("tgi_batch_current_size", slot.in_flight) + gauge("tgi_queue_size", 0))
    return nothing_here()


async def generic(machine: Machine, asked: Asked) -> Answer:
    """Ready at `/health`, woken at `/wake`, put to sleep at `/sleep`. While it loads it says when to come again."""
    slot = machine.only
    match asked.what:
        case "GET /health" if slot.state is State.LOADING:
            return Answer(status=503, headers={"retry-after": "5"})
        case "GET /health":
            return plain("ok") if slot.is_up else plain(status=503)
        case "POST /wake":
            slot.load()
            return plain(status=202)
        case "POST /sleep":
            slot.unload()
            return plain(status=202)
    return nothing_here()
