"""What people decide about prices: which held changes are taken over, and prices of their own."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from radiant.domain.errors import ModelNotFound
from radiant.domain.price_sheet import Context, Sheet
from radiant.domain.prices import NothingHeld, NothingSet, PriceEdit, PriceUnset, SetPrices
from radiant.domain.units import COLUMNS
from radiant.names.known import KnownNames
from radiant.names.offering import offering_meant
from radiant.pricing.guards import GRACE, judge
from radiant.pricing.joined import joined
from radiant.pricing.rises import Rise
from radiant.pricing.row_sheets import sheets_of
from radiant.pricing.stored import holding_at
from radiant.registry import catalog_tables as tables
from radiant.registry import costs, events, model_names, prices
from radiant.registry.database import Connection, Database
from radiant.sync import selling_below
from radiant.sync.discovery import matches
from radiant.sync.price_words import settle_approved
from radiant.sync.pricing import project
from radiant.sync.rising import rising

from .price_edits import by_hand, edit, in_words, is_by_hand, rise_by, rise_without, until_told
from .price_terms import context_of, period_of, prices_in, sold_at_once_by

#: The columns in which a person can set prices.
_EDITED = (*COLUMNS.values(), "minimum_price")

#: Characters that make a pattern of a name.
PATTERN = frozenset("*?")


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
        async with self._database.connection() as connection, connection.transaction():
            await tables.begin(connection)
            now = await prices.alone(connection, self._now)
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
            if approve:
                left = [it for it in held if it["id"] not in chosen]
                await settle_approved(connection, chosen.values(), left)
            await project(connection, keys, now)
            await self._tell(connection, rows, now)
        return sorted("/".join(key) for key in keys)

    async def set(self, name: str, wanted: SetPrices, *, by: str, dry_run: bool = False) -> list[PriceEdit]:
        """Set prices by hand of one model, or of all that a pattern such as `openai/*` fits, beside what was set before
        and is not named now, or as the whole of its prices; what changes, and what stays.

        A rise by more than a tenth is told, and tenants pay it once they had the grace period, unless it is to be sold
        at once. With `dry_run` nothing is written. Raises UsageInvalid, ModelNotFound, and AmbiguousModel where several
        providers have the model.
        """
        given = prices_in(wanted)
        async with self._database.connection() as connection, connection.transaction(force_rollback=dry_run):
            keys = await _meant(connection, name)
            await tables.begin(connection)
            now = await prices.alone(connection, self._now)
            since, until = period_of(wanted.since, wanted.until, now)
            await self._keep_rows(connection, keys)
            if wanted.tenant is None and not wanted.context:
                await prices.forget_edits(connection, keys, _EDITED)
            stored = await _stored(connection, keys, now)
            new: list[tuple[Sheet, Rise | None]] = []
            for key in keys:
                sheet = by_hand(key, stored[key], wanted, given, since, until)
                found = rise_by(stored[key], sheet, since, now, self._grace)
                if found is not None and not wanted.sell_at_once:
                    sheet = msgspec.structs.replace(sheet, sold_from=found.sold_from)
                new.append((sheet, found))
            origin = "administrator" if wanted.tenant is None else "contract"
            await prices.append(connection, [prices.row_of(it, origin=origin, set_by=by) for it, _ in new])
            await project(connection, keys, now)
            told = [
                rising((it.provider_id, it.model_id), rise.factor, it.sold_from or since)
                for it, rise in new
                if rise is not None and rise.told and (wanted.sell_at_once or (it.sold_from or since) >= now)
            ]
            losses = await selling_below.losses(connection, keys, since, [wanted.tenant])
            await events.emit_all(connection, [*told, *(selling_below.news(losses) if since <= now else ())])
        below = {key: tuple(it.told() for it in found) for (key, _), found in losses.items()}
        return [
            edit(it, stored[key], given, since, rise, below.get(key, ()))
            for key, (it, rise) in zip(keys, new, strict=True)
        ]

    async def unset(
        self,
        name: str,
        *,
        by: str,
        tenant: str | None = None,
        context: Context | None = None,
        sell_at_once: bool = False,
    ) -> list[PriceUnset]:
        """End what was set by hand, from now on, of a model or of all that a pattern fits: for one kind of requests, or
        without a `context` for all.

        Where that is a rise by more than a tenth, tenants go on to pay what they did until they had the grace period.
        Raises NothingSet, and as `set` does.
        """
        if context is not None:
            context_of(context)
        sold_at_once_by(tenant, sell_at_once)
        async with self._database.connection() as connection, connection.transaction():
            keys = await _meant(connection, name)
            await tables.begin(connection)
            now = await prices.alone(connection, self._now)
            lasting = [
                (offer, it)
                for offer, it in await prices.sheets(connection, keys)
                if is_by_hand(it, tenant, context) and (it.valid_to is None or it.valid_to > now)
            ]
            if not lasting:
                raise NothingSet(name)
            ended: dict[prices.Key, list[tuple[int, Sheet]]] = {}
            for offer, it in lasting:
                ended.setdefault((it.provider_id, it.model_id), []).append((offer, it))
            stored = await _stored(connection, list(ended), now)
            rises = {
                key: rise_without(stored[key], [it for _, it in of], now, self._grace)
                for key, of in ended.items()
                if tenant is None
            }
            for key, of in ended.items():
                late = None if sell_at_once or key not in rises else rises[key].sold_from
                await self._end(connection, of, by, now, late)
            if tenant is None and not context:
                await prices.forget_edits(connection, ended, _EDITED)
            await project(connection, ended, now)
            losses = await selling_below.losses(connection, ended, now, [tenant])
            told = [
                rising(key, it.factor, now if sell_at_once else it.sold_from or now)
                for key, it in rises.items()
                if it.told
            ]
            await events.emit_all(connection, [*told, *selling_below.news(losses)])
        return [
            PriceUnset(
                model="/".join(key),
                sold_from=None if sell_at_once or key not in rises else rises[key].sold_from,
                rise=in_words(rises.get(key)),
            )
            for key in sorted(ended)
        ]

    async def _end(
        self,
        connection: Connection,
        sheets: Sequence[tuple[int, Sheet]],
        by: str,
        now: dt.datetime,
        late: dt.datetime | None,
    ) -> None:
        """End sheets from now on; tenants pay what follows from `late` on."""
        for offer, it in sheets:
            start = max(it.valid_from or now, now)
            said = {"origin": "administrator" if it.tenant_id is None else "contract", "set_by": by}
            row = prices.row_of(it, offer, **said)
            await prices.append(connection, [{**row, "items": None, "valid_from": start.isoformat()}])
            if late is not None and start == now:
                await prices.append(connection, [prices.row_of(until_told(it, now, late), offer, **said)])

    async def _tell(self, connection: Connection, rows: Sequence[Mapping[str, Any]], now: dt.datetime) -> None:
        """Tell of what was approved and reaches tenants later, and of what is sold below its cost until then."""
        late = {(it["provider_id"], it["model_id"]): it for it in rows if it["sold_from"] is not None}
        told = []
        for key, sheets in (await _stored(connection, list(late), now)).items():
            row = late[key]
            begins = now if row["valid_from"] is None else max(now, dt.datetime.fromisoformat(row["valid_from"]))
            of = [it for it in sheets if it.rank == 0 and it.context == row["context"]]
            before, after = holding_at(of, now - dt.timedelta(microseconds=1)), holding_at(of, begins)
            rise = None if before is None or after is None else judge(before, after, now).rise
            told.append(rising(key, rise, dt.datetime.fromisoformat(row["sold_from"])))
        losses = await selling_below.losses(connection, sorted(late), now)
        await events.emit_all(connection, [*told, *selling_below.news(losses)])

    async def _keep_rows(self, connection: Connection, keys: Sequence[prices.Key]) -> None:
        """Make sheets of what rows say where prices were never brought up to date: what somebody sets is beside it.

        That a row has no price is kept too, or what is set would stay in its columns once it is over.
        """
        have = {(it.provider_id, it.model_id) for _, it in await prices.sheets(connection, keys) if it.rank == 0}
        missing = [key for key in keys if key not in have]
        rows = await costs.price_rows(connection, missing) if missing else {}
        found = [
            sheet
            for row in rows.values()
            if row.hosting == "external"
            for sheet in sheets_of(row)
            if sheet.prices or not sheet.context
        ]
        await prices.append(connection, [prices.row_of(it) for it in found])


async def _stored(
    connection: Connection, keys: Sequence[prices.Key], now: dt.datetime
) -> dict[prices.Key, Sequence[Sheet]]:
    """By model, its sheets; of what is one's own, what its row says beside them."""
    found: dict[prices.Key, list[Sheet]] = {key: [] for key in keys}
    for _, sheet in await prices.sheets(connection, keys) if keys else ():
        found[sheet.provider_id, sheet.model_id].append(sheet)
    rows = await costs.price_rows(connection, keys) if keys else {}
    return {key: joined(sheets, sheets_of(rows[key])) if key in rows else sheets for key, sheets in found.items()}


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
