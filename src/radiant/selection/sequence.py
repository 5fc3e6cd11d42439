"""A long sequence of which a changed copy costs what changed: it shares all chunks in which nothing did."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, Generic, TypeVar, overload

CHUNK = 256  #: items in a chunk; one of twice as many is cut into pieces
CROWDED = 4  #: times as many chunks as are needed make it worth while to pack all anew
WALK = 100  #: one item among so many is looked for by its key, more of them in a walk through all

T = TypeVar("T")
Key = Callable[[T], Any]
Renew = Callable[[T], T]


class Chunked(Sequence[T], Generic[T]):
    """Immutable. `edited` gives a changed one. Of each item that is looked at, what `renew` makes of it is seen, which
    changes nothing that the key `lasting` goes by."""

    __slots__ = ("_chunks", "_count", "_lasting", "_renew", "_starts")

    def __init__(self, chunks: list[list[T]]) -> None:
        self._chunks = chunks
        self._renew: Renew[T] | None = None
        self._lasting: Key[T] | None = None
        ends = list(accumulate(map(len, chunks)))
        self._count = ends[-1] if ends else 0
        self._starts = [0, *ends[:-1]]

    @classmethod
    def of(cls, items: Sequence[T]) -> "Chunked[T]":
        """`items` itself, where it is one."""
        if isinstance(items, Chunked):
            return items
        return cls([list(items[start : start + CHUNK]) for start in range(0, len(items), CHUNK)])

    def renewed(self, renew: Renew[T], lasting: Key[T] | None = None) -> "Chunked[T]":
        """The same items, seen as `renew` makes them."""
        made = self._of_as_many(self._chunks)
        made._renew, made._lasting = renew, lasting
        return made

    def _of_as_many(self, chunks: list[list[T]]) -> "Chunked[T]":
        """Of chunks as long as those of this one."""
        made = Chunked[T].__new__(Chunked)
        made._chunks, made._count, made._starts = chunks, self._count, self._starts
        made._renew, made._lasting = self._renew, self._lasting
        return made

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        items = chain.from_iterable(self._chunks)
        return items if self._renew is None else map(self._renew, items)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, slice):
            return list(self)[place]
        at = place + self._count if place < 0 else place
        if not 0 <= at < self._count:
            raise IndexError(f"{place} is beyond {self._count} items")
        number = bisect_right(self._starts, at) - 1
        item = self._chunks[number][at - self._starts[number]]
        return item if self._renew is None else self._renew(item)

    def held(self, places: Sequence[int]) -> list[T]:
        """What stands at these places, which ascend, as it is held, whatever it is seen as."""
        found: list[T] = []
        done = 0
        while done < len(places):
            number = bisect_right(self._starts, places[done]) - 1
            start, chunk = self._starts[number], self._chunks[number]
            end = bisect_left(places, start + len(chunk), done)
            found += [chunk[place - start] for place in places[done:end]]
            done = end
        return found

    def place_for(self, key: Any, by: Key[T]) -> int:
        """As the function of that name: in the chunk whose last item is the first not below `key`."""
        renew = self._renew
        seen = by if renew is None or by is self._lasting else lambda item: by(renew(item))
        number = bisect_left(self._chunks, key, key=lambda chunk: seen(chunk[-1]))
        if number == len(self._chunks):
            return self._count
        return self._starts[number] + bisect_left(self._chunks[number], key, key=seen)

    def edited(self, gone: Sequence[int], places: Sequence[int], items: Sequence[T]) -> "Chunked[T]":
        """Without the places `gone`, and with each of `items` before what stands at its one of `places` now. Both lists
        of places ascend, and items for the same place stay in their order."""
        if gone == places:
            return self._replaced(places, items)
        chunks = self._chunks or [[]]
        found: list[list[T]] = []
        done = out = into = 0
        while out < len(gone) or into < len(places):
            first = min(
                gone[out] if out < len(gone) else self._count, places[into] if into < len(places) else self._count
            )
            number = max(0, bisect_right(self._starts, first) - 1)
            last = number == len(chunks) - 1
            end = self._count + 1 if last else self._starts[number + 1]
            out_end, into_end = bisect_left(gone, end, out), bisect_left(places, end, into)
            found += chunks[done:number]
            start = self._starts[number] if self._starts else 0
            chunk = _edited(chunks[number], start, gone[out:out_end], places[into:into_end], items[into:into_end])
            found += (
                [chunk[at : at + CHUNK] for at in range(0, len(chunk), CHUNK)] if len(chunk) > 2 * CHUNK else [chunk]
            )
            done, out, into = number + 1, out_end, into_end
        found += chunks[done:]
        made = Chunked([chunk for chunk in found if chunk])
        if len(found) > CROWDED * (1 + len(made) // CHUNK):
            made = Chunked.of(list(made))
        made._renew, made._lasting = self._renew, self._lasting
        return made

    def _replaced(self, places: Sequence[int], items: Sequence[T]) -> "Chunked[T]":
        """With these items at these places, which ascend."""
        chunks = self._chunks.copy()
        copied = -1
        for place, item in zip(places, items, strict=True):
            number = bisect_right(self._starts, place) - 1
            if number != copied:
                chunks[number], copied = chunks[number].copy(), number
            chunks[number][place - self._starts[number]] = item
        return self._of_as_many(chunks)


def places_of(items: Sequence[T], those: Sequence[T], by: Key[T]) -> list[int]:
    """Where `those` stand among `items`, which ascend by `by`, ascending. The same objects are looked for; one that
    does not stand there is left out."""
    if len(those) * WALK > len(items):
        ids = set(map(id, those))
        return [place for place, item in enumerate(items) if id(item) in ids]
    found = [(place_for(items, by(item), by), item) for item in those]
    return sorted(place for place, item in found if place < len(items) and items[place] is item)


def places_for(
    items: Sequence[T], new: Sequence[T], by: Key[T], within: tuple[int, int, int, int] | None = None
) -> list[int]:
    """For each of `new`, the place among `items` before which it comes; both ascend by `by`. Where two of `new` come
    before the same one, nobody between them is looked at. `within` has the first and the end of those of `new` that are
    asked about, and the lowest and the highest place there can be for them."""
    if within is None:
        if len(new) == 1:
            return [place_for(items, by(new[0]), by)]
        within = 0, len(new), 0, len(items)
    start = within[0]
    places = [0] * (within[1] - start)
    spans = [within]
    while spans:
        first, end, low, high = spans.pop()
        if low == high:
            places[first - start : end - start] = [low] * (end - first)
        elif first < end:
            middle = (first + end) // 2
            places[middle - start] = place = bisect_left(items, by(new[middle]), low, high, key=by)
            spans += ((first, middle, low, place), (middle + 1, end, place, high))
    return places


def place_for(items: Sequence[T], key: Any, by: Key[T]) -> int:
    """The place of the first of `items`, which ascend by `by`, whose key is not below `key`."""
    return items.place_for(key, by) if isinstance(items, Chunked) else bisect_left(items, key, key=by)


def _edited(chunk: list[T], start: int, gone: Sequence[int], places: Sequence[int], items: Sequence[T]) -> list[T]:
    """From behind, so that places in front stay what they are."""
    made = chunk.copy()
    out, into = len(gone), len(places)
    while out or into:
        if out and (not into or gone[out - 1] >= places[into - 1]):
            low = out - 1
            while low and gone[low - 1] == gone[low] - 1 and (not into or gone[low - 1] >= places[into - 1]):
                low -= 1
            del made[gone[low] - start : gone[out - 1] + 1 - start]
            out = low
        else:
            low = bisect_left(places, places[into - 1], 0, into)
            at = places[into - 1] - start
            made[at:at] = items[low:into]
            into = low
    return made
