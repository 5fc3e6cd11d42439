"""Makes indexes of rows, whole or from the one before."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from radiant.domain.choice import Freshness

from ..order.profile import Profile
from ..reading.measured import read_health
from ..reading.row import Given
from ..reading.rows import read_rows
from ..terms import Terms
from .index import Index, ModelKey


class Builder:
    """`clock` returns seconds, as `taken_at` of an index does, `today` the day in UTC that retirements are counted
    from, and `now` the moment by which rests are over."""

    def __init__(
        self,
        terms: Terms,
        profiles: Mapping[str, Profile],
        clock: Callable[[], float] | None,
        today: Callable[[], dt.date],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._terms, self._profiles, self._clock = terms, profiles, clock
        self._today, self._now = today, now

    def build(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        defaults: Mapping[str, str] | None = None,
        taken_at: float | None = None,
        connected: Collection[str] | None = None,
        providers: Collection[str] = (),
    ) -> Index:
        """An index of `rows` as they were at `taken_at`; it answers nothing yet. What is wrong with rows that cannot
        be read stands in its `refused`. `connected` are the providers that there is a key for, `providers` are known,
        with or without a model."""
        candidates, refused = read_rows(rows, today=self._today(), now=self._now(), connected=connected)
        return Index(
            candidates,
            refused=refused,
            terms=self._terms,
            profiles=self._profiles,
            freshness=Freshness(taken_at, self._clock),
            defaults=defaults,
            providers=providers,
        )

    def build_changed(
        self,
        index: Index,
        rows: Iterable[Given],
        keys: Iterable[ModelKey],
        *,
        defaults: Mapping[str, str] | None = None,
        taken_at: float | None = None,
        connected: Collection[str] | None = None,
        providers: Collection[str] | None = None,
        health: Iterable[Mapping[str, Any]] = (),
    ) -> Index:
        """`index` with the models of some keys, pairs of provider id and model id, as `rows` say at `taken_at`: what
        has no row is gone. The same as an index of all rows, at the cost of what changed. `rows` and `connected` are as
        `build` takes them; `defaults` and `providers` stay as they are where they are not given. `health` is that of
        providers, as `build_measured` takes it, whose other models were measured with them. Raises InvalidRow for it.
        """
        keys = frozenset(keys)
        changed = index.changed(
            rows,
            keys,
            freshness=Freshness(taken_at, self._clock),
            today=self._today(),
            now=self._now(),
            connected=connected,
            defaults=defaults,
            providers=providers,
        )
        return self._measured(changed, health, taken_at, keys).prepared(index)

    def build_turned(self, index: Index) -> Index:
        """`index` as of today and now, which a new day and the end of a rest make another one."""
        return index.on(self._today(), self._now()).prepared(index)

    def build_measured(
        self,
        index: Index,
        health: Iterable[Mapping[str, Any]],
        *,
        taken_at: float | None = None,
        apart: Collection[ModelKey] = (),
    ) -> Index:
        """`index` after providers were measured: `health` has of each of them `provider_id` and, as the view says them
        of its external models, `health_status`, `avg_latency_ms` and `error_rate`. Models `apart`, by provider id and
        model id, keep what was measured of themselves. The same as `build_changed` with the rows of all these models,
        in a tenth of the time. Raises InvalidRow."""
        return self._measured(index, health, taken_at, apart).prepared(index)

    def _measured(
        self,
        index: Index,
        health: Iterable[Mapping[str, Any]],
        taken_at: float | None,
        apart: Collection[ModelKey],
    ) -> Index:
        read = [read_health(number, data) for number, data in enumerate(health)]
        return index.measured(read, freshness=Freshness(taken_at, self._clock), apart=apart)
