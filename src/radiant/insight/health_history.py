"""What statuses and counts of a time say: points of a curve, incidents, uptime. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from radiant.domain.health import Incident, Point, Window
from radiant.domain.vocabulary import HealthStatus
from radiant.health.tally import total
from radiant.registry.health_reads import Change, Counted

#: Statuses in which something is the matter, the worse one last.
_ILL: Final = (HealthStatus.DEGRADED, HealthStatus.UNHEALTHY)


class Span(NamedTuple):
    """A time in which one status held; `end` is None while it does."""

    region: str
    status: HealthStatus
    reason: str | None
    began: dt.datetime
    end: dt.datetime | None


def first_step(window: Window, now: dt.datetime) -> dt.datetime:
    """When the first step of a window begins that ends with the step of `now`; steps begin at whole multiples."""
    step = window.step.total_seconds()
    last = dt.datetime.fromtimestamp(now.timestamp() // step * step, dt.UTC)
    return last + window.step - window.length


def points(counted: Iterable[Counted], window: Window, now: dt.datetime) -> list[Point]:
    """One point of each step, the oldest first; where nothing was counted it has zeros."""
    since, step = first_step(window, now), window.step
    places = round(window.length / step)
    held: list[list[Counted]] = [[] for _ in range(places)]
    for it in counted:
        place = int((it.at - since) / step)
        if it.at >= since and place < places:
            held[place].append(it)
    found = []
    for place, stretch in enumerate(held):
        tally = total(it.tally for it in stretch)
        found.append(
            Point(
                at=since + place * step,
                ok=tally.ok,
                failed=tally.errors,
                p50_latency_ms=tally.latencies.quantile(0.5),
            )
        )
    return found


def spans(changes: Sequence[Change], now: dt.datetime) -> list[Span]:
    """Statuses with their ends, by region, and in the order in which they were written.

    A clock may have been ahead meanwhile: none began after the one that followed it, nor after `now`.
    """
    found: list[Span] = []
    for region, group in groupby(changes, key=lambda it: it.region):
        told: list[Span] = []
        end: dt.datetime | None = None
        for it in reversed(list(group)):
            told.append(Span(region, it.status, it.reason, min(it.at, end or now), end))
            end = told[-1].began
        found += reversed(told)
    return found


def incidents(found: Sequence[Span], since: dt.datetime) -> list[Incident]:
    """The times of illness that had not ended `since`, the newest first. Of several statuses the worst one is told."""
    told = []
    for (_, ill), group in groupby(found, key=lambda it: (it.region, it.status in _ILL)):
        held = list(group)
        if ill and (held[-1].end is None or held[-1].end >= since):
            worst = max(held, key=lambda it: _ILL.index(it.status))
            told.append(
                Incident(
                    region=worst.region,
                    status=worst.status,
                    reason=worst.reason,
                    began_at=held[0].began,
                    ended_at=held[-1].end,
                )
            )
    return sorted(told, key=lambda it: it.began_at, reverse=True)


def uptime(found: Sequence[Span], since: dt.datetime, now: dt.datetime) -> float | None:
    """The share of the known time since then in which it was not unhealthy, in the region where that is most; None
    where nothing is known."""
    shares = [_share(list(group), since, now) for _, group in groupby(found, key=lambda it: it.region)]
    return max((it for it in shares if it is not None), default=None)


def _share(found: Sequence[Span], since: dt.datetime, now: dt.datetime) -> float | None:
    lasted = [(it.status, max(min(it.end or now, now) - max(it.began, since), dt.timedelta())) for it in found]
    known = sum((time for status, time in lasted if status is not HealthStatus.UNKNOWN), dt.timedelta())
    down = sum((time for status, time in lasted if status is HealthStatus.UNHEALTHY), dt.timedelta())
    return 1 - down / known if known else None
