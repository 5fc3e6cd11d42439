"""The sheets of a model from both places: what is stored with its history, and what its row says. Pure."""

from collections.abc import Sequence

from radiant.domain.price_sheet import Sheet


def joined(stored: Sequence[Sheet], of_row: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The stored sheets; where sources have none among them, what the row says beside them.

    The row never speaks against what is stored: it shows it, for SQL that reads columns. Of one's own models only what
    people set is stored, and of a model whose prices were never brought up to date nothing else.
    """
    if any(it.rank == 0 for it in stored):
        return tuple(stored)
    return (*of_row, *stored)
