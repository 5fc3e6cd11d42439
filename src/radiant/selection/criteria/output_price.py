"""The price of 1,000 output tokens, markup included, beside the cost of a whole request."""

from radiant.domain.units import NO_OUTPUT_TOKENS

from ..criterion import Criterion
from ..reading.candidate import Candidate
from ..token_price import limit


def price(candidate: Candidate) -> int | None:
    """Of short requests, where long ones cost more; 0 where no tokens come out."""
    return 0 if candidate.primary_mode in NO_OUTPUT_TOKENS else candidate.tariff.output


criterion = Criterion(name="output_price", by_health=False, demand=limit("output", price))
