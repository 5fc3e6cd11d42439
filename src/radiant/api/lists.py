"""Lists within one parameter of an address: names separated by commas, with or without spaces."""

from collections.abc import Iterable

#: A pattern for text that PostgreSQL can hold: no NUL.
TEXT = r"^[^\u0000]*$"


def split(text: str | None) -> tuple[str, ...]:
    """The names of a list; none of an empty one."""
    return tuple(name for part in (text or "").split(",") if (name := part.strip()))


def pattern_of(names: Iterable[str]) -> str:
    """A regular expression for some of these names, without its ends."""
    one = rf"\s*(({'|'.join(names)})\s*)?"
    return rf"{one}(,{one})*"
