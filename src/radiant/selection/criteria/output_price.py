"""The price of 1,000 output tokens, markup included, beside the cost of a whole request."""

from radiant.domain.units import NO_OUTPUT_TOKENS
from radiant.pricing.tariff import amount, usd

from ..criterion import Criterion
from ..demand import Bound
from ..meter import Meter
from ..reading.candidate import Candidate


def price(candidate: Candidate, _: Meter) -> int | None:
    """Of short requests, where long ones cost more; 0 where no tokens come out."""
    return 0 if candidate.primary_mode in NO_OUTPUT_TOKENS else candidate.tariff.output


criterion = Criterion(
    name="output_price",
    demand=Bound(
        field="max_output_cost_per_1k",
        soft=True,
        of=price,
        level=lambda _: amount,
        unknown="its price for output tokens is unknown",
        reason=lambda asked: f"1,000 output tokens cost more than {asked} USD",
        found=lambda price, _: f"{usd(price, 1):f} USD",
    ),
)
