"""Lines amounts up by their decimal point, so that a column of them can be compared at a glance."""

from collections.abc import Sequence


def by_point(amounts: Sequence[str | None]) -> list[str | None]:
    """The amounts with as many spaces behind them as brings all points under each other; None stays."""
    behind = [len(it.partition(".")[2]) + ("." in it) for it in amounts if it is not None]
    most = max(behind, default=0)
    return [None if it is None else it + " " * (most - len(it.partition(".")[2]) - ("." in it)) for it in amounts]
