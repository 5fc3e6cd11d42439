"""What an observation says of whoever answered, or did not."""

from collections.abc import Mapping
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Final

from radiant.domain.observation import Observation, Reason, Source


class Effect(StrEnum):
    """GOOD and ALIVE are signs of life, of which only GOOD is an answer; BAD is a failure; KEY means that it answers,
    but not to this key; ASLEEP says nothing of how it is when it is awake; after NOTHING nothing is known any more."""

    GOOD = auto()
    ALIVE = auto()
    BAD = auto()
    KEY = auto()
    ASLEEP = auto()
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
        Reason.UNREADABLE: Effect.BAD,
        Reason.CONTENT: Effect.ALIVE,
        Reason.CLIENT: Effect.ALIVE,
        Reason.COLD: Effect.ASLEEP,
        Reason.NO_KEY: Effect.NOTHING,
        Reason.OFFLINE: Effect.NOTHING,
    }
)

#: Reasons that count in an error rate.
ERRORS: Final = frozenset(reason for reason, effect in _OF.items() if effect in (Effect.BAD, Effect.KEY))


def effect_on_model(seen: Observation) -> Effect:
    """What it says of the model that was asked."""
    if seen.ok:
        return Effect.GOOD
    return Effect.BAD if seen.reason is None else _OF[seen.reason]


def effect_on_provider(seen: Observation) -> Effect:
    """The same of its provider: whoever does not know one model is there. A probe asks for no model, so that what it
    does not find is the way to the provider."""
    if seen.reason is Reason.NOT_FOUND and seen.source is Source.TRAFFIC:
        return Effect.ALIVE
    return effect_on_model(seen)
