"""What people decide about prices: which held changes are taken over, and prices of their own."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from radiant.domain.cost import plain
from radiant.domain.errors import ModelNotFound, UsageInvalid
from radiant.domain.price_sheet import Book, Price, Sheet
from radiant.domain.prices import NothingHeld, NothingSet, PriceChange, PriceEdit, PriceSheet, SetPrices, SoldBelow
from radiant.domain.units import COLUMNS
from radiant.names.known import KnownNames
from radiant.names.offering import offering_meant
from radiant.pricing.guards import GRACE, judge
from radiant.pricing.joined import joined
from radiant.pricing.row_sheets import sheets_of
from radiant.pricing.stored import holding_at, of_book
from radiant.pricing.timeline import Timeline
from radiant.registry import catalog_tables as tables
from radiant.registry import costs, events, model_names, prices
from radiant.registry.database import Connection, Database
from radiant.registry.events import News
from radiant.sync import selling_below
from radiant.sync.discovery import matches
from radiant.sync.pricing import project

from .price_terms import amount_of, period_of, price_of

#: Characters that make a pattern of a name.
PATTERN = frozenset("*?")

#: The ranks of what people set: an administrator's word, and a contract of one tenant.
BY_HAND, CONTRACT = 1, 2


class PriceDecisions:
    """Writes what was decided, in one transaction with the columns of the models that follow."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        *,
        grace: dt.timedelta = GRACE,
    ) -> None:
        self._database, self._now, self._grace = database, now, grace

    async def decide(self, names: Sequence[str], *, approve: bool, by: str, reason: str | None = None) -> list[str]:
        """Take over held changes, or refuse them; a name is one's number, a `provider/model`, or `all`.

        What is approved holds from its announced moment, or else from now on; what is refused is not proposed again.
        Returns the models. Raises NothingHeld.
        """
        now = self._now()
        async with self._database.connection() as connection, connection.transaction():
            await tables.begin(connection)
            await prices.alone(connection)
            held = await prices.proposals(connection, "held")
            chosen: dict[int, dict[str, Any]] = {}
            for name in names:
                meant = [it for it in held if name in ("all", str(it["id"]), f"{it['provider_id']}/{it['model_id']}")]
                if not meant:
                    raise NothingHeld(name, tuple(f"{it['provider_id']}/{it['model_id']}" for it in held)[:50])
                chosen |= {it["id"]: it for it in meant}
            verdict = "approved" if approve else "refused"
            await prices.decide(connection, list(chosen), verdict, by, reason)
            keys = {(it["provider_id"], it["model_id"]) for it in chosen.values()}
            wanted = [row for it in chosen.values() for row in it["wanted"]] if approve else []
            rows = [row for it in wanted if _lasts(row := _from_now(it, now, self._grace))]
            await prices.append(connection, [{**row, "set_by": by, "reason": reason} for row in rows])
            await project(connection, keys, now)
            await self._tell(connection, rows, now)
        return sorted("/".join(key) for key in keys)

    async def set(self, name: str, wanted: SetPrices, *, by: str, dry_run: bool = False) -> list[PriceEdit]:
        """Set prices by hand of one model, or of all that a pattern such as `openai/*` fits, beside what was set before
        and is not named now; what changes, and what stays.

        With `dry_run` nothing is written. Raises UsageInvalid, ModelNotFound, and AmbiguousModel where several
        providers have the model.
        """
        now = self._now()
        given = {meter: price_of(meter, amount) for meter, amount in wanted.prices.items()}
        if not given:
            raise UsageInvalid("prices", "names no meter")
        if wanted.minimum is not None:
            amount_of("minimum", wanted.minimum)
        since, until = period_of(wanted.since, wanted.until, now)
        async with self._database.connection() as connection, connection.transaction(force_rollback=dry_run):
            keys = await _meant(connection, name)
            await tables.begin(connection)
            await prices.alone(connection)
            await self._keep_rows(connection, keys)
            if wanted.tenant is None:
                await prices.forget_edits(connection, keys, COLUMNS.values())
            stored = await _stored(connection, keys, now)
            new = [_by_hand(key, stored[key], wanted, given, since, until) for key in keys]
            origin = "administrator" if wanted.tenant is None else "contract"
            await prices.append(connection, [prices.row_of(it, origin=origin, set_by=by) for it in new])
            await project(connection, keys, now)
            losses = await selling_below.losses(connection, keys, since, [wanted.tenant])
            if since <= now:
                await events.emit_all(connection, selling_below.news(losses))
        below = {key: tuple(it.told() for it in found) for (key, _), found in losses.items()}
        return [_edit(sheet, stored[sheet.provider_id, sheet.model_id], given, since, below) for sheet in new]

    async def unset(self, name: str, *, by: str, tenant: str | None = None) -> list[str]:
        """End what was set by hand, from now on, of a model or of all that a pattern fits; the models.

        Raises NothingSet, and as `set` does.
        """
        now = self._now()
        async with self._database.connection() as connection, connection.transaction():
            keys = await _meant(connection, name)
            await tables.begin(connection)
            await prices.alone(connection)
            lasting = [
                (offer, it)
                for offer, it in await prices.sheets(connection, keys)
                if _is_by_hand(it, tenant) and (it.valid_to is None or it.valid_to > now)
            ]
            if not lasting:
                raise NothingSet(name)
            for offer, it in lasting:
                start = max(it.valid_from or now, now)
                ended = prices.row_of(it, offer, origin="administrator", set_by=by)
                await prices.append(connection, [{**ended, "items": None, "valid_from": start.isoformat()}])
            ended_of = {(it.provider_id, it.model_id) for _, it in lasting}
            if tenant is None:
                await prices.forget_edits(connection, ended_of, COLUMNS.values())
            await project(connection, ended_of, now)
        return sorted("/".join(key) for key in ended_of)

    async def _tell(self, connection: Connection, rows: Sequence[Mapping[str, Any]], now: dt.datetime) -> None:
        """Tell of what was approved and reaches tenants later, and of what is sold below its cost until then."""
        late = {(it["provider_id"], it["model_id"]): it for it in rows if it["sold_from"] is not None}
        told = []
        for key, sheets in (await _stored(connection, list(late), now)).items():
            row = late[key]
            begins = now if row["valid_from"] is None else max(now, dt.datetime.fromisoformat(row["valid_from"]))
            of = [it for it in sheets if it.rank == 0 and it.context == row["context"]]
            before, after = holding_at(of, now - dt.timedelta(microseconds=1)), holding_at(of, begins)
            rise = None if before is None or after is None else f"{judge(before, after, now).rise:.4g}"
            data = {"provider_id": key[0], "model_id": key[1], "factor": rise, "sold_from": row["sold_from"]}
            told.append(News("radiant.price.rising", "/".join(key), data))
        losses = await selling_below.losses(connection, sorted(late), now)
        await events.emit_all(connection, [*told, *selling_below.news(losses)])

    async def _keep_rows(self, connection: Connection, keys: Sequence[prices.Key]) -> None:
        """Make sheets of what rows say where prices were never brought up to date: what somebody sets is beside it."""
        have = {(it.provider_id, it.model_id) for _, it in await prices.sheets(connection, keys) if it.rank == 0}
        missing = [key for key in keys if key not in have]
        rows = await costs.price_rows(connection, missing) if missing else {}
        found = [
            sheet for row in rows.values() if row.hosting == "external" for sheet in sheets_of(row) if sheet.prices
        ]
        await prices.append(connection, [prices.row_of(it) for it in found])


def _is_by_hand(sheet: Sheet, tenant: str | None) -> bool:
    rank = BY_HAND if tenant is None else CONTRACT
    return sheet.rank == rank and sheet.tenant_id == tenant and not sheet.context


async def _stored(
    connection: Connection, keys: Sequence[prices.Key], now: dt.datetime
) -> dict[prices.Key, Sequence[Sheet]]:
    """By model, its sheets; of what is one's own, what its row says beside them."""
    found: dict[prices.Key, list[Sheet]] = {key: [] for key in keys}
    for _, sheet in await prices.sheets(connection, keys) if keys else ():
        found[sheet.provider_id, sheet.model_id].append(sheet)
    rows = await costs.price_rows(connection, keys) if keys else {}
    return {
        key: joined(sheets, sheets_of(rows[key]), rows[key].task, now) if key in rows else sheets
        for key, sheets in found.items()
    }


async def _meant(connection: Connection, name: str) -> list[prices.Key]:
    """The model of that name, or all that the pattern fits: `openai/*` at a provider, `gpt-5*` at any."""
    every = await model_names.every(connection)
    if not PATTERN & set(name):
        found = offering_meant(KnownNames(every, await model_names.providers(connection)), None, name)
        return [(found.provider_id, found.model_id)]
    keys = [(it.provider_id, it.model_id) for it in every]
    of_one = name.partition("/")[0] in {provider for provider, _ in keys}  # others have models called openai/… as well
    keys = sorted(key for key in keys if matches(name, "/".join(key)) or (not of_one and matches(name, key[1])))
    if not keys:
        raise ModelNotFound(name)
    return keys


def _by_hand(
    key: prices.Key, stored: Sequence[Sheet], wanted: SetPrices, given: Mapping[str, Price], since: dt.datetime,
    until: dt.datetime | None,
) -> Sheet:  # fmt: skip
    before = holding_at([it for it in stored if _is_by_hand(it, wanted.tenant)], since)
    merged = {it.meter: it for it in (before.prices if before else ())} | dict(given)
    least = wanted.minimum if wanted.minimum is not None or before is None else before.minimum
    return Sheet(
        provider_id=key[0],
        model_id=key[1],
        prices=tuple(merged.values()),
        source="administrator" if wanted.tenant is None else "contract",
        book=Book.PURCHASE if wanted.tenant is None else Book.SALE,
        tenant_id=wanted.tenant,
        rank=BY_HAND if wanted.tenant is None else CONTRACT,
        minimum=least,
        valid_from=since,
        valid_to=until or (before.valid_to if before else None),
        said="instant",
        note=wanted.reason,
    )


def _edit(
    sheet: Sheet, stored: Sequence[Sheet], given: Mapping[str, Price], since: dt.datetime,
    below: Mapping[prices.Key, tuple[SoldBelow, ...]],
) -> PriceEdit:  # fmt: skip
    """What a sheet changes, beside what held without it."""
    key = (sheet.provider_id, sheet.model_id)
    there = Timeline(of_book(stored, sheet.book, sheet.tenant_id)).plan(since, {}).prices
    changes = []
    for meter, price in given.items():
        before, of = there.get(meter, (None, None))
        told = None if before is None else plain(before.amount * price.per / before.per)
        source = None if before is None or of is None else before.source or of.source
        changes.append(PriceChange(meter=meter, before=told, after=plain(price.amount), per=price.per, source=source))
    named = {it.meter for it in sheet.prices}
    return PriceEdit(
        model="/".join(key),
        sheet=PriceSheet.of(sheet),
        changes=tuple(changes),
        left=tuple(meter for meter in there if meter not in named),
        below_cost=below.get(key, ()),
    )


def _from_now(row: dict[str, Any], now: dt.datetime, grace: dt.timedelta) -> dict[str, Any]:
    """A change that was undated when it was held begins when it is approved, and tenants pay a rise later."""
    begins = None if row["valid_from"] is None else dt.datetime.fromisoformat(row["valid_from"])
    if row["said"] is None and (begins is None or begins < now):
        row, begins = {**row, "valid_from": now.isoformat()}, now
    if row["sold_from"] is None:
        return row
    return {**row, "sold_from": max(begins or now, now + grace).isoformat()}


def _lasts(row: Mapping[str, Any]) -> bool:
    """Whether it holds at all: of what was held for long, the end may be over."""
    since, until = (
        None if row[it] is None else dt.datetime.fromisoformat(row[it]) for it in ("valid_from", "valid_to")
    )
    return since is None or until is None or since < until
