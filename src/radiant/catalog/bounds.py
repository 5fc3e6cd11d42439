"""The largest values that the registry can hold: a catalog file beyond them is refused. Pure."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from radiant.domain.currency import CODE, FX_PLACES, USD
from radiant.domain.external import TOKEN_COUNTS, ExternalModel, Price, Prices, PriceTier, Provider
from radiant.domain.hardware import Instance
from radiant.domain.self_hosted import SelfHostedModel, UnitPrices
from radiant.domain.units import LIST_PRICES, PRICE_PLACES

#: The largest of the column types `integer` and `bigint`.
INTEGER = 2**31 - 1
BIGINT = 2**63 - 1

#: Where a price ends: at a billion dollars.
DEAREST = Decimal(10**9)

#: The years of a date, first and last.
YEARS = (1970, 2199)

LONGEST_NAME = 600
LONGEST_PROVIDER_NAME = 500

#: Keys with names, and with lists of names.
_NAMES = ("display_name", "name", "category", "litellm_id", "litellm_prefix", "successor", "specialty")
_LISTS = ("capabilities", "aliases", "input_formats", "output_formats", "key_variables", "regions")

LONGEST_LIST = 200

#: As is_name() of the schema has them: what nobody sees within a name, and what alone is none.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_BLANK = re.compile("[ \u00a0\u2000-\u200f\u202f\u205f\u3000\ufeff]*")

LONGEST_EXTERNAL_ID = 512
LONGEST_SELF_HOSTED_ID = 100

#: Tokens of one image, or of a second of anything.
MOST_TOKENS = Decimal(1_000_000)

#: Keys with whole numbers, and the range of each.
_RANGES: dict[str, tuple[int, int]] = {
    "context_window": (1, INTEGER),
    "model_context_window": (1, INTEGER),
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


def is_name(text: str) -> bool:
    """Whether it says something, on one line, without control characters."""
    return not _UNSEEN.search(text) and not _BLANK.fullmatch(text)


def impossible(entry: Provider | ExternalModel | SelfHostedModel | Instance, id: str) -> Iterator[Problem]:
    """Keys of `entry` with what is wrong with them."""
    longest = LONGEST_EXTERNAL_ID if isinstance(entry, ExternalModel) else LONGEST_SELF_HOSTED_ID
    if len(id) > longest:
        yield None, f"its id has {len(id)} characters; expected at most {longest}"
    if not is_name(id):
        yield None, "its file is called by a name with control characters; expected plain text"
    for key, (least, most) in _RANGES.items():
        value = _at(entry, key)
        if isinstance(value, int) and not least <= value <= most:
            yield key, f"is {value}; expected {least:,} to {most:,}"
    for key in ("released", "retires"):
        day = _at(entry, key)
        if isinstance(day, dt.date) and not YEARS[0] <= day.year <= YEARS[1]:
            yield key, f"is {day}; expected a date from {YEARS[0]} to {YEARS[1]}"
    yield from _texts(entry)
    if isinstance(entry, ExternalModel) and entry.price is not None:
        yield from _price(entry.price)
    elif isinstance(entry, SelfHostedModel):
        yield from _amounts("price", entry.price)
        if not Decimal(0) <= entry.markup_percent < 10_000:
            yield "markup_percent", f"is {entry.markup_percent}; expected 0 to 9,999.99"
        if entry.thermal.min_instances > entry.thermal.max_instances:
            yield "thermal.min_instances", f"is above max_instances, {entry.thermal.max_instances}"
        if entry.benchmark is not None and not entry.benchmark.value.is_finite():
            yield "benchmark.value", f"is {entry.benchmark.value}; expected a number"
    elif isinstance(entry, Instance) and entry.hourly_rate is not None:
        yield from _amount("hourly_rate", entry.hourly_rate, Decimal(LIST_PRICES["hour"].highest))


def _texts(entry: msgspec.Struct) -> Iterator[Problem]:
    longest = LONGEST_PROVIDER_NAME if isinstance(entry, Provider) else LONGEST_NAME
    for key in _NAMES:
        name = getattr(entry, key, None)
        if isinstance(name, str) and not is_name(name):
            yield key, f"is {name!a:.60}; expected a name, on one line and without control characters"
        elif isinstance(name, str) and len(name) > longest:
            yield key, f"has {len(name):,} characters; expected at most {longest}"
    for key in _LISTS:
        names = getattr(entry, key, ())
        if len(names) > LONGEST_LIST:
            yield key, f"has {len(names):,} entries; expected at most {LONGEST_LIST}"
        for name in names:
            if not is_name(name):
                yield key, f"has {name!a:.60}; expected names, on one line and without control characters"


def _at(entry: msgspec.Struct, key: str) -> object:
    value: object = entry
    for step in key.split("."):
        value = getattr(value, step, None)
    return value


def _price(price: Price) -> Iterator[Problem]:
    currency = USD if price.currency is None else price.currency
    if not CODE.match(currency):
        yield "price.currency", f"is {currency!a:.40}; expected three capital letters of ISO 4217, such as EUR"
        return
    yield from _prices("price", price, currency)
    for name in ("steps", "hours", "variants"):
        for number, prices in enumerate(getattr(price, name)):
            yield from _prices(f"price.{name}[{number}]", prices, currency)


def _prices(above: str, prices: Prices, currency: str) -> Iterator[Problem]:
    yield from _amounts(above, prices, currency)
    for number, tier in enumerate(prices.tiers):
        yield from _amounts(f"{above}.tiers[{number}]", tier, currency)


def _amounts(above: str, prices: Prices | PriceTier | UnitPrices, currency: str = USD) -> Iterator[Problem]:
    for field in prices.__struct_fields__:
        value = getattr(prices, field)
        if field in TOKEN_COUNTS:
            if value is not None and not (Decimal(value).is_finite() and 0 < value <= MOST_TOKENS):
                yield f"{above}.{field}", f"is {value}; expected up to {MOST_TOKENS:,} tokens"
        elif isinstance(value, Decimal):
            yield from _amount(f"{above}.{field}", value, DEAREST, currency)


def _amount(key: str, value: Decimal, dearest: Decimal, currency: str = USD) -> Iterator[Problem]:
    exponent = value.as_tuple().exponent
    places = PRICE_PLACES if currency == USD else PRICE_PLACES - FX_PLACES  # so that what it is in USD is exact, too
    if not value.is_finite() or not 0 <= value <= dearest:
        yield key, f"is {value}; expected {'US dollars' if currency == USD else currency} from 0 to {dearest:,}"
    elif isinstance(exponent, int) and abs(exponent) > places:
        yield key, f"is {value}; expected at most {places} digits behind the point"
