"""Seeds the catalog into the registry, in one transaction; writes nothing where nothing changed."""

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from radiant.catalog.fields import facts_of, in_other_currency, model_from_facts, references_of
from radiant.catalog.load import SHIPPED, Catalog
from radiant.catalog.precedence import CURATED, filled, trusted
from radiant.catalog.rows import external_row, provider_row, self_hosted_row
from radiant.catalog.shelf import PREFIX
from radiant.domain.external import ExternalModel
from radiant.domain.fact import Fact
from radiant.domain.self_hosted import SelfHostedModel
from radiant.pricing.currencies import said_in_usd
from radiant.registry import catalog_tables as tables
from radiant.registry import catalogs, currencies, defaults, doubts, facts, prices, runs, statistics
from radiant.registry.database import Connection, Database
from radiant.registry.exact_json import as_json

from .aliases import names_told, with_names
from .diff import Changes
from .doubting import carried, decided, doubt
from .pricing import bring_up_to_date
from .writing import write

Row = Mapping[str, Any]


class SeedReport(msgspec.Struct, frozen=True):
    """What a seed wrote; all zero when the registry already said what the catalog says.

    `newer` is the version of our catalog that the registry has, where this program's is older and was left out.
    """

    providers_updated: int = 0
    models_added: int = 0
    models_updated: int = 0
    models_deprecated: int = 0
    defaults_updated: int = 0
    newer: str | None = None

    @property
    def counts(self) -> dict[str, int]:
        """What of it the log of runs counts."""
        return {
            "providers": self.providers_updated,
            "added": self.models_added,
            "updated": self.models_updated,
            "deprecated": self.models_deprecated,
        }

    def __bool__(self) -> bool:
        return any((self.providers_updated, self.models_added, self.models_updated, self.models_deprecated)) or bool(
            self.defaults_updated
        )


async def seed(database: Database, catalog: Catalog, *, grace: dt.timedelta, log: bool = True) -> SeedReport:
    """Make the registry say what the catalog says, except where an administrator decided otherwise.

    A model an administrator entered by hand stays theirs, even when the catalog comes to describe it. Where the
    catalog is silent about a field, what imported public catalogs say of it holds. What came from somebody's own folder
    is retired only by a seed with that folder, and what came from a shelf only by one with that shelf. A registry that
    a newer program has seeded keeps what that said, and only the folder's entries are carried over. A default whose
    model an administrator deleted is left out. A seed that wrote something stands in the log of runs, unless `log` is
    False because it is part of a run that does. Rises of prices reach tenants after `grace`.
    """
    async with database.connection() as connection, connection.transaction():
        await tables.begin(connection)
        known = await catalogs.version(connection, SHIPPED)
        newer = known if known is not None and _order(known) > _order(catalog.version) else None
        names = await _record_catalogs(connection, catalog, ours=newer is None)
        told_anew = await _record_facts(connection, catalog, names)
        rows = await _rows(connection, catalog, names)
        providers = await write(connection, tables.PROVIDERS, rows[tables.PROVIDERS], catalogs=names)
        external = await write(connection, tables.MODELS, rows[tables.MODELS], catalogs=names, retire=True)
        own = await write(connection, tables.SELF_HOSTED, rows[tables.SELF_HOSTED], catalogs=names, retire=True)
        last = await _takeable(connection, rows[tables.DEFAULTS])
        last_resorts = await write(connection, tables.DEFAULTS, last, catalogs=names)
        report = SeedReport(
            newer=newer,
            providers_updated=_touched(providers),
            models_added=len(external.inserted) + len(own.inserted),
            models_updated=len(external.updated) + len(own.updated) + len(external.restored) + len(own.restored),
            models_deprecated=len(external.deprecated) + len(own.deprecated),
            defaults_updated=_touched(last_resorts),
        )
        if report:
            if log:
                await runs.record_completed(connection, "models", **report.counts)
            await catalogs.record_first(connection)
    stored = False
    if report:
        async with database.connection() as connection:
            await statistics.refresh(connection)
            stored = bool(external.updated) and await prices.any_stored(connection)
    quoted = None if stored else {key for key, it in catalog.external.items() if in_other_currency(it)}
    if stored or (told_anew and quoted):  # a new price of the catalog is a sheet at once, not at the next run
        await bring_up_to_date(database, now=_now, grace=grace, only=quoted)
    return report


def by_subject(told: Iterable[Fact]) -> dict[tuple[str, str], list[Fact]]:
    """Facts grouped by what they are about; those about nothing of ours are left out."""
    grouped: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in told:
        if fact.provider_id is not None and fact.model_id is not None:
            grouped[fact.provider_id, fact.model_id].append(fact)
    return grouped


async def _record_catalogs(connection: Connection, catalog: Catalog, *, ours: bool) -> frozenset[str]:
    """Note the catalogs of this seed and return their names."""
    names = set()
    if ours:
        for name in (SHIPPED, *(f"{PREFIX}{it}" for it in catalog.shelves)):
            await catalogs.record(connection, name, version=catalog.version, folder=None)
            names.add(name)
    if catalog.name is not None:
        await catalogs.record(connection, catalog.name, version=None, folder=str(catalog.folder))
        names.add(catalog.name)
    return frozenset(names)


async def _rows(connection: Connection, catalog: Catalog, names: frozenset[str]) -> dict[tables.Table, list[Row]]:
    """What each table should say, of the entries of these catalogs."""
    found: dict[tables.Table, list[Row]] = {
        tables.PROVIDERS: [
            {**provider_row(id, it), "catalog": catalog.owner("provider", id)} for id, it in catalog.providers.items()
        ],
        tables.SELF_HOSTED: [
            {**self_hosted_row(id, it, catalog), "catalog": catalog.owner("self_hosted", id)}
            for id, it in catalog.self_hosted.items()
        ],
        tables.DEFAULTS: [
            {
                "task": task.value,
                "model_id": id,
                "successor": catalog.successors.get(task),
                "catalog": catalog.owner("default", task.value),
            }
            for task, id in catalog.defaults.items()
        ],
    }
    known = await tables.provider_ids(connection) | set(catalog.providers)
    deleted = {id for (id,) in await tables.deleted(connection, tables.PROVIDERS)}
    found[tables.MODELS] = await _external_rows(connection, catalog, known - deleted)
    return {table: [row for row in rows if row["catalog"] in names] for table, rows in found.items()}


async def _takeable(connection: Connection, rows: list[Row]) -> list[Row]:
    """The defaults whose model is there, once all models are written."""
    taken = await defaults.takeable(connection, [(row["task"], row["model_id"]) for row in rows])
    return [row for row in rows if (row["task"], row["model_id"]) in taken]


async def _external_rows(connection: Connection, catalog: Catalog, providers: set[str]) -> list[Row]:
    """Those of `providers`; an administrator may have deleted some."""
    public = by_subject(await facts.public_facts(connection, catalog.external))
    doubted, settled = await doubts.about(connection, catalog.external), await decided(connection)
    names, rates, now = await names_told(connection, catalog.external), await currencies.believed(connection), _now()
    rows: list[Row] = []
    for (provider, model_id), model in catalog.external.items():
        if provider not in providers:
            continue
        heard = public.get((provider, model_id), ())
        said = said_in_usd(facts_of(model), rates, now)
        remarks = trusted(heard, doubted)[1]
        told = filled(said, heard, doubted)
        whole = model if told == said and not in_other_currency(model) else model_from_facts(model_id, told)
        owner = catalog.owner("external", f"{provider}/{model_id}")
        known = None if catalog.litellm is None else catalog.litellm.knows(whole.litellm_id)
        row = with_names(external_row(provider, model_id, whole), names)
        doubtful = carried(remarks, said.keys() | settled.get((provider, model_id), set()))
        rows.append({**row, "litellm_known": known, "catalog": owner, "doubts": doubtful})
    return rows


async def _record_facts(connection: Connection, catalog: Catalog, names: frozenset[str]) -> bool:
    """Keep what each catalog says, and where it read it, beside what others say; whether one says anything else now."""
    incoming: dict[str, list[facts.Incoming]] = {name: [] for name in names}
    for owner, fact in _curated(catalog):
        if owner in incoming:
            incoming[owner].append(fact)
    changed = False
    for name, told in incoming.items():
        source = CURATED if name == SHIPPED else f"{CURATED}:{name}"
        digest = hashlib.sha256(repr(told).encode()).hexdigest()
        if not await facts.is_imported(connection, source, digest):
            entries = len({fact.entry for fact in told})
            await facts.replace(connection, source, told, digest=digest, entries=entries, refused=0, source_date=None)
            changed = True
    if changed:
        await doubt(connection)
    return changed


def _curated(catalog: Catalog) -> Iterable[tuple[str, facts.Incoming]]:
    """Every fact with the name of the catalog it comes from."""
    models: list[tuple[str, str, str, ExternalModel | SelfHostedModel]] = [
        *(
            (catalog.owner("external", f"{provider}/{id}"), provider, id, model)
            for (provider, id), model in catalog.external.items()
        ),
        *((catalog.owner("self_hosted", id), "self_hosted", id, model) for id, model in catalog.self_hosted.items()),
    ]
    for owner, provider, id, model in models:
        said = facts_of(model)
        read = references_of(model.sources, said)
        for field, value in said.items():
            reference = read.get(field)
            yield owner, facts.Incoming(f"{provider}/{id}", field, as_json(value), provider, id, reference, None)


def _order(version: str) -> tuple[int, ...]:
    """The release a version belongs to, as numbers: 0.10 comes after 0.9."""
    return tuple(map(int, re.findall(r"\d+", version.partition("+")[0])[:3]))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _touched(changes: Changes) -> int:
    return len(changes.inserted) + len(changes.updated)
