"""The smallest completion that a provider sells. Asked for by a person only: it costs money."""

import asyncio
import datetime as dt
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeGuard

import msgspec

from radiant.domain.observation import Observation, Source

from . import failures, observing
from .decoding import NotDecoded, is_error, json_of
from .failures import Failed
from .http import Client
from .keys import Account, signer
from .lister import Request, address, no_key
from .places import place
from .roster import LISTERS, lister

#: Seconds within which it has to be there; models answer slower than lists.
LIMIT: Final = 30.0

#: Tokens of the question at most, however they are counted, and of the answer.
INPUT_TOKENS: Final = 40
OUTPUT_TOKENS: Final = 16

#: Tokens that a model may think, which some do beyond any limit.
THOUGHTS: Final = 4_000

_MOST_BYTES: Final = 1024 * 1024
_QUESTION: Final = [{"role": "user", "content": "Say OK."}]


class Style(msgspec.Struct, frozen=True):
    """How it is asked for: the path, the name of the limit, and where the tokens stand in `usage`."""

    path: str
    limit: str
    usage: tuple[str, str]


_OPENAI: Final = Style("chat/completions", "max_tokens", ("prompt_tokens", "completion_tokens"))
_OPENAI_NOW: Final = Style("chat/completions", "max_completion_tokens", _OPENAI.usage)

#: What was read about each on 2026-11-26 stands above it. Perplexity is not among them: it supported chat completions
#: until 2026-09-27 (releases of vercel/ai, @ai-sdk/perplexity@3.1.0), and what follows them has another form.
STYLES: Final[Mapping[str, Style]] = MappingProxyType(
    {
        # Its own clients: rubydoc.info/gems/anthropic for the request, and for the tokens
        # anthropics/anthropic-sdk-python, src/anthropic/types/usage.py
        "anthropic": Style("v1/messages", "max_tokens", ("input_tokens", "output_tokens")),
        # OpenAI's page on chat completions as simonw/llm#724 quotes it: `max_tokens` is deprecated. Groq's own client,
        # groq/groq-python#175. Cerebras: not its own page, but promptfoo.dev/docs/providers/cerebras
        **dict.fromkeys(("cerebras", "groq", "openai"), _OPENAI_NOW),
        # Their own pages: docs.fireworks.ai/guides/querying-text-models, platform.kimi.ai/docs/api/quickstart,
        # openrouter.ai/docs/api-reference/overview, vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions.md
        **dict.fromkeys(("fireworks", "moonshot", "openrouter", "vercel_ai_gateway"), _OPENAI),
        # Not their own pages: the endpoints that litellm/constants.py has as compatible with OpenAI's, and for Hugging
        # Face tabby.tabbyml.com/docs/references/models-http-api/huggingface
        **dict.fromkeys(("deepseek", "huggingface", "mistral", "nvidia", "sambanova", "together", "xai"), _OPENAI),
    }
)


class Completed(NamedTuple):
    """What was seen, and the tokens that the provider says it took and gave; None where it does not say."""

    seen: Observation
    usage: tuple[int, int] | None


def style(provider: str) -> Style | None:
    """How a provider is asked for a completion; None where that is not known. A server that nobody described is taken
    for one that speaks OpenAI's API."""
    return STYLES.get(provider) or (None if provider in LISTERS else _OPENAI)


async def complete(
    how: Style,
    account: Account,
    model: str,
    client: Client,
    environment: Mapping[str, str],
    *,
    region: str,
    at: dt.datetime,
) -> Completed:
    """Ask a model for a few tokens: a real request, and seen as one. Raises Failed where it cannot be asked."""
    sign = signer(account, environment)
    if sign is None:
        raise no_key(account)
    url = address(lister(account.id), Request(path=how.path), account)
    body = msgspec.json.encode({"model": model, "messages": _QUESTION, how.limit: OUTPUT_TOKENS})
    headers = {"Content-Type": "application/json", **account.auth.headers, **sign(url)}
    began = time.perf_counter()
    try:
        async with asyncio.timeout(LIMIT):
            answer = await client.send(url, body, limit=_MOST_BYTES, headers=headers)
        told = json_of(answer)
        if not isinstance(told, dict) or is_error(told):
            what = "an error" if isinstance(told, dict) else "something that is no completion"
            raise Failed(place(url), failures.Reason.UNREADABLE, f"it answered 200 with {what}")
    except TimeoutError:
        failure = Failed(place(url), failures.Reason.SLOW, f"it took longer than {LIMIT:g} seconds")
    except NotDecoded:
        failure = Failed(place(url), failures.Reason.UNREADABLE, "what came is not JSON")
    except Failed as error:
        failure = error
    else:
        took = (time.perf_counter() - began) * 1000
        return Completed(
            observing.answered(account.id, region, at, took, source=Source.TRAFFIC, model=model), _usage(how, told)
        )
    return Completed(observing.failed(account.id, region, at, failure, source=Source.TRAFFIC, model=model), None)


def _usage(how: Style, told: Any) -> tuple[int, int] | None:
    said = told.get("usage") if isinstance(told, dict) else None
    if not isinstance(said, dict):
        return None
    taken, given = (said.get(name) for name in how.usage)
    return (taken, given) if _is_count(taken) and _is_count(given) else None


def _is_count(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < 10**9
