"""Which price each part of a usage is charged at, so that nothing is charged twice.

What a meter contains is inside its quantity, so a price is charged for the quantity minus that of everything in it that
is charged otherwise.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import msgspec

from radiant.domain.errors import UsageInvalid
from radiant.domain.meter import DIMENSIONS, METERS, Meter, ancestors, join

#: What comes out as these is another thing than text; the price of text tokens says nothing of it.
_OTHER_THINGS: Final = frozenset({"audio", "image", "video"})

#: What all tiers are counted by.
TOTAL_INPUT: Final = "input_tokens"


class Part(msgspec.Struct, frozen=True, gc=False):
    """What of `meter` is charged at the price of the meter `price`, or has none: the sum of the quantities at the
    places `of`, less the parts at the places `less` before it.

    `of` are several where nobody stated the meter but only what is in it.
    """

    meter: str
    price: str | None
    of: tuple[int, ...]
    less: tuple[int, ...]
    within: tuple[str, ...]  #: the meters of `less`


class Decomposition(msgspec.Struct, frozen=True):
    """A usage that states certain meters, by the prices that there are: parts, the most specific first.

    `bounds` are pairs of places of which the second cannot be less than the first; `sums` places of meters that are
    apart, which together cannot be more than the one at the last place, where no subtraction tells. `fallen` are stated
    meters that are charged with another, `foreign` those of them that usually cost more than it. `total_input` are
    places whose sum is all input tokens, None where that cannot be told.
    """

    stated: tuple[str, ...]
    parts: tuple[Part, ...]
    bounds: tuple[tuple[int, int], ...]
    sums: tuple[tuple[tuple[int, ...], int], ...]
    fallen: tuple[tuple[str, str], ...]
    foreign: frozenset[str]
    total_input: tuple[int, ...] | None


def decompose(stated: Sequence[str], priced: Collection[str]) -> Decomposition:
    """How usage of the meters `stated` falls under prices of the meters `priced`.

    Raises UsageInvalid for a meter that there is not, and where what is charged cannot be told from what is stated.
    """
    for name in stated:
        if name not in METERS:
            raise UsageInvalid(f"{name:.60}", unknown(f"{name:.60}"))
    places = {name: place for place, name in enumerate(stated)}
    charged_as = {name: price_for(name, priced) for name in stated}
    parts: list[Part] = []
    for name in sorted(_told_apart(charged_as), key=lambda it: (-_depth(it), it)):
        inside = [place for place, part in enumerate(parts) if name in ancestors(part.meter)]
        parts.append(
            Part(
                meter=name,
                price=charged_as.get(name, name),
                of=_counted(name, places),
                less=tuple(inside),
                within=tuple(parts[it].meter for it in inside),
            )
        )
    fallen = tuple((name, price) for name, price in charged_as.items() if price is not None and price != name)
    return Decomposition(
        stated=tuple(stated),
        parts=tuple(parts),
        bounds=tuple(
            (places[small], places[large]) for small in stated for large in ancestors(small) if large in places
        ),
        sums=tuple(_sums(places, {part.meter for part in parts})),
        fallen=fallen,
        foreign=frozenset(name for name, price in fallen if _dearer(METERS[name], METERS[price])),
        total_input=_total_input(places),
    )


def _sums(places: Mapping[str, int], parts: Collection[str]) -> Iterator[tuple[tuple[int, ...], int]]:
    """For each meter what is apart in it, dimension by dimension; not where all of these are reckoned for themselves,
    since the meter is then what is left of it."""
    for large, whole in places.items():
        inside = [it for it in places if large in ancestors(it)]
        largest = [it for it in inside if not any(other in ancestors(it) for other in inside)]
        for dimension in DIMENSIONS:
            apart: dict[str, str] = {}
            for name in largest:
                value = getattr(METERS[name], dimension)
                if value is not None and getattr(METERS[large], dimension) is None:
                    apart.setdefault(value, name)
            if len(apart) > 1 and not {large, *apart.values()} <= set(parts):
                yield tuple(places[name] for name in apart.values()), whole


def overlap(one: str, other: str) -> str | None:
    """The meter of what both may count; None where nothing can be both, or one is in the other."""
    if not _apart(METERS[one], METERS[other]) and one not in ancestors(other) and other not in ancestors(one):
        return join(one, other)
    return None


def _total_input(places: Mapping[str, int]) -> tuple[int, ...] | None:
    try:
        return _counted(TOTAL_INPUT, places)
    except UsageInvalid:
        return None


def _told_apart(charged_as: Mapping[str, str | None]) -> set[str]:
    """The meters that are reckoned for themselves: those with a price, those without any, and what two of them both
    count, lest it is subtracted twice."""
    found = {price or name for name, price in charged_as.items()}
    for name in sorted(charged_as, key=_depth):
        if name not in found and len(_nearest(name, found)) > 1:
            found.add(name)
    return found


def _depth(name: str) -> int:
    return len(METERS[name].dimensions)


def _nearest(name: str, among: Collection[str]) -> list[str]:
    """Those that contain it and nothing else of `among` that does."""
    around = [it for it in ancestors(name) if it in among]
    return [it for it in around if not any(it in ancestors(other) for other in around)]


def price_for(name: str, priced: Collection[str]) -> str | None:
    """The meter whose price this one is charged at: itself, or the nearest that contains it where one is nearest."""
    if name in priced:
        return name
    nearest = _nearest(name, priced)
    if len(nearest) != 1 or _another_thing(METERS[name], METERS[nearest[0]]):
        return None
    return nearest[0]


def _another_thing(meter: Meter, price: Meter) -> bool:
    return meter.direction == "output" and meter.modality in _OTHER_THINGS and price.modality != meter.modality


def _dearer(meter: Meter, price: Meter) -> bool:
    """Tokens of sound often cost more than text, those of pictures seldom; and to be kept for an hour costs more than
    for minutes."""
    if meter.family != "tokens":
        return False
    return (meter.modality == "audio" != price.modality) or (meter.ttl == "1h" != price.ttl)


def _counted(name: str, places: Mapping[str, int]) -> tuple[int, ...]:
    """The places that make up a meter: its own, or those of the largest things in it, which have to be apart."""
    if name in places:
        return (places[name],)
    inside = [it for it in places if name in ancestors(it)]
    largest = [it for it in inside if not any(other in ancestors(it) for other in inside)]
    for one, other in combinations(largest, 2):
        if not _apart(METERS[one], METERS[other]):
            raise UsageInvalid(name, f"is not stated, and {one} and {other} may count the same; state {name} as well")
    return tuple(places[it] for it in largest)


def _apart(one: Meter, other: Meter) -> bool:
    """Whether nothing can be counted by both."""
    mine: dict[str, Any] = dict(one.dimensions)
    return any(mine.get(dimension, value) != value for dimension, value in other.dimensions)


def unknown(name: str) -> str:
    """What is said of a meter that there is not."""
    from radiant.names.folding import nearest

    close = nearest(name, METERS)
    hint = f"; did you mean {' or '.join(close)}?" if close else "; docs/reference/meters.md lists them"
    return f"is no meter{hint}"
