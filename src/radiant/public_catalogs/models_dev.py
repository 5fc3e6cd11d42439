"""models.dev's `api.json`: an object of providers, each with its models; USD per million tokens."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from radiant.claims.document import document
from radiant.claims.entries import entries, is_day, shown, whole
from radiant.claims.facts import Facts, Variant
from radiant.claims.reading import Claim, PublicProvider, Reading, Refusal, Refusals
from radiant.domain.errors import SourceUnreadable
from radiant.domain.units import BY_KEY, NO_OUTPUT_TOKENS
from radiant.domain.vocabulary import Modality, Task

from .identity import bedrock_region
from .provider_ids import models_dev_provider
from .tasks import capabilities_of_flow, plainer_task, settle_prices
from .vocabulary import FLOWS, MODALITIES, MODELS_DEV_FLAGS

SOURCE: Final = "models.dev"

#: Its prices are for so many tokens.
_MTOK: Final = 1_000_000

_METERS: Final = {
    "input": "input_per_mtok",
    "output": "output_per_mtok",
    "cache_read": "cache_read_per_mtok",
    "cache_write": "cache_write_per_mtok",
    "reasoning": "reasoning_per_mtok",
    "input_audio": "audio_input_per_mtok",
    "output_audio": "audio_output_per_mtok",
}
#: Kinds of tiers that hold at certain times.
_CLOCKS: Final = frozenset({"time", "time_of_day", "hour", "hours", "schedule", "peak", "off_peak"})

_TIERED: Final = tuple(key for key, meter in _METERS.items() if BY_KEY[meter].tiered)

_VARIABLE: Final = re.compile(r"[A-Za-z0-9_]{1,100}\Z")

_EMBEDS: Final = re.compile(
    r"(^|[-_/.])(embed(ding)?s?|bge|gte|e5|nv-embed\w*|mpnet|all-mini-?lm)([-_/.0-9]|$)|text-embedding|voyage-\d",
    re.IGNORECASE,
)

#: Families of models that give vectors.
_EMBEDDING_FAMILY: Final = re.compile(r"(.*-)?embed(ding)?s?|bge|voyage")

#: Families of voices, which are listed as if they gave text.
_VOICES: Final = frozenset({"aura", "elevenlabs", "melotts"})


def read(body: bytes, on: dt.date | None = None) -> Reading:
    """Read `api.json`; `on` makes no difference, as its prices have no dates. Raises SourceUnreadable."""
    raw = document(SOURCE, body)
    if not isinstance(raw, dict):
        raise SourceUnreadable(SOURCE, f"is {shown(raw)}; expected an object with one entry per provider")
    refused = Refusals(SOURCE)
    claims: list[Claim] = []
    providers: dict[str, PublicProvider] = {}
    for name, provider in entries(raw, refused):
        models = provider.get("models")
        if not isinstance(models, dict):
            refused.append(Refusal(name, f"`models` is {shown(models)}; expected an object"))
            continue
        _provider(name, provider, refused, providers)
        for id, model in entries(models, refused, within=f"{name}/"):
            if (claim := _claim(name, id, model, refused)) is not None:
                claims.append(claim)
    return Reading.of(SOURCE, claims, refused, providers.values())


def _provider(name: str, raw: Mapping[str, Any], refused: Refusals, providers: dict[str, PublicProvider]) -> None:
    """Note what is said of a provider, once: where one of ours has several names here, the first stands."""
    facts = Facts(name, refused)
    facts.repeats(raw)
    facts.text("name", raw.get("name"), of="name")
    facts.text("api", raw.get("api"), of="api")
    facts.text("doc", raw.get("doc"), of="doc")
    id = models_dev_provider(name, "")
    if id is not None and id not in providers:
        texts = {key: str(value) for key, value in facts.values.items()}
        providers[id] = PublicProvider(
            id=id,
            display_name=texts.get("name", name),
            api_base_url=_url(texts.get("api")),
            docs_url=_url(texts.get("doc")),
            key_variables=tuple(key for key in facts.names(raw.get("env"), of="env") if _VARIABLE.match(key)),
        )


def _url(text: str | None) -> str | None:
    """An address may hold names of variables, `${ACCOUNT_ID}`, which make it none."""
    return text if text and text.startswith("https://") and "$" not in text else None


def _claim(provider: str, id: str, raw: Mapping[str, Any], refused: Refusals) -> Claim | None:
    facts = Facts(f"{provider}/{id}", refused)
    facts.repeats(raw)
    facts.text("display_name", raw.get("name"), of="name")
    modalities = facts.table(raw.get("modalities"), of="modalities")
    into = facts.modalities(modalities.get("input"), MODALITIES, of="modalities.input")
    out = facts.modalities(modalities.get("output"), MODALITIES, of="modalities.output")
    task = _task(id, raw.get("family"), into, out)
    facts.known("task", task.value if task else None)
    text = Modality.TEXT in out  # which is how vectors, scores and some voices are listed
    facts.flow(into, FLOWS[task].out if text and task in (*NO_OUTPUT_TOKENS, Task.AUDIO) else out)
    _limits(facts, raw, task)
    _capabilities(facts, raw, task, into, out)
    ours = models_dev_provider(provider, id)
    _prices(facts, raw, task, ours)
    facts.day("released", raw.get("release_date"), of="release_date")
    status = raw.get("status")
    facts.known("deprecated", True if status == "deprecated" else None)
    facts.known("status", status if status in ("alpha", "beta") else None)
    facts.known("region", bedrock_region(id) if ours == "bedrock" else "cn" if provider.endswith("-cn") else None)
    facts.only_usd(raw)
    updated = raw.get("last_updated")
    return facts.claim(ours, id, date=updated if is_day(updated) else None)


def _task(id: str, family: Any, into: set[Modality], out: set[Modality]) -> Task | None:
    """models.dev names no task: what goes in and out tells it, and what it calls text though it is none, the family
    or the id."""
    if not out:
        return None
    if "rerank" in id.lower():
        return Task.RERANK
    if _EMBEDS.search(id) or (type(family) is str and _EMBEDDING_FAMILY.fullmatch(family)):
        return Task.EMBEDDING
    if type(family) is str and family in _VOICES:
        return Task.AUDIO
    if Modality.TEXT not in out:
        if Modality.VIDEO in out:
            return Task.VIDEO
        return Task.IMAGE if Modality.IMAGE in out else Task.AUDIO
    if into == {Modality.AUDIO}:
        return Task.TRANSCRIPTION
    if Modality.IMAGE in out and "image" in id.lower():
        return Task.IMAGE
    return plainer_task(Task.CHAT, id)


def _limits(facts: Facts, raw: Mapping[str, Any], task: Task | None) -> None:
    limit = facts.table(raw.get("limit"), of="limit")
    facts.count("context_window", limit.get("context"), of="limit.context")
    facts.count("max_input", limit.get("input"), of="limit.input")
    if task not in NO_OUTPUT_TOKENS:
        facts.count("max_output", limit.get("output"), of="limit.output")


def _capabilities(
    facts: Facts, raw: Mapping[str, Any], task: Task | None, into: set[Modality], out: set[Modality]
) -> None:
    found = set()
    for flag, capability in MODELS_DEV_FLAGS.items():
        value = raw.get(flag)
        if value is True:
            found.add(capability)
        elif value is not None and value is not False:
            facts.refuse(f"`{flag}` is {shown(value)}; expected true or false")
    found.update(capabilities_of_flow(task, into, out))
    facts.known("capabilities", sorted(found) or None)


def _prices(facts: Facts, raw: Mapping[str, Any], task: Task | None, provider: str | None) -> None:
    cost = facts.table(raw.get("cost"), of="cost")
    for key, meter in _METERS.items():
        facts.price(meter, cost.get(key), of=f"cost.{key}", per=_MTOK)
    tiers: dict[int, dict[str, Decimal]] = {}
    hours: list[dict[str, Decimal]] = []
    facts.unread("cost", cost, {*_METERS, "tiers", "context_over_200k"})
    for where, band in facts.tables(cost.get("tiers"), of="cost.tiers"):
        condition = facts.table(band.get("tier"), of=f"{where}.tier")
        size = whole(condition.get("size"))
        if condition.get("type") in _CLOCKS:
            hours.append(_amounts(facts, band, _METERS, of=where))
        elif condition.get("type") != "context" or size is None or size <= 0:
            facts.refuse(f"`{where}` does not say from how many tokens of context on it holds")
        else:
            tiers.setdefault(size, {}).update(_amounts(facts, band, _TIERED, of=where))
    if not isinstance(cost.get("tiers"), list) and "context_over_200k" in cost:
        where = "cost.context_over_200k"
        tiers[200_000] = _amounts(facts, facts.table(cost["context_over_200k"], of=where), _TIERED, of=where)
    settle_prices(facts, tiers, task, provider, hours, variants=_modes(facts, raw))


def _modes(facts: Facts, raw: Mapping[str, Any]) -> Iterator[Variant]:
    """Ways to be served that a field of the request asks for: a service tier, a speed."""
    experimental = (
        facts.table(raw.get("experimental"), of="experimental") if isinstance(raw.get("experimental"), dict) else {}
    )
    modes = facts.table(experimental.get("modes"), of="experimental.modes")
    for name, mode in modes.items():
        where = f"experimental.modes.{name}"
        table = facts.table(mode, of=where)
        cost = facts.table(table.get("cost"), of=f"{where}.cost")
        asked = facts.table(facts.table(table.get("provider"), of=f"{where}.provider").get("body"), of=f"{where}.body")
        when = {key: asked[key] for key in ("service_tier", "speed") if isinstance(asked.get(key), str)}
        if when:
            yield when, _amounts(facts, cost, _METERS, of=f"{where}.cost"), {}


def _amounts(facts: Facts, band: Mapping[str, Any], keys: Iterable[str], *, of: str) -> dict[str, Decimal]:
    """The prices of one band, by meter."""
    amounts = {_METERS[key]: facts.amount(_METERS[key], band.get(key), of=f"{of}.{key}", per=_MTOK) for key in keys}
    return {meter: amount for meter, amount in amounts.items() if amount is not None}
