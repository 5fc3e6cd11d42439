"""The fake runtimes of a script as one ASGI application: each below `/runtimes/<id>`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from radiant.providers.decoding import NotDecoded, json_of

from .answers import Answer, misbehave, unanswered
from .machine import Machine
from .protocols import many, sagemaker, single, v2
from .protocols.asked import Asked, nothing_here
from .script import WAIT, Behavior, Runtime

#: Below which fake runtimes are.
RUNTIMES: Final = "/runtimes/"

_MOST_BYTES: Final = 2**20

Protocol = Callable[[Machine, Asked], Awaitable[Answer]]

PROTOCOLS: Final[Mapping[str, Protocol]] = MappingProxyType(
    {
        "vllm": single.vllm,
        "sglang": single.sglang,
        "tgi": single.tgi,
        "http": single.generic,
        "ollama": many.ollama,
        "llama_cpp": many.llama_cpp,
        "llama_swap": many.llama_swap,
        "lm_studio": many.lm_studio,
        "kserve": v2.kserve,
        "triton": v2.indexed,
        "mlserver": v2.indexed,
        "sagemaker": sagemaker.sagemaker,
    }
)


class Machines:
    """All of them, reachable at `root`. `elapsed` are the seconds since the beginning."""

    def __init__(self, runtimes: Iterable[Runtime], root: str, elapsed: Callable[[], float]) -> None:
        self.all = {it.id: Machine(it, elapsed) for it in runtimes}
        self._root = root

    def url(self, id: str) -> str:
        """The root of a fake runtime, as an endpoint has it."""
        return f"{self._root}{RUNTIMES}{id}"

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        id, _, path = scope["path"].removeprefix(RUNTIMES).partition("/")
        machine = self.all.get(id)
        if machine is None:
            await nothing_here()(send)
            return
        asked = await _asked(scope, f"/{path}", receive)
        machine.asked.append((asked.method, asked.target or asked.path))
        machine.happen()
        with machine.busy():
            await asyncio.sleep(machine.latency)
        if machine.behavior is Behavior.SILENT:
            await unanswered(receive)
            return
        answer = misbehave(machine.behavior, retry_after=WAIT) or await PROTOCOLS[machine.runtime](machine, asked)
        await (_nonsense(answer) if machine.behavior is Behavior.WRONG_TYPES else answer)(send)


async def _asked(scope: MutableMapping[str, Any], path: str, receive: Callable[[], Awaitable[dict[str, Any]]]) -> Asked:
    body, more = b"", True
    while more and len(body) <= _MOST_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    try:
        said = json_of(body) if body else {}
    except NotDecoded:
        said = {}
    headers = dict(scope["headers"])
    return Asked(
        method=scope["method"],
        path=path,
        query=dict(parse_qsl(scope["query_string"].decode("ascii", "replace"))),
        body=said if isinstance(said, dict) else {},
        hung_up=lambda: unanswered(receive),
        target=headers.get(b"x-amz-target", b"").decode("ascii", "replace"),
    )


def _nonsense(answer: Answer) -> Answer:
    """The same members and entries, each of a type that nobody documents."""
    try:
        said = json_of(answer.body)
    except NotDecoded:
        return answer
    return msgspec.structs.replace(answer, body=msgspec.json.encode(_other_types(said)))


def _other_types(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _other_types(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [None, 7, *map(_other_types, value)] if value else {}
    return [value] if isinstance(value, str | bool) else "many"
