"""Whether it is this host that reaches nobody, in place of everybody being down at once."""

from collections.abc import Iterable

from radiant.domain.observation import Observation, Source

from .effect import Effect, effect_on_provider

#: So many have to be asked before all of them failing says something of who asks.
LEAST_ASKED = 2


def seems_offline(observations: Iterable[Observation]) -> bool:
    """Whether every provider that was probed failed, of at least `LEAST_ASKED`."""
    answered: dict[str, bool] = {}
    for seen in observations:
        effect = effect_on_provider(seen)
        if seen.source is Source.PROBE and effect is not Effect.NOTHING:
            answered[seen.provider_id] = answered.get(seen.provider_id, False) or effect is not Effect.BAD
    return len(answered) >= LEAST_ASKED and not any(answered.values())
