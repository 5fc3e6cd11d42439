"""The price of 1,000 input tokens, markup included, beside the cost of a whole request."""

from ..criterion import Criterion
from ..reading.candidate import Candidate
from ..token_price import limit


def price(candidate: Candidate) -> int | None:
    """Of short requests, where long ones cost more."""
    return candidate.tariff.input


criterion = Criterion(name="input_price", by_health=False, demand=limit("input", price))
