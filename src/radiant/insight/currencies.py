"""What units of currencies are worth, and which models are told in those that have no rate."""

from collections.abc import Collection

from radiant.domain.currency import CurrencyRate
from radiant.pricing.currencies import Unrated, first_rate
from radiant.registry import currencies
from radiant.registry.database import Connection, Database


class Currencies:
    """Reads of rates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, *, ever: bool = False) -> list[CurrencyRate]:
        """The rates that somebody stated, the newest day of each currency first; with `ever` those as well that others
        of the same day replaced."""
        async with self._database.connection() as connection:
            return await currencies.listed(connection, ever=ever)


async def unrated_of(
    connection: Connection, keys: Collection[tuple[str, str]]
) -> dict[tuple[str, str], tuple[Unrated, ...]]:
    """By model, in which currencies other than USD its prices are told, and from when on those have a rate."""
    told = await currencies.quoted(connection, keys) if keys else {}
    rates = await currencies.believed(connection) if told else {}
    return {
        key: tuple(Unrated(it.source, it.currency, first_rate(rates, it.currency)) for it in some)
        for key, some in told.items()
    }
