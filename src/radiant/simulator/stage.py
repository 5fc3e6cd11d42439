"""A fake provider or public catalog at one instant: its models, its mood, and how often it was asked."""

import datetime as dt
import random
from collections.abc import Callable

import msgspec

from .script import Behavior, Change, Model, Provider, PublicCatalog


class Stage:
    """Plays one provider or public catalog of a script. `elapsed` are the seconds since the beginning."""

    def __init__(self, provider: Provider | PublicCatalog, seed: int, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._restless = isinstance(provider, Provider) and provider.restless
        count = provider.count if isinstance(provider, Provider) else 0
        self._dice = random.Random(f"{seed}:{provider.id}")  # noqa: S311 - a die for plays
        named = [_model(it) for it in provider.models]
        made = [Model(id=f"{provider.id}-{number:04}", context_window=128_000) for number in range(1, count + 1)]
        self._models: dict[str, Model] = {model.key: model for model in (*named, *made)}
        self._pending: list[Change] = list(provider.changes)
        self.behavior, self.errors, self.latency = provider.behavior, provider.errors, provider.latency
        self.status_page = provider.status_page if isinstance(provider, Provider) else "none"
        self.lists = 0
        self.requests = 0

    def asked(self, *, first_page: bool) -> None:
        """Count a request, and let happen what is due by now. Pages of one list keep its order."""
        self.requests += 1
        self.lists += first_page
        if first_page and self._restless:
            models = list(self._models.items())
            self._dice.shuffle(models)
            self._models = dict(models)
        due = [change for change in self._pending if self._is_due(change)]
        self._pending = [change for change in self._pending if change not in due]
        for change in due:
            self._happen(change)

    def fails(self) -> bool:
        """Whether this request is one of the share that fails."""
        return self._dice.random() < self.errors

    def listed(self) -> list[Model]:
        """The models in the order they are listed in."""
        models = list(self._models.values())
        if self.behavior is Behavior.HALF:
            models = models[::2]
        if self.behavior is Behavior.EMPTY:
            return []
        return models

    def created(self, now: dt.datetime) -> dt.datetime:
        """What entries say of when they were created."""
        return now if self._restless else dt.datetime(2026, 1, 15, tzinfo=dt.UTC)

    def _is_due(self, change: Change) -> bool:
        by_time = change.seconds is not None and self._elapsed() >= change.seconds
        by_lists = change.lists is not None and self.lists > change.lists
        return by_time or by_lists or (change.requests is not None and self.requests > change.requests)

    def _happen(self, change: Change) -> None:
        for id in change.remove:
            self._models.pop(id, None)
        self._models |= {model.key: model for model in map(_model, change.add)}
        self.behavior = self.behavior if change.behavior is None else change.behavior
        self.errors = self.errors if change.errors is None else change.errors
        self.latency = self.latency if change.latency is None else change.latency
        self.status_page = change.status_page or self.status_page


def _model(said: Model | str) -> Model:
    return said if isinstance(said, Model) else msgspec.convert({"id": said}, Model)
