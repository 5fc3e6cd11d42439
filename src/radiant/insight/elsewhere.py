"""Which model is meant that the registry has not, and sources may speak of."""

from collections.abc import Iterable

from radiant.names.prefixes import readings
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


async def said_elsewhere(connection: Connection, named: Iterable[Named]) -> dict[Named, tuple[Subject, ...]]:
    """For each of `named` whose provider somebody speaks of, what it would be there, the most literal first: `azure` is
    the name of two providers, and an id may be written as the resource that it is."""
    spoken_of = await model_names.spoken_of(connection)
    found = {}
    for it in named:
        provider, model = it
        at = None if provider is None else provider_named(provider, spoken_of)
        if at is not None:
            names = dict.fromkeys([model, *(reading.name for reading in readings(model, spoken_of))])
            found[it] = tuple((at, name) for name in names if name)
        elif provider is None:
            found[it] = _as_written(model, spoken_of)
    return {it: subjects for it, subjects in found.items() if subjects}


def _as_written(model: str, spoken_of: frozenset[str]) -> tuple[Subject, ...]:
    """At the providers that its first part stands for; what may stand behind a gateway's name is not its price."""
    found: dict[Subject, None] = {}
    named: frozenset[str] | None = None
    for reading in readings(model, spoken_of):
        if reading.providers is None or not reading.name:
            continue
        named = named or reading.providers
        if reading.providers == named:
            found |= dict.fromkeys((provider, reading.name) for provider in sorted(reading.providers))
    return tuple(found)
