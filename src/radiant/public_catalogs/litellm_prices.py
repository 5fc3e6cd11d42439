"""The prices in an entry of LiteLLM's map: USD per single token, image, second, character, page or query."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from radiant.claims.entries import number, shorten, shown
from radiant.claims.facts import LARGEST_COUNT, Facts, Variant
from radiant.claims.prices import plain
from radiant.domain.units import BY_KEY
from radiant.domain.vocabulary import Task

from .litellm_multiples import multiples
from .tasks import settle_prices

#: Whatever the task.
_PER_TOKEN: Final = {
    "input_cost_per_token": "input_per_mtok",
    "output_cost_per_token": "output_per_mtok",
    "cache_read_input_token_cost": "cache_read_per_mtok",
    "cache_creation_input_token_cost": "cache_write_per_mtok",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h_per_mtok",
    "input_cost_per_token_batches": "batch_input_per_mtok",
    "output_cost_per_token_batches": "batch_output_per_mtok",
    "input_cost_per_audio_token": "audio_input_per_mtok",
    "output_cost_per_audio_token": "audio_output_per_mtok",
    "cache_read_input_audio_token_cost": "audio_cache_read_per_mtok",
    "cache_creation_input_audio_token_cost": "audio_cache_write_per_mtok",
    "input_cost_per_image_token": "image_input_per_mtok",
    "output_cost_per_image_token": "image_output_per_mtok",
    "cache_read_input_image_token_cost": "image_cache_read_per_mtok",
    "input_cost_per_video_token": "video_input_per_mtok",
    "output_cost_per_video_token": "video_output_per_mtok",
    "output_cost_per_reasoning_token": "reasoning_per_mtok",
    "citation_cost_per_token": "citation_per_mtok",
}

#: Whatever the task, too: for one of what they name.
_FEES: Final = {
    "google_maps_grounding_cost_per_query": "per_map_search",
    "input_cost_per_text_message": "per_text_message",
    "input_cost_per_audio_per_second": "per_input_audio_second",
    "input_cost_per_video_per_second": "per_input_video_second",
}

#: What a task is billed by besides: the source's key and the meter. The first key with a price wins. In other tasks
#: these keys mean something else, such as the hire of a machine.
_BESIDES: Final[Mapping[Task, tuple[tuple[str, str], ...]]] = {
    Task.IMAGE: (
        ("output_cost_per_image", "per_image"),
        ("input_cost_per_image", "per_image"),
        *((f"output_cost_per_image_{size}", f"per_image_{size.lower()}") for size in ("1K", "2K", "4K")),
    ),
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
    Task.OCR: (
        ("ocr_cost_per_page", "per_thousand_pages"),
        ("annotation_cost_per_page", "per_thousand_annotated_pages"),
    ),
    Task.CHAT: (("input_cost_per_request", "per_request"), ("input_cost_per_image", "per_input_image")),
}

#: The price of a web search depends on how much of the pages is read; medium is what LiteLLM assumes.
_SEARCH_SIZES: Final = ("low", "medium", "high")

#: The meters that a tier may have.
_TIERED: Final = tuple(key for key, meter in _PER_TOKEN.items() if BY_KEY[meter].tiered)

#: The same for the way back.
PER_TOKEN, FEES, BESIDES, TIERED = _PER_TOKEN, _FEES, _BESIDES, _TIERED
#: Endings of prices for a request that is served sooner, later, or with many others; which condition of a request each
#: is, where responses and people say so too.
_LEVEL: Final = re.compile(r"_(priority|flex|batches|ultrafast|balanced|decisions)\Z")
_WHEN: Final[Mapping[str, tuple[str, str]]] = {
    "priority": ("service_tier", "priority"),
    "flex": ("service_tier", "flex"),
    "batches": ("processing", "batch"),
}

#: What is read from a cache that was asked for, where it costs something else than from one that was not.
_EXPLICIT: Final = "explicit_cache_read_input_token_cost"

#: A cache that is kept for longer than an hour.
_LONG_CACHE: Final = re.compile(r"cache_creation_.*_above_\d+hr")

#: Keys of prices. Databricks' own units stand beside the same price in USD.
_PRICE: Final = re.compile(r"(?!.*_dbu_)(.*_)?cost(_|\Z)")

#: An older key, which repeats one that is read.
_REPEATS: Final = {"input_cost_per_token_cache_hit": "cache_read_input_token_cost"}

#: Hours of a day.
_SPAN: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")

_TIER: Final = re.compile(rf"({'|'.join(_TIERED)})_above_(\d{{1,6}})k_tokens\Z")


def read_prices(facts: Facts, entry: Mapping[str, Any], task: Task | None, provider: str | None) -> None:
    """Take all prices that our meters can express."""
    for key, meter in {**_PER_TOKEN, **_FEES}.items():
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
    hours, off_peak = _hours(facts, entry)
    variants = _variants(facts, entry)
    variants += multiples(facts, entry, tiers, variants)
    settle_prices(facts, tiers, task, provider, off_peak, variants=variants)
    if hours and "included_in_plan" not in facts.values:
        facts.known("price.hours", hours)
    if sizes and "price.per_search" in facts.values and "price.note" not in facts.values:
        facts.known("price.note", sizes)


def _unread(facts: Facts, entry: Mapping[str, Any], task: Task | None) -> None:
    """Say which prices are left out: of what our meters do not count, and of what this task is not billed by."""
    read = {_EXPLICIT, *_PER_TOKEN, *_FEES, *(key for key, _ in (_BESIDES.get(task, ()) if task else ()))}
    for key, value in entry.items():
        if key in read or not _PRICE.match(key) or _TIER.match(key) or not number(value):
            continue
        if _REPEATS.get(key) in entry:
            continue
        level = _LEVEL.search(key)
        if level and level[1] in _WHEN and _of_level(key.removesuffix(level[0])):
            continue
        if level:
            facts.refuse_alike("has prices of other service levels (priority, flex, batch …), which are left out")
        elif _LONG_CACHE.match(key):
            facts.refuse_alike("has prices of caches kept for longer than an hour, which are left out")
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


def _of_level(key: str) -> tuple[str, int] | None:
    """Our key of a price that levels of service have too, and above how many input tokens it holds: 0 for all."""
    tier = _TIER.match(key)
    if tier is not None:
        return _PER_TOKEN[tier[1]], int(tier[2]) * 1000
    return (_PER_TOKEN[key], 0) if key in _PER_TOKEN else None


def _variants(facts: Facts, entry: Mapping[str, Any]) -> list[Variant]:
    """The prices of levels of service: `input_cost_per_token_flex`, `…_above_272k_tokens_priority`; and of what is read
    from a cache that was asked for."""
    amounts: dict[tuple[str, str], dict[str, Decimal]] = {}
    tiers: dict[tuple[str, str], dict[int, dict[str, Decimal]]] = {}
    for key, value in entry.items():
        level = _LEVEL.search(key)
        if level is None or level[1] not in _WHEN or key in _PER_TOKEN:
            continue
        found = _of_level(key.removesuffix(level[0]))
        amount = None if found is None else facts.amount(found[0], value, of=key)
        if found is None or amount is None:
            continue
        when, (meter, above) = _WHEN[level[1]], found
        if above:
            tiers.setdefault(when, {}).setdefault(above, {})[meter] = amount
        else:
            amounts.setdefault(when, {})[meter] = amount
    for when, bands in tiers.items():
        if when == _WHEN["batches"]:  # what batches cost below has keys of its own
            below = {"input_per_mtok": "batch_input_per_mtok", "output_per_mtok": "batch_output_per_mtok"}
            said = {meter: facts.values.get(f"price.{key}") for meter, key in below.items()}
            for meter in {meter for band in bands.values() for meter in band} & said.keys():
                if isinstance(base := said[meter], Decimal):
                    amounts.setdefault(when, {})[meter] = base
    explicit = facts.amount("cache_read_per_mtok", entry.get(_EXPLICIT), of=_EXPLICIT)
    if explicit is not None:
        amounts["cache_type", "ephemeral"] = {"cache_read_per_mtok": explicit}
    return [({name: value}, amounts[name, value], tiers.get((name, value), {})) for name, value in amounts]


def _hours(facts: Facts, entry: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Decimal]]]:
    """Cheaper hours with their prices, or prices of other hours that are dearer or not told when."""
    (amounts,) = off_peak = _off_peak(facts, entry)
    windows = entry["off_peak_pricing"].get("windows") if amounts else None
    spans = [_window(it) for it in windows] if isinstance(windows, list) else []
    cheaper = all(
        isinstance(usual := facts.values.get(f"price.{key}"), Decimal) and amount <= usual
        for key, amount in amounts.items()
    )
    if not spans or not cheaper or None in spans:
        return [], off_peak
    said = {key: plain(amount) for key, amount in sorted(amounts.items())}
    return [{"weekdays": it[0], "utc": it[1], **said} for it in spans if it is not None], []


def _window(raw: Any) -> tuple[list[int], list[str]] | None:
    """The days and spans of a window; None where it says none that can be."""
    if not isinstance(raw, dict):
        return None
    spans, days = raw.get("hours_utc"), raw.get("weekdays")
    spans = [spans] if isinstance(spans, str) else spans
    days = list(range(1, 8)) if days is None else days
    if not isinstance(spans, list) or not spans or not all(isinstance(it, str) and _SPAN.fullmatch(it) for it in spans):
        return None
    if not isinstance(days, list) or not days or not all(type(it) is int and 1 <= it <= 7 for it in days):
        return None
    ends = [f"{it[:-5]}24:00" if it.endswith("-00:00") else it for it in spans]
    return (days, ends) if all(start < end for start, end in (it.split("-") for it in ends)) else None


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
