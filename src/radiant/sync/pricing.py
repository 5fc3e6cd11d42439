"""Brings stored sheets up to date with what sources say, and the columns of models with what is in force."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from radiant.catalog.rows import price_columns
from radiant.claims.reading import Reading
from radiant.domain.external import Price
from radiant.domain.price_sheet import Book, Sheet
from radiant.domain.vocabulary import Task
from radiant.pricing.currencies import Rates
from radiant.pricing.projection import kept, prices_of
from radiant.pricing.stored import holding_at
from radiant.registry import catalog_tables as tables
from radiant.registry import currencies, doubts, events, markups, prices
from radiant.registry.batches import batches
from radiant.registry.database import Connection, Database
from radiant.registry.events import News

from . import selling_below
from .ahead import ahead
from .price_plan import Plan, plan
from .rated_anew import rated_anew
from .rising import rising
from .wanted_in_usd import wanted_in_usd
from .wanted_prices import Said, Wanted
from .writing import PRICE_FIELDS

Key = prices.Key

#: How many events of rises and holds one run tells, and of sales below cost: of what rises most. `radiant prices held`
#: lists all that is held.
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
        said = {
            key: it
            for key, it in (await prices.said(connection)).items()
            if provider in (None, key[0]) and (only is None or key in only)
        }
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
        work = partial(_decided, doubted=doubted, stored=stored, known=known, now=now, grace=grace, rates=rates)
        found: list[_Decided] = []
        async with aclosing(ahead(work, batches(asked))) as decided:
            async for part in decided:  # while the next are decided, the database takes these
                await prices.append(connection, part.rows)
                found.append(part)
        held = [row for it in found for row in it.held]
        by_rise = sorted((it for part in found for it in part.news), key=itemgetter(0), reverse=True)
        news = [it for _, it in by_rise]
        touched = {key for it in found for key in it.touched}
        open_offers = {it["offer"] for it in known.values() if it["verdict"] == "held"}
        settled = {offer for it in found for offer in it.settled}
        await prices.withdraw(connection, sorted((open_offers & settled) - {it["offer"] for it in held}))
        if held:
            await prices.propose(connection, run, held)
        columns = await project(connection, touched, now)
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


Offer = tuple[str, str, str, str | None, int]


def _plans(
    asked: Iterable[Said],
    doubted: Mapping[Any, Any],
    stored: Mapping[Offer, Sequence[tuple[int, Sheet]]],
    now: dt.datetime,
    grace: dt.timedelta,
    rates: Rates,
) -> dict[Offer, tuple[int | None, Plan]]:
    """By offer, its id where there is one, and what has to change, if anything."""
    found: dict[Offer, tuple[int | None, Plan]] = {}
    for said in asked:
        wants: Wanted = wanted_in_usd(said, doubted, now, rates)
        by_context: dict[str, list[Sheet]] = defaultdict(list)
        for sheet in wants.sheets:
            by_context[prices.kind_of(sheet)].append(sheet)
        for context, sheets in by_context.items():
            key = (said.provider_id, said.model_id, context, None, 0)
            there = stored.get(key, ())
            believed = [it for _, it in there]
            result = plan(believed, wants, sheets, now, grace, rated_anew(believed, rates))
            if result.sheets or there:
                found[key] = (there[0][0] if there else None, result)
    return found


class _Decided(NamedTuple):
    """Rows to append, proposals to make, what to tell beside the factor of its rise, the models whose columns may
    change, and offers of which nothing is to be held."""

    rows: list[dict[str, Any]]
    held: list[dict[str, Any]]
    news: list[tuple[Decimal, News]]
    touched: set[Key]
    settled: set[int]


def _decided(
    asked: Iterable[Said],
    *,
    doubted: Mapping[Any, Any],
    stored: Mapping[Offer, Sequence[tuple[int, Sheet]]],
    known: Mapping[tuple[int, str], Mapping[str, Any]],
    now: dt.datetime,
    grace: dt.timedelta,
    rates: Rates,
) -> _Decided:
    """What to do about some models. For thousands it takes seconds: not for an event loop."""
    found = _Decided([], [], [], set(), set())
    for (provider, model, *_), (offer, it) in _plans(asked, doubted, stored, now, grace, rates).items():
        if not it.sheets:
            if offer is not None:
                found.settled.add(offer)
            continue
        said = [prices.row_of(sheet, offer) for sheet in it.sheets]
        subject = f"{provider}/{model}"
        if it.held and offer is not None:
            verdict = known.get((offer, it.digest), {}).get("verdict")
            if verdict == "refused":  # what else was held of it, the sources say no longer
                found.settled.add(offer)
            if verdict in ("held", "refused"):
                continue
            found.held.append({"offer": offer, "wanted": said, "digest": it.digest, "reasons": list(it.reasons)})
            told = {"provider_id": provider, "model_id": model, "reasons": list(it.reasons)}
            found.news.append((it.rise or Decimal(1), News("radiant.price.held", subject, told)))
        else:
            found.rows.extend(said)
            if it.rise is not None:
                late = max(sheet.sold_from for sheet in it.sheets if sheet.sold_from is not None)
                found.news.append((it.rise, rising((provider, model), it.rise, late)))
        if offer is not None:
            found.touched.add((provider, model))
            if not it.held:
                found.settled.add(offer)
    return found


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
