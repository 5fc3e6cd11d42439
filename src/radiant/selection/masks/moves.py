"""How the ranks of one order became those of the next, and what that does to a mask."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

from . import bits

#: Up to so many stretches a mask is shifted piece by piece; beyond, it is cut up and joined as text, whose cost hardly
#: depends on how many there are.
FEW_STRETCHES = 12


class Stretch(NamedTuple):
    """`length` ranks in a row from `old` on that are those from `new` on."""

    old: int
    new: int
    length: int


class Moves:
    """Between two orders: of the first, with `before` ranks, those in `gone` are taken out; in the second the ranks
    `came` are new. Both lists ascend. Everything else keeps its sequence. A candidate that changed is in both; `paired`
    says that all did, and that the one at each of `gone` is the one at its place of `came`, measured anew."""

    __slots__ = ("_back", "_staying", "_stretches", "after", "before", "came", "gone", "paired", "size")

    def __init__(self, before: int, gone: Sequence[int], came: Sequence[int], *, paired: bool = False) -> None:
        self.before, self.gone, self.came, self.paired = before, gone, came, paired
        self.after = before - len(gone) + len(came)
        #: How many candidates left, came or changed
        self.size = max(len(gone), len(came))
        # after how many of those that stay each one left, and each one came, where somebody asked
        self._staying: tuple[list[int], list[int]] | None = None
        self._stretches: list[Stretch] | None = None
        self._back: Moves | None = None

    @property
    def back(self) -> "Moves":
        """From the second order to the first."""
        if self._back is None:
            self._back = Moves(self.after, self.came, self.gone, paired=self.paired)
        return self._back

    def rank(self, old: int) -> int | None:
        """What a rank of the first order is in the second, None if it is gone."""
        number = bisect_left(self.gone, old)
        if number < len(self.gone) and self.gone[number] == old:
            return None
        staying = old - number
        _, came_after = self._staying or self._counted()
        return staying + bisect_right(came_after, staying)

    def _counted(self) -> tuple[list[int], list[int]]:
        gone_after = [rank - number for number, rank in enumerate(self.gone)]
        came_after = [rank - number for number, rank in enumerate(self.came)]
        self._staying = gone_after, came_after
        return self._staying

    def then(self, later: "Moves") -> "Moves":
        """Both, one after the other."""
        if self.paired and later.paired and self.came == later.gone:
            return Moves(self.before, self.gone, later.came, paired=True)
        if self.gone == self.came and later.gone == later.came:
            there = sorted({*self.gone, *later.gone})
            return Moves(self.before, there, there)
        came, gone = set(self.came), set(later.gone)  # of a provider that is measured again they are the same
        left = [rank for rank in map(self.back.rank, gone - came) if rank is not None]
        there = [rank for rank in map(later.rank, came - gone) if rank is not None]
        return Moves(self.before, sorted([*self.gone, *left]), sorted([*later.came, *there]))

    @property
    def stretches(self) -> list[Stretch]:
        """What stays, from the first rank on."""
        if self._stretches is None:
            gone, came = self._staying or self._counted()
            cuts = sorted({0, self.before - len(self.gone), *gone, *came})
            self._stretches = [
                Stretch(start + bisect_right(gone, start), start + bisect_right(came, start), end - start)
                for start, end in pairwise(cuts)
            ]
        return self._stretches

    def carry(self, mask: int) -> int:
        """A mask over the first order as one over the second, without those that came."""
        stretches = self.stretches
        if len(stretches) > FEW_STRETCHES:
            return self._carry_as_text(mask, stretches)
        carried = 0
        for old, new, length in stretches:
            part = mask >> old if old else mask
            if old + length < self.before:
                part &= bits.everyone(length)
            carried |= part << new if new else part
        return carried

    def carry_along(self, mask: int) -> int:
        """The same of orders that are paired, with the bits of those that were measured: each has its own."""
        if self.gone == self.came:
            return mask
        text = format(mask, f"0{self.before}b")
        last = self.before - 1
        having = [new for old, new in zip(self.gone, self.came, strict=True) if text[last - old] == "1"]
        return self.carry(mask) | bits.some(having, self.after)

    def relay_along(self, items: bytes) -> bytes:
        """One byte for each rank of the first order as those of the second, where the two are paired."""
        return items if self.gone == self.came else self.relay(items, bytes([items[rank] for rank in self.gone]))

    def relay(self, items: bytes, came: bytes) -> bytes:
        """One byte for each rank of the first order as those of the second; `came` are the bytes of those that came."""
        relayed = bytearray(self.after)
        for old, new, length in self.stretches:
            relayed[new : new + length] = items[old : old + length]
        for rank, item in zip(self.came, came, strict=True):
            relayed[rank] = item
        return bytes(relayed)

    def _carry_as_text(self, mask: int, stretches: list[Stretch]) -> int:
        text = format(mask, f"0{self.before}b")  # the last rank first
        pieces: list[str] = []
        top = self.after
        for old, new, length in reversed(stretches):
            if new + length < top:
                pieces.append("0" * (top - new - length))
            pieces.append(text[self.before - old - length : self.before - old])
            top = new
        pieces.append("0" * top)
        return int("0" + "".join(pieces), 2)


#: Moves one after the other, each at least twice as large as the next, so that there are few of them and each candidate
#: is put together with others seldom.
Chain = tuple[Moves, ...]


def lengthened(chain: Chain, last: Moves) -> Chain:
    """With one more behind."""
    while chain and chain[-1].size < 2 * last.size:
        last = chain[-1].then(last)
        chain = chain[:-1]
    return *chain, last


def whole(chain: Chain) -> Moves:
    """All of a chain that is not empty, as one."""
    return reduce(lambda later, earlier: earlier.then(later), reversed(chain))
