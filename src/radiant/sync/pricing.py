"""Brings stored sheets up to date with what sources say, and the columns of models with what is in force."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from contextlib import aclosing
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec

from radiant.claims.reading import Reading
from radiant.domain.observation import SELF_HOSTED
from radiant.domain.price_sheet import Book, Sheet
from radiant.domain.units import BY_KEY
from radiant.domain.vocabulary import Task
from radiant.pricing.joined import joined
from radiant.pricing.projection import in_columns
from radiant.pricing.row_sheets import sheets_of
from radiant.pricing.wanted import Said
from radiant.registry import catalog_tables as tables
from radiant.registry import costs, currencies, doubts, events, markups, price_words, prices
from radiant.registry.batches import batches
from radiant.registry.database import Connection, Database

from . import selling_below
from .ahead import ahead
from .price_deciding import Decided, decide
from .price_words import before as before_words
from .price_words import settle
from .writing import PRICE_FIELDS

Key = prices.Key

#: How many rises and holds of one run are told as events, the largest first; `radiant prices held` lists all.
_TOLD = 200

#: The columns that show prices in force: of `models`, and of what is one's own, whose unit is always the hour.
PRICE_COLUMNS = PRICE_FIELDS | {"minimum_price"}
OWN_COLUMNS = (PRICE_COLUMNS | {"cost_per_hour"}) - {"pricing_type"}


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """What a run over prices did: models and sheets, and how many offers a guard holds back now that it did not."""

    models: int = 0
    sheets: int = 0
    held: int = 0
    columns: int = 0

    @property
    def note(self) -> str:
        """In a sentence, without its end."""
        more = f", {self.held:,} held for approval (`radiant prices held`)" if self.held else ""
        return f"pricing: {self.sheets:,} new sheets of {self.models:,} models{more}"


async def keep_claims(connection: Connection, reading: Reading) -> None:
    """Keep what a public catalog says of prices, with their history where it has dates."""
    rows = []
    for claim in reading.claims:
        of = {"entry": claim.entry, "provider_id": claim.provider_id, "model_id": claim.model_id}
        for it in claim.dated:
            how = "always" if it.since is None else "date"
            starts = None if it.since is None else f"{it.since}T00:00:00+00:00"
            rows.append({**of, "starts": starts, "said": how, "prices": _plain(it.facts)})
        said = _plain(claim.facts)
        if said and not claim.dated:
            rows.append({**of, "starts": None, "said": None, "prices": said})
    await prices.claim(connection, reading.source, rows)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key.removeprefix("price."): value for key, value in facts.items() if key.startswith("price.")}


async def bring_up_to_date(
    database: Database,
    *,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    grace: dt.timedelta,
    run: UUID | None = None,
    provider: str | None = None,
    only: Collection[Key] | None = None,
    dry_run: bool = False,
) -> Priced:
    """Make the stored sheets what sources say, but for what a guard holds; the same again writes nothing. A rise
    reaches tenants after `grace`. Of one provider, or `only` of some models, where that is asked.

    Alone among those who do so, in one transaction: whoever is killed in the middle has done nothing.
    """
    async with database.connection() as connection, connection.transaction(force_rollback=dry_run):
        await tables.begin(connection)
        at = await prices.alone(connection, now)
        await prices.claim_facts(connection)
        words = await price_words.unsettled(connection)

        def concerned(key: Key) -> bool:
            return provider in (None, key[0]) and (only is None or key in only)

        every = await prices.said(connection)
        said = {key: it for key, it in every.items() if concerned(key)}
        dated = await prices.dated(connection)
        doubted = await doubts.about(connection, said)
        stored = prices.offers_of(await prices.sheets(connection))
        known = {(it["offer"], it["digest"]): it for it in await prices.proposals(connection)}
        asked = [
            Said(
                provider_id=key[0],
                model_id=key[1],
                task=Task(task),
                facts=tuple(facts),
                dated=tuple(dated.get(key, ())),
            )
            for key, (task, facts) in said.items()
        ]
        rates = await currencies.believed(connection)
        before = await before_words(connection, words, asked, at)
        work = partial(
            decide, doubted=doubted, stored=stored, known=known, now=at, grace=grace, rates=rates, before=before
        )
        found: list[Decided] = []
        async with aclosing(ahead(work, batches(asked))) as decided:
            async for part in decided:  # while the next are decided, the database takes these
                await prices.append(connection, part.rows)
                found.append(part)
        held = [row for it in found for row in it.held]
        by_rise = sorted((it for part in found for it in part.news), key=itemgetter(0), reverse=True)
        news = [it for _, it in by_rise]
        open_offers = {it["offer"] for it in known.values() if it["verdict"] == "held"}
        settled = {offer for it in found for offer in it.settled}
        await prices.withdraw(connection, sorted((open_offers & settled) - {it["offer"] for it in held}))
        if held:
            await prices.propose(connection, run, held)
        unnamed = {(provider, model) for provider, model, *_ in stored} - every.keys()  # they keep what they had
        await settle(connection, words, unnamed.union(*(it.waiting for it in found)), concerned)
        touched = {key for it in found for key in it.touched} | await prices.shown_otherwise(connection, at)
        asked_of = {key for key in touched if concerned(key)}
        columns = await project(connection, asked_of, at)
        dearer = {(it.data["provider_id"], it.data["model_id"]) for it in news if it.type == "radiant.price.rising"}
        place = {it.subject: number for number, it in enumerate(news)}
        below = selling_below.news(await selling_below.losses(connection, dearer, at))
        below.sort(key=lambda it: place[it.subject])
        for some in (news, below):
            if some:
                await events.emit_all(connection, some[:_TOLD])
    return Priced(
        models=len({(row["provider_id"], row["model_id"]) for it in found for row in it.rows}),
        sheets=sum(len(it.rows) for it in found),
        held=len(held),
        columns=columns,
    )


async def project(connection: Connection, keys: Collection[Key], now: dt.datetime) -> int:
    """Make the price columns of models show what is in force; how many rows changed. Columns that somebody set by hand
    stay. The caller writes as the service."""
    if not keys:
        return 0
    there: dict[Key, list[Sheet]] = defaultdict(list)
    for _, sheet in await prices.sheets(connection, keys):
        if sheet.book is Book.PURCHASE and sheet.tenant_id is None:
            there[sheet.provider_id, sheet.model_id].append(sheet)
    own = {key for key in keys if key[0] == SELF_HOSTED}
    said = await costs.price_rows(connection, own) if own else {}
    before = {
        **await _shown(connection, tables.MODELS, [key for key in keys if key not in own]),
        **await _shown(connection, tables.SELF_HOSTED, own),
    }
    changed = 0
    for row in await prices.columns(connection, keys):
        key = (row["provider_id"], row["model_id"])
        sheets = joined(there[key], sheets_of(said[key])) if key in said else there[key]
        in_force = [it for it in sheets if it.holds(now)]
        if not in_force and key not in said:
            continue
        found = in_columns(in_force, Task(row["task"]), row["details"], now)
        if key in said:  # nobody else writes its details, which need not repeat its columns
            details = found["price_details"].items()
            found["price_details"] = {name: it for name, it in details if not (name in BY_KEY and BY_KEY[name].column)}
        fields = {
            name: found[name] for name, it in before[key].items() if name not in row["fixed"] and it != found[name]
        }
        if fields:
            table, of = (tables.SELF_HOSTED, key[1:]) if key in said else (tables.MODELS, key)
            await tables.update(connection, table, of, fields)
            changed += 1
    return changed


async def _shown(connection: Connection, table: tables.Table, keys: Collection[Key]) -> dict[Key, dict[str, Any]]:
    """What the price columns of these models show."""
    if not keys:
        return {}
    own = table == tables.SELF_HOSTED
    names = sorted(OWN_COLUMNS if own else PRICE_COLUMNS)
    found = await tables.known_rows(connection, table, names, [key[1:] if own else key for key in keys], curated=False)
    return {
        (row.get("provider_id", SELF_HOSTED), row["model_id"]): {name: row[name] for name in names} for row in found
    }


class TakingEffect:
    """Moves prices and markups into the columns of models at the moment from which they hold."""

    #: What began to hold while nobody worked is looked for as far back.
    BACK = dt.timedelta(days=2)

    #: Who announced it may have committed after its moment, when that was looked for already.
    AGAIN = dt.timedelta(seconds=10)

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._database, self._now = database, now
        self._seen: dt.datetime | None = None

    async def look(self) -> int:
        """Take over what began to hold since the look before; how many rows changed."""
        now = self._now()
        since = now - self.BACK if self._seen is None else self._seen - self.AGAIN
        changed = await take_effect(self._database, since, now)
        self._seen = now
        return changed


async def take_effect(database: Database, since: dt.datetime, now: dt.datetime) -> int:
    """Move what began or ceased to hold after `since` and until `now` into the columns of models; how many rows
    changed."""
    async with database.connection() as connection:
        changed = await markups.take_effect(connection, since, now)
        keys = await prices.due(connection, since, now)
        if not keys:
            return changed
        async with connection.transaction():
            await tables.begin(connection)
            return changed + await project(connection, set(keys), now)
