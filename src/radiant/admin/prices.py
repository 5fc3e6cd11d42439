"""What people decide about prices: which held changes are taken over, and prices of their own."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from radiant.domain.errors import UsageInvalid
from radiant.domain.meter import METERS
from radiant.domain.price_sheet import Book, Price, Sheet
from radiant.domain.prices import NothingHeld, NothingSet, SetPrices
from radiant.names.folding import nearest
from radiant.names.known import KnownNames
from radiant.names.offering import offering_meant
from radiant.pricing.stored import holding_at
from radiant.registry import catalog_tables as tables
from radiant.registry import model_names, prices
from radiant.registry.database import Connection, Database
from radiant.sync.pricing import project

#: The ranks of what people set: an administrator's word, and a contract of one tenant.
BY_HAND, CONTRACT = 1, 2


class PriceDecisions:
    """Writes what was decided, in one transaction with the columns of the models that follow."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._database, self._now = database, now

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
                    raise NothingHeld(name)
                chosen |= {it["id"]: it for it in meant}
            verdict = "approved" if approve else "refused"
            await prices.decide(connection, list(chosen), verdict, by, reason)
            keys = {(it["provider_id"], it["model_id"]) for it in chosen.values()}
            if approve:
                rows = [_from_now(row, now) for it in chosen.values() for row in it["wanted"]]
                await prices.append(connection, [{**row, "set_by": by, "reason": reason} for row in rows])
            await project(connection, keys, now)
        return sorted("/".join(key) for key in keys)

    async def set(self, name: str, wanted: SetPrices, *, by: str, dry_run: bool = False) -> Sheet:
        """Set prices of one model by hand, beside what was set before and is not named now.

        Raises UsageInvalid, ModelNotFound, and AmbiguousModel where several providers have it.
        """
        now = self._now()
        given = {meter: _price(meter, amount) for meter, amount in wanted.prices.items()}
        if not given:
            raise UsageInvalid("prices", "names no meter")
        since = wanted.since or now
        if wanted.until is not None and wanted.until <= since:
            raise UsageInvalid("until", f"is {wanted.until:%Y-%m-%d %H:%M}, not after it begins")
        async with self._database.connection() as connection, connection.transaction(force_rollback=dry_run):
            provider, model = await _one(connection, name)
            await tables.begin(connection)
            await prices.alone(connection)
            before = await self._by_hand(connection, (provider, model), wanted.tenant, since)
            merged = {it.meter: it for it in (before.prices if before else ())} | given
            sheet = Sheet(
                provider_id=provider,
                model_id=model,
                prices=tuple(merged.values()),
                source="administrator" if wanted.tenant is None else "contract",
                book=Book.PURCHASE if wanted.tenant is None else Book.SALE,
                tenant_id=wanted.tenant,
                rank=BY_HAND if wanted.tenant is None else CONTRACT,
                valid_from=since,
                valid_to=wanted.until or (before.valid_to if before else None),
                said="instant",
                note=wanted.reason,
            )
            origin = "administrator" if wanted.tenant is None else "contract"
            await prices.append(connection, [prices.row_of(sheet, origin=origin, set_by=by)])
            await project(connection, [(provider, model)], now)
        return sheet

    async def unset(self, name: str, *, by: str, tenant: str | None = None) -> str:
        """End what was set by hand, from now on; the model. Raises NothingSet, and as `set` does."""
        now = self._now()
        async with self._database.connection() as connection, connection.transaction():
            provider, model = await _one(connection, name)
            await tables.begin(connection)
            await prices.alone(connection)
            there = await self._all_by_hand(connection, (provider, model), tenant)
            lasting = [(offer, it) for offer, it in there if it.valid_to is None or it.valid_to > now]
            if not lasting:
                raise NothingSet(f"{provider}/{model}")
            for offer, it in lasting:
                start = max(it.valid_from or now, now)
                ended = prices.row_of(it, offer, origin="administrator", set_by=by)
                await prices.append(connection, [{**ended, "items": None, "valid_from": start.isoformat()}])
            await project(connection, [(provider, model)], now)
        return f"{provider}/{model}"

    async def _by_hand(
        self, connection: Connection, key: prices.Key, tenant: str | None, at: dt.datetime
    ) -> Sheet | None:
        return holding_at([it for _, it in await self._all_by_hand(connection, key, tenant)], at)

    async def _all_by_hand(
        self, connection: Connection, key: prices.Key, tenant: str | None
    ) -> list[tuple[int, Sheet]]:
        rank = BY_HAND if tenant is None else CONTRACT
        return [
            (offer, it)
            for offer, it in await prices.sheets(connection, [key])
            if it.rank == rank and it.tenant_id == tenant and not it.context
        ]


async def _one(connection: Connection, name: str) -> prices.Key:
    names = KnownNames(await model_names.every(connection), await model_names.providers(connection))
    found = offering_meant(names, None, name)
    return found.provider_id, found.model_id


def _price(meter: str, amount: Decimal) -> Price:
    known = METERS.get(meter)
    if known is None:
        close = nearest(meter, METERS)
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        raise UsageInvalid(meter, f"is no meter{hint}")
    if not amount.is_finite() or amount < 0:
        raise UsageInvalid(meter, f"is {amount}; a price is a finite amount from 0")
    return Price(meter=meter, amount=amount, per=known.per)


def _from_now(row: dict[str, str | None], now: dt.datetime) -> dict[str, str | None]:
    """A change that was undated when it was held begins when it is approved."""
    begins = row["valid_from"]
    if row["said"] is None and (begins is None or dt.datetime.fromisoformat(begins) < now):
        return {**row, "valid_from": now.isoformat()}
    return row
