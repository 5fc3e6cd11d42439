"""The type of a criterion: who is never chosen, a demand, a measure."""

from collections.abc import Callable
from dataclasses import dataclass

from .costing import Costing
from .demand import Alike, Demand
from .masks.filter import Number
from .reading.candidate import Candidate

Judgement = Callable[[Candidate, Costing], Number | None]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A number by which profiles order and score. Lower is better, unless `high`; None is unknown and comes last.

    `scores` gives the score of each value where the values are few classes; other numbers are scored by their
    logarithm, so that each halving counts the same. `blind` is the measure when warmth is ignored, `by_usage` says
    that it depends on a stated usage. `by_health` says that it depends on what is measured of a provider (status,
    latency, errors) and on nothing else that its models differ in, or, where it is False, on none of that; None claims
    neither. `words` says what a person should read, `nowhere` what it means that it is known of no candidate.
    """

    of: Judgement
    words: Callable[[Candidate, Costing], str]
    high: bool = False
    scores: dict[int, float] | None = None
    blind: Judgement | None = None
    by_usage: bool = False
    by_health: bool | None = None
    nowhere: str | None = None


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One consideration. `standing` refuses a candidate whatever is asked, in words, or returns None; `demand` is
    what a caller may ask; `measure` is what a profile may order or weigh by, under the criterion's name. `by_health`
    says of `standing` and `demand` what it says of a measure, `planned` that a request with `include_off` is not
    refused by it: whoever plans could change what it says. `by` is all of a candidate that `standing` looks at: of
    those of which it is equal one is asked for all."""

    name: str
    standing: Callable[[Candidate], str | None] | None = None
    by_health: bool | None = None
    planned: bool = False
    by: Alike = id
    demand: Demand | None = None
    measure: Measure | None = None
