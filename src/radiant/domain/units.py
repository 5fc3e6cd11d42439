"""What can be billed, as data: units, the meters that have a price in them, and what one request of a task consumes.

A further unit is a row of `UNITS`, a meter a row of `METERS`; rows, facts, checks, tariffs and pages follow from here.
What PostgreSQL has of it (columns, the constraint on `pricing_type`, `request_price()`) is tested against it.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from .vocabulary import Task


class PricingType(StrEnum):
    """The unit a model is mainly sold in."""

    PER_TOKEN = "per_token"  # noqa: S105 - a unit of price, no password
    PER_REQUEST = "per_request"
    PER_IMAGE = "per_image"
    PER_SECOND = "per_second"
    PER_MINUTE = "per_minute"
    PER_CHARACTER = "per_character"
    PER_PAGE = "per_page"
    PER_HOUR = "per_hour"


class Quantity(StrEnum):
    """What one request consumes, counted."""

    INPUT = "input"  #: thousands of input tokens at the full price
    CACHED = "cached"  #: thousands of input tokens read from a cache
    OUTPUT = "output"  #: thousands of output tokens
    IMAGES = "images"  #: images that come out
    INPUT_IMAGES = "input_images"  #: images that go in
    SECONDS = "seconds"  #: seconds of audio or video
    CHARACTERS = "characters"
    PAGES = "pages"
    REQUESTS = "requests"
    SEARCHES = "searches"
    INSTANCE_SECONDS = "instance_seconds"  #: seconds of a whole instance


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is billed: `count` of a quantity.

    `noun` is what people call one of it; prices are shown by the `shown_per` of it. `pricing_type` is that of a model
    which is mainly sold in it.
    """

    noun: str
    quantity: Quantity | None
    count: int = 1
    shown_per: int = 1
    pricing_type: PricingType | None = None

    @property
    def words(self) -> str:
        """What a shown price is for: `M tokens`, `minute`."""
        return f"M {self.noun}s" if self.shown_per == 1_000_000 else self.noun


TOKEN: Final = Unit(noun="token", quantity=None, shown_per=1_000_000, pricing_type=PricingType.PER_TOKEN)
REQUEST: Final = Unit(noun="request", quantity=Quantity.REQUESTS, pricing_type=PricingType.PER_REQUEST)
SEARCH: Final = Unit(noun="search", quantity=Quantity.SEARCHES)
IMAGE: Final = Unit(noun="image", quantity=Quantity.IMAGES, pricing_type=PricingType.PER_IMAGE)
INPUT_IMAGE: Final = Unit(noun="input image", quantity=Quantity.INPUT_IMAGES)
SECOND: Final = Unit(noun="second", quantity=Quantity.SECONDS, pricing_type=PricingType.PER_SECOND)
MINUTE: Final = Unit(noun="minute", quantity=Quantity.SECONDS, count=60, pricing_type=PricingType.PER_MINUTE)
CHARACTER: Final = Unit(
    noun="character", quantity=Quantity.CHARACTERS, shown_per=1_000_000, pricing_type=PricingType.PER_CHARACTER
)
PAGE: Final = Unit(noun="page", quantity=Quantity.PAGES, pricing_type=PricingType.PER_PAGE)
HOUR: Final = Unit(noun="hour", quantity=Quantity.INSTANCE_SECONDS, count=3600, pricing_type=PricingType.PER_HOUR)

UNITS: Final = (TOKEN, REQUEST, SEARCH, IMAGE, INPUT_IMAGE, SECOND, MINUTE, CHARACTER, PAGE, HOUR)


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """One price a model can have.

    `key` is its name in catalog files and facts, where it is the price of `per` units; `column` is that of `models` and
    of the view, where it is the price of `column_per` units, and None for a meter that stands in `price_details` under
    its key. A price above `highest` USD for `per` units is taken for a mistake. `tokens` says how token meters are told
    apart; `tier` that the meter can be dearer in long requests.
    """

    key: str
    unit: Unit
    per: int = 1
    highest: int
    column: str | None = None
    column_per: int = 1
    tier: bool = False

    @property
    def counts_tokens(self) -> bool:
        return self.unit is TOKEN

    @property
    def noun(self) -> str:
        """What its price in a catalog file is for: `million tokens`, `thousand pages`, `image`."""
        many = {1_000_000: "million ", 1_000: "thousand "}.get(self.per, "")
        return f"{many}{self.unit.noun}{'s' if many else ''}"

    @property
    def factor(self) -> int:
        """How many of the column's price are one of the key's."""
        return self.per // self.column_per

    def in_column(self, price: Decimal) -> Decimal:
        """A price of the key as the column holds it, exact."""
        return price.scaleb(-(len(str(self.factor)) - 1))


#: The dearest tokens known are 600 USD a million; beyond four times that, somebody forgot to divide by a thousand.
_DEAREST_TOKENS: Final = 2_500


def _tokens(key: str, *, column: str | None = None, tier: bool = False) -> Meter:
    return Meter(
        key=key,
        unit=TOKEN,
        per=1_000_000,
        highest=_DEAREST_TOKENS,
        column=column,
        column_per=1_000 if column else 1_000_000,
        tier=tier,
    )


METERS: Final = (
    _tokens("input_per_mtok", column="input_cost_per_1k", tier=True),
    _tokens("output_per_mtok", column="output_cost_per_1k", tier=True),
    _tokens("cache_read_per_mtok", column="cached_input_cost_per_1k", tier=True),
    _tokens("cache_write_per_mtok", tier=True),
    _tokens("batch_input_per_mtok"),
    _tokens("batch_output_per_mtok"),
    _tokens("audio_input_per_mtok"),
    _tokens("audio_output_per_mtok"),
    _tokens("image_output_per_mtok"),
    Meter(key="per_request", unit=REQUEST, highest=1_000, column="cost_per_request"),
    Meter(key="per_image", unit=IMAGE, highest=100, column="cost_per_image"),
    Meter(key="per_second", unit=SECOND, highest=100, column="cost_per_second"),
    Meter(key="per_minute", unit=MINUTE, highest=1_000, column="cost_per_minute"),
    Meter(key="per_million_characters", unit=CHARACTER, per=1_000_000, highest=10_000, column="cost_per_character"),
    Meter(key="per_thousand_pages", unit=PAGE, per=1_000, highest=10_000, column="cost_per_page"),
)

BY_KEY: Final = {meter.key: meter for meter in METERS}
BY_COLUMN: Final = {meter.column: meter for meter in METERS if meter.column is not None}

#: The price of an instance, which only self-hosted models have and no catalog file names by this key.
HOURLY: Final = Meter(key="per_hour", unit=HOUR, highest=10_000, column="cost_per_hour")

#: The column of the price of one unit a model is mainly sold in; for tokens that of the input.
UNIT_COLUMNS: Final = {
    meter.unit.pricing_type: meter.column
    for meter in (*METERS, HOURLY)
    if meter.unit.pricing_type is not None and meter.column is not None and not meter.counts_tokens
}

#: In which unit a model is mainly sold where several have a price and its task has none of its own.
SOLD_BY: Final = (
    PricingType.PER_IMAGE,
    PricingType.PER_SECOND,
    PricingType.PER_MINUTE,
    PricingType.PER_CHARACTER,
    PricingType.PER_PAGE,
    PricingType.PER_REQUEST,
)

#: How a task's models are sold, where there is more than one price.
NATURAL_UNITS: Final = {
    Task.IMAGE: PricingType.PER_IMAGE,
    Task.VIDEO: PricingType.PER_SECOND,
    Task.TRANSCRIPTION: PricingType.PER_MINUTE,
    Task.AUDIO: PricingType.PER_CHARACTER,
    Task.OCR: PricingType.PER_PAGE,
    Task.THREE_D: PricingType.PER_REQUEST,
}

#: What these give back is not sold by the token: an unknown output price is none.
NO_OUTPUT_PRICE: Final = frozenset({Task.EMBEDDING, Task.RERANK, Task.MODERATION})
