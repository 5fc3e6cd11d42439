"""Cost: what the tenant pays for this very request, markup included; the price where no usage is stated."""

from ..criterion import Criterion, Measure
from ..demand import Bound

criterion = Criterion(
    name="cost",
    demand=Bound(
        field="max_cost_per_request",
        soft=True,
        of=lambda candidate, meter: meter.cost(candidate.tariff),
        metered=True,
        level=lambda meter: meter.limit,
        unknown="its cost is unknown",
        reason=lambda asked: f"a request costs more than {asked} USD",
        found=lambda cost, meter: f"{meter.usd(cost):f} USD",
    ),
    measure=Measure(
        of=lambda candidate, meter: meter.cost(candidate.tariff),
        metered=True,
        words=lambda candidate, meter: meter.cost_words(candidate.tariff),
    ),
)
