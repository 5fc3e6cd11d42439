"""What a criterion is."""

from collections.abc import Callable
from dataclasses import dataclass

from .demand import Demand
from .masks.filter import Number
from .meter import Meter
from .reading.candidate import Candidate

Judgement = Callable[[Candidate, Meter], Number | None]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A number by which profiles order and score. Lower is better, unless `high`; None is unknown and comes last.

    `scores` gives the score of each value where the values are few classes; other numbers are scored by their
    logarithm, so that each halving counts the same. `blind` is the measure when warmth is ignored, `metered` says
    that it depends on a stated usage. `words` says what a person should read, `nowhere` what it means that it is known
    of no candidate.
    """

    of: Judgement
    words: Callable[[Candidate, Meter], str]
    high: bool = False
    scores: dict[int, float] | None = None
    blind: Judgement | None = None
    metered: bool = False
    nowhere: str | None = None


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One consideration. `standing` refuses a candidate whatever is asked, in words, or returns None; `demand` is
    what a caller may ask; `measure` is what a profile may order or weigh by, under the criterion's name."""

    name: str
    standing: Callable[[Candidate], str | None] | None = None
    demand: Demand | None = None
    measure: Measure | None = None
