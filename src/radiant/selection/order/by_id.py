"""The sequence of an index itself, as an order: nothing has to be sorted for it, and nothing measured moves anybody."""

from collections.abc import Sequence

from ..costing import UNSTATED
from ..reading.candidate import Candidate
from ..reading.rows import place
from .order import Key, Order, Scales
from .profile import Profile

#: In place of the name of a profile, which has no such sign.
BY_ID = "*"


class ById(Order):
    """By model id, then provider id, as candidates come."""

    def __init__(self) -> None:
        super().__init__(Profile(description="by id", cold_last=False), {}, UNSTATED, passing=bool)

    def sort(self, candidates: Sequence[Candidate], scales: Scales) -> Sequence[Candidate]:
        return candidates

    def key(self, scales: Scales) -> Key:
        return place
