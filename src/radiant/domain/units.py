"""What price lists state: all list prices, all units of price, and what each task is compared by. Data, no decisions.

A new unit is a member of `PricingType`, a list price and a line of `UNITS` here; CONTRIBUTING.md names what a person
has to write besides. Typed structs and SQL cannot be made from these tables, so they are tested against them.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

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


class ListPrice(msgspec.Struct, frozen=True):
    """A price as price lists state it; which meter it is charged by is said in `pricing/row_sheets.py`.

    A price in a catalog file is for `per` of what is counted (tokens, images, seconds …), a price in a column for
    `column_per` of it, a power of ten less.
    """

    key: str | None  #: in `[price]` of a catalog file, a field of `Price`; None: only one's own hardware has it
    per: int
    noun: str  #: `per` of what is counted, in words
    highest: int  #: USD for `per`; a public source that says more is not believed
    column: str | None = None  #: of the view, and of `models` where there is a key; None: only in `price_details`
    column_per: int = 1
    tokens: bool = False
    tiered: bool = False  #: long requests can have another price, and `PriceTier` this key
    on_top: bool = False  #: a fee that some requests pay beside what the model is billed by

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


#: Qualities and sizes of images that price lists name, as they stand in the names of meters.
IMAGE_KINDS: Final = (
    *(f"{quality}_{size}" for quality in ("low", "medium", "high") for size in ("1024x1024", "1024x1536", "1536x1024")),
    *(f"{quality}_{size}" for quality in ("standard", "hd") for size in ("1024x1024", "1024x1792", "1792x1024")),
    "low", "medium", "high", "standard", "hd", "256x256", "512x512", "1024x1024", "1k", "2k", "4k",
)  # fmt: skip


def _tokens(key: str, column: str | None = None, *, tiered: bool = False) -> ListPrice:
    """The dearest tokens known are 600 USD a million; beyond four times that, somebody forgot to divide by 1,000."""
    return ListPrice(key, 1_000_000, "million tokens", 2_500, column, 1_000, tokens=True, tiered=tiered)


#: By name, in the order in which a row's prices are read.
LIST_PRICES: Final[Mapping[str, ListPrice]] = MappingProxyType(
    {
        "input": _tokens("input_per_mtok", "input_cost_per_1k", tiered=True),
        "output": _tokens("output_per_mtok", "output_cost_per_1k", tiered=True),
        "cache_read": _tokens("cache_read_per_mtok", "cached_input_cost_per_1k", tiered=True),
        "cache_write": _tokens("cache_write_per_mtok", tiered=True),
        "cache_write_5m": _tokens("cache_write_5m_per_mtok"),
        "cache_write_1h": _tokens("cache_write_1h_per_mtok", tiered=True),
        "batch_input": _tokens("batch_input_per_mtok"),
        "batch_output": _tokens("batch_output_per_mtok"),
        "reasoning": _tokens("reasoning_per_mtok"),
        "citation": _tokens("citation_per_mtok"),
        "audio_input": _tokens("audio_input_per_mtok", tiered=True),
        "audio_output": _tokens("audio_output_per_mtok"),
        "audio_cache_read": _tokens("audio_cache_read_per_mtok"),
        "audio_cache_write": _tokens("audio_cache_write_per_mtok"),
        "image_input": _tokens("image_input_per_mtok"),
        "image_output": _tokens("image_output_per_mtok"),
        "image_cache_read": _tokens("image_cache_read_per_mtok"),
        "video_input": _tokens("video_input_per_mtok"),
        "video_output": _tokens("video_output_per_mtok"),
        "request": ListPrice("per_request", 1, "request", 1_000, "cost_per_request"),
        "message": ListPrice("per_text_message", 1, "text message that goes in", 100),
        "search": ListPrice("per_search", 1, "search", 100, on_top=True),
        "social_search": ListPrice("per_social_search", 1, "search of a social network", 100, on_top=True),
        "storage_search": ListPrice("per_storage_search", 1, "search of stored files", 100, on_top=True),
        "map_search": ListPrice("per_map_search", 1, "search of a map", 100, on_top=True),
        "code_execution": ListPrice("per_code_execution", 1, "execution of code", 100, on_top=True),
        "tool_call": ListPrice("per_tool_call", 1, "call of a tool", 100, on_top=True),
        "image": ListPrice("per_image", 1, "image", 100, "cost_per_image"),
        **{f"image_{kind}": ListPrice(f"per_image_{kind}", 1, "image", 100) for kind in IMAGE_KINDS},
        "input_image": ListPrice("per_input_image", 1, "image that goes in", 100, on_top=True),
        "input_audio_second": ListPrice("per_input_audio_second", 1, "second of sound that goes in", 100, on_top=True),
        "input_video_second": ListPrice("per_input_video_second", 1, "second of film that goes in", 100, on_top=True),
        "second": ListPrice("per_second", 1, "second", 100, "cost_per_second"),
        "minute": ListPrice("per_minute", 60, "minute", 1_000, "cost_per_minute", 60),
        "character": ListPrice("per_million_characters", 1_000_000, "million characters", 10_000, "cost_per_character"),
        "page": ListPrice("per_thousand_pages", 1_000, "thousand pages", 10_000, "cost_per_page"),
        "annotated_page": ListPrice("per_thousand_annotated_pages", 1_000, "thousand annotated pages", 10_000),
        "gpu_hour": ListPrice("per_gpu_hour", 3_600, "hour of a GPU", 10_000),
        "hour": ListPrice(None, 3_600, "hour", 999_999, "cost_per_hour", 3_600),
    }
)


class Unit(msgspec.Struct, frozen=True):
    """A unit that a model's price can be in."""

    type: PricingType
    list_price: str  #: the name of the price itself
    label: str  #: behind `per` in lists of prices, which are for `label_per` of what is counted
    label_per: int
    natural_for: tuple[Task, ...] = ()  #: tasks that are billed by it wherever a model has its price

    @property
    def price(self) -> ListPrice:
        """Its list price."""
        return LIST_PRICES[self.list_price]


#: A model's unit is looked for in this order, after the natural one of its task.
UNITS: Final[Mapping[PricingType, Unit]] = MappingProxyType(
    {
        unit.type: unit
        for unit in (
            Unit(PricingType.PER_TOKEN, "input", "M tokens", 1_000_000),
            Unit(PricingType.PER_IMAGE, "image", "image", 1, (Task.IMAGE,)),
            Unit(PricingType.PER_SECOND, "second", "second", 1, (Task.VIDEO,)),
            Unit(PricingType.PER_MINUTE, "minute", "minute", 60, (Task.TRANSCRIPTION,)),
            Unit(PricingType.PER_CHARACTER, "character", "M characters", 1_000_000, (Task.AUDIO,)),
            Unit(PricingType.PER_PAGE, "page", "page", 1, (Task.OCR,)),
            Unit(PricingType.PER_REQUEST, "request", "request", 1, (Task.THREE_D,)),
            Unit(PricingType.PER_HOUR, "hour", "hour", 3_600),
        )
    }
)

NATURAL_UNIT: Final[Mapping[Task, Unit]] = MappingProxyType(
    {task: unit for unit in UNITS.values() for task in unit.natural_for}
)

#: The list prices that have a column of their own in the view, by name; the column of each.
COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {name: listed.column for name, listed in LIST_PRICES.items() if listed.column is not None}
)

#: Those of `Price`, by the key in a catalog file.
BY_KEY: Final[Mapping[str, ListPrice]] = MappingProxyType(
    {listed.key: listed for listed in LIST_PRICES.values() if listed.key is not None}
)

#: What these give back is not sold by the token: an unknown output price is none.
NO_OUTPUT_TOKENS: Final = frozenset({Task.EMBEDDING, Task.RERANK, Task.MODERATION})
