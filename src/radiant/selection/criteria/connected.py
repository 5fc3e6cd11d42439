"""Connected: the environment has a key for the provider. Self-hosted models need none."""

from collections.abc import Iterable
from dataclasses import replace

from ..criterion import Criterion
from ..demand import Rule

demand = Rule(
    field="connected_only",
    idle=False,
    by=lambda candidate: (candidate.provider_id, candidate.connected),
    admits=lambda candidate, required: not required or candidate.connected is True,
    reason=lambda candidate, _: f"no key for {candidate.provider_id} is set where Radiant runs",
)
criterion = Criterion(name="connected", by_health=False, demand=demand)


def by_default(roster: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """The same criteria, of which this one is asked by every request that leaves it open."""
    always = replace(criterion, demand=replace(demand, unsaid=True))
    return tuple(always if it.name == criterion.name else it for it in roster)
