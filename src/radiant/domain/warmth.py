"""Self-hosted models as they are kept warm, and what people ask of that."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from .errors import RadiantError
from .thermal import Outcome, Phase, Target
from .vocabulary import ThermalState

#: Models in one order over many.
MOST_IN_BULK = 1000


class ModelWarmth(msgspec.Struct, frozen=True, kw_only=True):
    """A model as it is kept warm: how warm it is, is to be, and why; where it is brought up.

    `expected_seconds` is what a warm-up takes, `p50_seconds` and `p95_seconds` what the last ones took, and
    `ready_in_seconds` what is left of one under way. `hours_asleep` and `saved_usd` are of the last 30 days, and so are
    `handovers` and what they cost; `break_even` says after how many requests waking pays, by the mean cost of those.
    """

    model_id: str
    display_name: str
    state: ThermalState
    target: Target
    is_transitioning: bool
    phase: Phase | None
    why: str | None
    problem: str | None
    progress: float | None
    instances: int
    in_flight: int | None
    endpoint_id: int | None
    endpoint_url: str | None
    runtime: str | None
    last_activity: dt.datetime | None
    last_state_change: dt.datetime | None
    warming_since: dt.datetime | None
    next_try_at: dt.datetime | None
    expected_seconds: int | None
    p50_seconds: int | None
    p95_seconds: int | None
    ready_in_seconds: float | None
    demanded_by: str | None
    demanded_until: dt.datetime | None
    scale_to_zero_minutes: int
    hourly_rate: Decimal | None
    hours_asleep: float
    saved_usd: Decimal | None
    handovers: int
    handover_usd: Decimal
    break_even: str | None
    updated_by: str


class Warmup(msgspec.Struct, frozen=True, kw_only=True):
    """One time that a model was brought up; `outcome` null while it goes on."""

    id: int
    endpoint_id: int
    started_at: dt.datetime
    ready_at: dt.datetime | None
    ended_at: dt.datetime | None
    outcome: Outcome | None
    problem: str | None
    requested_by: str | None


class NewWindow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time at which a model is warm before anybody asks: it begins as `cron` says by the clocks of `time_zone`."""

    cron: str
    duration_minutes: Annotated[int, msgspec.Meta(ge=1, le=10080)]
    time_zone: str = "UTC"
    enabled: bool = True


class KeptWindow(NewWindow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same as it stands in the registry. `problem` says what is wrong with one that somebody wrote there and nobody
    can read; it is never open."""

    problem: str | None = None


class Warmth(msgspec.Struct, frozen=True, kw_only=True):
    """A model with its last warm-ups and its windows."""

    model: ModelWarmth
    warmups: tuple[Warmup, ...]
    windows: tuple[KeptWindow, ...]


class WarmthChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be set: how warm a model is held, when it counts as idle, and all of its windows."""

    target: Target | UnsetType = UNSET
    scale_to_zero_minutes: Annotated[int, msgspec.Meta(ge=1, le=525600)] | UnsetType = UNSET
    windows: Annotated[tuple[NewWindow, ...], msgspec.Meta(max_length=50)] | UnsetType = UNSET


class BulkChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One target for many models: those named, or all in a state."""

    target: Target
    model_ids: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=MOST_IN_BULK)] | None = None
    state: ThermalState | None = None


class WarmOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how long a model is wanted warm."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] = 15


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a wish: `started` by this call, or it was there already; `problem` says why nothing comes."""

    model_id: str
    started: bool
    state: ThermalState
    until: dt.datetime | None
    expected_seconds: int | None
    problem: str | None = None


class WarmthMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """All self-hosted models together, over `days`. Money is US dollars; `saved_usd` counts models with a rate."""

    days: int
    models: dict[str, int]
    transitioning: int
    warmups: dict[str, int]
    hours_asleep: float
    saved_usd: Decimal
    handovers: int
    handover_usd: Decimal


class NotSelfHosted(RadiantError):
    """No self-hosted model of that name."""

    def __init__(self, name: str, close: tuple[str, ...] = ()) -> None:
        self.name, self.close = name, close
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        super().__init__(f"No self-hosted model {name!r:.120}.{hint}")


class TooManyWarmups(RadiantError):
    """Readers may ask for so many warm-ups a minute."""

    def __init__(self, most: int) -> None:
        super().__init__(f"More than {most} warm-ups were asked for within a minute. Try again in a minute.")
