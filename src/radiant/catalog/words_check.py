"""Whether our own words will still be true in a year: praise that compares with the rest of a moving field. Pure."""

import re
from collections.abc import Iterator

Problem = tuple[str | None, str]

#: Words that are true of a model until its maker brings out the next. `most capable` and the like are found by their
#: form; `most work` is no such claim.
_AGING = re.compile(
    r"\b("
    r"most\s+(?!of\b|work\b)[a-z-]+(?<!ly)|most\s+[a-z]+ly\s+[a-z-]+|"
    r"state[\s-]of[\s-]the[\s-]art|sota|cutting[\s-]edge|next[\s-]generation|"
    r"latest|newest|best|fastest|cheapest|largest|smallest|smartest|strongest|"
    r"flagship|frontier|leading|unmatched|unrivaled|current(?:ly)?|modern|recent(?:ly)?|today|nowadays|so far|not yet"
    r")\b",
    re.IGNORECASE,
)

#: A day, a month or a year that says when the words were true.
_DATE = re.compile(r"\b(19|20)\d\d\b")


def aging_words(description: str) -> Iterator[Problem]:
    """The words of a description that age, unless a date stands with them."""
    if _DATE.search(description):
        return
    for found in dict.fromkeys(it.group(1).lower() for it in _AGING.finditer(description)):
        yield "description", f"{found!r} ages; say what the model does, or since when it was true (as of 2026-11)"
