"""Bring a public catalog into the table of facts, and its models into the registry."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from radiant import wording
from radiant.catalog.fields import model_from_facts
from radiant.catalog.precedence import holding
from radiant.catalog.rows import external_row
from radiant.claims.reading import Reading, Refusal
from radiant.domain.errors import UnknownFilterValue
from radiant.public_catalogs.provider_ids import litellm_prefix
from radiant.public_catalogs.provider_names import provider_name
from radiant.public_catalogs.roster import PublicSource
from radiant.registry import catalog_tables as tables
from radiant.registry import facts, runs, statistics
from radiant.registry.database import Connection, Database

from .names import name_curated, names_told, with_names
from .seed import by_subject
from .writing import write


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import read and wrote. `unchanged` means the very same was imported before and nothing was written."""

    source: str
    entries: int
    facts: int
    added: int
    changed: int
    removed: int
    refused: tuple[Refusal, ...]
    unchanged: bool


class AdoptionReport(msgspec.Struct, frozen=True, kw_only=True):
    """How many models came into the registry or changed there, and which could not, with the reason."""

    providers_added: int
    models_added: int
    models_updated: int
    refused: tuple[Refusal, ...]


async def import_facts(database: Database, source: PublicSource, body: bytes, today: dt.date) -> ImportReport:
    """Read `body` as `source` and make its facts what it says `today`. Raises SourceUnreadable.

    All or nothing; entries that cannot be read are reported and stop nothing.
    """
    reading = source.read(body, today)
    digest = hashlib.sha256(msgspec.json.encode(reading)).hexdigest()
    incoming = list(_incoming(reading))
    async with database.connection() as connection, connection.transaction():
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
    return ImportReport(
        source=source.id,
        entries=len(reading.claims),
        facts=len(incoming),
        added=written.added,
        changed=written.changed,
        removed=written.removed,
        refused=tuple(reading.refusals),
        unchanged=unchanged,
    )


async def adopt(database: Database, source: PublicSource, providers: Sequence[str] | None) -> AdoptionReport:
    """Make registry models of what `source` lists for `providers` (None for all); again changes nothing.

    Each field is what the precedence of sources says, not only this one. What is curated or was entered by hand
    stays as it is, but for names that it lacks. Entries that only price a size, a quality or a place of another model
    and that nobody can call are no models, and other names of a model are its aliases. Raises UnknownFilterValue for
    a provider it does not list.
    """
    refused: list[Refusal] = []
    async with database.connection() as connection, connection.transaction():
        await tables.begin(connection)
        await _check_providers(connection, source, providers)
        settled = await tables.keys_of_origin(connection, ["curated", "manual", "discovered"])
        subjects = set(await facts.subjects_of(connection, source.id, providers)) - settled
        told = by_subject(await facts.public_facts(connection, subjects))
        rows = []
        for (provider, model_id), claims in sorted(told.items()):
            said = {field: fact.value for field, fact in holding(claims).items()}
            if "alias_of" in said or ("variant_of" in said and not ("region" in said and "litellm_id" in said)):
                continue
            try:
                model = model_from_facts(model_id, said)
            except (msgspec.ValidationError, ValueError) as error:
                refused.append(Refusal(entry=f"{provider}/{model_id}", problem=wording.sentence(error)))
                continue
            deprecated = bool(said.get("deprecated"))
            rows.append({**external_row(provider, model_id, model), "origin": "adopted", "deprecated": deprecated})
        names = await names_told(connection, [(row["provider_id"], row["model_id"]) for row in rows])
        prefixes = await tables.litellm_prefixes(connection)
        rows = [with_names(_callable(row, prefixes), names) for row in rows]
        known = await tables.provider_ids(connection)
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


async def _check_providers(connection: Connection, source: PublicSource, providers: Sequence[str] | None) -> None:
    if providers is None:
        return
    listed = {provider for provider, _ in await facts.subjects_of(connection, source.id, None)}
    for provider in providers:
        if provider not in listed:
            raise UnknownFilterValue("provider", provider, tuple(sorted(listed)))


def _callable(row: dict[str, Any], prefixes: Mapping[str, str]) -> dict[str, Any]:
    """The row with the id that LiteLLM calls the model by, where a source or the provider's prefix tells it."""
    provider, known = row["provider_id"], row["litellm_id"]
    prefix = prefixes.get(provider) or litellm_prefix(provider)
    return row if known or prefix is None else {**row, "litellm_id": f"{prefix}/{row['model_id']}"}


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
            yield facts.Incoming(claim.entry, field, facts.as_json(value), provider, model, None, date)
    for described in reading.providers:
        for field, value in msgspec.structs.asdict(described).items():
            if field != "id" and value:
                name = f"{facts.PROVIDER_FIELD}{field}"
                yield facts.Incoming(described.id, name, facts.as_json(value), None, None, None, reading.date)
