"""Answers, good ones and those that providers should never give."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from .script import Behavior

Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Bytes that a gzip bomb unpacks to.
BOMB: Final = 4 * 2**30

#: Where clouds hand out credentials to whatever runs on a machine.
METADATA: Final = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"

#: What a wrong key gets where it is not 401.
_KEYS: Final[Mapping[str, tuple[int, Any]]] = {
    "google": (
        400,
        {
            "error": {
                "code": 400,
                "message": "API key not valid. Please pass a valid API key.",
                "status": "INVALID_ARGUMENT",
                "details": [{"reason": "API_KEY_INVALID"}],
            }
        },
    ),
    "xai": (400, {"code": "Client specified an invalid argument", "error": "Incorrect API key provided."}),
    "bedrock": (403, {"message": "The security token included in the request is invalid."}),
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Status, headers and a body; a body of unknown length is poured out until the caller has enough."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    pour: Callable[[], AsyncIterator[bytes]] | None = None

    @classmethod
    def json(cls, status: int, body: Any, headers: Mapping[str, str] | None = None) -> "Answer":
        return cls(
            status=status,
            headers={"content-type": "application/json", **(headers or {})},
            body=msgspec.json.encode(body),
        )

    def elsewhere(self, root: str) -> "Answer":
        """The same, with every address of ours replaced by one on another host."""
        other = root.replace("127.0.0.1", "localhost")
        return msgspec.structs.replace(
            self,
            body=self.body.replace(root.encode(), other.encode()),
            headers={name: value.replace(root, other) for name, value in self.headers.items()},
        )

    async def __call__(self, send: Send) -> None:
        length = {} if self.pour else {"content-length": str(len(self.body))}
        headers = [(name.encode(), value.encode()) for name, value in ({**length, **self.headers}).items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        if self.pour is not None:
            async for part in self.pour():
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": self.body})


def refused_key(provider: str) -> Answer:
    """What a wrong key gets, or none."""
    plain = {"error": {"message": "Invalid API key.", "type": "authentication_error"}}
    return Answer.json(*_KEYS.get(provider, (401, plain)))


def status_page(indicator: str) -> Answer:
    """What a status page of Statuspage says in `/api/v2/status.json`."""
    words = "All Systems Operational" if indicator == "none" else f"{indicator.capitalize()} Service Outage"
    page = {"id": "simulated", "name": "Simulated", "time_zone": "Etc/UTC", "updated_at": "2026-11-26T12:00:00.000Z"}
    return Answer.json(200, {"page": page, "status": {"indicator": indicator, "description": words}})


def completion(provider: str) -> Answer:
    """A short answer of a chat model, in the form of Anthropic or of OpenAI."""
    if provider == "anthropic":
        text = {"content": [{"type": "text", "text": "OK."}], "usage": {"input_tokens": 10, "output_tokens": 3}}
        return Answer.json(200, {"type": "message", "role": "assistant", **text})
    choice = {"index": 0, "message": {"role": "assistant", "content": "OK."}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13}
    return Answer.json(200, {"object": "chat.completion", "choices": [choice], "usage": usage})


def misbehave(behavior: Behavior, *, retry_after: float) -> Answer | None:
    """What comes in place of a list or an account; None where it comes, however spoiled."""
    html = {"content-type": "text/html"}
    match behavior:
        case Behavior.BROKEN:
            return Answer(status=200, headers={}, body=b'{"object": "list", "data": [{"id": "gpt-')
        case Behavior.HTML:
            return Answer(status=200, headers=html, body=b"<!doctype html><title>Maintenance</title><p>Back soon.")
        case Behavior.ENDLESS:
            return Answer(status=200, headers={}, pour=lambda: _pour(b" " * 65_536, 0.0))
        case Behavior.DRIP:
            return Answer(status=200, headers={}, pour=lambda: _pour(b" ", 0.05))
        case Behavior.BOMB:
            return Answer(status=200, headers={"content-encoding": "gzip"}, body=_bomb())
        case Behavior.CUT:
            return Answer(status=200, headers={"content-length": "100000"}, body=b'{"data": [')
        case Behavior.THROTTLED:
            return Answer.json(429, {"error": {"message": "Slow down."}}, {"retry-after": f"{retry_after:.0f}"})
        case Behavior.FAILING:
            return Answer.json(503, {"error": {"message": "Overloaded."}})
        case Behavior.NOT_FOUND:
            return Answer.json(404, {"error": {"message": "Not found."}})
        case Behavior.REDIRECT:
            return Answer(status=302, headers={"location": METADATA})
        case _:
            return None


def spoiled(behavior: Behavior, entries: list[Any]) -> list[Any]:
    """The entries of a page, some of them as nobody should write them."""
    if behavior is Behavior.WRONG_TYPES:
        nonsense: list[Any] = [None, 7, {"id": 7}, ["id"], "gpt", {"name": {}}]
        return [nonsense[at % len(nonsense)] if at % 3 == 1 else it for at, it in enumerate(entries)]
    if behavior is Behavior.DUPLICATES:
        again = [{**it, "context_length": 1, "context_window": 1, "max_input_tokens": 1} for it in entries[::3]]
        return entries + again
    return entries


async def unanswered(receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
    """Say nothing until the caller goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _pour(part: bytes, pause: float) -> AsyncIterator[bytes]:
    while True:
        yield part
        await asyncio.sleep(pause)


@cache
def _bomb() -> bytes:
    """A few MiB that unpack to `BOMB` bytes: one compressed block, which needs nothing before it, again and again."""
    packed = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    head = packed.flush(zlib.Z_FULL_FLUSH)
    block = packed.compress(b" " * 2**20) + packed.flush(zlib.Z_FULL_FLUSH)
    return head + block * (BOMB // 2**20)
