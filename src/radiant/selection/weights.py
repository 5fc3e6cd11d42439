"""How much each price of a tariff weighs in one request."""

from collections.abc import Mapping
from decimal import Decimal
from math import lcm

from radiant.domain.criteria import Usage
from radiant.domain.units import PricingType

from .tariff import UNIT, Tariff, usd

MINUTE = 60  #: seconds of audio or video where a request does not say


class Weights:
    """`cost` weighs a tariff: an integer in `common`-ths of an amount, comparable among the same weights.

    All numbers are counts of 1/`common`: of thousands of full-price input, cached input and output tokens, of the
    `units` of everything else, and of the price of a request that is charged on top. A unit that is not given leaves
    the cost unknown.
    """

    __slots__ = ("_cached", "_common", "_input", "_one_usd", "_output", "_request", "_units")

    def __init__(
        self,
        common: int,
        *,
        input: int,
        cached: int,
        output: int,
        request: int,
        units: Mapping[PricingType, int],
    ) -> None:
        self._common, self._one_usd = common, common * UNIT
        self._input, self._cached, self._output = input, cached, output
        self._request, self._units = request, units

    def cost(self, tariff: Tariff) -> int | None:
        """None where a price that is needed is unknown."""
        unit, price = tariff.unit, tariff.price
        if unit is PricingType.PER_TOKEN:
            if price is None or tariff.output is None:
                return None
            total = price * self._input + tariff.output * self._output
            if self._cached:
                total += (price if tariff.cached is None else tariff.cached) * self._cached
            return total if tariff.request is None else total + tariff.request * self._request
        if unit is None:
            return None
        weight = self._units.get(unit)
        if weight is not None and price is not None:
            return price * weight
        if unit is PricingType.PER_HOUR and tariff.request is not None and self._request:
            return tariff.request * self._request
        return None

    def usd(self, cost: int) -> Decimal:
        return usd(cost, self._common)

    def limit(self, highest: Decimal) -> int:
        """The largest cost that is not above `highest` USD."""
        top, bottom = highest.as_integer_ratio()
        cost: int = top * self._one_usd // bottom
        return cost


def comparing() -> Weights:
    """1,000 input and 500 output tokens, or one unit where tokens are not the unit."""
    units: dict[PricingType, int] = {unit: 2 for unit in PricingType if unit is not PricingType.PER_TOKEN}
    return Weights(2, input=2, cached=0, output=1, request=0, units=units)


def of_usage(usage: Usage) -> Weights:
    """One request that consumes `usage`."""
    share, shares = Decimal(str(usage.cached_share)).as_integer_ratio()
    time, times = Decimal(str(MINUTE if usage.seconds is None else usage.seconds)).as_integer_ratio()
    common = lcm(1000 * shares, 3600 * times)
    thousandth, second = common // 1000, common // times * time
    cached = usage.input_tokens * thousandth // shares * share
    units: dict[PricingType, int] = {
        PricingType.PER_REQUEST: common,
        PricingType.PER_IMAGE: usage.images * common,
        PricingType.PER_SECOND: second,
        PricingType.PER_MINUTE: second // 60,
        PricingType.PER_CHARACTER: usage.characters * common,
        PricingType.PER_PAGE: usage.pages * common,
    }
    if usage.seconds is not None:
        units[PricingType.PER_HOUR] = second // 3600
    return Weights(
        common,
        input=usage.input_tokens * thousandth - cached,
        cached=cached,
        output=usage.output_tokens * thousandth,
        request=common,
        units=units,
    )
