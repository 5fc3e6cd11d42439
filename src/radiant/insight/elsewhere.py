"""Which model is meant that the registry has not, and sources may speak of."""

from collections.abc import Iterable

from radiant.names.providers import provider_named
from radiant.registry import model_names
from radiant.registry.database import Connection

#: A provider and a model id.
Subject = tuple[str, str]

#: A provider, where it is named apart, and the name of a model.
Named = tuple[str | None, str]


def literally(provider: str | None, model: str) -> Subject:
    """The ids as they are written."""
    if provider is not None:
        return provider, model
    head, _, rest = model.partition("/")
    return head, rest


async def said_elsewhere(connection: Connection, named: Iterable[Named]) -> dict[Named, Subject]:
    """For each of `named` whose provider somebody speaks of, what it would be there."""
    spoken_of = await model_names.spoken_of(connection)
    found = {}
    for it in named:
        provider, model = literally(*it)
        at = provider_named(provider, spoken_of)
        if at is not None and model:
            found[it] = (at, model)
    return found
