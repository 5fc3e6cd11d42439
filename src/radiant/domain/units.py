"""What models are billed by: every meter, every unit of price, and what each task is compared by. Data, no decisions.

A new unit is a member of `PricingType`, a meter and a line of `UNITS` here; CONTRIBUTING.md names what a person has to
write besides. Typed structs and SQL cannot be made from these tables, so they are tested against them.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

from .criteria import Usage
from .vocabulary import Task

#: Digits behind the point that a price may have, in a catalog file and in a row of the registry.
PRICE_PLACES: Final = 30


class PricingType(StrEnum):
    """The unit a price is charged in."""

    PER_TOKEN = "per_token"  # noqa: S105 - a unit of price, no password
    PER_REQUEST = "per_request"
    PER_IMAGE = "per_image"
    PER_SECOND = "per_second"
    PER_MINUTE = "per_minute"
    PER_CHARACTER = "per_character"
    PER_PAGE = "per_page"
    PER_HOUR = "per_hour"


class Meter(msgspec.Struct, frozen=True):
    """Something that is counted and has a price.

    A price in a catalog file is for `per` of what is counted (tokens, images, seconds …), a price in a column for
    `column_per` of it, a power of ten less.

    `usage` is the field of `Usage` with the count of one request. It is None for the request itself, for tokens read
    from the cache, which `Usage` tells as a share, and where it tells nothing. `assumed` is the count where a request
    may leave that field None.
    """

    key: str | None  #: in `[price]` of a catalog file, a field of `Price`; None: only one's own hardware has it
    per: int
    noun: str  #: `per` of what is counted, in words
    highest: int  #: USD for `per`; a public source that says more is not believed
    column: str | None = None  #: of the view, and of `models` where there is a key; None: only in `price_details`
    column_per: int = 1
    usage: str | None = None
    assumed: int | None = None
    tokens: bool = False
    tiered: bool = False  #: long requests can have another price, and `PriceTier` this key

    @property
    def factor(self) -> int:
        """So many times the price in the column is the price at the key."""
        return self.per // self.column_per

    def in_column(self, price: Decimal) -> Decimal:
        """A price of the key as the column has it: its point moved, which loses no digit of the first 28."""
        return price if self.factor == 1 else price.scaleb(1 - len(str(self.factor)))

    @property
    def fact(self) -> str | None:
        """The name of its fact: `price.per_image`."""
        return None if self.key is None else f"price.{self.key}"


def _tokens(
    key: str,
    column: str | None = None,
    usage: str | None = None,
    assumed: int | None = None,
    *,
    tiered: bool = False,
) -> Meter:
    """The dearest tokens known are 600 USD a million; beyond four times that, somebody forgot to divide by 1,000."""
    return Meter(key, 1_000_000, "million tokens", 2_500, column, 1_000, usage, assumed, tokens=True, tiered=tiered)


_SECONDS: Final = ("seconds", 60)

#: By name, in the order in which a row's prices are read.
METERS: Final[Mapping[str, Meter]] = MappingProxyType(
    {
        "input": _tokens("input_per_mtok", "input_cost_per_1k", "input_tokens", 1_000, tiered=True),
        "output": _tokens("output_per_mtok", "output_cost_per_1k", "output_tokens", 500, tiered=True),
        "cache_read": _tokens("cache_read_per_mtok", "cached_input_cost_per_1k", tiered=True),
        "cache_write": _tokens("cache_write_per_mtok", tiered=True),
        "batch_input": _tokens("batch_input_per_mtok"),
        "batch_output": _tokens("batch_output_per_mtok"),
        "reasoning": _tokens("reasoning_per_mtok"),
        "audio_input": _tokens("audio_input_per_mtok"),
        "audio_output": _tokens("audio_output_per_mtok"),
        "image_input": _tokens("image_input_per_mtok"),
        "image_output": _tokens("image_output_per_mtok"),
        "video_output": _tokens("video_output_per_mtok"),
        "request": Meter("per_request", 1, "request", 1_000, "cost_per_request"),
        "search": Meter("per_search", 1, "search", 100),
        "image": Meter("per_image", 1, "image", 100, "cost_per_image", 1, "images", 1),
        "input_image": Meter("per_input_image", 1, "image that goes in", 100),
        "second": Meter("per_second", 1, "second", 100, "cost_per_second", 1, *_SECONDS),
        "minute": Meter("per_minute", 60, "minute", 1_000, "cost_per_minute", 60, *_SECONDS),
        "character": Meter(
            "per_million_characters",
            1_000_000,
            "million characters",
            10_000,
            "cost_per_character",
            1,
            "characters",
            1_000,
        ),
        "page": Meter("per_thousand_pages", 1_000, "thousand pages", 10_000, "cost_per_page", 1, "pages", 1),
        "hour": Meter(None, 3_600, "hour", 999_999, "cost_per_hour", 3_600, "seconds"),
    }
)


class Unit(msgspec.Struct, frozen=True):
    """A unit that a model's price can be in."""

    type: PricingType
    meter: str  #: of the price itself; what else tokens have a price for is `TOKEN_METERS`
    words: str  #: behind the price of what models are compared by
    label: str  #: behind `per` in lists of prices, which are for `label_per` of what the meter counts
    label_per: int
    natural_for: tuple[Task, ...] = ()  #: tasks that are billed by it wherever a model has its price

    @property
    def price(self) -> Meter:
        """The meter of its price."""
        return METERS[self.meter]


#: What is compared where tokens are the unit.
COMPARED_TOKENS: Final = Usage(input_tokens=METERS["input"].assumed, output_tokens=METERS["output"].assumed)
_COMPARED: Final = f"for {COMPARED_TOKENS.input_tokens:,} input and {COMPARED_TOKENS.output_tokens:,} output tokens"

#: A model's unit is looked for in this order, after the natural one of its task.
UNITS: Final[Mapping[PricingType, Unit]] = MappingProxyType(
    {
        unit.type: unit
        for unit in (
            Unit(PricingType.PER_TOKEN, "input", _COMPARED, "M tokens", 1_000_000),
            Unit(PricingType.PER_IMAGE, "image", "an image", "image", 1, (Task.IMAGE,)),
            Unit(PricingType.PER_SECOND, "second", "a second", "second", 1, (Task.VIDEO,)),
            Unit(PricingType.PER_MINUTE, "minute", "a minute", "minute", 60, (Task.TRANSCRIPTION,)),
            Unit(PricingType.PER_CHARACTER, "character", "a character", "M characters", 1_000_000, (Task.AUDIO,)),
            Unit(PricingType.PER_PAGE, "page", "a page", "page", 1, (Task.OCR,)),
            Unit(PricingType.PER_REQUEST, "request", "a request", "request", 1, (Task.THREE_D,)),
            Unit(PricingType.PER_HOUR, "hour", "an hour", "hour", 3_600),
        )
    }
)

#: The units that are one thing with one price, without tokens.
SINGLE_UNITS: Final = tuple(unit for unit in UNITS.values() if unit.type is not PricingType.PER_TOKEN)

NATURAL_UNIT: Final[Mapping[Task, Unit]] = MappingProxyType(
    {task: unit for unit in UNITS.values() for task in unit.natural_for}
)

#: The meters whose price has a column of its own in the view, by name; the column of each.
COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {name: meter.column for name, meter in METERS.items() if meter.column is not None}
)

#: The meters of `Price`, by the key in a catalog file.
BY_KEY: Final[Mapping[str, Meter]] = MappingProxyType(
    {meter.key: meter for meter in METERS.values() if meter.key is not None}
)

#: What these give back is not sold by the token: an unknown output price is none.
NO_OUTPUT_TOKENS: Final = frozenset({Task.EMBEDDING, Task.RERANK, Task.MODERATION})
