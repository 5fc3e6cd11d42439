"""Makes the registry say what one provider's list says, within one transaction."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from radiant.catalog.precedence import PROVIDER
from radiant.claims.reading import Refusal
from radiant.domain.sync import ProviderResult
from radiant.providers.listing import Listing
from radiant.registry import catalog_tables as tables
from radiant.registry import facts, lists
from radiant.registry.database import Connection
from radiant.registry.exact_json import as_json, from_json

from .discovery import found
from .lifecycle import Absence, Known, Verdict, judge
from .offers import offers
from .queueing import Moment, Place, keep
from .telling import Tell
from .writing import write


async def reconcile(connection: Connection, listing: Listing, moment: Moment, tell: Tell | None) -> ProviderResult:
    """Write what differs and return what was found; the very same list again writes nothing."""
    provider = listing.provider_id
    place = Place(connection=connection, provider=provider, moment=moment, tell=tell)
    digest = listing.digest
    await tables.begin(connection)
    models = {row["model_id"]: row for row in await lists.models(connection, provider)}
    kept = await lists.listed(connection, provider)
    names = {name for id, row in models.items() for name in (id, *row["aliases"])}
    here = found(listing.models, models)
    # What only public catalogs claimed was in no list: there is nothing that could be missing in this one.
    before = {id: row for id, row in kept.items() if not row["claimed_by"]}
    verdict = await _judged(place, listing, models, before, {it.id for it in here})
    doubted = not listing.complete or verdict.held is not None
    changed = await _write_facts(connection, listing, digest, None if doubted else _lasting(models, verdict))
    new, approved, named, refused = await keep(place, here, kept, names)
    if not doubted:
        listed = {it.id for it in here}
        gone = [id for id, row in before.items() if row["absent_since"] is None and id not in listed]
        await lists.set_absent(connection, provider, gone, moment.at)
    await _decree(place, digest, verdict)
    wanted = {(provider, id): "discovered" for id in approved}
    wanted |= of_facts(provider, models, models if changed else named)
    updated = await write_offers(connection, wanted, refused)
    return ProviderResult(
        provider_id=provider,
        seen=len(listing.models),
        new=new,
        changed=len(changed | updated),
        missing=len(verdict.missing),
        deprecated=len(verdict.deprecated),
        restored=len(verdict.restored),
        complete=listing.complete,
        digest=digest,
        note=verdict.held or listing.partial,
        errors=tuple(map(str, (*listing.problems, *refused))),
    )


#: Models whose rows are made of facts.
FROM_FACTS = ("discovered", "adopted")


def of_facts(provider: str, models: Mapping[str, Mapping[str, Any]], ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """Those of `ids` whose rows are made of facts, by provider and id, with their origin."""
    rows = {id: models[id] for id in ids if id in models}
    return {(provider, id): row["origin"] for id, row in rows.items() if row["origin"] in FROM_FACTS}


async def write_offers(
    connection: Connection, wanted: Mapping[tuple[str, str], str], refused: list[Refusal]
) -> set[str]:
    """Make rows of `models` for these, by provider and model id with their origin; the models that were updated."""
    updated: set[str] = set()
    there = await tables.keys_of_origin(connection, FROM_FACTS) if wanted else set()
    for origin in sorted(set(wanted.values())):
        subjects = [key for key, it in wanted.items() if it == origin]
        rows, _ = await offers(
            connection, subjects, origin, refused=refused, variants=origin == "discovered", there=there
        )
        for some in ([it for it in rows if "name" in it], [it for it in rows if "name" not in it]):
            changes = await write(connection, tables.MODELS, some)
            updated |= {change.key[-1] for change in changes.updated}
    return updated


def _lasting(models: Mapping[str, Mapping[str, Any]], verdict: Verdict) -> set[str]:
    """The ids of which a list takes no facts away by not having them: models that are not at their end, and those whose
    rows are made of these facts, which have a price also then."""
    over = set(verdict.deprecated)
    lasting = {
        id: row for id, row in models.items() if row["origin"] in FROM_FACTS or not (row["deprecated"] or id in over)
    }
    return {name for id, row in lasting.items() for name in (id, *row["aliases"])}


async def _write_facts(
    connection: Connection, listing: Listing, digest: str, lasting: Collection[str] | None
) -> set[str]:
    """Make the provider's own facts those of the list, and return the models of which they changed.

    Those of `lasting` ids that the list does not have stay as they are; None is all. What came of the same list before
    is not even read, unless facts of another are left beside it.
    """
    source = f"{PROVIDER}{listing.provider_id}"
    if await facts.is_imported(connection, source, digest, facts=sum(len(it.facts) for it in listing.models)):
        return set()
    before = await facts.said_by(connection, source)
    listed = {model.id for model in listing.models} if listing.complete else set()
    now = {id: said for id, said in before.items() if (lasting is None or id in lasting) and id not in listed}
    for model in listing.models:
        if model.facts:
            now[model.id] = dict(model.facts)
    plain = {entry: {field: from_json(as_json(it)) for field, it in said.items()} for entry, said in now.items()}
    if plain == before:
        return set()
    incoming = [
        facts.Incoming(entry, field, as_json(value), listing.provider_id, entry, None, None)
        for entry, said in now.items()
        for field, value in said.items()
    ]
    counts = {"entries": len(listing.models), "refused": len(listing.refused)}
    await facts.replace(connection, source, incoming, digest=digest, source_date=None, **counts)
    return {id for id in before.keys() & plain.keys() if before[id] != plain[id]}


async def _judged(
    place: Place, listing: Listing, models: Mapping[str, Any], kept: Mapping[str, Any], listed: set[str]
) -> Verdict:
    absences = await lists.absences(place.connection, place.provider)
    over = await lists.ended(place.connection, place.provider)
    known = [
        Known(
            id=id,
            names=frozenset((id, *row["aliases"])),
            deprecated=row["deprecated"],
            by_absence=over.get((place.provider, id)) == "deprecated",
            settled=row["settled"],
            absences=tuple(Absence(at=at, digest=digest) for at, digest in absences.get(id, ())),
        )
        for id, row in models.items()
        if not kept.keys().isdisjoint((id, *row["aliases"]))
    ]
    ours = {it.id for it in known}
    return judge(
        known,
        listed,
        complete=listing.complete,
        at=place.moment.at,
        interval=place.moment.interval,
        others=sum(id not in ours and not row["deprecated"] for id, row in models.items()),
        before=[id for id, row in kept.items() if row["absent_since"] is None],
    )


async def _decree(place: Place, digest: str, verdict: Verdict) -> None:
    """Write the evidence and what follows from it, of which triggers tell."""
    steps = (
        ("absent", verdict.absent),
        ("deprecated", verdict.deprecated),
        ("returned", [id for id in verdict.returned if id not in verdict.restored]),
        ("restored", verdict.restored),
    )
    noted = [lists.Noted(place.provider, id, what, digest) for what, ids in steps for id in ids]
    await lists.note(place.connection, noted, place.moment.at, place.moment.run)
    for ids, deprecated in ((verdict.deprecated, True), (verdict.restored, False)):
        await tables.set_deprecated(place.connection, tables.MODELS, [(place.provider, id) for id in ids], deprecated)
