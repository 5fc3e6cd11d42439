"""How much each price of a tariff weighs in one request."""

from collections.abc import Mapping
from decimal import Decimal
from math import gcd, lcm

from radiant.domain.criteria import Usage
from radiant.domain.units import COMPARED_TOKENS, METERS, SINGLE_UNITS, Meter, PricingType

from .tariff import UNIT, Tariff, usd

#: Tokens are priced by the thousand.
_THOUSAND = METERS["input"].column_per

_SINGLES = tuple((unit.type, unit.price) for unit in SINGLE_UNITS)


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
    """What models are compared by: an amount of tokens, or one unit where tokens are not the unit."""
    into, out = _tokens("input", COMPARED_TOKENS), _tokens("output", COMPARED_TOKENS)
    common = _THOUSAND // gcd(into, out, _THOUSAND)
    return Weights(
        common,
        input=into * common // _THOUSAND,
        cached=0,
        output=out * common // _THOUSAND,
        request=0,
        units={unit.type: common for unit in SINGLE_UNITS},
    )


def of_usage(usage: Usage) -> Weights:
    """One request that consumes `usage`."""
    share, shares = _ratio(usage.cached_share)
    amounts = {unit: amount for unit, meter in _SINGLES if (amount := _amount(meter, usage)) is not None}
    common = lcm(_THOUSAND * shares, *(bottom for _, bottom in amounts.values()))
    thousandth = common // _THOUSAND
    tokens = _tokens("input", usage)
    cached = tokens * thousandth // shares * share
    return Weights(
        common,
        input=tokens * thousandth - cached,
        cached=cached,
        output=_tokens("output", usage) * thousandth,
        request=common,
        units={unit: common // bottom * top for unit, (top, bottom) in amounts.items()},
    )


def _tokens(name: str, usage: Usage) -> int:
    """How many tokens of a kind, stated or assumed."""
    meter = METERS[name]
    stated: int | None = getattr(usage, meter.usage or "")
    return stated if stated is not None else meter.assumed or 0


def _amount(meter: Meter, usage: Usage) -> tuple[int, int] | None:
    """How many of what the column has the price of, as a fraction; None where the request does not say."""
    if meter.usage is None:
        return 1, 1
    count = getattr(usage, meter.usage)
    if count is None:
        count = meter.assumed
    if count is None:
        return None
    top, bottom = _ratio(count)
    return top, bottom * meter.column_per


def _ratio(number: Decimal | float) -> tuple[int, int]:
    return (number, 1) if isinstance(number, int) else Decimal(str(number)).as_integer_ratio()
