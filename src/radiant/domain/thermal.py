"""How warm a self-hosted model is to be, and where a change of that stands."""

from enum import StrEnum


class Target(StrEnum):
    """What an operator wants of a model; AUTOMATIC leaves it to the policy."""

    AUTOMATIC = "AUTOMATIC"
    HOT = "HOT"
    WARM = "WARM"
    COLD = "COLD"
    OFF = "OFF"


class Fallback(StrEnum):
    """What a caller wants whose best model is not ready."""

    NONE = "none"  #: the best ready model, and nothing is woken
    HANDOVER = "handover"  #: a ready model stands in while it is woken
    HOLD = "hold"  #: an answer once it is ready
    FAIL = "fail"  #: to hear at once when to come again


class Phase(StrEnum):
    """Where the state machine of an endpoint stands."""

    IDLE = "idle"  #: nothing is under way
    WARMING = "warming"  #: it was told to come up, or is seen coming up
    COOLING = "cooling"  #: it was told to go to sleep
    FAILED = "failed"  #: the last change failed; it is tried again after a pause, or given up


class Outcome(StrEnum):
    """How a warm-up ended."""

    READY = "ready"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
