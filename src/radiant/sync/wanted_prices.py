"""What the sheets of a model should be, by what sources say: the past, what is in force, what is announced. Pure."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import msgspec

from radiant.catalog.precedence import Doubts, holding, trusted
from radiant.claims.agreement import agree
from radiant.domain.fact import Fact
from radiant.domain.price_sheet import Price, Sheet
from radiant.domain.units import BY_KEY, LIST_PRICES
from radiant.domain.vocabulary import Task
from radiant.pricing.row_sheets import BATCH, PriceRow, counted_by, sheets_of

#: The day in a reference of our catalog: `https://… (2026-10-07)`.
_READ: Final = re.compile(r"\((\d{4}-\d{2}-\d{2})")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of the prices of one model: facts, and `dated`, what a source says from when on, in order."""

    provider_id: str
    model_id: str
    task: Task
    facts: tuple[Fact, ...]
    dated: tuple[Mapping[str, Any], ...] = ()


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The sheets that follow. `read` is the newest day of which a source of the price in force speaks; `curated` says
    that people wrote all of it into a catalog."""

    sheets: tuple[Sheet, ...]
    read: dt.date | None
    curated: bool


def wanted(said: Said, doubts: Doubts, now: dt.datetime) -> Wanted:
    """The sheets of a model. What is dated holds before what is in force, and since its day where both agree."""
    used, _ = trusted(said.facts, doubts)
    held = {field: fact for field, fact in holding(said.facts, doubts).items() if field in used}
    prices = {field.removeprefix("price."): value for field, value in used.items()}
    charged = {key for key in prices if key in BY_KEY}
    if not charged:
        return Wanted(sheets=tuple(_past(said, now, None)), read=None, curated=False)
    sources = Counter(held[f"price.{key}"].source for key in charged)
    source = sources.most_common(1)[0][0]
    blocks = _blocks(said.dated, source)
    begun = [it for it in blocks if it["starts"] is None or it["starts"] <= now]
    agreed = bool(begun) and _agree(begun[-1]["prices"], prices)
    since = begun[-1]["starts"] if agreed else min(map(since_of, (held[f"price.{key}"] for key in charged)))
    ahead = [it for it in blocks if it["starts"] is not None and it["starts"] > now] if agreed else []
    if prices.get("steps"):
        ahead = []  # what the provider announced was read by people
    row = PriceRow(
        provider_id=said.provider_id, model_id=said.model_id, hosting="external", task=said.task, columns={},
        details=prices, markup=None, since=since, source=source,
    )  # fmt: skip
    found = [_attributed(sheet, said.task, held, source) for sheet in sheets_of(row)]
    if agreed:
        how = "always" if since is None else "date"
        found = [msgspec.structs.replace(it, said=how) if it.valid_from == since else it for it in found]
    elif found:
        found = [msgspec.structs.replace(it, said=None) if it.valid_from == since else it for it in found]
    if ahead:
        found = [_until(it, ahead[0]["starts"]) for it in found]
    for block, end in zip(ahead, [*(it["starts"] for it in ahead), None][1:], strict=True):
        gone = {"tiers"}
        if "price.variants" in held and held["price.variants"].source == block["source"]:
            gone.add("variants")
        later = {**{key: it for key, it in prices.items() if key not in gone}, **block["prices"]}
        found += _of_block(said, block, later, end)
    always = agreed and since is None  # nothing held before
    whole = [*(() if always else _past(said, now, since, blocks)), *found]
    read = max((it for it in (day_of(held[f"price.{key}"]) for key in charged) if it is not None), default=None)
    people = all(it.startswith("curated") for it in sources)
    return Wanted(sheets=tuple(it for it in whole if it.lasts), read=read, curated=people)


def _blocks(dated: Sequence[Mapping[str, Any]], source: str) -> list[Mapping[str, Any]]:
    """What one entry of one source says, in order: of the source that is believed where it dates its prices."""
    if not dated:
        return []
    first = min(dated, key=lambda it: (it["source"] != source, "#" in it["entry"], it["source"], it["entry"]))
    return [it for it in dated if (it["source"], it["entry"]) == (first["source"], first["entry"])]


def _past(
    said: Said, now: dt.datetime, until: dt.datetime | None, blocks: Sequence[Mapping[str, Any]] | None = None
) -> Iterable[Sheet]:
    """What dated prices say of the time before `until`; without that, of all time until now and further notice."""
    blocks = _blocks(said.dated, "") if blocks is None else blocks
    for block, next_ in pairwise([*blocks, None]):
        if block is None or (block["starts"] is not None and (block["starts"] > now or block["starts"] == until)):
            continue
        end = None if next_ is None else next_["starts"]
        if until is not None:
            end = until if end is None else min(end, until)
        elif block["starts"] is None and blocks and blocks[0]["starts"] is None and len(blocks) == 1:
            continue
        yield from (it for it in _of_block(said, block, block["prices"], end) if it.lasts)


def _of_block(
    said: Said, block: Mapping[str, Any], prices: Mapping[str, Any], end: dt.datetime | None
) -> Iterable[Sheet]:
    row = PriceRow(
        provider_id=said.provider_id, model_id=said.model_id, hosting="external", task=said.task, columns={},
        details={key: it for key, it in prices.items() if key not in ("steps", "hours")}, markup=None,
        since=block["starts"], source=block["source"],
    )  # fmt: skip
    return [msgspec.structs.replace(it, valid_to=end, said=block["said"]) for it in sheets_of(row) if it.prices]


def _until(sheet: Sheet, end: dt.datetime) -> Sheet:
    return (
        sheet if sheet.valid_to is not None and sheet.valid_to <= end else msgspec.structs.replace(sheet, valid_to=end)
    )


def _agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two tables of prices say the same wherever both say something, and there is such a thing."""
    both = [key for key in BY_KEY if one.get(key) is not None and other.get(key) is not None]
    return bool(both) and all(agree(f"price.{key}", one[key], other[key]) for key in both)


def _attributed(sheet: Sheet, task: Task, held: Mapping[str, Fact], source: str) -> Sheet:
    """The sheet with the source of each price that is not the sheet's own."""
    by_meter: dict[str, str] = {}
    for name, listed in LIST_PRICES.items():
        fact = held.get(listed.fact or "")
        if fact is not None and name.startswith("batch_") is (sheet.context == BATCH) and sheet.context in ({}, BATCH):
            by_meter[counted_by(name, task)] = fact.source
    variants = held.get("price.variants")
    told = source if not sheet.context or variants is None else variants.source
    prices: list[Price] = []
    for price in sheet.prices:
        other = by_meter.get(price.meter, told)
        prices.append(price if other == source else msgspec.structs.replace(price, source=other))
    return msgspec.structs.replace(sheet, prices=tuple(prices))


def since_of(fact: Fact) -> dt.datetime:
    """From when a price is known: the day on which its source was read, or else when we heard of it."""
    day = day_of(fact)
    return fact.seen_at if day is None else dt.datetime.combine(day, dt.time(), dt.UTC)


def day_of(fact: Fact) -> dt.date | None:
    """The day of which a source speaks, or on which people read it; None where neither is told."""
    if fact.source_date is not None:
        return fact.source_date
    read = _READ.search(fact.reference or "") if fact.source.startswith("curated") else None
    return None if read is None else dt.date.fromisoformat(read[1])
