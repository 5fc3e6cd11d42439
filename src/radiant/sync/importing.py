"""Imports a public catalog into the table of facts, and adopts its models into the registry."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from radiant.claims.doubt import Doubt
from radiant.claims.reading import Reading, Refusal
from radiant.domain.errors import SourceUnreadable, UnknownFilterValue
from radiant.public_catalogs.provider_ids import litellm_prefix
from radiant.public_catalogs.provider_names import provider_name
from radiant.public_catalogs.roster import PublicSource
from radiant.registry import catalog_tables as tables
from radiant.registry import events, facts, runs, sources, statistics
from radiant.registry.database import Connection, Database
from radiant.registry.exact_json import as_json
from radiant.registry.sources import Fetched

from .aliases import name_curated
from .doubting import doubt
from .lifecycle import SHARE
from .offers import offers
from .pricing import keep_claims
from .writing import write


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import read and wrote. `unchanged` means the very same was imported before and nothing was written.

    `doubts` are the numbers of this source that are in doubt, beside what the others say now.
    """

    source: str
    entries: int
    facts: int
    added: int
    changed: int
    removed: int
    refused: tuple[Refusal, ...]
    unchanged: bool
    doubts: tuple[Doubt, ...] = ()


class AdoptionReport(msgspec.Struct, frozen=True, kw_only=True):
    """How many models came into the registry or changed there, and which could not, with the reason."""

    providers_added: int
    models_added: int
    models_updated: int
    refused: tuple[Refusal, ...]


async def import_facts(
    database: Database,
    source: PublicSource,
    body: bytes,
    today: dt.date,
    *,
    fetched: Fetched | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Read `body` as `source` and make its facts what it says `today`. Raises SourceUnreadable.

    All or nothing; entries that cannot be read are reported and stop nothing. `fetched` is how a body came that nobody
    gave: it is remembered, and one that lost more than a fifth of its entries is doubted and not taken over. With
    `dry_run` all of it is undone.
    """
    reading, digest, incoming = await asyncio.to_thread(_read, source, body, today)
    async with database.connection() as connection, connection.transaction(force_rollback=dry_run):
        if fetched is not None:
            _check_size(source, len(reading.claims), (await sources.imported_from(connection, source.id)).entries)
        if await facts.is_imported(connection, source.id, digest):
            written, unchanged = facts.Written(0, 0, 0), True
        else:
            unchanged = False
            written = await facts.replace(
                connection,
                source.id,
                incoming,
                digest=digest,
                entries=len(reading.claims),
                refused=len(reading.refusals),
                source_date=reading.date,
            )
            await keep_claims(connection, reading)
            await events.emit(
                connection,
                "radiant.catalog.imported",
                source.id,
                {
                    "source": source.id,
                    "entries": len(reading.claims),
                    "facts_added": written.added,
                    "facts_changed": written.changed,
                    "facts_removed": written.removed,
                },
            )
        if fetched is not None:
            until = None if reading.until is None else dt.date.fromisoformat(reading.until)
            await sources.remember(connection, source.id, msgspec.structs.replace(fetched, good_until=until))
        doubtful = await doubt(connection)
    return ImportReport(
        source=source.id,
        entries=len(reading.claims),
        facts=len(incoming),
        added=written.added,
        changed=written.changed,
        removed=written.removed,
        refused=tuple(reading.refusals),
        unchanged=unchanged,
        doubts=tuple(it for it in doubtful if it.source == source.id),
    )


def _read(source: PublicSource, body: bytes, today: dt.date) -> tuple[Reading, str, list[facts.Incoming]]:
    """What a document says, its digest, and its facts. Takes seconds: not for an event loop."""
    reading = source.read(body, today)
    return reading, hashlib.sha256(msgspec.json.encode(reading)).hexdigest(), list(_incoming(reading))


def _check_size(source: PublicSource, entries: int, before: int) -> None:
    """Raises SourceUnreadable where a document shrank as none does by itself."""
    if (before - entries) * SHARE > before:
        raise SourceUnreadable(
            source.id,
            f"holds {entries:,} entries where there were {before:,}, more than a fifth less: it is doubted and nothing"
            f" is taken over; `radiant catalog import {source.id}` does so all the same",
        )


async def adopt(database: Database, source: PublicSource, providers: Sequence[str] | None) -> AdoptionReport:
    """Make registry models of what `source` lists for `providers` (None for all); again changes nothing.

    Each field is what the precedence of sources says, not only this one. What is curated or was entered by hand
    stays as it is, but for names that it lacks. Entries that only price a size, a quality or a place of another model
    and that nobody can call are no models, and other names of a model are its aliases. A provider that an administrator
    deleted stays away with all of its models. Raises UnknownFilterValue for
    a provider it does not list.
    """
    refused: list[Refusal] = []
    async with database.connection() as connection, connection.transaction():
        await tables.begin(connection)
        await _check_providers(connection, source, providers)
        settled = await tables.keys_of_origin(connection, ["curated", "manual", "discovered"])
        subjects = set(await facts.subjects_of(connection, source.id, providers)) - settled
        known = await tables.provider_ids(connection)
        gone = {id for (id,) in await tables.deleted(connection, tables.PROVIDERS)} - known
        refused += [_gone(id) for id in sorted({provider for provider, _ in subjects} & gone)]
        subjects = {it for it in subjects if it[0] not in gone}
        rows, names = await offers(connection, subjects, "adopted", refused=refused, variants=False)
        described = await facts.provider_facts(connection, source.id)
        new = [_provider_row(id, described.get(id, {})) for id in sorted({row["provider_id"] for row in rows} - known)]
        await tables.insert(connection, tables.PROVIDERS, new)
        changes = await write(connection, tables.MODELS, rows)
        named = await name_curated(connection, names, settled)
        report = AdoptionReport(
            providers_added=len(new),
            models_added=len(changes.inserted),
            models_updated=len(changes.updated) + named,
            refused=tuple(refused),
        )
        if changes or named:
            await runs.record_completed(
                connection,
                "models",
                providers=len(new),
                added=report.models_added,
                updated=report.models_updated,
                deprecated=0,
            )
    if changes:
        async with database.connection() as connection:
            await statistics.refresh(connection, many=True)
    return report


def _gone(provider: str) -> Refusal:
    command = f"`radiant overrides drop provider:{provider}`"
    return Refusal(provider, f"was deleted by an administrator, so none of its models is adopted; {command} undoes it")


async def _check_providers(connection: Connection, source: PublicSource, providers: Sequence[str] | None) -> None:
    if providers is None:
        return
    listed = {provider for provider, _ in await facts.subjects_of(connection, source.id, None)}
    for provider in providers:
        if provider not in listed:
            raise UnknownFilterValue("provider", provider, tuple(sorted(listed)))


def _provider_row(id: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": id,
        "display_name": told.get("display_name") or provider_name(id),
        "api_base_url": told.get("api_base_url"),
        "docs_url": told.get("docs_url"),
        "key_variables": told.get("key_variables", []),
        "litellm_prefix": litellm_prefix(id),
    }


def _incoming(reading: Reading) -> Iterator[facts.Incoming]:
    for claim in reading.claims:
        named = claim.provider_id is not None and claim.model_id is not None
        provider, model = (claim.provider_id, claim.model_id) if named else (None, None)
        date = claim.date or reading.date
        for field, value in claim.facts.items():
            yield facts.Incoming(claim.entry, field, as_json(value), provider, model, None, date)
    for described in reading.providers:
        for field, value in msgspec.structs.asdict(described).items():
            if field != "id" and value:
                name = f"{facts.PROVIDER_FIELD}{field}"
                yield facts.Incoming(described.id, name, as_json(value), None, None, None, reading.date)
