"""Readiness: how soon a model can answer. External models always are ready; a self-hosted one that is OFF never is."""

from radiant.domain.vocabulary import ThermalState

from ..criterion import Criterion, Measure
from ..reading.candidate import Candidate

#: How a self-hosted model gets an endpoint.
ADD = "`radiant endpoints add MODEL_ID --runtime RUNTIME --url URL`"

RANKS = {ThermalState.HOT: 0, ThermalState.WARM: 1, None: 2, ThermalState.COLD: 3, ThermalState.OFF: 4}


def standing(candidate: Candidate) -> str | None:
    if candidate.thermal_state is not ThermalState.OFF:
        return None
    return "it is off" if candidate.endpoint_id is not None else f"no endpoint: {ADD}"


criterion = Criterion(
    name="readiness",
    standing=standing,
    by_health=False,
    planned=True,
    measure=Measure(
        by_health=False,
        of=lambda candidate, _: RANKS[candidate.thermal_state],
        blind=lambda *_: 0,
        scores={0: 1.0, 1: 0.9, 2: 0.8, 3: 0.0, 4: 0.0},
        words=lambda candidate, _: "external, always ready" if candidate.external else f"{candidate.thermal_state}",
    ),
)
