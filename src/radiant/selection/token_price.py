"""What the limits on the price of 1,000 input and of 1,000 output tokens have in common."""

from collections.abc import Callable

from radiant.pricing.tariff import amount, usd

from .demand import Bound
from .reading.candidate import Candidate


def limit(side: str, of: Callable[[Candidate], int | None]) -> Bound:
    """`side` is `input` or `output`, `of` the price as a number of tariff units, None where it is unknown."""
    return Bound(
        field=f"max_{side}_cost_per_1k",
        soft=True,
        of=lambda candidate, _: of(candidate),
        level=lambda _: amount,
        unknown=f"its price for {side} tokens is unknown",
        reason=lambda asked: f"1,000 {side} tokens cost more than {asked} USD",
        found=lambda price, _: f"{usd(price, 1):f} USD",
    )
