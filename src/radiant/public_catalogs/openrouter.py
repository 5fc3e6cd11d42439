"""OpenRouter's list of models: `{"data": […]}`, prices as text in USD per single token, request or image.

What OpenRouter says holds for OpenRouter. Its prices are its own, so `anthropic/claude-…` here claims nothing of
Anthropic's offering.
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from radiant.claims.document import document
from radiant.claims.entries import listed, problem_with_id, shown
from radiant.claims.facts import Facts
from radiant.claims.reading import Claim, Reading, Refusals
from radiant.domain.errors import SourceUnreadable
from radiant.domain.units import BY_KEY, NO_OUTPUT_TOKENS
from radiant.domain.vocabulary import Modality, Task

from .tasks import capabilities_of_flow, settle_prices
from .vocabulary import MODALITIES, OPENROUTER_OUTPUTS, OPENROUTER_PARAMETERS

SOURCE: Final = "openrouter"

#: The price of what is routed elsewhere and only known afterwards.
_DYNAMIC: Final = Decimal(-1)

_PER_TOKEN: Final = {
    "prompt": "input_per_mtok",
    "completion": "output_per_mtok",
    "input_cache_read": "cache_read_per_mtok",
    "input_cache_write": "cache_write_per_mtok",
    "audio": "audio_input_per_mtok",
    "audio_output": "audio_output_per_mtok",
    "image_output": "image_output_per_mtok",
}
_TIERED: Final = tuple(key for key, meter in _PER_TOKEN.items() if BY_KEY[meter].tiered)

_NUMBER: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?\Z")


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
    facts.text("display_name", raw.get("name"), of="name")
    architecture = facts.table(raw.get("architecture"), of="architecture")
    names = architecture.get("output_modalities")
    into = facts.modalities(architecture.get("input_modalities"), MODALITIES, of="architecture.input_modalities")
    out = facts.modalities(names, MODALITIES, of="architecture.output_modalities")
    task = _task(id, names if isinstance(names, list) else [], out)
    facts.known("task", task.value if task else None)
    facts.flow(into, out)
    best = facts.table(raw.get("top_provider"), of="top_provider")
    facts.count("context_window", raw.get("context_length"), of="context_length")
    if "context_window" not in facts.values:
        facts.count("context_window", best.get("context_length"), of="top_provider.context_length")
    if task not in NO_OUTPUT_TOKENS:
        facts.count("max_output", best.get("max_completion_tokens"), of="top_provider.max_completion_tokens")
    _capabilities(facts, raw, task, into, out)
    _prices(facts, raw, task)
    target = facts.table(raw.get("alias_target"), of="alias_target").get("slug")
    facts.known("alias_of", target if type(target) is str and problem_with_id(target) is None else None)
    facts.day("retires", raw.get("expiration_date"), of="expiration_date")
    return facts.claim("openrouter", id)


def _task(id: str, names: list[Any], out: set[Modality]) -> Task | None:
    for name, task in OPENROUTER_OUTPUTS.items():
        if name in names:
            return task
    if not out:
        return None
    if Modality.TEXT not in out:
        return Task.IMAGE if Modality.IMAGE in out else Task.AUDIO
    return Task.IMAGE if Modality.IMAGE in out and "image" in id else Task.CHAT


def _capabilities(
    facts: Facts, raw: Mapping[str, Any], task: Task | None, into: set[Modality], out: set[Modality]
) -> None:
    parameters = facts.names(raw.get("supported_parameters"), of="supported_parameters")
    found = {OPENROUTER_PARAMETERS[name] for name in parameters if name in OPENROUTER_PARAMETERS}
    found.update(capabilities_of_flow(task, into, out))
    facts.known("capabilities", sorted(found) or None)


def _prices(facts: Facts, raw: Mapping[str, Any], task: Task | None) -> None:
    pricing = facts.table(raw.get("pricing"), of="pricing")
    if any(_number(pricing.get(key)) == _DYNAMIC for key in ("prompt", "completion", "request")):
        return
    for key, meter in _PER_TOKEN.items():
        facts.price(meter, _price(facts, pricing, key, of=f"pricing.{key}"), of=f"pricing.{key}")
    facts.price("per_request", _price(facts, pricing, "request", of="pricing.request"), of="pricing.request")
    tiers: dict[int, dict[str, Decimal]] = {}
    overrides = pricing.get("overrides")
    for place, override in enumerate(overrides if isinstance(overrides, list) else ()):
        _override(facts, tiers, override, of=f"pricing.overrides[{place}]")
    settle_prices(facts, tiers, task)


def _override(facts: Facts, tiers: dict[int, dict[str, Decimal]], raw: Any, *, of: str) -> None:
    """Prices of long prompts; prices of certain hours are no tier."""
    override = facts.table(raw, of=of)
    above = override.get("min_prompt_tokens")
    if above is None or "utc_start" in override or "utc_end" in override:
        return
    if type(above) is not int or not 0 < above <= 1_000_000_000:
        facts.refuse(f"`{of}.min_prompt_tokens` is {shown(above)}; expected a number of tokens")
        return
    for key in _TIERED:
        where = f"{of}.{key}"
        amount = facts.amount(_PER_TOKEN[key], _price(facts, override, key, of=where), of=where)
        if amount is not None:
            tiers.setdefault(above, {})[_PER_TOKEN[key]] = amount


def _price(facts: Facts, pricing: Mapping[str, Any], key: str, *, of: str) -> Decimal | None:
    """The number a text holds; anything but such a text is refused."""
    raw = pricing.get(key)
    if raw is None:
        return None
    number = _number(raw)
    if number is None:
        facts.refuse(f"`{of}` is {shown(raw)}; expected a number as text")
    return number


def _number(raw: Any) -> Decimal | None:
    return Decimal(raw) if type(raw) is str and _NUMBER.match(raw) else None
