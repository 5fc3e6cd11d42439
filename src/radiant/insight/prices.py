"""What models cost, cost, and will cost: stored sheets with their history, and what each source claimed."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from radiant.domain.currency import USD
from radiant.domain.errors import ModelNotFound
from radiant.domain.price_sheet import Sheet
from radiant.domain.prices import HeldPrice, ModelPrices, PriceClaim, PriceSheet, RateUsed
from radiant.pricing.currencies import Rates, in_usd, rate_at, why_unknown
from radiant.pricing.margin import below_cost
from radiant.pricing.row_sheets import PriceRow, sheets_of
from radiant.pricing.sale import Scope, markup_for, with_column
from radiant.pricing.speaking import audible
from radiant.registry import costs, currencies, markups, prices
from radiant.registry.claimed_prices import claimed
from radiant.registry.database import Connection, Database

from .currencies import unrated_of
from .elsewhere import said_elsewhere
from .models import Models


class Prices:
    """Reads of prices at two moments: when they hold, and as of when that was believed."""

    def __init__(
        self, database: Database, models: Models, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    ) -> None:
        self._database, self._models, self._now = database, models, now

    async def at(
        self, name: str, at: dt.datetime | None = None, known: dt.datetime | None = None, tenant: str | None = None
    ) -> list[ModelPrices]:
        """The sheets that hold at a moment, as believed at another, of each provider's model of that name, with what
        is added for a tenant, or for all others.

        Without moments: now. Raises ModelNotFound and AmbiguousModel.
        """
        moment = at or self._now()
        found = []
        async with self._database.connection() as connection:
            for key in await self._named(connection, name):
                sheets = await self._stored(connection, key, known=known)
                holding = [it for it in sheets if it.holds(moment) and it.tenant_id in (None, tenant)]
                sold = await _sold(connection, key, sheets, moment, known, tenant)
                told = {"unknown": await _unknown(connection, key, moment)}
                found.append(msgspec.structs.replace(_prices(key, holding, at=moment, known=known), **sold, **told))
        return found

    async def history(self, name: str, *, ever: bool = False) -> list[ModelPrices]:
        """All sheets that are believed, the earliest first; with `ever` those that no longer are as well.

        Raises as `at` does.
        """
        found = []
        async with self._database.connection() as connection:
            for key in await self._named(connection, name):
                sheets = await self._stored(connection, key, ever=ever)
                unknown = await _unknown(connection, key, self._now())
                found.append(msgspec.structs.replace(_prices(key, sheets), unknown=unknown))
        return found

    async def claims(self, name: str) -> list[tuple[str, list[PriceClaim]]]:
        """What each source said of a model, and while it did, by `provider/model`. Raises as `at` does."""
        now = self._now()
        async with self._database.connection() as connection:
            rates = await currencies.believed(connection)
            return [
                ("/".join(key), [_claim(it, rates, now) for it in await prices.claims_of(connection, *key)])
                for key in await self._named(connection, name)
            ]

    async def held(self, *, decided: bool = False) -> list[HeldPrice]:
        """The changes that wait for approval; with `decided` those as well that somebody decided."""
        async with self._database.connection() as connection:
            found = await prices.proposals(connection, None if decided else "held")
            keys = {(it["provider_id"], it["model_id"]) for it in found}
            stored = await prices.sheets(connection, keys) if keys else []
        now = self._now()
        before = {offer: it for offer, it in stored if it.rank == 0 and it.holds(now)}
        return [
            HeldPrice(
                id=it["id"],
                model=f"{it['provider_id']}/{it['model_id']}",
                context=it["context"],
                reasons=tuple(it["reasons"]),
                before=_short(before.get(it["offer"])),
                after={
                    item["meter"]: _short_amount(item["amount"], it["wanted"][0].get("currency", USD), item["per"])
                    for item in it["wanted"][0]["items"]
                    if item["above"] < 0 and not item["clock"]
                },
                at=it["at"],
                verdict=it["verdict"],
                decided_by=it["decided_by"],
                decided_at=it["decided_at"],
                reason=it["decided_why"],
            )
            for it in found
        ]

    async def _named(self, connection: Connection, name: str) -> list[prices.Key]:
        """The models of the registry that are meant, or one that it has no more or never had and sources speak of."""
        try:
            return [(it.provider_id, it.model_id) for it in await self._models.named(name)]
        except ModelNotFound:
            for key in (await said_elsewhere(connection, [(None, name)])).get((None, name), ()):
                if await prices.claims_of(connection, *key) or await claimed(connection, [key], self._now()):
                    return [key]
            raise

    async def _stored(
        self, connection: Connection, key: prices.Key, *, known: dt.datetime | None = None, ever: bool = False
    ) -> list[Sheet]:
        """Stored sheets; beside what people set, what its row says where nothing else ever was stored, and what sources
        claim where the registry has no row of it."""
        found = [it for _, it in await prices.sheets(connection, [key], known=known, ever=ever)]
        ever_stored = found if ever else [it for _, it in await prices.sheets(connection, [key], ever=True)]
        if any(it.rank == 0 for it in ever_stored):
            return found
        row: PriceRow | None = (await costs.price_rows(connection, [key])).get(key)
        if row is not None:
            return [*sheets_of(row), *found]
        claims = await claimed(connection, [key], self._now(), known=known)
        return [*claims[key].sheets, *found] if key in claims else found


async def _sold(
    connection: Connection,
    key: prices.Key,
    sheets: Sequence[Sheet],
    at: dt.datetime,
    known: dt.datetime | None,
    tenant: str | None,
) -> dict[str, Any]:
    """What is added to the prices of a model, and what is sold below them."""
    row: PriceRow | None = (await costs.price_rows(connection, [key])).get(key)
    hosting = "external" if row is None else row.hosting
    model = Scope(hosting=hosting, provider_id=key[0], model_id=key[1])
    column = None if row is None or known is not None else row.markup
    standing = with_column(await markups.believed(connection, known=known), model, column)
    whom = msgspec.structs.replace(model, tenant_id=tenant)
    markup = markup_for(standing, whom, at)
    return {
        "tenant": tenant,
        "markup": None if markup is None else f"{markup.rate:f}",
        "markup_source": None if markup is None else markup.source,
        "below_cost": tuple(it.told() for it in below_cost(sheets, standing, whom, at)),
    }


def _prices(
    key: prices.Key, sheets: Sequence[Sheet], *, at: dt.datetime | None = None, known: dt.datetime | None = None
) -> ModelPrices:
    heard = audible(sheets)
    named = [it for it in sheets if it.prices or it.minimum is not None]
    told = tuple(PriceSheet.of(it, silent=at is not None and it not in heard) for it in named)
    return ModelPrices(provider_id=key[0], model_id=key[1], at=at, known=known, sheets=told)


def _short(sheet: Sheet | None) -> dict[str, str]:
    if sheet is None:
        return {}
    plain = [it for it in sheet.prices if it.clock is None]
    return {it.meter: _short_amount(f"{it.amount:f}", sheet.currency, it.per) for it in plain}


def _short_amount(amount: str, currency: str, per: int) -> str:
    return f"{amount}{'' if currency == USD else f' {currency}'} / {per:,}"


def _claim(row: Mapping[str, Any], rates: Rates, now: dt.datetime) -> PriceClaim:
    """What a source claimed, in USD as well where its currency has a rate."""
    rate = rate_at(rates, row["currency"], now)
    if rate is None:
        return msgspec.convert(row, PriceClaim)
    used = RateUsed(currency=rate.currency, usd=f"{rate.usd.normalize():f}", day=rate.day, source=rate.source)
    return msgspec.convert({**row, "usd": in_usd(row["prices"], rate), "rate": used}, PriceClaim)


async def _unknown(connection: Connection, key: prices.Key, at: dt.datetime) -> str | None:
    """Why prices are unknown that a source tells in a currency, where no rate of it is known at a moment."""
    return why_unknown((await unrated_of(connection, [key])).get(key, ()), at)
