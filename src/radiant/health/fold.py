"""Observations of one provider or one model, folded into how it stands, its circuit and its minutes."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from radiant.domain.observation import Observation, Source

from . import circuit as circuits
from . import standing as standings
from .circuit import Circuit
from .effect import Effect
from .moments import by_a_wrong_clock, held_back, in_order
from .standing import Standing, weighted
from .tally import Tally, minute_of, tally, total, window


class Published(msgspec.Struct, frozen=True):
    """What selection reads of latency (milliseconds) and errors (a share): near what was measured, and changed only
    where that has moved far."""

    latency: float | None = None
    error_rate: float | None = None


#: What has to move before it is published anew: a share of the latency, points of the error rate.
LATENCY_SHARE, ERROR_POINTS = 0.10, 0.05


class Folded(NamedTuple):
    """`minutes` are those that have changed, whole; `counted` is the window that ends now."""

    standing: Standing
    circuit: Circuit
    published: Published
    minutes: dict[dt.datetime, Tally]
    counted: Tally


def fold(
    standing: Standing,
    circuit: Circuit,
    published: Published,
    minutes: Mapping[dt.datetime, Tally],
    observations: Iterable[Observation],
    effect: Callable[[Observation], Effect],
    now: dt.datetime,
) -> Folded:
    """`minutes` are what was counted before, at least in the window and in the minutes of the observations.

    An observation that is older than the newest one before it is counted in its minute and changes no status. It
    changes a circuit only where nothing newer says otherwise.
    """
    before = standing.status
    standing, circuit = _not_ahead(standing, now), circuits.held_back(circuit, now)
    seen = in_order(observations, now)
    for each in seen:
        how = effect(each)
        if standing.last_check_at is None or each.at >= standing.last_check_at:
            standing = standings.step(standing, each, how)
        if not _overtaken(standing, each):
            circuit = circuits.step(circuit, each, how)
    standing = replace(
        standing,
        latency=_mean(standing.latency, seen, lambda each: each.latency_ms),
        ttft=_mean(standing.ttft, seen, lambda each: each.ttft_ms),
    )
    changed = {
        minute: total([minutes.get(minute, Tally()), tally(group)])
        for minute, group in groupby(seen, key=lambda each: minute_of(each.at))
    }
    counted = window({**minutes, **changed}, now)
    standing = standings.tempered(standing, counted, before)
    return Folded(standing, circuit, _published(published, standing, counted), changed, counted)


def _overtaken(standing: Standing, seen: Observation) -> bool:
    """Whether the opposite was seen after it: a failure that began before the last success ended says no more that the
    model fails, nor a success before the last failure that it is well."""
    if seen.ok:
        return standing.last_failure_at is not None and seen.at < standing.last_failure_at
    return standing.last_traffic_at is not None and seen.began_at < standing.last_traffic_at


def _not_ahead(standing: Standing, now: dt.datetime) -> Standing:
    if by_a_wrong_clock(standing.retry_at, now, dt.timedelta(seconds=standings.LONGEST_RETRY)):
        standing = replace(standing, retry_at=None)
    if standing.last_check_at is None or standing.last_check_at <= now:
        return standing
    return replace(
        standing,
        last_check_at=now,
        last_success_at=held_back(standing.last_success_at, now),
        last_failure_at=held_back(standing.last_failure_at, now),
        last_traffic_at=held_back(standing.last_traffic_at, now),
    )


def _mean(mean: float | None, seen: Sequence[Observation], of: Callable[[Observation], float | None]) -> float | None:
    """Each probe is a value; requests of real traffic that come together are one, their mean, lest the last few of
    thousands decide."""
    for source, group in groupby((each for each in seen if each.ok), key=lambda each: each.source):
        values = [value for each in group if (value := of(each)) is not None]
        if source is Source.TRAFFIC and values:
            values = [sum(values) / len(values)]
        for value in values:
            mean = weighted(mean, value)
    return mean


def _published(published: Published, standing: Standing, counted: Tally) -> Published:
    latency, rate = published.latency, counted.success_rate
    if standings.material(latency, standing.latency, share=LATENCY_SHARE):
        latency = standing.latency
    errors = None if rate is None else 1 - rate
    if standings.material(published.error_rate, errors, points=ERROR_POINTS):
        return Published(latency, errors)
    return Published(latency, published.error_rate)
