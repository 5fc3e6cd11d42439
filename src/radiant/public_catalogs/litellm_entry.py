"""What we know of a model as an entry of LiteLLM's map, the way back of `litellm.py`. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from radiant.domain.units import BY_KEY
from radiant.domain.vocabulary import Task

from .litellm_prices import BESIDES, FEES, PER_TOKEN, TIERED
from .vocabulary import LITELLM_MODES, LITELLM_SUPPORTS

#: The first of LiteLLM's names for each of ours.
_MODES: Final = {task: mode for mode, task in reversed(LITELLM_MODES.items())}
_FLAGS: Final = {capability: flag for flag, capability in reversed(LITELLM_SUPPORTS.items())}

#: Of a thousand tokens; a tier that begins between two thousands has no key.
_STEP: Final = 1000


def entry_of(id: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The entry for the LiteLLM id of a model of which `facts` hold, with exact prices in USD."""
    task = Task(facts.get("task", Task.OTHER))
    entry: dict[str, Any] = {"litellm_provider": id.partition("/")[0]}
    if task in _MODES:
        entry["mode"] = _MODES[task]
    limits = {"max_input_tokens": "context_window", "max_output_tokens": "max_output", "max_tokens": "max_output",
              "output_vector_size": "embedding_dimension"}  # fmt: skip
    entry |= {key: facts[name] for key, name in limits.items() if facts.get(name) is not None}
    entry |= _prices(task, facts)
    for tier in facts.get("price.tiers", ()):
        entry |= _tier(tier)
    return entry | {_FLAGS[name]: True for name in _known_abilities(facts.get("capabilities", ()))}


def _known_abilities(capabilities: Sequence[str]) -> list[str]:
    return sorted(name for name in capabilities if name in _FLAGS)


def _prices(task: Task, facts: Mapping[str, Any]) -> dict[str, Decimal]:
    said = {meter: facts.get(f"price.{meter}") for meter in BY_KEY}
    found = {key: _each(said[meter], meter) for key, meter in {**PER_TOKEN, **FEES}.items() if said[meter] is not None}
    taken: set[str] = set()
    for key, meter in BESIDES.get(task, ()):
        if said[meter] is not None and meter not in taken:
            found[key] = _each(said[meter], meter)
            taken.add(meter)
    return found


def _tier(tier: Mapping[str, Any]) -> dict[str, Decimal]:
    """Prices above so many thousand input tokens."""
    thousands, rest = divmod(int(tier["above_input_tokens"]), _STEP)
    if rest:
        return {}
    return {
        f"{key}_above_{thousands}k_tokens": _each(tier[PER_TOKEN[key]], PER_TOKEN[key])
        for key in TIERED
        if tier.get(PER_TOKEN[key]) is not None
    }


def _each(amount: Any, meter: str) -> Decimal:
    return Decimal(amount) / BY_KEY[meter].per
