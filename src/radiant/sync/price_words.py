"""Which sources speak of a model's prices for the first time, which say otherwise than before, and what is taken over.

Who speaks for the first time changes who decides; nobody said otherwise. So what is in force then is what it would be
had they spoken from the start, and a guard asks about the others: who said one thing and says another.
"""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from radiant.claims.doubt import Doubt, Place, doubts, is_weighed, likeness, said_by
from radiant.claims.doubt import Said as Numbers
from radiant.pricing.wanted import Said
from radiant.pricing.words import Before, as_before, facts_of
from radiant.registry import doubts as kept
from radiant.registry import price_words
from radiant.registry.database import Connection
from radiant.registry.price_words import Speaker, Unsettled
from radiant.registry.prices import Key

#: The claims that count of each source that says otherwise now.
_Counting = Mapping[Speaker, Sequence[Mapping[str, Any]]]


async def before(
    connection: Connection, words: Iterable[Unsettled], asked: Iterable[Said], now: dt.datetime
) -> dict[Key, Before | None]:
    """The models of which, or of whose namesakes elsewhere, a source speaks for the first time, with what would be said
    of them if all others still said what they did; None where all others do."""
    words = list(words)
    fresh = {likeness(it.speaker[1][1]) for it in words if it.said and not it.known}
    changed = {it.speaker for it in words if it.known and likeness(it.speaker[1][1]) in fresh}
    asked = [it for it in asked if likeness(it.model_id) in fresh]
    if not changed:
        return {(it.provider_id, it.model_id): None for it in asked}
    counting = await price_words.counting(connection, sorted(changed))
    names = {likeness(model) for _, (_, model) in changed}
    numbers = [it for it in await kept.numbers(connection) if likeness(it.model_id) in names]
    doubted = await asyncio.to_thread(_doubts, numbers, counting, now)
    of_model: dict[Key, dict[str, Sequence[Mapping[str, Any]]]] = defaultdict(dict)
    for (source, key), claims in counting.items():
        of_model[key][source] = claims
    return {
        (it.provider_id, it.model_id): (
            Before(as_before(it, of_model[it.provider_id, it.model_id], now), doubted)
            if likeness(it.model_id) in names
            else None
        )
        for it in asked
    }


def _doubts(numbers: Iterable[Numbers], counting: _Counting, now: dt.datetime) -> dict[Place, Doubt]:
    """What was in doubt of these numbers with the prices of claims that count in place of those that are said."""
    told = []
    for it in numbers:
        if (it.source, (it.provider_id, it.model_id)) in counting:
            limits = {field: value for field, value in it.numbers.items() if not field.startswith("price.")}
            it = it._replace(numbers=limits)
        told.append(it)
    for (source, (provider, model)), claims in counting.items():
        by_entry: dict[str, dict[str, Any]] = defaultdict(dict)
        for fact in facts_of(claims, now):
            if is_weighed(fact.field):
                by_entry[fact.entry][fact.field] = fact.value
        told += [said_by(source, entry, provider, model, facts) for entry, facts in by_entry.items()]
    return {it.place: it for it in doubts(told)}


async def settle(
    connection: Connection, words: Iterable[Unsettled], waiting: Collection[Key], concerned: Callable[[Key], bool]
) -> None:
    """What was said counts from now on, of the models that a run was `concerned` with; but for those that wait for
    somebody's decision, where only who speaks for the first time is taken over."""
    await price_words.take(
        connection,
        [it for it in words if concerned(it.speaker[1]) and not (it.known and it.speaker[1] in waiting)],
    )


async def settle_approved(
    connection: Connection, approved: Iterable[Mapping[str, Any]], held: Iterable[Mapping[str, Any]]
) -> None:
    """Once what was held of a model is approved, all of it, what was said when it was proposed counts."""
    proposed: dict[Key, dt.datetime] = {}
    for it in approved:
        key = (it["provider_id"], it["model_id"])
        proposed[key] = min(it["at"], proposed.get(key, it["at"]))
    for it in held:
        proposed.pop((it["provider_id"], it["model_id"]), None)
    words = await price_words.unsettled(connection)
    told = [it for it in words if it.speaker[1] in proposed and it.since <= proposed[it.speaker[1]]]
    await price_words.take(connection, told)
