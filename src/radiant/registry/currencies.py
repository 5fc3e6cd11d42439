"""What units of currencies are worth in USD, with its history, and which models are told in which."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from radiant.domain.currency import PRICE_IN, CurrencyRate, Rate
from radiant.sql import queries

from .database import Connection

_SQL = queries("currencies")

Key = tuple[str, str]


class Quoted(NamedTuple):
    """Who tells the prices of a model in another currency than USD, and in which."""

    source: str
    currency: str


async def listed(connection: Connection, *, ever: bool = False) -> list[CurrencyRate]:
    """The rates that are believed, the newest day of each currency first; with `ever` those as well that no longer
    are."""
    rows = await (await connection.execute(_SQL["listed"], {"ever": ever})).fetchall()
    return [_told(row) for row in rows]


async def believed(connection: Connection) -> dict[str, list[Rate]]:
    """By currency, its rates that are believed, the first day first."""
    found: dict[str, list[Rate]] = {}
    for row in reversed(await (await connection.execute(_SQL["listed"], {"ever": False})).fetchall()):
        found.setdefault(row["currency"], []).append(_rate(row))
    return found


async def by_id(connection: Connection, ids: Collection[int]) -> dict[int, Rate]:
    """Rates by their ids, believed or not: what was derived from one names it for ever."""
    rows = await (await connection.execute(_SQL["by_id"], {"ids": sorted(ids)})).fetchall()
    return {row["id"]: _rate(row) for row in rows}


async def state(
    connection: Connection, currency: str, day: dt.date, usd: Decimal, source: str, by: str
) -> CurrencyRate:
    """Make this the rate of a day; the same again writes nothing. Raises RuleViolated."""
    there = next((it for it in await listed(connection) if (it.currency, it.day) == (currency, day)), None)
    if there is not None and (Decimal(there.usd), there.source) == (usd, source):
        return there
    given = {"currency": currency, "day": day, "usd": usd, "source": source, "by": by}
    await connection.execute(_SQL["forget"], given)
    await connection.execute(_SQL["keep"], given)
    return next(it for it in await listed(connection) if (it.currency, it.day) == (currency, day))


async def told_in(connection: Connection, currency: str) -> set[Key]:
    """The models of which somebody tells prices in a currency."""
    asked = {"prefix": f"{PRICE_IN}{currency.lower()}."}
    rows = await (await connection.execute(_SQL["told_in"], asked)).fetchall()
    return {(row["provider_id"], row["model_id"]) for row in rows}


async def quoted(connection: Connection, subjects: Collection[Key]) -> dict[Key, list[Quoted]]:
    """By model, who tells its prices in other currencies; models of which nobody does are left out."""
    asked = {"providers": [provider for provider, _ in subjects], "models": [model for _, model in subjects]}
    found: dict[Key, list[Quoted]] = {}
    for row in await (await connection.execute(_SQL["quoted"], asked)).fetchall():
        said = Quoted(row["source"], row["currency"])
        found.setdefault((row["provider_id"], row["model_id"]), []).append(said)
    return found


def _rate(row: dict[str, Any]) -> Rate:
    return Rate(currency=row["currency"], day=row["day"], usd=row["usd"], source=row["source"], id=row["id"])


def _told(row: dict[str, Any]) -> CurrencyRate:
    row = {name: value for name, value in row.items() if name != "id"}
    return msgspec.convert({**row, "usd": f"{row['usd'].normalize():f}"}, CurrencyRate)
