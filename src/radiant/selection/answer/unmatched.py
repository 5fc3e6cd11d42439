"""Names that were to be kept out and that nothing is known by: every answer tells them."""

from typing import TypeVar

import msgspec

from radiant.domain.choice import Choice, ChoiceDocument, UnmatchedName
from radiant.domain.explanation import Explanation

Chosen = TypeVar("Chosen", Choice, ChoiceDocument)
Unmatched = tuple[UnmatchedName, ...]


def told(choice: Chosen, unmatched: Unmatched) -> Chosen:
    """The choice, with them."""
    return msgspec.structs.replace(choice, unmatched_exclusions=unmatched) if unmatched else choice


def besides(explanation: Explanation, unmatched: Unmatched) -> Explanation:
    """The explanation, with a note of each."""
    choice = None if explanation.choice is None else told(explanation.choice, unmatched)
    return msgspec.structs.replace(explanation, choice=choice, notes=explanation.notes + notes(unmatched))


def notes(unmatched: Unmatched) -> tuple[str, ...]:
    """A note of each."""
    return tuple(f"exclude: {name}" for name in unmatched)
