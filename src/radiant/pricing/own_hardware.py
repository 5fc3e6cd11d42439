"""What serving on one's own hardware costs for each unit of work: by its hours, its throughput and its utilization."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

import msgspec

_HOUR: Final = 3600
_DAY: Final = 24
_PLACES: Final = 12


class Hardware(msgspec.Struct, frozen=True, kw_only=True):
    """`hourly` is USD for one instance. Throughputs are of one instance while it is busy: output tokens and images in a
    second, and seconds of audio heard in a second. What was not measured or stated is None.

    `utilization`, above 0 and at most 1, is the part of the hours that are paid for in which it is busy.
    """

    hourly: Decimal
    instances: int = 1
    tokens_per_second: Decimal | None = None
    images_per_second: Decimal | None = None
    audio_seconds_per_second: Decimal | None = None
    utilization: Decimal = Decimal(1)


class UnitCost(msgspec.Struct, frozen=True):
    """USD for one unit: `used` where only busy hours are paid for, `reserved` where all are."""

    used: Decimal
    reserved: Decimal


class OwnPrices(msgspec.Struct, frozen=True, kw_only=True):
    """None where the throughput is unknown: nothing is invented."""

    per_million_tokens: UnitCost | None
    per_image: UnitCost | None
    per_audio_minute: UnitCost | None


def own_prices(hardware: Hardware) -> OwnPrices:
    """What each unit of work costs on this hardware. More instances do more work for more money."""
    return OwnPrices(
        per_million_tokens=_cost(hardware, hardware.tokens_per_second, 1_000_000),
        per_image=_cost(hardware, hardware.images_per_second, 1),
        per_audio_minute=_cost(hardware, hardware.audio_seconds_per_second, 60),
    )


def break_even_per_day(hardware: Hardware, usd: Decimal, units: int) -> int | None:
    """From how many units of work a day on own hardware that always runs costs no more than paying `usd` for `units` of
    them elsewhere, such as a million tokens. None where they are free there."""
    if not usd:
        return None
    return -(-_paid(hardware) * _DAY * units // Fraction(usd))


def capacity_per_day(hardware: Hardware, per_second: Decimal) -> int:
    """How much work all instances do in a day, if they are always busy."""
    return int(Fraction(per_second) * hardware.instances * _HOUR * _DAY)


def _cost(hardware: Hardware, per_second: Decimal | None, units: int) -> UnitCost | None:
    if not per_second:
        return None
    used = Fraction(hardware.hourly) * units / (Fraction(per_second) * _HOUR)
    return UnitCost(_decimal(used), _decimal(used / Fraction(hardware.utilization)))


def _paid(hardware: Hardware) -> Fraction:
    return Fraction(hardware.hourly) * hardware.instances


def _decimal(exact: Fraction) -> Decimal:
    """To 12 decimal places."""
    return Decimal(round(exact * 10**_PLACES)).scaleb(-_PLACES)
