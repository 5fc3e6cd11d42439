"""Checks prices for plausibility, and announced changes of price for their order. Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from radiant.claims.prices import problem_with_price
from radiant.domain.currency import USD
from radiant.domain.external import Price, PriceHours, Prices
from radiant.domain.units import BY_KEY

_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")

#: Counts of tokens, each with the price it is of use with.
_COUNTED = {"image_tokens": "image_output_per_mtok", "video_tokens_per_second": "video_output_per_mtok"}

Problem = tuple[str | None, str]


def price_problems(price: Price) -> Iterator[Problem]:
    """What is wrong with the prices of one model, by key."""
    believed = _dear if price.currency in (None, USD) else _any  # what is dear in yen, only a rate can tell
    yield from believed("price", price)
    for count, meter in _COUNTED.items():
        if getattr(price, count) is not None and getattr(price, meter) is None:
            yield f"price.{count}", f"is of no use without {meter}"
    for number, step in enumerate(price.steps):
        yield from believed(f"price.steps[{number}]", step)
        if not changes(step):
            yield f"price.steps[{number}]", "changes nothing; name what costs something else from that day"
    for number, hours in enumerate(price.hours):
        yield from believed(f"price.hours[{number}]", hours)
        yield from _clock(f"price.hours[{number}]", price, hours)
    kinds = [tuple(sorted(it.when.items())) for it in price.variants]
    for number, variant in enumerate(price.variants):
        key = f"price.variants[{number}]"
        yield from believed(key, variant)
        if not variant.when or kinds.index(kinds[number]) < number:
            yield f"{key}.when", f"is {variant.when}; expected conditions that no other variant has"
        if not changes(variant):
            yield key, "changes nothing; name what costs something else under its condition"
    for number, (one, next_) in enumerate(pairwise(price.steps), 1):
        if next_.since <= one.since:
            yield (
                f"price.steps[{number}].from",
                f"is {next_.since}, not after {one.since}; the earliest step comes first",
            )


def _clock(key: str, price: Price, hours: PriceHours) -> Iterator[Problem]:
    if not hours.weekdays or not set(hours.weekdays) <= set(range(1, 8)):
        yield f"{key}.weekdays", f"are {list(hours.weekdays)}; expected 1 (Monday) to 7 (Sunday)"
    for span in hours.utc or ("nothing",):
        start, _, end = span.partition("-")
        if not (_TIME.match(start) and _TIME.match(end) and start < end):
            yield f"{key}.utc", f"holds {span}; expected a span of one day such as 04:00-06:00 or 10:00-24:00"
    for field, value in changes(hours).items():
        base = getattr(price, field)
        if isinstance(value, Decimal) and (base is None or value > base):
            yield f"{key}.{field}", f"is {value}, above the price itself, {base}; the dearest hours are the price"


def changes(meters: Prices) -> dict[str, object]:
    """What `meters` says, by field."""
    said = {field: getattr(meters, field) for field in Prices.__struct_fields__}
    return {field: value for field, value in said.items() if value not in (None, ())}


def _any(above: str, prices: Prices) -> Iterator[Problem]:
    return iter(())


def _dear(above: str, prices: Prices) -> Iterator[Problem]:
    parts = {above: prices} | {f"{above}.tiers[{place}]": tier for place, tier in enumerate(prices.tiers)}
    for place, part in parts.items():
        for key in BY_KEY:
            value = getattr(part, key, None)
            if value is not None and (problem := problem_with_price(key, value)):
                yield f"{place}.{key}", problem
