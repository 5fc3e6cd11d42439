"""Class: flagship, standard or small, as the provider itself positions the model; unknown where it does not."""

from operator import attrgetter

from radiant.domain.vocabulary import ModelClass

from ..criterion import Criterion, Measure
from ..demand import Rule
from ..reading.candidate import Candidate

RANKS = {ModelClass.FLAGSHIP: 0, ModelClass.STANDARD: 1, ModelClass.SMALL: 2}


def admits(candidate: Candidate, least: ModelClass) -> bool:
    return candidate.model_class is not None and RANKS[candidate.model_class] <= RANKS[least]


def reason(candidate: Candidate, least: ModelClass) -> str:
    return "its class is unknown" if candidate.model_class is None else f"its class is below {least}"


criterion = Criterion(
    name="class",
    by_health=False,
    demand=Rule(field="min_class", admits=admits, reason=reason, by=attrgetter("model_class")),
    measure=Measure(
        by_health=False,
        of=lambda candidate, _: None if candidate.model_class is None else RANKS[candidate.model_class],
        scores={0: 1.0, 1: 0.7, 2: 0.3},
        words=lambda candidate, _: (
            "class unknown" if candidate.model_class is None else f"class {candidate.model_class}"
        ),
        nowhere="of no model its provider has told a class",
    ),
)
