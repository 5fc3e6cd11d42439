"""Resting: a model that failed so often in a row is left alone for a while."""

from ..criterion import Criterion
from ..reading.candidate import Candidate


def standing(candidate: Candidate) -> str | None:
    return f"it is {_rest(candidate)}" if candidate.resting else None


def notice(candidate: Candidate) -> str | None:
    """What a person should know of one whose rest is over, but which nobody has seen succeed since."""
    return f"tried again after {candidate.resting_because}" if candidate.tried else None


def _rest(candidate: Candidate) -> str:
    return f"resting until {candidate.resting_until:%H:%M:%S} UTC: {candidate.resting_because}"


criterion = Criterion(name="resting", standing=standing, by_health=False)
