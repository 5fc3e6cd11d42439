"""What public catalogs claim of a provider that has no list of its own.

A claim is less than a list: what is new goes to review with who claims it, and what nobody claims deprecates nothing.
Days of retirement that are claimed count as those of any model (`retiring.py`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from radiant.domain.counted import counted
from radiant.domain.sync import ProviderResult
from radiant.providers.listing import ListedModel, digest
from radiant.public_catalogs.roster import BY_ID
from radiant.registry import catalog_tables as tables
from radiant.registry import facts, lists
from radiant.registry.database import Connection

from .discovery import found
from .offers import is_no_model, said_of
from .queueing import Moment, Place, keep
from .reconciling import of_facts, write_offers
from .telling import Tell


async def claimed(connection: Connection, provider: str, moment: Moment, tell: Tell | None) -> ProviderResult | None:
    """Hold the claims about a provider against the registry; None where there are none.

    Writes within the caller's transaction; the same claims again write nothing.
    """
    sources = await facts.claimed(connection, provider, tuple(BY_ID))
    if not sources:
        return None
    place = Place(connection=connection, provider=provider, moment=moment, tell=tell)
    await tables.begin(connection)
    models = {row["model_id"]: row for row in await lists.models(connection, provider)}
    names = {name for id, row in models.items() for name in (id, *row["aliases"])}
    kept = await lists.listed(connection, provider)
    said = await said_of(connection, provider, list(sources))
    offered = [ListedModel(id=id) for id in sorted(sources) if not is_no_model(said[id])]
    fresh = [it for it in offered if it.id not in names and not is_over(said[it.id], moment.at.date())]
    new, approved, named, refused = await keep(place, found(fresh, models), kept, names, sources)
    here = {it.id for it in fresh}
    waiting = {id for id, row in kept.items() if row["claimed_by"] and row["absent_since"] is None}
    gone = sorted(waiting - here - names)
    await lists.set_absent(connection, provider, gone, moment.at)
    wanted = {(provider, id): "discovered" for id in approved} | of_facts(provider, models, named)
    await write_offers(connection, wanted, refused)
    unclaimed = [
        id for id, row in models.items() if not row["deprecated"] and sources.keys().isdisjoint((id, *row["aliases"]))
    ]
    return ProviderResult(
        provider_id=provider,
        seen=len(offered),
        new=new,
        missing=len(unclaimed),
        complete=False,
        digest=digest(offered),
        errors=tuple(map(str, refused)),
        note=_note(sorted({it for each in sources.values() for it in each}), models, said),
    )


def is_over(said: Mapping[str, Any], today: dt.date) -> bool:
    """Whether a model is claimed to have ended. Pure."""
    retires = said.get("retires")
    return bool(said.get("deprecated")) or (isinstance(retires, str) and dt.date.fromisoformat(retires) <= today)


def _note(sources: Sequence[str], models: Mapping[str, Any], said: Mapping[str, Mapping[str, Any]]) -> str:
    ended = [id for id, row in models.items() if not row["deprecated"] and said.get(id, {}).get("deprecated")]
    told = f"; {counted(len(ended), 'model')} they call deprecated: {', '.join(sorted(ended)[:5])}" if ended else ""
    return f"it has no list and is checked against what {', '.join(sources)} claim, where absence says nothing{told}"
