"""Readiness: how soon a model can answer. A provider's always can; one that is off never."""

from radiant.domain.vocabulary import ThermalState

from ..criterion import Criterion, Measure
from ..reading.candidate import Candidate

RANKS = {ThermalState.HOT: 0, ThermalState.WARM: 1, None: 2, ThermalState.COLD: 3, ThermalState.OFF: 4}


def standing(candidate: Candidate) -> str | None:
    return "it is off" if candidate.thermal_state is ThermalState.OFF else None


criterion = Criterion(
    name="readiness",
    standing=standing,
    measure=Measure(
        of=lambda candidate, _: RANKS[candidate.thermal_state],
        blind=lambda *_: 0,
        scores={0: 1.0, 1: 0.9, 2: 0.8, 3: 0.0, 4: 0.0},
        words=lambda candidate, _: "external, always ready" if candidate.external else f"{candidate.thermal_state}",
    ),
)
