"""Whether it is this host that reaches nobody, or not all, in place of their being down."""

from collections.abc import Iterable
from typing import Final

from radiant.domain.observation import Observation, Reason, Source

from .effect import Effect, effect_on_provider

#: So many have to be asked before none of them answering says something of who asks.
LEAST_ASKED = 2

#: What is seen where no answer came. Any other failure is an answer, which took a way there and back.
_NO_ANSWER: Final = frozenset((Reason.DNS, Reason.TIMEOUT, Reason.REFUSED, Reason.UNREACHABLE, Reason.TLS))

#: What is seen of whoever there is no way to. A refused connection took one.
_NO_WAY: Final = frozenset((Reason.DNS, Reason.UNREACHABLE))


def seems_offline(observations: Iterable[Observation], *, least: int = LEAST_ASKED) -> bool:
    """Whether none of the providers that were probed gave any answer, not even an error; of `least` at least."""
    answered: dict[str, bool] = {}
    for seen in observations:
        if seen.source is Source.PROBE and effect_on_provider(seen) is not Effect.NOTHING:
            answered[seen.provider_id] = answered.get(seen.provider_id, False) or seen.reason not in _NO_ANSWER
    return len(answered) >= least and not any(answered.values())


def without_a_way(observations: Iterable[Observation]) -> frozenset[str]:
    """The providers that were probed and to which no way was found, by their ids."""
    probes = [seen for seen in observations if seen.source is Source.PROBE]
    elsewhere = {seen.provider_id for seen in probes if seen.reason not in _NO_WAY}
    return frozenset(seen.provider_id for seen in probes) - elsewhere
