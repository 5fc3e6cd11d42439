"""A selector that follows a registry, and what can be seen of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from psycopg.rows import DictRow

from radiant import Selector
from radiant.domain.choice import Choice
from radiant.selection.answer.index import Index
from radiant.selector import today_utc
from radiant.snapshot import LiveSnapshot

Query = Callable[..., list[DictRow]]

CHAT: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5}

AWAY, BACK = "the registry is away; the last snapshot serves", "the registry is back"

#: Everyone who is connected to the database one is connected to.
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def followed(
    url: str, *, build: Callable[..., Index] | None = None, **options: Any
) -> AsyncIterator[tuple[Selector, LiveSnapshot]]:
    """A selector and what keeps it fresh. `build` is put in place of the selector's own."""
    clock = options.pop("clock", time.monotonic)
    today = options.pop("today", today_utc)
    selector = Selector(clock=clock, today=today)
    live = LiveSnapshot(
        url,
        build=build or selector.build,
        publish=selector.swap,
        confirm=lambda at: selector.freshness.confirm(at),
        clock=clock,
        today=today,
        renew=selector.turn,
        **options,
    )
    await live.start()
    try:
        yield selector, live
    finally:
        await live.close()


async def until(seen: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something holds; it must within `seconds`."""
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, "not seen in time"
        await asyncio.sleep(0.005)


def best(selector: Selector, **asked: Any) -> Choice:
    choice = selector.select(**{**CHAT, **asked})
    assert choice is not None
    return choice


def names(selector: Selector) -> set[str]:
    return {candidate.model_id for candidate in selector.candidates}


def own(selector: Selector, model_id: str) -> Any:
    (found,) = [it for it in selector.candidates if it.model_id == model_id and it.provider_id == "self_hosted"]
    return found.thermal_state


def keys(selector: Selector) -> set[tuple[str, str]]:
    return {(candidate.provider_id, candidate.model_id) for candidate in selector.candidates}
