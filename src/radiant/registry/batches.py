"""Many rows in few statements, each within bounds."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

#: So many rows go in one statement: what it costs to send is shared by all, and its text stays small.
ROWS: Final = 1000


def batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """At most ROWS at a time, in their order; of nothing none."""
    for start in range(0, len(rows), ROWS):
        yield rows[start : start + ROWS]
