"""Price: of the amount of work that the model's task is compared by, with the markup; the same for every request."""

from ..criterion import Criterion, Measure

criterion = Criterion(
    name="price",
    measure=Measure(
        by_health=False,
        of=lambda candidate, _: candidate.price,
        words=lambda candidate, costing: costing.price_words(candidate.tariff),
    ),
)
