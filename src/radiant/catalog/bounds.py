"""What the registry can hold at all: a value beyond these is refused when its file is read. Pure."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from radiant.domain.external import TOKEN_COUNTS, ExternalModel, Meters, PriceTier
from radiant.domain.hardware import Instance
from radiant.domain.self_hosted import SelfHostedModel, UnitPrices

#: The largest of the column types `integer` and `bigint`.
INTEGER = 2**31 - 1
BIGINT = 2**63 - 1

#: Where a price ends: a billion dollars, and thirty digits behind the point.
DEAREST = Decimal(10**9)
FINEST = 30

LONGEST_EXTERNAL_ID = 512
LONGEST_SELF_HOSTED_ID = 100

#: Tokens of one image, or of a second of anything.
MOST_TOKENS = Decimal(1_000_000)

#: Keys with whole numbers, and the range of each.
_RANGES: dict[str, tuple[int, int]] = {
    "context_window": (1, INTEGER),
    "max_output": (1, INTEGER),
    "embedding_dimension": (1, INTEGER),
    "parameters": (1, BIGINT),
    "min_tier": (1, 5),
    "hardware.gpu_memory_gb": (1, INTEGER),
    "hardware.working_memory_gb": (0, INTEGER),
    "thermal.warmup_seconds": (0, INTEGER),
    "thermal.scale_to_zero_minutes": (1, INTEGER),
    "thermal.min_instances": (0, INTEGER),
    "thermal.max_instances": (0, INTEGER),
    "gpu_memory_gb": (1, INTEGER),
}

Problem = tuple[str | None, str]


def impossible(entry: ExternalModel | SelfHostedModel | Instance, id: str) -> Iterator[Problem]:
    """Keys of `entry` with what is wrong with them."""
    longest = LONGEST_EXTERNAL_ID if isinstance(entry, ExternalModel) else LONGEST_SELF_HOSTED_ID
    if len(id) > longest:
        yield None, f"its id has {len(id)} characters; expected at most {longest}"
    for key, (least, most) in _RANGES.items():
        value = _at(entry, key)
        if isinstance(value, int) and not least <= value <= most:
            yield key, f"is {value}; expected {least:,} to {most:,}"
    if isinstance(entry, ExternalModel) and entry.price is not None:
        yield from _prices("price", entry.price)
        for number, step in enumerate(entry.price.steps):
            yield from _prices(f"price.steps[{number}]", step)
        for number, hours in enumerate(entry.price.hours):
            yield from _prices(f"price.hours[{number}]", hours)
    elif isinstance(entry, SelfHostedModel):
        yield from _amounts("price", entry.price)
        if not Decimal(0) <= entry.markup_percent < 10_000:
            yield "markup_percent", f"is {entry.markup_percent}; expected 0 to 9,999.99"
        if entry.thermal.min_instances > entry.thermal.max_instances:
            yield "thermal.min_instances", f"is above max_instances, {entry.thermal.max_instances}"
        if entry.benchmark is not None and not entry.benchmark.value.is_finite():
            yield "benchmark.value", f"is {entry.benchmark.value}; expected a number"
    elif isinstance(entry, Instance) and entry.hourly_rate is not None:
        yield from _amount("hourly_rate", entry.hourly_rate, Decimal(999_999))


def _at(entry: msgspec.Struct, key: str) -> object:
    value: object = entry
    for step in key.split("."):
        value = getattr(value, step, None)
    return value


def _prices(above: str, prices: Meters) -> Iterator[Problem]:
    yield from _amounts(above, prices)
    for number, tier in enumerate(prices.tiers):
        yield from _amounts(f"{above}.tiers[{number}]", tier)


def _amounts(above: str, prices: Meters | PriceTier | UnitPrices) -> Iterator[Problem]:
    for field in prices.__struct_fields__:
        value = getattr(prices, field)
        if field in TOKEN_COUNTS:
            if value is not None and not (Decimal(value).is_finite() and 0 < value <= MOST_TOKENS):
                yield f"{above}.{field}", f"is {value}; expected up to {MOST_TOKENS:,} tokens"
        elif isinstance(value, Decimal):
            yield from _amount(f"{above}.{field}", value, DEAREST)


def _amount(key: str, value: Decimal, dearest: Decimal) -> Iterator[Problem]:
    exponent = value.as_tuple().exponent
    if not value.is_finite() or not 0 <= value <= dearest:
        yield key, f"is {value}; expected US dollars from 0 to {dearest:,}"
    elif isinstance(exponent, int) and abs(exponent) > FINEST:
        yield key, f"is {value}; expected at most {FINEST} digits behind the point"
