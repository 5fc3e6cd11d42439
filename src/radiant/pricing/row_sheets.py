"""The sheets of a model as its row in the registry says them: prices in columns, and details beside them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import msgspec

from radiant.catalog.announced import after, midnight
from radiant.claims.wholes import WHOLE
from radiant.domain.price_sheet import Clock, Price, Sheet, Tier
from radiant.domain.units import IMAGE_KINDS, LIST_PRICES
from radiant.domain.vocabulary import Task

#: The meter of each unit of price, where it is the same for every task.
COUNTED_BY: Final[Mapping[str, str]] = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cache_read": "cache_read_tokens",
    "cache_write": "cache_write_tokens",
    "cache_write_5m": "cache_write_5m_tokens",
    "cache_write_1h": "cache_write_1h_tokens",
    "batch_input": "input_tokens",
    "batch_output": "output_tokens",
    "reasoning": "output_reasoning_tokens",
    "citation": "output_citation_tokens",
    "audio_input": "input_audio_tokens",
    "audio_output": "output_audio_tokens",
    "audio_cache_read": "cache_audio_read_tokens",
    "audio_cache_write": "cache_audio_write_tokens",
    "image_input": "input_image_tokens",
    "image_output": "output_image_tokens",
    "image_cache_read": "cache_image_read_tokens",
    "video_input": "input_video_tokens",
    "video_output": "output_video_tokens",
    "request": "requests",
    "message": "input_text_messages",
    "social_search": "social_searches",
    "storage_search": "storage_searches",
    "map_search": "map_searches",
    "code_execution": "code_executions",
    "tool_call": "tool_calls",
    "image": "images",
    **{f"image_{kind}": f"images_{kind}" for kind in IMAGE_KINDS},
    "input_image": "input_images",
    "input_audio_second": "input_audio_seconds",
    "input_video_second": "input_video_seconds",
    "minute": "audio_seconds",
    "character": "input_characters",
    "page": "input_document_pages",
    "annotated_page": "input_annotated_document_pages",
    "gpu_hour": "gpu_seconds",
    "hour": "instance_seconds",
}

#: Under which condition the prices hold that catalog files call those of batches.
BATCH: Final = {"processing": "batch"}
_WEEK: Final = tuple(range(1, 8))


class PriceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A model with its prices: `columns` in USD as the registry has them, `details` by the keys of catalog files, as
    exact text. `since` is the first moment of which the prices are known."""

    provider_id: str
    model_id: str
    hosting: str
    task: Task
    columns: Mapping[str, Decimal | None]
    details: Mapping[str, Any]
    markup: Decimal | None
    since: dt.datetime | None = None
    source: str = "registry"


def sheets_of(row: PriceRow) -> tuple[Sheet, ...]:
    """What the row says, from when it is known until further notice, with announced changes and batch prices. What was
    changed before that is known is not among it."""
    columns = _in_columns(row.columns)
    # An administrator who edits a column means that price at all hours and until further notice.
    edited = {name for name, amount in columns.items() if _detail(row.details, name) not in (None, amount)}
    fixed = {LIST_PRICES[name].key for name in edited}
    by_key = {LIST_PRICES[name].key: amount for name, amount in columns.items()}
    without_key = {name: amount for name, amount in columns.items() if LIST_PRICES[name].key is None}
    details = {**row.details, **{key: amount for key, amount in by_key.items() if key is not None}}
    steps = sorted(details.pop("steps", None) or (), key=lambda step: str(step["from"]))
    said = [row.since, *(midnight(step["from"]) for step in steps), None]
    sheets: list[Sheet] = []
    for step, (start, end) in zip(({}, *steps), pairwise(said), strict=True):
        details = after(details, {key: value for key, value in step.items() if key not in fixed})
        prices = {**_amounts(details), **without_key}
        told = _with_parts(details)
        tiers, hours, variants = (told.get(name) or () for name in ("tiers", "hours", "variants"))
        whole, *batch = _sheets(row, prices, tiers, hours, edited, start, end)
        sheets += [whole, *_variants(row, whole, batch, variants)]
    return tuple(it for it in sheets if it.lasts)


def _with_parts(details: Mapping[str, Any]) -> Mapping[str, Any]:
    """The details with what parts cost at hours and in kinds of requests, where they always cost what their whole does
    and only the whole is told: LiteLLM repeats the price of output for reasoning, and has of batches that of output."""
    same = [(part, whole) for part, whole in WHOLE.items() if _is_same(details, part, whole)]
    if not same:
        return details
    hours, variants = (
        [{**_of_parts(same, it), **it} for it in details.get(name) or ()] for name in ("hours", "variants")
    )
    batch = _of_parts(same, {whole: details.get(f"batch_{whole}") for _, whole in same})
    if batch:
        there = next((it for it in variants if it["when"] == BATCH), {"when": BATCH})
        variants = [it for it in variants if it["when"] != BATCH] + [{**batch, **there}]
    return {**details, "hours": hours, "variants": variants}


def _of_parts(same: Iterable[tuple[str, str]], said: Mapping[str, Any]) -> dict[str, Any]:
    return {part: said[whole] for part, whole in same if said.get(whole) is not None}


def _is_same(details: Mapping[str, Any], part: str, whole: str) -> bool:
    if part.startswith("batch_") or details.get(part) is None or details.get(whole) is None:
        return False
    return Decimal(str(details[part])) == Decimal(str(details[whole]))


def _sheets(
    row: PriceRow, prices: Mapping[str, Decimal], tiers: Iterable[Mapping[str, Any]],
    hours: Sequence[Mapping[str, Any]], edited: set[str], start: dt.datetime | None, end: dt.datetime | None,
) -> Iterator[Sheet]:  # fmt: skip
    """The sheet of one span of time, and that of requests in batches."""
    standard = {name: amount for name, amount in prices.items() if not name.startswith("batch_")}
    if "minute" in standard:
        standard.pop("second", None)  # of two prices of the same time, that of a minute is told
    clocks = tuple(_clock(place, it) for place, it in enumerate(hours))
    clocked = (
        _price(row.task, name, amount, (), clock.name)
        for clock, it in zip(clocks, hours, strict=True)
        for name, amount in _amounts(it).items()
        if name not in edited
    )
    plain = (_price(row.task, name, amount, tiers, None) for name, amount in standard.items())
    whole = Sheet(
        provider_id=row.provider_id,
        model_id=row.model_id,
        prices=_one_each((*clocked, *plain)),
        clocks=clocks,
        source=row.source,
        valid_from=start,
        valid_to=end,
        said="date" if start is not None else None,
    )
    yield whole
    batch = tuple(_price(row.task, it, prices[it], (), None) for it in ("batch_input", "batch_output") if it in prices)
    if batch:
        yield msgspec.structs.replace(whole, prices=batch, clocks=(), context=BATCH)


def _variants(
    row: PriceRow, whole: Sheet, batch: Iterable[Sheet], variants: Iterable[Mapping[str, Any]]
) -> Iterator[Sheet]:
    """The sheets of kinds of requests: that of batches first, with what else is said of them."""
    told = {tuple(sorted(it["when"].items())): it for it in variants}
    for sheet in batch:
        said = told.pop(tuple(sorted(sheet.context.items())), {})
        yield msgspec.structs.replace(sheet, prices=_one_each((*_of_variant(row.task, said), *sheet.prices)))
    for when, said in told.items():
        prices = tuple(_of_variant(row.task, said))
        if prices:
            yield msgspec.structs.replace(whole, prices=prices, clocks=(), context=dict(when))


def _of_variant(task: Task, said: Mapping[str, Any]) -> Iterator[Price]:
    for name, amount in _amounts(said).items():
        yield _price(task, name, amount, said.get("tiers") or (), None)


def _one_each(prices: Iterable[Price]) -> tuple[Price, ...]:
    """Without a second price of the same meter at the same hours."""
    found: dict[tuple[str, str | None], Price] = {}
    for price in prices:
        found.setdefault((price.meter, price.clock), price)
    return tuple(found.values())


def _price(task: Task, name: str, amount: Decimal, tiers: Iterable[Mapping[str, Any]], clock: str | None) -> Price:
    listed = LIST_PRICES[name]
    key = listed.key if listed.tiered else None
    found = tuple(
        Tier(above=tier["above_input_tokens"], inclusive=False, amount=Decimal(str(tier[key])))
        for tier in sorted(tiers, key=lambda tier: int(tier["above_input_tokens"]))
        if key is not None and tier.get(key) is not None
    )
    return Price(meter=counted_by(name, task), amount=amount, per=listed.per, tiers=found, clock=clock)


def counted_by(name: str, task: Task) -> str:
    """A second of film is not one of sound, and a search of a reranker none of the web."""
    if name in ("second", "minute"):
        return "video_seconds" if task is Task.VIDEO else "audio_seconds"
    if name == "search":
        return "rerank_searches" if task is Task.RERANK else "web_searches"
    return COUNTED_BY[name]


def _in_columns(columns: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """By unit, for as many as its catalog key is for: no price is ever divided."""
    found = {}
    for name, listed in LIST_PRICES.items():
        amount = None if listed.column is None else columns.get(listed.column)
        if amount is not None:
            found[name] = amount * listed.factor
    return found


def _amounts(said: Mapping[str, Any]) -> dict[str, Decimal]:
    return {
        name: Decimal(str(said[listed.key]))
        for name, listed in LIST_PRICES.items()
        if listed.key is not None and said.get(listed.key) is not None
    }


def _detail(details: Mapping[str, Any], name: str) -> Decimal | None:
    key = LIST_PRICES[name].key
    return None if key is None or details.get(key) is None else Decimal(str(details[key]))


def _clock(place: int, hours: Mapping[str, Any]) -> Clock:
    spans = tuple(tuple(span.split("-", 1)) for span in hours["utc"])
    return Clock(name=f"hours {place + 1}", zone="UTC", days=tuple(hours.get("weekdays") or _WEEK), spans=spans)
