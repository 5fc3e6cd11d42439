"""genai-prices' data, version 2: a list of providers, each with its models; USD per million tokens or as named."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from radiant.claims.document import document
from radiant.claims.entries import is_day, listed, number, shown, whole
from radiant.claims.facts import LARGEST_COUNT, Facts, Variant
from radiant.claims.reading import Claim, Dated, PublicProvider, Reading, Refusals
from radiant.domain.errors import SourceUnreadable
from radiant.domain.units import BY_KEY

from .genai_match import named_ids
from .identity import bedrock_region, without_geography
from .plans import leave_to_plan
from .provider_ids import genai_prices_provider
from .tasks import say_dearest

SOURCE: Final = "genai-prices"

_HUGGING_FACE: Final = "huggingface_"

_MILLION: Final = 1_000_000

#: The source's meter: ours, and for how many of what both count (tokens, requests, seconds …) its price is.
_METERS: Final[Mapping[str, tuple[str, int]]] = {
    "input_mtok": ("input_per_mtok", _MILLION),
    "output_mtok": ("output_per_mtok", _MILLION),
    "cache_read_mtok": ("cache_read_per_mtok", _MILLION),
    "cache_write_mtok": ("cache_write_per_mtok", _MILLION),
    "cache_write_5m_mtok": ("cache_write_5m_per_mtok", _MILLION),
    "cache_write_1h_mtok": ("cache_write_1h_per_mtok", _MILLION),
    "output_reasoning_mtok": ("reasoning_per_mtok", _MILLION),
    "output_citation_mtok": ("citation_per_mtok", _MILLION),
    "input_audio_mtok": ("audio_input_per_mtok", _MILLION),
    "output_audio_mtok": ("audio_output_per_mtok", _MILLION),
    "cache_audio_read_mtok": ("audio_cache_read_per_mtok", _MILLION),
    "cache_audio_write_mtok": ("audio_cache_write_per_mtok", _MILLION),
    "input_image_mtok": ("image_input_per_mtok", _MILLION),
    "output_image_mtok": ("image_output_per_mtok", _MILLION),
    "cache_image_read_mtok": ("image_cache_read_per_mtok", _MILLION),
    "input_video_mtok": ("video_input_per_mtok", _MILLION),
    "output_video_mtok": ("video_output_per_mtok", _MILLION),
    "requests_kcount": ("per_request", 1_000),
    "input_text_messages_kcount": ("per_text_message", 1_000),
    "web_searches_kcount": ("per_search", 1_000),
    "rerank_searches_kcount": ("per_search", 1_000),
    "social_searches_kcount": ("per_social_search", 1_000),
    "storage_searches_kcount": ("per_storage_search", 1_000),
    "code_executions_kcount": ("per_code_execution", 1_000),
    "input_mchars": ("per_million_characters", _MILLION),
    "input_document_kpages": ("per_thousand_pages", 1_000),
    "input_annotated_document_kpages": ("per_thousand_annotated_pages", 1_000),
    "input_audio_hours": ("per_minute", 3_600),
    "audio_hours": ("per_minute", 3_600),
}
#: Which requests a variant is of: conditions and their values.
_When = tuple[tuple[str, str], ...]

_BATCH: Final = {"input_mtok": "batch_input_per_mtok", "output_mtok": "batch_output_per_mtok"}


def read(body: bytes, on: dt.date | None = None) -> Reading:
    """Read the data with the prices of the day `on`; without it, with those that have no start.

    Raises SourceUnreadable.
    """
    raw = document(SOURCE, body)
    if not isinstance(raw, list):
        raise SourceUnreadable(SOURCE, f"is {shown(raw)}; expected a list of providers")
    refused = Refusals(SOURCE)
    claims: list[Claim] = []
    providers: dict[str, PublicProvider] = {}
    for name, provider in listed(raw, refused):
        facts = Facts(name, refused)
        facts.repeats(provider)
        facts.text("name", provider.get("name"), of="name")
        models = provider.get("models")
        if not isinstance(models, list):
            facts.refuse(f"`models` is {shown(models)}; expected a list")
            continue
        for id, model in listed(models, refused, within=f"{name}/"):
            claims += _claims(name, id, model, refused, on)
        ours = genai_prices_provider(name, "")
        if ours is not None and name not in ("azure", "google") and ours not in providers:
            providers[ours] = PublicProvider(id=ours, display_name=str(facts.values.get("name", name)))
    reading = Reading.of(SOURCE, claims, refused, providers.values())
    return msgspec.structs.replace(reading, until=_next_start(raw, on))


def _next_start(raw: Any, on: dt.date | None) -> str | None:
    """The first day after `on` on which some price begins."""
    found = []
    pending = [raw]
    while pending:
        it = pending.pop()
        if isinstance(it, list):
            pending += it
        elif isinstance(it, dict):
            pending += it.values()
            start = it.get("start_date")
            if on is not None and is_day(start) and dt.date.fromisoformat(start) > on:
                found.append(str(start))
    return min(found, default=None)


def _claims(provider: str, id: str, raw: Mapping[str, Any], refused: Refusals, on: dt.date | None) -> list[Claim]:
    """One claim for the model, and one with its prices for each other name of it."""
    facts = Facts(f"{provider}/{id}", refused)
    facts.repeats(raw)
    facts.text("display_name", raw.get("name"), of="name")
    facts.count("context_window", raw.get("context_window"), of="context_window")
    facts.known("deprecated", True if raw.get("deprecated") is True else None)
    clock = _prices(facts, raw, on)
    checked = raw.get("prices_checked")
    date = checked if is_day(checked) else None
    ours = genai_prices_provider(provider, id)
    if not leave_to_plan(facts, ours) and clock:
        say_dearest(facts)
    facts.only_usd(raw)
    ids = named_ids(ours, id, raw.get("match"))
    if ids and provider.startswith(_HUGGING_FACE):
        # Hugging Face's router takes the company that is to serve behind a colon.
        server = provider.removeprefix(_HUGGING_FACE)
        facts.known("variant", server)
        facts.known("variant_of", ids[0])
        ids = [f"{ids[0]}:{server}"]
    claim = facts.claim(ours, ids[0] if ids else None, date=date)
    if claim is None:
        return []
    if facts.prices():
        claim = msgspec.structs.replace(claim, dated=tuple(_dated(claim.entry, raw)))
    if ours == "bedrock":
        claim = _in_its_region(claim)
    return [claim, *(other for name in ids[1:] if (other := _other(claim, name)) is not None)]


def _dated(entry: str, raw: Mapping[str, Any]) -> Iterator[Dated]:
    """The prices from each day on which some begin; none where no price but those of variants has a day."""
    days = _days(raw.get("prices"))
    for day in (None, *sorted(days | _days(raw.get("price_variants")))) if days else ():
        facts = Facts(entry, Refusals(SOURCE))  # what cannot be read was told with the prices of today
        _prices(facts, raw, None if day is None else dt.date.fromisoformat(day))
        yield Dated(day, {key: value for key, value in facts.values.items() if key.startswith("price.")})


def _days(blocks: Any) -> set[str]:
    """The days on which some of `blocks` begin."""
    constraints = [it.get("constraint") for it in blocks if isinstance(it, dict)] if isinstance(blocks, list) else []
    return {it["start_date"] for it in constraints if isinstance(it, dict) and is_day(it.get("start_date"))}


def _other(claim: Claim, name: str) -> Claim | None:
    """What the entry says of another id that it names.

    An id of another geography of Amazon's is an offering of its own. For any other name the prices hold, but not what
    is said of the model.
    """
    entry = f"{claim.entry}#{name}"
    if claim.model_id is None:
        return None
    if claim.provider_id == "bedrock" and without_geography(name) == without_geography(claim.model_id):
        facts = {key: value for key, value in claim.facts.items() if key != "region"}
        return _in_its_region(msgspec.structs.replace(claim, entry=entry, model_id=name, facts=facts))
    prices = {key: value for key, value in claim.facts.items() if key.startswith("price.")}
    if not prices:
        return None
    return msgspec.structs.replace(claim, entry=entry, model_id=name, facts={**prices, "alias_of": claim.model_id})


def _in_its_region(claim: Claim) -> Claim:
    region = bedrock_region(claim.model_id) if claim.model_id else None
    return msgspec.structs.replace(claim, facts={**claim.facts, "region": region}) if region else claim


def _prices(facts: Facts, raw: Mapping[str, Any], on: dt.date | None) -> bool:
    """Take the prices, and say whether some hours have others."""
    tiers: dict[int, dict[str, Decimal]] = {}
    in_force, clock = _in_force(facts, raw.get("prices"), on)
    for key, value in in_force.items():
        if key in _METERS:
            _price(facts, tiers, key, value)
    facts.unread("prices", {key: _base(value) for key, value in in_force.items()}, _METERS)
    facts.tiers(tiers)
    begun = _begun_variants(facts, raw.get("price_variants"), on)
    batch = begun.get((("processing", "batch"),), {})
    for key, meter in _BATCH.items():
        of, value = batch.get(key, ("", None))
        facts.price(meter, _base(value), of=of, per=_MILLION)
    facts.without_filler(by_tokens=True)
    facts.variants(_variant(facts, dict(when), said) for when, said in begun.items())
    return clock


def _begun_variants(facts: Facts, raw: Any, on: dt.date | None) -> dict[_When, dict[str, tuple[str, Any]]]:
    """By kind of requests and the source's meter, the price of the day with its place: the latest that has begun, and
    of those of one day the first, as the source itself resolves them."""
    begun: list[tuple[str, _When, str, Mapping[str, Any]]] = []
    for where, table in facts.tables(raw, of="price_variants"):
        when, constraint = facts.table(table.get("when"), of=f"{where}.when"), table.get("constraint")
        if when and all(type(it) is str for it in when.values()) and _has_begun(constraint, on):
            prices = facts.table(table.get("prices"), of=f"{where}.prices")
            start = "" if constraint is None else constraint["start_date"]
            begun.append((start, tuple(sorted(when.items())), f"{where}.prices", prices))
    found: dict[_When, dict[str, tuple[str, Any]]] = {}
    for _, kind, of, prices in sorted(begun, key=lambda it: it[0], reverse=True):
        said = found.setdefault(kind, {})
        for key, value in prices.items():
            said.setdefault(key, (f"{of}.{key}", value))
    return found


def _variant(facts: Facts, when: Mapping[str, str], prices: Mapping[str, tuple[str, Any]]) -> Variant:
    """The prices of a kind of requests; of batches, what has no key of its own."""
    amounts: dict[str, Decimal] = {}
    tiers: dict[int, dict[str, Decimal]] = {}
    for key, (of, value) in prices.items():
        if key not in _METERS:
            continue
        meter, per = _METERS[key]
        bands = _bands(facts, value, meter, per, of=of)
        if when == {"processing": "batch"} and key in _BATCH and not bands:
            continue
        amount = facts.amount(meter, _base(value), of=of, per=per)
        if amount is not None:
            amounts[meter] = amount
        for start, of_band in bands.items():
            tiers.setdefault(start, {})[meter] = of_band
    return when, amounts, tiers


def _price(facts: Facts, tiers: dict[int, dict[str, Decimal]], key: str, value: Any) -> None:
    """A number, or `{"base": number, "tiers": [{"start": tokens, "price": number}]}`."""
    meter, per = _METERS[key]
    facts.price(meter, _base(value), of=f"prices.{key}", per=per)
    for start, amount in _bands(facts, value, meter, per, of=f"prices.{key}").items():
        tiers.setdefault(start, {})[meter] = amount


def _bands(facts: Facts, value: Any, meter: str, per: int, *, of: str) -> dict[int, Decimal]:
    """The prices of long requests, by how many input tokens they are above."""
    bands = value.get("tiers") if BY_KEY[meter].tiered and isinstance(value, dict) else None
    found: dict[int, Decimal] = {}
    for place, raw in enumerate(bands if isinstance(bands, list) else ()):
        where = f"{of}.tiers[{place}]"
        band = facts.table(raw, of=where)
        start = whole(band.get("start"))
        if start is None or not 0 < start <= LARGEST_COUNT:
            facts.refuse(f"`{where}.start` is {shown(band.get('start'))}; expected a number of tokens")
            continue
        amount = facts.amount(meter, band.get("price"), of=f"{where}.price", per=per)
        if amount is not None:
            found[start] = amount
    return found


def _base(value: Any) -> Any:
    return value.get("base") if isinstance(value, dict) else value


def _in_force(facts: Facts, raw: Any, on: dt.date | None) -> tuple[Mapping[str, Any], bool]:
    """The prices of the day, and whether hours differ: the last that has begun, or the first; and where an hour is
    dearer, the dearest. Hours are those of the prices that they are listed after, and of none that are to come."""
    if not isinstance(raw, list):
        return facts.table(raw, of="prices"), False
    day: Mapping[str, Any] = {}
    hours: list[Mapping[str, Any]] = []
    to_come = False
    for place, conditional in enumerate(raw):
        table = facts.table(conditional, of=f"prices[{place}]")
        constraint = table.get("constraint")
        prices = facts.table(table.get("prices"), of=f"prices[{place}].prices")
        if isinstance(constraint, dict) and "start_time" in constraint:
            if not to_come:
                hours.append(prices)
            continue
        to_come = place > 0 and not _has_begun(constraint, on)
        if not to_come:
            day, hours = prices, []
    every = [day, *hours]
    keys = {key: None for prices in every for key in prices}
    dearest = {key: max((prices[key] for prices in every if key in prices), key=_height) for key in keys}
    return dearest, any(hour[key] != day.get(key) for hour in hours for key in hour)


def _height(value: Any) -> Decimal:
    base = number(_base(value))
    return Decimal(0) if base is None else Decimal(base)


def _has_begun(constraint: Any, on: dt.date | None) -> bool:
    """Whether a price holds all day: without a constraint, or with a start that is past."""
    if constraint is None:
        return True
    start = constraint.get("start_date") if isinstance(constraint, dict) else None
    return on is not None and is_day(start) and dt.date.fromisoformat(start) <= on
