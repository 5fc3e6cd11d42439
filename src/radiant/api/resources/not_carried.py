"""Where clients send requests to models: Radiant says which model to use, and carries nothing yet."""

from typing import Any

from litestar import Router, post

from radiant.api.problem_types import NOT_CARRIED
from radiant.api.problems import Refused
from radiant.api.security import client

#: What clients of OpenAI, of Anthropic (`messages`) and of OpenRouter ask for.
_PATHS = [
    *(
        f"/v1/{path}"
        for path in (
            "audio/speech", "audio/transcriptions", "chat/completions", "completions", "embeddings",
            "images/generations", "messages", "moderations", "rerank", "responses",
        )
    ),
    *(f"/api/v1/{path}" for path in ("chat/completions", "completions", "embeddings", "responses")),
]  # fmt: skip

SENTENCE = (
    "Radiant chooses models and carries no requests yet. Ask POST /api/v2/select which model should serve this one "
    "(GET /v1/models lists all), and send it to that model's provider; LiteLLM calls it `litellm_id`."
)


@post(_PATHS, sync_to_thread=False)
def carry() -> None:
    """Always refused, with what to call instead."""
    raise Refused(NOT_CARRIED, SENTENCE)


HANDLERS: list[Any] = [Router("/", route_handlers=[carry], guards=[client], include_in_schema=False)]
