"""What sleeping saves, and when waking pays."""

import math
from decimal import Decimal

import msgspec

_HOUR = Decimal(3600)


class BreakEven(msgspec.Struct, frozen=True, kw_only=True):
    """Waking costs `waking_usd`: the hours of coming up and of staying up until it counts as idle. `requests` like
    this one cost as much at the stand-in; None where the stand-in costs nothing, so that waking never pays."""

    waking_usd: Decimal
    per_request_usd: Decimal
    requests: int | None

    def __str__(self) -> str:
        if self.requests is None:
            return "waking does not pay: the stand-in costs nothing"
        return f"waking pays after {self.requests:,} request{'' if self.requests == 1 else 's'} like this"


def break_even(
    hourly_rate: Decimal | None, warm_seconds: float | None, idle_minutes: int, stand_in_usd: Decimal | None
) -> BreakEven | None:
    """None where one of the prices is unknown."""
    if hourly_rate is None or stand_in_usd is None:
        return None
    hours = (Decimal(str(warm_seconds or 0.0)) + 60 * Decimal(idle_minutes)) / _HOUR
    waking = hours * hourly_rate
    requests = None if stand_in_usd <= 0 else max(1, math.ceil(waking / stand_in_usd))
    return BreakEven(waking_usd=waking, per_request_usd=stand_in_usd, requests=requests)


def saved(seconds_asleep: float, hourly_rate: Decimal | None, instances: int = 1) -> Decimal | None:
    """What so many instances would have cost in that time; None where the rate is unknown."""
    if hourly_rate is None:
        return None
    return Decimal(str(seconds_asleep)) / _HOUR * hourly_rate * max(1, instances)
