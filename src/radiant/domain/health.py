"""The health of providers, for people: what it is, what it was in a window of time, and what their status pages say.

Latencies are milliseconds, rates and uptimes shares from 0 to 1; what nobody measured is None.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from .observation import GLOBAL
from .vocabulary import HealthStatus


class Window(StrEnum):
    """How far back history is looked at."""

    HOUR = "1h"
    DAY = "24h"
    MONTH = "30d"

    @property
    def length(self) -> dt.timedelta:
        return _LENGTHS[self][0]

    @property
    def step(self) -> dt.timedelta:
        """The time that one point of a history stands for."""
        return _LENGTHS[self][1]


_LENGTHS: Final = {
    Window.HOUR: (dt.timedelta(hours=1), dt.timedelta(minutes=2)),
    Window.DAY: (dt.timedelta(hours=24), dt.timedelta(hours=1)),
    Window.MONTH: (dt.timedelta(days=30), dt.timedelta(days=1)),
}


#: What a status page says of everything together, in the words of Statuspage.
INDICATORS: Final = ("none", "minor", "major", "critical", "maintenance")


class StatusPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a public status page said last; `problem` says why it could not be read. It never overrules the status."""

    provider_id: str
    at: dt.datetime
    indicator: str | None = None
    description: str | None = None
    problem: str | None = None


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How something stands, and what was measured of it. Latencies are those of successes."""

    status: HealthStatus
    reason: str | None = None
    avg_latency_ms: float | None = None
    p95_latency_ms: float | None = None
    p99_latency_ms: float | None = None
    error_rate: float | None = None
    success_rate: float | None = None
    last_success_at: dt.datetime | None = None
    last_failure_at: dt.datetime | None = None


class RegionHealth(Measured, frozen=True, kw_only=True):
    """A provider in one region. `not_before`: it asked to be left alone until then. `not_probed` says why it was not
    asked when its turn came last."""

    region: str = GLOBAL
    last_check_at: dt.datetime | None = None
    last_error: str | None = None
    probed_at: dt.datetime | None = None
    not_before: dt.datetime | None = None
    not_probed: str | None = None


class RestingModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model that is not asked until a time, after failures of real requests in a row."""

    model_id: str
    until: dt.datetime
    failures: int
    reason: str | None = None


class ProviderHealth(msgspec.Struct, kw_only=True):
    """A provider: the status of its best region, all its regions, and its models that rest."""

    provider_id: str
    display_name: str
    status: HealthStatus
    regions: list[RegionHealth]
    resting: list[RestingModel]
    status_page: StatusPage | None = None

    @property
    def best(self) -> RegionHealth | None:
        """The region whose status is the provider's."""
        return next((it for it in self.regions if it.status == self.status), None)


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen from `at` on, for one step of a window."""

    at: dt.datetime
    ok: int = 0
    failed: int = 0
    p50_latency_ms: float | None = None


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a provider was not healthy in a region: the worst status of it, and why. It may go on."""

    region: str
    status: HealthStatus
    reason: str | None
    began_at: dt.datetime
    ended_at: dt.datetime | None


class ModelHealth(Measured, frozen=True, kw_only=True):
    """What real requests to one model met. `resting_until` lies in the future while it rests."""

    model_id: str
    failures: int = 0
    resting_until: dt.datetime | None = None


class ProviderHistory(ProviderHealth, kw_only=True):
    """A provider with what was seen of it in a window.

    `uptime` is the share of the known time in which it was not unhealthy, in its best region; `success_rate` that of
    all requests and probes.
    """

    window: Window
    since: dt.datetime
    uptime: float | None
    success_rate: float | None
    p50_latency_ms: float | None
    p95_latency_ms: float | None
    p99_latency_ms: float | None
    points: list[Point]
    incidents: list[Incident]
    models: list[ModelHealth]


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """What completions that people asked for have cost today (UTC), in USD, and what they may cost in a day."""

    spent_usd: Decimal
    budget_usd: Decimal


class PaidProbe(msgspec.Struct, frozen=True, kw_only=True):
    """One completion that was paid to see whether a model answers. `cost_usd` is by the tokens that its provider told,
    the most it can be where none were told."""

    provider_id: str
    model_id: str
    ok: bool
    reason: str | None
    message: str | None
    latency_ms: float | None
    cost_usd: Decimal
    today: Spending
