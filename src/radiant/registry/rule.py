"""What the rules of the database's constraints are made of, and those that many have in common."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from radiant.domain.vocabulary import Modality, Task


class Rule(NamedTuple):
    """`conflict`: the row is right, but not beside what is there already; `invalid`: it is wrong by itself."""

    sentence: str
    kind: Literal["conflict", "invalid"] = "invalid"


def one_of(what: str, names: Iterable[str]) -> Rule:
    """The rule of a column whose values are `names`."""
    return Rule(f"{what} is one of {', '.join(names)}.")


TIMES = Rule("A time lies between the years 1970 and 2199.")
DAYS = Rule("A date lies between the years 1970 and 2199.")
LISTS = Rule(
    "A list has one dimension from 1 on, no NULL and no empty text in it, at most 200 entries and 100,000 characters."
)
NAMES = Rule("A name says something on one line, without control characters; NULL is none, where there may be none.")
PLAIN = Rule("A text has no control characters but tabs and ends of lines, and a name in it says something.")
TEXTS = Rule("A text or a JSON value is longer than its column allows.")
TASK = one_of("A task", Task)
MODALITIES = Rule(f"Modalities are a list of some of {', '.join(Modality)}.")
TIER = Rule("A tier is a whole number from 1 to 5.")
MARKUP = Rule("A markup is a finite number from 0.")
LEAST_CHARGE = Rule("What a request costs at least is a finite amount of US dollars from 0; NULL is none.")
COUNT = Rule("A number of tokens, dimensions, parameters or gigabytes is above 0 where it is given.")
