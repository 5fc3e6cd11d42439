"""What the sheets of a model should be, by what sources say: the past, what is in force, what is announced. Pure."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import msgspec

from radiant.catalog.precedence import Doubts, used
from radiant.claims.agreement import agree
from radiant.claims.kinds import is_kind, kind_field
from radiant.domain.fact import Fact
from radiant.domain.price_sheet import Price, Sheet
from radiant.domain.units import BY_KEY, LIST_PRICES
from radiant.domain.vocabulary import Task

from .changes import Told, changes
from .row_sheets import BATCH, PriceRow, counted_by, sheets_of

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
    """The sheets that follow. `read` is the newest day of which a source of the price in force speaks."""

    sheets: tuple[Sheet, ...]
    read: dt.date | None


def wanted(said: Said, doubts: Doubts, now: dt.datetime) -> Wanted:
    """The sheets of a model. What is dated holds before what is in force, and since its day where both agree; what is
    announced holds from its day on."""
    holds = _held(Told(said.facts), doubts)
    if not holds.charged:
        return Wanted(sheets=tuple(_past(said, now, None)), read=None)
    blocks = _blocks(said.dated, holds.source)
    known, ahead = _known(blocks, said.facts, now)
    agreed = known is not None and _agree(known["prices"], holds.prices)
    since = known["starts"] if known and agreed else min(map(since_of, holds.charged))
    spans = _spans(said.facts, since, changes(said.facts, ahead, holds.prices))
    found: list[Sheet] = []
    for (start, told), end in zip(spans, [*(it for it, _ in spans[1:]), None], strict=True):
        how = "date" if start != since else None if not agreed else "always" if since is None else "date"
        then = holds if told.facts is said.facts else _held(told, doubts)
        found += _from_then(said, then, start, end, how)
    always = agreed and since is None  # nothing held before
    whole = [*(() if always else _past(said, now, since, blocks)), *found]
    read = max((it for it in map(day_of, holds.charged) if it is not None), default=None)
    return Wanted(sheets=tuple(it for it in whole if it.lasts), read=read)


class _Held(NamedTuple):
    """The prices that hold, by the keys of catalog files; by field the facts that say so, those of usual prices and of
    batches, and the source of a sheet of them."""

    prices: Mapping[str, Any]
    facts: Mapping[str, Fact]
    charged: Sequence[Fact]
    source: str


def _held(told: Told, doubts: Doubts) -> _Held:
    found, held = used(told.facts, doubts, first=told.first)
    prices = {field.removeprefix("price."): value for field, value in found.items()}
    facts = {field: it for field, it in held.items() if field in found or is_kind(field)}
    charged = [facts[f"price.{key}"] for key in prices.keys() & BY_KEY.keys()]
    counts = Counter(it.source for it in charged)
    announced = {facts[field].source for _, _, field in told.first if field in facts}
    source = min(announced or counts, key=lambda source: (-counts[source], source), default="")
    return _Held(prices, facts, charged, source)


def _spans(
    facts: tuple[Fact, ...], since: dt.datetime | None, changed: Iterable[tuple[dt.datetime, Told]]
) -> list[tuple[dt.datetime | None, Told]]:
    """What is told from when on: what is in force since `since`, and each change after it."""
    begun = Told(facts)
    later: list[tuple[dt.datetime | None, Told]] = []
    for at, told in changed:
        if since is not None and at <= since:
            begun = told
        else:
            later.append((at, told))
    return [(since, begun), *later]


def _from_then(
    said: Said, holds: _Held, start: dt.datetime | None, end: dt.datetime | None, how: str | None
) -> Iterable[Sheet]:
    """The sheets from a moment until the next change."""
    row = PriceRow(
        provider_id=said.provider_id, model_id=said.model_id, hosting="external", task=said.task, columns={},
        details={key: it for key, it in holds.prices.items() if key != "steps"}, markup=None, since=start,
        source=holds.source,
    )  # fmt: skip
    for sheet in sheets_of(row) if holds.charged else ():
        yield msgspec.structs.replace(_attributed(sheet, said.task, holds), valid_to=end, said=how)


def _known(
    blocks: Sequence[Mapping[str, Any]], facts: Iterable[Fact], now: dt.datetime
) -> tuple[Mapping[str, Any] | None, Sequence[Mapping[str, Any]]]:
    """Of dated price lists the one that facts were made of, and those that begin after it. It is the last that has
    begun, unless a later one began since the document was read."""
    begun = [place for place, it in enumerate(blocks) if it["starts"] is None or it["starts"] <= now]
    if not begun:
        return None, blocks
    of = blocks[0]["source"], blocks[0]["entry"]
    own = {it.field.removeprefix("price."): it.value for it in facts if (it.source, it.entry) == of}
    place = next((it for it in reversed(begun) if _alike(blocks[it]["prices"], own)), begun[-1])
    return blocks[place], blocks[place + 1 :]


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(agree(f"price.{key}", one.get(key), other.get(key)) for key in (*BY_KEY, "tiers", "variants"))


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


def _agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two tables of prices say the same wherever both say something, and there is such a thing."""
    both = [key for key in BY_KEY if one.get(key) is not None and other.get(key) is not None]
    return bool(both) and all(agree(f"price.{key}", one[key], other[key]) for key in both)


def _attributed(sheet: Sheet, task: Task, holds: _Held) -> Sheet:
    """The sheet with the source of each price that is not the sheet's own."""
    held, source = holds.facts, holds.source
    by_meter: dict[str, str] = {}
    for name, listed in LIST_PRICES.items():
        fact = held.get(listed.fact or "")
        if fact is not None and name.startswith("batch_") is (sheet.context == BATCH) and sheet.context in ({}, BATCH):
            by_meter[counted_by(name, task)] = fact.source
    kind = held.get(kind_field(sheet.context)) if sheet.context else None
    told = source if kind is None else kind.source
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
