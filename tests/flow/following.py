"""A selector that follows a registry, and what can be seen of it."""

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


def follower(
    url: str,
    *,
    build: Callable[..., Index] | None = None,
    change: Callable[..., Index] | None = None,
    watch: Callable[[Index], None] = lambda _: None,
    **options: Any,
) -> tuple[Selector, LiveSnapshot]:
    """A selector and what keeps it fresh once it is started. `build` and `change` are put in place of the selector's
    own; `watch` is shown each index that was put in place."""
    clock = options.pop("clock", time.monotonic)
    today = options.pop("today", today_utc)
    selector = Selector(clock=clock, today=today)

    def publish(index: Index) -> None:
        selector.swap(index)
        watch(index)

    live = LiveSnapshot(
        url,
        build=build or selector.build,
        change=change or selector.build_changed,
        turn=selector.build_turned,
        publish=publish,
        confirm=lambda at: selector.freshness.confirm(at),
        clock=clock,
        today=today,
        **options,
    )
    return selector, live


@asynccontextmanager
async def followed(url: str, **options: Any) -> AsyncIterator[tuple[Selector, LiveSnapshot]]:
    """The same, started."""
    selector, live = follower(url, **options)
    await live.start()
    try:
        yield selector, live
    finally:
        await live.close()


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
