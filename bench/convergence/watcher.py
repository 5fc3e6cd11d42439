"""A process with a selector of its own, which remembers when it saw which change and what that cost it."""

import asyncio
import time
from multiprocessing.connection import Connection as Pipe
from typing import Any, NamedTuple

from sight import Moment

from radiant import Selector
from radiant.registry import snapshots

#: The model that changes, in whose name the number of the change stands.
PROVIDER, MODEL = "watched", "watched"

ASKED: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5}


class Told(NamedTuple):
    """Since it was asked last: what it saw when, seconds of processor time, and what choosing took in seconds."""

    sights: list[Moment]
    cpu: float
    choices: list[float]


def watch(url: str, pipe: Pipe, *, choosing: bool) -> None:
    """Follow the registry at `url` until told to stop; with `choosing`, choose a thousand times a second."""
    asyncio.run(_follow(url, pipe, choosing=choosing))


async def _follow(url: str, pipe: Pipe, *, choosing: bool) -> None:
    sights: list[Moment] = []
    choices: list[float] = []
    selector: Selector | None = None
    reading = snapshots.few_news, snapshots.further_news

    def seen() -> None:
        if selector is not None:
            sights.append((_number(selector), time.monotonic()))

    async def choose(selector: Selector) -> None:
        criteria = selector.read(ASKED)
        while True:
            begun = time.perf_counter()
            selector.choose(criteria)
            choices.append(time.perf_counter() - begun)
            await asyncio.sleep(0.001)

    selector = await Selector.connect(url, on_change=seen)
    busy = asyncio.create_task(choose(selector)) if choosing else None
    pipe.send("ready")
    spent = time.process_time()
    while (asked := await asyncio.to_thread(pipe.recv)) != "stop":
        if asked == "whole":
            snapshots.few_news, snapshots.further_news = _cannot_tell, _cannot_tell_later
        elif asked == "changes":
            snapshots.few_news, snapshots.further_news = reading
        elif asked == "last":
            pipe.send(_number(selector))
            continue
        else:
            pipe.send(Told(sights.copy(), time.process_time() - spent, choices.copy()))
        sights.clear()
        choices.clear()
        spent = time.process_time()
    if busy is not None:
        busy.cancel()
    await selector.close()


def _cannot_tell(*_: object, **__: object) -> None:
    """In place of what reads the record of changes: everything is read at each change."""


async def _cannot_tell_later(*_: object, **__: object) -> None:
    """The same, in place of what reads it at length."""


def _number(selector: Selector) -> int:
    """Looked up as the selector itself does, so that looking is little of what is measured."""
    found = selector._index.candidate(PROVIDER, MODEL)
    assert found is not None
    return int(found.display_name)
