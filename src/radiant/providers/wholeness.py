"""What a list says of itself besides its models: that something failed, or that there are more. Pure."""

from collections.abc import Sequence
from typing import Final

from radiant.claims.entries import number
from radiant.domain.errors import SourceUnreadable

from .envelope import FAILURES, beside, failed
from .failures import Reason
from .listing import Problem
from .paging import Numbered, Paging, Single

#: Where lists say how many models there are.
_TOTALS: Final = ("total", "total_count", "totalCount", "pagination.total")


def shortcoming(paging: Paging, pages: Sequence[tuple[str, bytes]], listed: int) -> Problem | None:
    """What the pages of one list say that is missing in them, though `listed` entries came."""
    totals = (paging.total,) if isinstance(paging, Numbered) else _TOTALS if isinstance(paging, Single) else ()
    most = 0
    for source, body in pages:
        try:
            said = beside(source, body, *FAILURES, *totals)
        except SourceUnreadable:
            return None  # which is told elsewhere
        if failed(said):
            return Problem(place=source, reason=Reason.FAILING, problem="it says that something failed besides")
        counts = [it for name in totals if type(it := number(said.get(name))) is int]
        most = max([most, *counts])
    if most <= listed:
        return None
    text = f"it says that it has {most:,} models, and lists {listed:,}"
    return Problem(place=pages[0][0], reason=Reason.PAGING, problem=text)
