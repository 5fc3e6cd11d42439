"""Brings stored sheets up to date with what sources say, and the columns of models with what is in force."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec

from radiant.catalog.rows import price_columns
from radiant.claims.reading import Reading
from radiant.domain.external import Price
from radiant.domain.price_sheet import Book, Sheet
from radiant.domain.vocabulary import Task
from radiant.pricing.projection import kept, prices_of
from radiant.pricing.stored import holding_at
from radiant.pricing.wanted import Said
from radiant.registry import catalog_tables as tables
from radiant.registry import currencies, doubts, events, markups, price_words, prices
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
    now: dt.datetime,
    *,
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
        await prices.alone(connection)
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
        before = await before_words(connection, words, asked, now)
        work = partial(
            decide, doubted=doubted, stored=stored, known=known, now=now, grace=grace, rates=rates, before=before
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
        touched = {key for it in found for key in it.touched} | await prices.shown_otherwise(connection, now)
        asked_of = {key for key in touched if concerned(key)}
        columns = await project(connection, asked_of, now)
        dearer = {(it.data["provider_id"], it.data["model_id"]) for it in news if it.type == "radiant.price.rising"}
        place = {it.subject: number for number, it in enumerate(news)}
        below = selling_below.news(await selling_below.losses(connection, dearer, now))
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
    there = await prices.sheets(connection, keys)
    in_force: dict[Key, list[Sheet]] = defaultdict(list)
    for stored in prices.offers_of(there).values():
        sheet = holding_at([it for _, it in stored if it.book is Book.PURCHASE], now)
        if sheet is not None:
            in_force[sheet.provider_id, sheet.model_id].append(sheet)
    changed = 0
    rows = await tables.known_rows(connection, tables.MODELS, sorted(PRICE_FIELDS), list(keys), curated=False)
    now_there = {(row["provider_id"], row["model_id"]): row for row in rows}
    for row in await prices.columns(connection, keys):
        key = (row["provider_id"], row["model_id"])
        sheets = in_force.get(key, [])
        if not sheets:
            continue
        fields = {
            name: value
            for name, value in _columns(sheets, Task(row["task"]), row["details"], now).items()
            if name not in row["fixed"] and value != now_there[key][name]
        }
        if fields:
            await tables.update(connection, tables.MODELS, key, fields)
            changed += 1
    return changed


def _columns(sheets: Sequence[Sheet], task: Task, details: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    beside = kept(details)
    if not any(it.clocks for it in sheets):
        beside.pop("hours", None)  # a change ended them
    ahead = [step for step in beside.get("steps", ()) if str(step["from"]) > f"{now:%Y-%m-%d}"]
    said = {**beside, **_as_text(prices_of(sheets, task)), "steps": ahead}
    return price_columns(msgspec.convert(said, Price, strict=False), task)


def _as_text(said: Mapping[str, Any]) -> dict[str, Any]:
    def plain(it: Any) -> Any:
        if isinstance(it, Decimal):
            return f"{it.normalize():f}"
        if isinstance(it, list):
            return [plain(value) for value in it]
        return {key: plain(value) for key, value in it.items()} if isinstance(it, dict) else it

    return {key: plain(it) for key, it in said.items()}


class TakingEffect:
    """Moves prices and markups into the columns of models at the moment from which they hold."""

    #: What began to hold while nobody worked is looked for as far back.
    BACK = dt.timedelta(days=2)

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._database, self._now = database, now
        self._seen: dt.datetime | None = None

    async def look(self) -> int:
        """Take over what began to hold since the look before; how many rows changed."""
        now = self._now()
        since = now - self.BACK if self._seen is None else self._seen
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
