"""What a filter of models means in the registry's own names."""

from collections.abc import Collection

import msgspec

from radiant.domain.errors import UnknownFilterValue
from radiant.domain.registry_model import ModelFilter
from radiant.domain.vocabulary import Category, HealthStatus, Hosting, Modality, ModelClass, Task
from radiant.names.capabilities import capability_named, nearest_capabilities
from radiant.names.folding import nearest
from radiant.names.providers import nearest_providers, provider_named
from radiant.registry import models
from radiant.registry.database import Connection

_ALLOWED: dict[str, list[str]] = {
    "hosting": [hosting.value for hosting in Hosting],
    "status": [status.value for status in HealthStatus],
    "task": [task.value for task in Task],
    "model_class": [it.value for it in ModelClass],
    "modalities": [modality.value for modality in Modality],
    "input_modalities": [modality.value for modality in Modality],
    "output_modalities": [modality.value for modality in Modality],
    "category": [category.value for category in Category],
}


async def meant(connection: Connection, wanted: ModelFilter) -> ModelFilter:
    """The same filter in these names. Raises UnknownFilterValue."""
    known = await models.known_values(connection)
    found = understood(wanted, known)
    _refuse_unknown(found, known)
    return found


def _refuse_unknown(wanted: ModelFilter, known: dict[str, list[str]]) -> None:
    """A misspelled value must not look like an empty shelf."""
    for field in _ALLOWED.keys() | known.keys():
        allowed = list(dict.fromkeys([*_ALLOWED.get(field, ()), *known.get(field, ())]))
        given = getattr(wanted, field)
        for value in [given] if isinstance(given, str) else given or ():
            if value not in allowed:
                raise UnknownFilterValue(field, value, tuple(allowed), _close(field, value, allowed))


def known_provider(name: str, known: Collection[str]) -> str:
    """The one of `known` that is meant. Raises UnknownFilterValue."""
    found = provider_named(name, known)
    if found is None:
        raise UnknownFilterValue("provider", name, tuple(sorted(known)), nearest_providers(name, known))
    return found


def understood(wanted: ModelFilter, known: dict[str, list[str]]) -> ModelFilter:
    """The same filter with the names that a provider and capabilities have here; what is not known stays."""
    provider, capabilities = wanted.provider, wanted.capabilities
    if provider is not None:
        provider = provider_named(provider, known.get("provider", ())) or provider
    has = known.get("capabilities", ())
    return msgspec.structs.replace(
        wanted, provider=provider, capabilities=tuple(capability_named(word, has) or word for word in capabilities)
    )


def _close(field: str, value: str, allowed: list[str]) -> tuple[str, ...]:
    """What is nearest to a value that is not allowed."""
    if field == "provider":
        return nearest_providers(value, allowed)
    return nearest_capabilities(value, allowed) if field == "capabilities" else nearest(value, allowed)
