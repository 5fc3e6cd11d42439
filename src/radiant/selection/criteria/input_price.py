"""The price of 1,000 input tokens, markup included, beside the cost of a whole request."""

from radiant.pricing.tariff import amount, usd

from ..criterion import Criterion
from ..demand import Bound
from ..meter import Meter
from ..reading.candidate import Candidate


def price(candidate: Candidate, _: Meter) -> int | None:
    """Of short requests, where long ones cost more."""
    return candidate.tariff.input


criterion = Criterion(
    name="input_price",
    demand=Bound(
        field="max_input_cost_per_1k",
        soft=True,
        of=price,
        level=lambda _: amount,
        unknown="its price for input tokens is unknown",
        reason=lambda asked: f"1,000 input tokens cost more than {asked} USD",
        found=lambda price, _: f"{usd(price, 1):f} USD",
    ),
)
