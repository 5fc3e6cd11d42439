"""One request to a fake runtime, and answers that several of them give."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from ..answers import Answer
from ..machine import Slot


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`hung_up` returns when the caller has gone away; `target` is the operation of AWS."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Mapping[str, Any]
    hung_up: Callable[[], Awaitable[None]]
    target: str = ""

    @property
    def what(self) -> str:
        return f"{self.method} {self.path}"

    def after(self, prefix: str) -> str | None:
        """What follows `prefix` in `what`, None where it begins otherwise."""
        return self.what.removeprefix(prefix) if self.what.startswith(prefix) else None


def nothing_here(message: str = "Not Found") -> Answer:
    return Answer.json(404, {"detail": message})


def plain(text: str = "", status: int = 200) -> Answer:
    return Answer(status=status, headers={"content-type": "text/plain; charset=utf-8"}, body=text.encode())


def openai_entry(slot: Slot, owner: str, **more: Any) -> dict[str, Any]:
    """An entry of `/v1/models`; `created` is now at every request, as these servers have it."""
    return {"id": slot.name, "object": "model", "created": int(time.time()), "owned_by": owner, **more}


def openai_list(*entries: dict[str, Any]) -> Answer:
    return Answer.json(200, {"object": "list", "data": list(entries)})


def gauge(name: str, value: float, labels: str = "") -> str:
    """A gauge in the text that Prometheus reads."""
    return f"# HELP {name} Simulated.\n# TYPE {name} gauge\n{name}{labels} {float(value)}\n"
