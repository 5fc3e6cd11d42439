"""What an observation says of whoever answered, or did not."""

from collections.abc import Mapping
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Final

from radiant.domain.observation import Observation, Reason, Source


class Effect(StrEnum):
    """GOOD and ALIVE are signs of life, of which only GOOD is an answer; BAD is a failure, ONE_MODEL one that may be a
    single model's alone; KEY means that it answers, but not to this key; NEITHER speaks neither for nor against it;
    after NOTHING nothing is known any more."""

    GOOD = auto()
    ALIVE = auto()
    BAD = auto()
    ONE_MODEL = auto()
    KEY = auto()
    NEITHER = auto()
    NOTHING = auto()


_OF: Final[Mapping[Reason, Effect]] = MappingProxyType(
    {
        Reason.KEY: Effect.KEY,
        Reason.RATE_LIMITED: Effect.ALIVE,
        Reason.TIMEOUT: Effect.BAD,
        Reason.REFUSED: Effect.BAD,
        Reason.TLS: Effect.BAD,
        Reason.DNS: Effect.BAD,
        Reason.UNREACHABLE: Effect.BAD,
        Reason.SERVER: Effect.BAD,
        Reason.NOT_FOUND: Effect.BAD,
        Reason.ADDRESS: Effect.BAD,
        Reason.UNREADABLE: Effect.BAD,
        Reason.CONTENT: Effect.ALIVE,
        Reason.CLIENT: Effect.ALIVE,
        Reason.COLD: Effect.NEITHER,
        # People stop waiting for what hangs, and for what answers: no sign of life, and no failure either
        # (PostHog/posthog, pull request 58090; diegosouzapw/OmniRoute, issue 7907).
        Reason.CANCELLED: Effect.NEITHER,
        Reason.NO_KEY: Effect.NOTHING,
        Reason.OFFLINE: Effect.NOTHING,
    }
)

#: Failures that come before any model was named.
_ON_THE_WAY: Final = frozenset((Reason.REFUSED, Reason.TLS, Reason.DNS))

#: Reasons that count in an error rate.
ERRORS: Final = frozenset(reason for reason, effect in _OF.items() if effect in (Effect.BAD, Effect.KEY))


def effect_on_model(seen: Observation) -> Effect:
    """What it says of the model that was asked."""
    if seen.ok:
        return Effect.GOOD
    return Effect.BAD if seen.reason is None else _OF[seen.reason]


def effect_on_provider(seen: Observation) -> Effect:
    """The same of its provider: whoever does not know one model is there, and one that fails may be the only one. A
    probe asks for no model, so that what it does not find is the way to the provider."""
    effect = effect_on_model(seen)
    if seen.source is Source.PROBE or effect is not Effect.BAD:
        return effect
    if seen.reason is Reason.NOT_FOUND:
        return Effect.ALIVE
    return Effect.BAD if seen.model_id is None or seen.reason in _ON_THE_WAY else Effect.ONE_MODEL
