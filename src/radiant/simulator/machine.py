"""A fake server of self-hosted models at one instant: what is loaded, and what it was asked."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from .script import Behavior, Runtime, RuntimeModel


class Slot:
    """One model of a machine; `copies` of it run where several can."""

    def __init__(self, model: RuntimeModel, elapsed: Callable[[], float]) -> None:
        self.name, self.context_window, self.in_flight = model.name, model.context_window, model.in_flight
        self.fails, self.load_seconds = model.fails, model.load_seconds
        self._elapsed, self._state, self._until = elapsed, State(model.state), 0.0
        self.loads = self.unloads = 0
        self.copies = 1

    @property
    def state(self) -> "State":
        if self._state is State.LOADING and self._elapsed() >= self._until:
            self._state = State.FAILED if self.fails else State.READY
        return self._state

    @property
    def is_up(self) -> bool:
        return self.state is State.READY

    def load(self) -> None:
        """Begin to load, if it is not up or loading."""
        if self.state not in (State.READY, State.LOADING):
            self.loads += 1
            self._state, self._until = State.LOADING, self._elapsed() + self.load_seconds

    def unload(self, to: "State | None" = None) -> None:
        self.unloads += 1
        self._state = to or State.UNLOADED

    async def loaded(self, hung_up: Callable[[], Awaitable[None]] | None = None) -> bool:
        """Load, and wait for the end; whether it is up then. Where `hung_up` is given, loading ends when the caller
        goes away."""
        self.load()
        gone = None if hung_up is None else asyncio.ensure_future(hung_up())
        try:
            while self.state is State.LOADING:
                if gone is not None and gone.done():
                    self.unload()
                    break
                await asyncio.sleep(0.005)
        finally:
            if gone is not None:
                gone.cancel()
        return self.is_up


class State(StrEnum):
    UNLOADED = "unloaded"
    LOADING = "loading"
    READY = "ready"
    ASLEEP = "asleep"
    FAILED = "failed"


class Machine:
    """Plays one runtime of a script.

    `asked` are the method and path of every request, `most_at_once` how many waited together; `tasks` counts what a
    real server would take for work, which keeps a model awake; `resources` is what was created there, if that can be.
    """

    def __init__(self, runtime: Runtime, elapsed: Callable[[], float]) -> None:
        self.id, self.runtime, self.elapsed = runtime.id, runtime.runtime, elapsed
        self.models = {model.name: Slot(model, elapsed) for model in runtime.models}
        self._pending = sorted(runtime.changes, key=lambda it: it.seconds)
        self.behavior: Behavior = runtime.behavior
        self.latency = runtime.latency
        self.asked: list[tuple[str, str]] = []
        self.tasks = self.at_once = self.most_at_once = 0
        self.resources: dict[str, Any] = {}

    @property
    def only(self) -> Slot:
        """The model of a server that has one."""
        return next(iter(self.models.values()))

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While a request waits for the latency."""
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            yield
        finally:
            self.at_once -= 1

    def happen(self) -> None:
        """Let happen what is due by now."""
        while self._pending and self.elapsed() >= self._pending[0].seconds:
            change = self._pending.pop(0)
            self.behavior = self.behavior if change.behavior is None else change.behavior
            self.latency = self.latency if change.latency is None else change.latency
            for slot in self.models.values():
                slot.fails = slot.fails if change.fails is None else change.fails
