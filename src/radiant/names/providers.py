"""Which provider is meant."""

from collections.abc import Collection

from .folding import nearest, the_one
from .prefixes import providers_called


def provider_named(name: str, known: Collection[str]) -> str | None:
    """The one of `known` that is `name` but for case and punctuation, or that another catalog calls so."""
    found = the_one(name, known)
    if found is not None:
        return found
    called = providers_called(name, known)
    return called[0] if len(called) == 1 else None


def nearest_providers(name: str, known: Collection[str]) -> tuple[str, ...]:
    """Those of `known` that another catalog calls `name`, and else those most like it."""
    return tuple(sorted(providers_called(name, known))) or nearest(name, sorted(known))
