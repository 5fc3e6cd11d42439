"""Rules that approve discovered models at once."""

import datetime as dt
from decimal import Decimal
from typing import Final

import msgspec

from .errors import RadiantError
from .vocabulary import Task

#: US dollars per million tokens that a ceiling may be.
HIGHEST: Final = 1_000_000


#: Characters of a pattern.
LONGEST_PATTERN: Final = 600


class RuleTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rule says; all of it has to hold.

    `pattern` is about the model's id at its provider (`gpt-*`). Ceilings are US dollars per million tokens, and a price
    that is not known is under none.
    """

    pattern: str
    provider_id: str | None = None
    task: Task | None = None
    most_input_per_mtok: Decimal | None = None
    most_output_per_mtok: Decimal | None = None

    @property
    def ceilings(self) -> tuple[tuple[str, Decimal | None], ...]:
        """The facts about prices that have a ceiling, and that."""
        return ("price.input_per_mtok", self.most_input_per_mtok), ("price.output_per_mtok", self.most_output_per_mtok)

    def __str__(self) -> str:
        return ", ".join(
            f"{name} {value}"
            for name, value in (
                ("provider", self.provider_id),
                ("pattern", self.pattern),
                ("task", self.task and self.task.value),
                ("input up to USD", self.most_input_per_mtok),
                ("output up to USD", self.most_output_per_mtok),
            )
            if value is not None
        )


class ReviewRule(RuleTerms, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A rule, and how many models it approved that are approved still."""

    id: int
    enabled: bool = True
    created_by: str
    created_at: dt.datetime
    approved: int = 0


class RuleNotFound(RadiantError):
    """There is no rule of that id."""

    def __init__(self, id: int, known: tuple[int, ...]) -> None:
        self.known = known
        there = f"there are {', '.join(map(str, known))}" if known else "there is none yet"
        super().__init__(f"No review rule {id}; {there}.")
