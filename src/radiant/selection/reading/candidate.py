"""A candidate: one model with what selection compares."""

from radiant.domain.choice import ModelName
from radiant.domain.compliance import Terms
from radiant.domain.vocabulary import HealthStatus, Hosting, ThermalState
from radiant.pricing.tariff import Tariff

from .described import Described

#: Days before its retirement in which a model is on its way out.
NOTICE = 30


class Candidate(Described, frozen=True, kw_only=True, gc=False):
    """A row of the registry with everything a criterion may judge by.

    `compliance`, capabilities and modalities are sets shared between rows that say the same. `min_tier` is 1
    for an external row without one. `days_left` are the days until it retires, None where no date is known; `resting`
    says whether it rests after failures, `tried` that its rest is over and that nobody has seen it succeed since.
    `price` is what the amount of work costs that its task is compared by, None where it is unknown. `connected` says
    whether a key for it is present in this process, None where nobody looked. `terms` are those of the standards that
    nobody has declared met.
    """

    capabilities: frozenset[str]
    input_modalities: frozenset[str]
    output_modalities: frozenset[str]
    compliance: frozenset[str]
    is_transitioning: bool
    health_status: HealthStatus
    min_tier: int
    license_conditions: tuple[str, ...]
    tariff: Tariff
    price: int | None
    days_left: int | None = None
    resting: bool = False
    connected: bool | None = None
    terms: tuple[tuple[str, Terms], ...] = ()

    @property
    def external(self) -> bool:
        return self.hosting_type is Hosting.EXTERNAL

    @property
    def ready(self) -> bool:
        """It can answer now."""
        return self.thermal_state is not ThermalState.COLD and self.thermal_state is not ThermalState.OFF

    @property
    def leaving(self) -> bool:
        """It retires within `NOTICE` days, or has."""
        return self.days_left is not None and self.days_left <= NOTICE

    @property
    def tried(self) -> bool:
        return self.resting_until is not None and not self.resting

    @property
    def name(self) -> ModelName:
        return ModelName(id=self.id, model_id=self.model_id, provider_id=self.provider_id)
