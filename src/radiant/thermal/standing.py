"""Where an endpoint stands, what can happen to it, and what is to be done then."""

import datetime as dt

import msgspec

from radiant.domain.thermal import Outcome, Phase
from radiant.domain.vocabulary import ThermalState

UP = (ThermalState.WARM, ThermalState.HOT)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`state` is what was seen last, at `seen_at`; all looks since `blind_since` failed. `since` is when `phase` began,
    `aim` how many instances a change under way is to reach. After a failure nothing is tried before `next_try_at`; None
    then means given up, until somebody asks anew. `attempt` counts failures in a row."""

    state: ThermalState
    since: dt.datetime
    phase: Phase = Phase.IDLE
    aim: int = 0
    attempt: int = 0
    next_try_at: dt.datetime | None = None
    instances: int | None = None
    seen_at: dt.datetime | None = None
    blind_since: dt.datetime | None = None
    problem: str | None = None

    @property
    def up(self) -> bool:
        return self.state in UP

    @property
    def changing(self) -> bool:
        """Whether something is under way that has to be followed."""
        return self.phase in (Phase.WARMING, Phase.COOLING)

    @property
    def given_up(self) -> bool:
        return self.phase is Phase.FAILED and self.next_try_at is None


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds: for a warm-up and for going to sleep; for which it has to stay up to count as up for good; unseen after
    which nothing is there. `attempts` in a row before a warm-up is given up."""

    max_instances: int = 1
    warm_seconds: float = 600.0
    cool_seconds: float = 300.0
    settle_seconds: float = 60.0
    blind_seconds: float = 30.0
    attempts: int = 5


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """So many instances are wanted, 0 for asleep. `asked_at` is when somebody last began to ask."""

    at: dt.datetime
    instances: int
    asked_at: dt.datetime | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A look saw this. `state` None: it could not look, and `problem` says why."""

    at: dt.datetime
    state: ThermalState | None
    transitioning: bool = False
    instances: int | None = None
    problem: str | None = None


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """The runtime did not do what it was told. `permanent`: nor would it the next time. `retry_after` in seconds."""

    at: dt.datetime
    problem: str
    permanent: bool = False
    retry_after: float | None = None


class Overdue(msgspec.Struct, frozen=True, kw_only=True):
    """What is under way takes longer than its limit."""

    at: dt.datetime


Event = Wanted | Seen | Refused | Overdue


class Warm(msgspec.Struct, frozen=True):
    """Tell the runtime to have so many instances up."""

    instances: int


class Cool(msgspec.Struct, frozen=True):
    """Tell the runtime to put it to sleep."""


class Ended(msgspec.Struct, frozen=True):
    """A warm-up is over; write down how it went."""

    outcome: Outcome
    problem: str | None = None


Effect = Warm | Cool | Ended


def overdue(standing: Standing, at: dt.datetime, limits: Limits) -> bool:
    """Whether what is under way takes longer than its limit."""
    seconds = {Phase.WARMING: limits.warm_seconds, Phase.COOLING: limits.cool_seconds}.get(standing.phase)
    return seconds is not None and at - standing.since > dt.timedelta(seconds=seconds)
