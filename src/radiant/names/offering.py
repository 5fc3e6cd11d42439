"""Which one offering is meant by a provider, a model, or both."""

from radiant.domain.errors import AmbiguousModel, ModelNotFound, ProviderNotFound

from .known import KnownNames, M, qualified
from .providers import nearest_providers, provider_named


def provider_meant(names: KnownNames[M], provider: str) -> str:
    """The id of a provider. Raises ProviderNotFound."""
    known = provider_named(provider, names.providers)
    if known is None:
        raise ProviderNotFound(provider, nearest_providers(provider, names.providers))
    return known


def offering_meant(names: KnownNames[M], provider: str | None, model: str) -> M:
    """The model called `model`, at `provider` where that is given.

    Raises ProviderNotFound, ModelNotFound, and AmbiguousModel where several have it.
    """
    known = None if provider is None else provider_meant(names, provider)
    found = names.find(model)
    if known is not None:
        found = tuple(each for each in found if each.provider_id == known)
        if not found:
            raise ModelNotFound(f"{known}/{model}", names.nearest(f"{known}/{model}"))
    if len(found) > 1:
        raise AmbiguousModel(model, tuple(sorted(map(qualified, found))))
    return found[0]
