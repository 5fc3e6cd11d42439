"""What models are compared by, and what a request costs."""

from collections.abc import Callable
from decimal import Decimal

from radiant.domain.criteria import Usage
from radiant.domain.units import UNITS

from .tariff import Tariff
from .weights import comparing, of_usage


class Meter:
    """For one usage, stated or assumed.

    `price` is that of 1,000 input and 500 output tokens or of one unit, whatever the usage; `cost` that of the usage.
    Both are integers, comparable among themselves but not with each other.
    """

    __slots__ = ("_costs", "_prices", "stated")

    def __init__(self, usage: Usage | None = None) -> None:
        self.stated = usage is not None
        self._prices = comparing()
        self._costs = of_usage(Usage() if usage is None else usage)

    def price(self, tariff: Tariff) -> int | None:
        return self._prices.cost(tariff)

    def cost(self, tariff: Tariff) -> int | None:
        return self._costs.cost(tariff)

    def rank(self, tariff: Tariff) -> int | None:
        """The cost of a stated usage, the price where none is stated."""
        return (self._costs if self.stated else self._prices).cost(tariff)

    def cost_usd(self, tariff: Tariff) -> Decimal | None:
        cost = self._costs.cost(tariff)
        return None if cost is None else self._costs.usd(cost)

    @property
    def usd(self) -> Callable[[int], Decimal]:
        """Turns a cost into USD."""
        return self._costs.usd

    @property
    def limit(self) -> Callable[[Decimal], int]:
        """Gives the largest cost that is not above an amount of USD."""
        return self._costs.limit

    def price_words(self, tariff: Tariff) -> str:
        price = self._prices.cost(tariff)
        if price is None or tariff.unit is None:
            return "price unknown"
        return f"{self._prices.usd(price):f} USD {UNITS[tariff.unit].words}"

    def rank_words(self, tariff: Tariff) -> str:
        if not self.stated:
            return self.price_words(tariff)
        cost = self.cost_usd(tariff)
        return "cost unknown" if cost is None else f"{cost:f} USD for this request"
