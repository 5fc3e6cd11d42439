"""The prices in an entry of LiteLLM's map: USD per single token, image, second, character, page or query."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from radiant.claims.entries import number, shorten, shown
from radiant.claims.facts import LARGEST_COUNT, Facts
from radiant.claims.prices import plain
from radiant.domain.units import BY_KEY
from radiant.domain.vocabulary import Task

from .tasks import settle_prices

#: Whatever the task.
_PER_TOKEN: Final = {
    "input_cost_per_token": "input_per_mtok",
    "output_cost_per_token": "output_per_mtok",
    "cache_read_input_token_cost": "cache_read_per_mtok",
    "cache_creation_input_token_cost": "cache_write_per_mtok",
    "input_cost_per_token_batches": "batch_input_per_mtok",
    "output_cost_per_token_batches": "batch_output_per_mtok",
    "input_cost_per_audio_token": "audio_input_per_mtok",
    "output_cost_per_audio_token": "audio_output_per_mtok",
    "input_cost_per_image_token": "image_input_per_mtok",
    "output_cost_per_image_token": "image_output_per_mtok",
    "output_cost_per_video_token": "video_output_per_mtok",
    "output_cost_per_reasoning_token": "reasoning_per_mtok",
}

#: What a task is billed by besides: the source's key and the meter. The first key with a price wins. In other tasks
#: these keys mean something else, such as the hire of a machine.
_BESIDES: Final[Mapping[Task, tuple[tuple[str, str], ...]]] = {
    Task.IMAGE: (("output_cost_per_image", "per_image"), ("input_cost_per_image", "per_image")),
    Task.VIDEO: (
        ("output_cost_per_second", "per_second"),
        ("output_cost_per_video_per_second", "per_second"),
        ("input_cost_per_image", "per_input_image"),
    ),
    Task.AUDIO: (
        ("input_cost_per_character", "per_million_characters"),
        ("output_cost_per_second", "per_second"),
    ),
    Task.TRANSCRIPTION: (("input_cost_per_second", "per_minute"), ("output_cost_per_second", "per_minute")),
    Task.REALTIME: (("input_cost_per_second", "per_minute"), ("output_cost_per_second", "per_minute")),
    Task.EMBEDDING: (("input_cost_per_image", "per_input_image"),),
    Task.RERANK: (("input_cost_per_query", "per_request"),),
    Task.SEARCH: (("input_cost_per_query", "per_request"),),
    Task.OCR: (("ocr_cost_per_page", "per_thousand_pages"),),
    Task.CHAT: (("input_cost_per_request", "per_request"), ("input_cost_per_image", "per_input_image")),
}

#: The price of a web search depends on how much of the pages is read; medium is what LiteLLM assumes.
_SEARCH_SIZES: Final = ("low", "medium", "high")

#: The meters that a tier may have.
_TIERED: Final = tuple(key for key, meter in _PER_TOKEN.items() if BY_KEY[meter].tiered)

#: The same for the way back.
PER_TOKEN, BESIDES, TIERED = _PER_TOKEN, _BESIDES, _TIERED
#: Endings of prices for a request that is served sooner, later, or with many others.
_LEVEL: Final = re.compile(r"_(priority|flex|batches|ultrafast|balanced|decisions)\Z")

#: A cache that is kept for longer than the usual minutes.
_LONG_CACHE: Final = re.compile(r"cache_creation_.*_above_\d+hr")

#: Keys of prices. Databricks' own units stand beside the same price in USD.
_PRICE: Final = re.compile(r"(?!.*_dbu_)(.*_)?cost(_|\Z)")

#: An older key, which repeats one that is read.
_REPEATS: Final = {"input_cost_per_token_cache_hit": "cache_read_input_token_cost"}

_TIER: Final = re.compile(rf"({'|'.join(_TIERED)})_above_(\d{{1,6}})k_tokens\Z")


def read_prices(facts: Facts, entry: Mapping[str, Any], task: Task | None, provider: str | None) -> None:
    """Take all prices that our meters can express."""
    for key, meter in _PER_TOKEN.items():
        if key in entry:
            facts.price(meter, entry[key], of=key)
    if task is Task.TRANSCRIPTION:
        # The price per second is the provider's price per minute, rounded.
        metadata, said = facts.table(entry.get("metadata"), of="metadata"), "original_pricing_per_minute"
        facts.price("per_minute", metadata.get(said), of=f"metadata.{said}", per=60)
    for key, meter in _BESIDES.get(task, ()) if task else ():
        if entry.get(key) is not None and not facts.values.get(f"price.{meter}"):
            facts.price(meter, entry[key], of=key)
    sizes = _search(facts, entry)
    tiers = _tiers_by_key(facts, entry)
    _ranges(facts, entry.get("tiered_pricing"), tiers)
    _unread(facts, entry, task)
    settle_prices(facts, tiers, task, provider, _off_peak(facts, entry))
    if sizes and "price.per_search" in facts.values and "price.note" not in facts.values:
        facts.known("price.note", sizes)


def _unread(facts: Facts, entry: Mapping[str, Any], task: Task | None) -> None:
    """Say which prices are left out: of what our meters do not count, and of what this task is not billed by."""
    read = {*_PER_TOKEN, *(key for key, _ in (_BESIDES.get(task, ()) if task else ()))}
    for key, value in entry.items():
        if key in read or not _PRICE.match(key) or _TIER.match(key) or not number(value):
            continue
        if _REPEATS.get(key) in entry:
            continue
        if _LEVEL.search(key):
            facts.refuse_alike("has prices of other service levels (priority, flex, batch …), which are left out")
        elif _LONG_CACHE.match(key):
            facts.refuse_alike("has prices of longer cache times, which are left out; the shortest is kept")
        else:
            facts.refuse_alike(f"`{shorten(key)}` is no price we know how to charge; it is not in the costs")


def _search(facts: Facts, entry: Mapping[str, Any]) -> str | None:
    """A web search of medium context; what the other sizes cost, in words, where that differs."""
    table = facts.table(entry.get("search_context_cost_per_query"), of="search_context_cost_per_query")
    costs = {}
    for size in _SEARCH_SIZES:
        key = f"search_context_size_{size}"
        amount = facts.amount("per_search", table.get(key), of=f"search_context_cost_per_query.{key}")
        if amount is not None:
            costs[size] = amount
    facts.unread("search_context_cost_per_query", table, {f"search_context_size_{size}" for size in _SEARCH_SIZES})
    if not costs:
        return None
    taken = "medium" if "medium" in costs else max(costs, key=lambda size: costs[size])
    facts.known("price.per_search", costs[taken])
    others = ", ".join(f"{size} {plain(amount)}" for size, amount in costs.items() if amount != costs[taken])
    return f"A web search of {taken} context size; {others} USD." if others else None


def _off_peak(facts: Facts, entry: Mapping[str, Any]) -> list[dict[str, Decimal]]:
    """The prices of other hours."""
    table = facts.table(entry.get("off_peak_pricing"), of="off_peak_pricing")
    found = {}
    for key, meter in _PER_TOKEN.items():
        amount = facts.amount(meter, table.get(key), of=f"off_peak_pricing.{key}")
        if amount is not None:
            found[meter] = amount
    return [found]


def _tiers_by_key(facts: Facts, entry: Mapping[str, Any]) -> dict[int, dict[str, Decimal]]:
    """Keys such as `input_cost_per_token_above_200k_tokens`."""
    tiers: dict[int, dict[str, Decimal]] = {}
    for key, value in entry.items():
        if "_above_" in key and (found := _TIER.match(key)):
            _add(facts, tiers, int(found[2]) * 1000, _PER_TOKEN[found[1]], value, of=key)
    return tiers


def _ranges(facts: Facts, bands: Any, tiers: dict[int, dict[str, Decimal]]) -> None:
    """`tiered_pricing`: a list of ranges of input tokens; the one from 0 is the base price."""
    for where, band in facts.tables(bands, of="tiered_pricing"):
        if "range" not in band:
            continue
        start = _start(band["range"])
        if start is None:
            facts.refuse(f"`{where}.range` is {shown(band['range'])}; expected two numbers of tokens")
            continue
        for key in _TIERED:
            if start == 0:
                facts.price(_PER_TOKEN[key], band.get(key), of=f"{where}.{key}")
            else:
                _add(facts, tiers, start, _PER_TOKEN[key], band.get(key), of=f"{where}.{key}")


def _add(facts: Facts, tiers: dict[int, dict[str, Decimal]], above: int, meter: str, value: Any, *, of: str) -> None:
    amount = facts.amount(meter, value, of=of)
    if amount is not None:
        tiers.setdefault(above, {})[meter] = amount


def _start(raw: Any) -> int | None:
    start = number(raw[0]) if isinstance(raw, list) and len(raw) == 2 else None
    return int(start) if start is not None and 0 <= start <= LARGEST_COUNT else None
