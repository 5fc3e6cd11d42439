"""The same id in several entries: pages that moved while they were read, one list that adds facts to another. Pure."""

from collections.abc import Iterable

import msgspec

from radiant.claims.agreement import agree
from radiant.claims.entries import shorten
from radiant.claims.reading import FactValue, Refusal

from .listing import Kind, ListedModel


def joined(parts: Iterable[Iterable[ListedModel]]) -> tuple[list[ListedModel], list[Refusal]]:
    """Each id once, with all facts said of it; a fact on which its entries differ is left out, and told once an id."""
    found: dict[str, ListedModel] = {}
    differing: dict[str, set[str]] = {}
    for models in parts:
        for model in models:
            before = found.get(model.id)
            if before is None:
                found[model.id] = model
            elif before != model:
                found[model.id], differs = _both(before, model, differing.get(model.id, set()))
                if differs:
                    differing.setdefault(model.id, set()).update(differs)
    refused = [
        Refusal(shorten(id), f"stands more than once, with different {', '.join(sorted(fields))}; none was read")
        for id, fields in differing.items()
    ]
    return list(found.values()), refused


def _both(one: ListedModel, other: ListedModel, dropped: set[str]) -> tuple[ListedModel, set[str]]:
    differs = {key for key, value in other.facts.items() if key in one.facts and not agree(key, one.facts[key], value)}
    facts: dict[str, FactValue] = {
        key: value for key, value in {**other.facts, **one.facts}.items() if key not in differs | dropped
    }
    special = one if one.kind is not Kind.MODEL else other
    return (
        msgspec.structs.replace(
            one,
            kind=special.kind,
            of=special.of or one.of or other.of,
            aliases=tuple(sorted({*one.aliases, *other.aliases})),
            facts=facts,
            created=one.created if one.created == other.created else None,
        ),
        differs,
    )
