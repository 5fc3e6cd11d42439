"""OpenRouter's list of models: `{"data": […]}`, prices as text in USD per single token, request or image.

What OpenRouter says holds for OpenRouter. Its prices are its own, so `anthropic/claude-…` here claims nothing of
Anthropic's offering.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from radiant.claims.document import document
from radiant.claims.entries import listed, number, problem_with_id, shown, whole
from radiant.claims.facts import LARGEST_COUNT, Facts
from radiant.claims.reading import Claim, Reading, Refusals
from radiant.domain.errors import SourceUnreadable
from radiant.domain.units import BY_KEY, NO_OUTPUT_TOKENS
from radiant.domain.vocabulary import Modality, Task

from .tasks import capabilities_of_flow, plainer_task, settle_prices
from .vocabulary import FLOWS, MODALITIES, OPENROUTER_OUTPUTS, OPENROUTER_PARAMETERS

SOURCE: Final = "openrouter"

#: Behind the id of a model, whose batches are charged by the prices of such an entry; who asks for it finds nothing
#: (iii-hq/workers, pull request 743).
_BATCH: Final = ":batch"

#: How the conditions of an override begin that are about hours.
_CLOCK: Final = "utc_"

#: The price of what is routed elsewhere and only known afterwards.
_DYNAMIC: Final = Decimal(-1)

_PER_TOKEN: Final = {
    "prompt": "input_per_mtok",
    "completion": "output_per_mtok",
    "internal_reasoning": "reasoning_per_mtok",
    "input_cache_read": "cache_read_per_mtok",
    "input_cache_write": "cache_write_per_mtok",
    "input_cache_write_1h": "cache_write_1h_per_mtok",
    "input_audio_cache": "audio_cache_read_per_mtok",
    "audio": "audio_input_per_mtok",
    "audio_output": "audio_output_per_mtok",
    "image_token": "image_input_per_mtok",
    "image_output": "image_output_per_mtok",
}
_METERS: Final = {**_PER_TOKEN, "request": "per_request", "web_search": "per_search"}

#: Where no image comes out, `image` is one that goes in; elsewhere it is told nowhere which of them is meant.
_METERS_OF_READERS: Final = {**_METERS, "image": "per_input_image"}

_TIERED: Final = {key: meter for key, meter in _PER_TOKEN.items() if BY_KEY[meter].tiered}


def read(body: bytes, on: dt.date | None = None) -> Reading:
    """Read the list; `on` makes no difference, as its prices have no dates. Raises SourceUnreadable."""
    raw = document(SOURCE, body)
    data = raw.get("data") if isinstance(raw, dict) else raw
    if not isinstance(raw, dict) or not isinstance(data, list):
        raise SourceUnreadable(SOURCE, f'is {shown(raw)}; expected an object with a list of models under "data"')
    refused = Refusals(SOURCE)
    claims = [claim for id, model in listed(data, refused) if (claim := _claim(id, model, refused)) is not None]
    return Reading.of(SOURCE, claims, refused)


def _claim(id: str, raw: Mapping[str, Any], refused: Refusals) -> Claim | None:
    facts = Facts(id, refused)
    facts.repeats(raw)
    gather(facts, id, raw)
    facts.only_usd(raw)
    return facts.claim("openrouter", id)


def gather(facts: Facts, id: str, raw: Mapping[str, Any]) -> None:
    """Put all that an entry says into `facts`."""
    facts.text("display_name", raw.get("name"), of="name")
    architecture = facts.table(raw.get("architecture"), of="architecture")
    names = architecture.get("output_modalities")
    into = facts.modalities(architecture.get("input_modalities"), MODALITIES, of="architecture.input_modalities")
    out = facts.modalities(names, MODALITIES, of="architecture.output_modalities")
    task = _task(id, names if isinstance(names, list) else [], out)
    facts.known("task", task.value if task else None)
    facts.flow(into, FLOWS[task].out if task in NO_OUTPUT_TOKENS else out)
    best = facts.table(raw.get("top_provider"), of="top_provider")
    facts.count("context_window", raw.get("context_length"), of="context_length")
    if "context_window" not in facts.values:
        facts.count("context_window", best.get("context_length"), of="top_provider.context_length")
    if task not in NO_OUTPUT_TOKENS:
        facts.count("max_output", best.get("max_completion_tokens"), of="top_provider.max_completion_tokens")
    _capabilities(facts, raw, task, into, out)
    _prices(facts, raw, task, out)
    target = facts.table(raw.get("alias_target"), of="alias_target").get("slug")
    facts.known("alias_of", target if type(target) is str and target != id and not problem_with_id(target) else None)
    facts.day("retires", raw.get("expiration_date"), of="expiration_date")
    if id.endswith(_BATCH) and id != _BATCH:
        facts.known("variant", "batch")
        facts.known("variant_of", id.removesuffix(_BATCH))


def _task(id: str, names: list[Any], out: set[Modality]) -> Task | None:
    for name, task in OPENROUTER_OUTPUTS.items():
        if name in names:
            return task
    if not out:
        return None
    if Modality.TEXT not in out:
        return Task.IMAGE if Modality.IMAGE in out else Task.AUDIO
    return Task.IMAGE if Modality.IMAGE in out and "image" in id else plainer_task(Task.CHAT, id)


def _capabilities(
    facts: Facts, raw: Mapping[str, Any], task: Task | None, into: set[Modality], out: set[Modality]
) -> None:
    parameters = facts.names(raw.get("supported_parameters"), of="supported_parameters")
    found = {OPENROUTER_PARAMETERS[name] for name in parameters if name in OPENROUTER_PARAMETERS}
    found.update(capabilities_of_flow(task, into, out))
    facts.known("capabilities", sorted(found) or None)


def _prices(facts: Facts, raw: Mapping[str, Any], task: Task | None, out: set[Modality]) -> None:
    pricing = facts.table(raw.get("pricing"), of="pricing")
    if any(number(pricing.get(key)) == _DYNAMIC for key in ("prompt", "completion", "request")):
        return
    meters = _METERS if Modality.IMAGE in out else _METERS_OF_READERS
    for key, meter in meters.items():
        facts.price(meter, pricing.get(key), of=f"pricing.{key}")
    facts.unread("pricing", pricing, {*meters, "overrides"})
    tiers: dict[int, dict[str, Decimal]] = {}
    hours: list[dict[str, Decimal]] = []
    tiers_by_hour = False
    for where, override in facts.tables(pricing.get("overrides"), of="pricing.overrides"):
        above, by_hour = override.get("min_prompt_tokens"), any(key.startswith(_CLOCK) for key in override)
        if above is None and not by_hour:
            facts.refuse(f"`{where}` does not say for which prompts or hours it holds")
        elif above is None:
            hours.append(_amounts(facts, override, meters, of=where))
        elif (start := whole(above)) is None or not 0 < start <= LARGEST_COUNT:
            facts.refuse(f"`{where}.min_prompt_tokens` is {shown(above)}; expected a number of tokens")
        else:
            tiers_by_hour = tiers_by_hour or by_hour
            tier = tiers.setdefault(start, {})
            for meter, amount in _amounts(facts, override, _TIERED, of=where).items():
                tier[meter] = max(amount, tier.get(meter, amount))
    settle_prices(facts, tiers, task, "openrouter", hours, tiers_by_hour=tiers_by_hour)


def _amounts(facts: Facts, override: Mapping[str, Any], meters: Mapping[str, str], *, of: str) -> dict[str, Decimal]:
    """The prices of an override, by meter; those of long prompts at certain hours are taken at their dearest."""
    clock = {key for key in override if key.startswith(_CLOCK)}
    facts.unread("pricing.overrides", override, {*meters, "min_prompt_tokens", *clock})
    amounts = {meter: facts.amount(meter, override.get(key), of=f"{of}.{key}") for key, meter in meters.items()}
    return {meter: amount for meter, amount in amounts.items() if amount is not None}
