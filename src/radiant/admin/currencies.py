"""What people state of currencies: rates, and prices in USD that follow from them at once."""

import datetime as dt
from collections.abc import Callable

from radiant.domain.currency import RateSet, RateTerms
from radiant.pricing.guards import GRACE
from radiant.registry import currencies, prices
from radiant.registry.database import Database
from radiant.sync.pricing import bring_up_to_date

from .price_terms import code_of, day_of, fx_rate_of, read_at


class CurrencyRates:
    """Writes rates, and brings the prices up to date that are told in their currencies."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        *,
        grace: dt.timedelta = GRACE,
    ) -> None:
        self._database, self._now, self._grace = database, now, grace

    async def state(self, terms: RateTerms, *, by: str) -> RateSet:
        """Make a rate that of its day; what was stated of that day before stays in the history, and the same again
        writes nothing. Raises UsageInvalid."""
        currency, day, source = code_of(terms.currency), day_of(terms.day, self._now()), read_at(terms.source)
        async with self._database.connection() as connection, connection.transaction():
            await prices.alone(connection, self._now)
            usd = fx_rate_of(currency, terms.usd, day, (await currencies.believed(connection)).get(currency, ()))
            rate = await currencies.state(connection, currency, day, usd, source, by)
            told = await currencies.told_in(connection, currency)
        if not told:
            return RateSet(rate=rate, told=0, sheets=0, held=0)
        done = await bring_up_to_date(self._database, now=self._now, only=told, grace=self._grace)
        return RateSet(rate=rate, told=len(told), sheets=done.sheets, held=done.held)
