"""Cost: what the tenant pays for this request, with the markup; where no usage is stated, one is assumed."""

from ..criterion import Criterion, Measure
from ..demand import Bound

criterion = Criterion(
    name="cost",
    by_health=False,
    demand=Bound(
        field="max_cost_per_request",
        soft=True,
        of=lambda candidate, costing: costing.cost_of(candidate),
        by_usage=True,
        level=lambda costing: costing.limit,
        unknown="its cost is unknown",
        reason=lambda asked: f"a request costs more than {asked} USD",
        found=lambda cost, costing: f"{costing.usd(cost):f} USD",
    ),
    measure=Measure(
        by_health=False,
        of=lambda candidate, costing: costing.cost_of(candidate),
        by_usage=True,
        words=lambda candidate, costing: costing.cost_words(candidate.tariff),
    ),
)
