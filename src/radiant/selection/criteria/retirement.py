"""Retirement: from the day that a provider names, a model is no longer chosen."""

from ..criterion import Criterion
from ..reading.candidate import Candidate


def standing(candidate: Candidate) -> str | None:
    if candidate.days_left is None or candidate.days_left > 0:
        return None
    return f"it was retired on {candidate.retires}{_successor(candidate)}"


def notice(candidate: Candidate) -> str | None:
    """What a person should know of a model on its way out."""
    return f"retires on {candidate.retires}{_successor(candidate)}" if candidate.leaving else None


def _successor(candidate: Candidate) -> str:
    return "" if candidate.successor is None else f", its successor is {candidate.successor}"


criterion = Criterion(name="retirement", standing=standing, by_health=False)
