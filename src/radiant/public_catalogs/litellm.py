"""LiteLLM's model map: one JSON object with an entry per key."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from radiant.claims.document import document
from radiant.claims.entries import entries, shown
from radiant.claims.facts import Facts
from radiant.claims.reading import Claim, Reading, Refusals
from radiant.domain.errors import SourceUnreadable
from radiant.domain.units import NO_OUTPUT_TOKENS
from radiant.domain.vocabulary import Modality, Task

from .identity import Identity, litellm_identity
from .litellm_prices import read_prices
from .tasks import capabilities_of_task, plainer_task
from .vocabulary import FLOWS, LITELLM_MODE_CAPABILITIES, LITELLM_MODES, LITELLM_SUPPORTS, MODALITIES, UNKNOWN_FLOW

SOURCE: Final = "litellm"

#: Parts of the map that are no entries: its documentation, and patterns for ids it does not list.
_NO_ENTRIES: Final = ("sample_spec", "fallback_generalizations")

#: The map without those, by key.
Entries = Mapping[str, Mapping[str, Any]]

_INPUT_FLAGS: Final = {
    "supports_vision": Modality.IMAGE,
    "supports_image_input": Modality.IMAGE,
    "supports_embedding_image_input": Modality.IMAGE,
    "supports_pdf_input": Modality.FILE,
    "supports_audio_input": Modality.AUDIO,
    "supports_video_input": Modality.VIDEO,
}

_FLAGS: Final = tuple({**LITELLM_SUPPORTS, **_INPUT_FLAGS})


def read(body: bytes, on: dt.date | None = None) -> Reading:
    """Read the map; `on` makes no difference, as its prices have no dates. Raises SourceUnreadable."""
    raw = document(SOURCE, body)
    if not isinstance(raw, dict):
        raise SourceUnreadable(SOURCE, f"is {shown(raw)}; expected an object with one entry per model")
    refused = Refusals(SOURCE)
    found = {key: entry for key, entry in entries(raw, refused) if key not in _NO_ENTRIES}
    claims = [
        claim
        for key, entry in found.items()
        if (claim := (_alias if "alias_of" in entry else _claim)(key, found, refused)) is not None
    ]
    return Reading.of(SOURCE, claims, refused)


def _alias(key: str, found: Entries, refused: Refusals) -> Claim | None:
    """An entry that only names another, and has that one's provider.

    One that is told apart from it by the provider's prefix alone names nothing new.
    """
    facts = Facts(key, refused)
    target = _end(key, found)
    identity = _identity(target, found)
    if identity is None or identity.model is None:
        facts.refuse(f"`alias_of` is {shown(found[key]['alias_of'])}, which is no entry with a provider")
        return None
    name = litellm_identity(key, found[target]["litellm_provider"]).model
    if name == identity.model:
        return None
    facts.known("alias_of", identity.model)
    return facts.claim(identity.provider, name)


def _end(key: str, found: Entries) -> Any:
    """Where a chain of aliases leads; one that never ends leads back to an alias."""
    seen: set[str] = set()
    target: Any = key
    while type(target) is str and target in found and "alias_of" in found[target] and target not in seen:
        seen.add(target)
        target = found[target]["alias_of"]
    return target


def _identity(key: Any, found: Entries) -> Identity | None:
    provider = found[key].get("litellm_provider") if type(key) is str and key in found else None
    return litellm_identity(key, provider) if type(provider) is str and provider.strip() else None


def _claim(key: str, found: Entries, refused: Refusals) -> Claim | None:
    facts, entry = Facts(key, refused), found[key]
    identity = _identity(key, found)
    if identity is None:
        facts.refuse(f"`litellm_provider` is {shown(entry.get('litellm_provider'))}; expected the name of a provider")
        return None
    facts.repeats(entry)
    mode = entry.get("mode")
    if mode is not None and type(mode) is not str:
        facts.refuse(f"`mode` is {shown(mode)}; expected text")
        mode = None
    task = plainer_task(LITELLM_MODES.get(mode, Task.OTHER) if mode else None, key)
    if task is not None:
        facts.values["task"] = task.value
    _limits(facts, entry, task)
    _abilities(facts, entry, task, mode)
    read_prices(facts, entry, task, identity.provider)
    facts.day("retires", entry.get("deprecation_date"), of="deprecation_date")
    facts.known("successor", _successor(entry.get("successor_model"), identity, found))
    facts.known("litellm_id", identity.callable)
    facts.known("region", identity.region)
    facts.known("variant", identity.variant)
    facts.known("variant_of", identity.base)
    facts.only_usd(entry)
    return facts.claim(identity.provider, identity.model)


def _successor(key: Any, of: Identity, found: Entries) -> str | None:
    """The model that takes its place; where another provider has it, with that before it."""
    identity = _identity(key, found)
    if identity is None or identity.model is None or identity.model == of.model:
        return None
    return identity.model if identity.provider == of.provider else f"{identity.provider}/{identity.model}"


def _limits(facts: Facts, entry: Mapping[str, Any], task: Task | None) -> None:
    """`max_input_tokens` is the window with most providers, and with some the part of it that input may take."""
    facts.count("context_window", entry.get("max_input_tokens"), of="max_input_tokens")
    facts.known("max_input", facts.values.get("context_window"))
    if task not in NO_OUTPUT_TOKENS:
        facts.count("max_output", entry.get("max_output_tokens"), of="max_output_tokens")
    facts.count("embedding_dimension", entry.get("output_vector_size"), of="output_vector_size")


def _abilities(facts: Facts, entry: Mapping[str, Any], task: Task | None, mode: str | None) -> None:
    """From the mode and the flags that are true; a flag that is false or absent claims nothing."""
    flags = _true_flags(facts, entry)
    capabilities = {LITELLM_SUPPORTS[flag] for flag in flags if flag in LITELLM_SUPPORTS}
    if mode in LITELLM_MODE_CAPABILITIES:
        capabilities.add(LITELLM_MODE_CAPABILITIES[mode])
    capabilities.update(capabilities_of_task(task))
    facts.known("capabilities", sorted(capabilities) or None)
    flow = FLOWS.get(task, UNKNOWN_FLOW) if task else UNKNOWN_FLOW
    into = facts.modalities(entry.get("supported_modalities"), MODALITIES, of="supported_modalities") or set(flow.into)
    if into:
        into |= {_INPUT_FLAGS[flag] for flag in flags if flag in _INPUT_FLAGS}
    if mode == "image_edit":
        into.add(Modality.IMAGE)
    key = "supported_output_modalities"
    out = facts.modalities(entry.get(key), MODALITIES, of=key)
    if task in NO_OUTPUT_TOKENS or not out:
        out = set(flow.out)
        if task is Task.CHAT and "supports_audio_output" in flags:
            out.add(Modality.AUDIO)
    facts.flow(into, out)


def _true_flags(facts: Facts, entry: Mapping[str, Any]) -> list[str]:
    true = []
    for flag in _FLAGS:
        value = entry.get(flag)
        if value is True:
            true.append(flag)
        elif value is not None and value is not False:
            facts.refuse(f"`{flag}` is {shown(value)}; expected true or false")
    return true
