"""What a rule for reading usage is made of: counts at paths, and the meters that they add to."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import msgspec

Response = Mapping[str, Any]
Fits = Callable[[Response, Response, "str | None"], bool]
Beside = Callable[[Response], tuple[tuple[str, str], ...]]


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """A number at a path below the shape's root, and the meters it adds to.

    `among` picks from a list the entries whose field has one of some values, any if none is named, and names the field
    that counts, with dots where it is further down. With `instead_of_nothing`, it is looked at only where nothing was
    found for its meter, with `instead_of_zero` where that was nothing or 0. With `or_empty`, an empty object is no
    count: so a client writes what is not set.
    """

    path: tuple[str, ...]
    meters: tuple[str, ...]
    among: tuple[str, tuple[str, ...], str] | None = None
    instead_of_nothing: bool = False
    instead_of_zero: bool = False
    or_empty: bool = False


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Usage as one API states it: `read` says where and when it was looked up. `beside_if` names pairs of meters of
    which the first is to be added to the second, by what the usage itself says.

    `silent` are paths of numbers that cost nothing, with dots: they, and what is below them, are not looked at where
    numbers are named that no count reads. Without `usage_alone`, other things than usage stand there too, and no number
    is named.
    """

    name: str
    root: tuple[str, ...]
    fits: Fits
    counts: tuple[Count, ...]
    read: str
    beside_if: Beside | None = None
    silent: tuple[str, ...] = ()
    usage_alone: bool = True


def count(path: str, *meters: str, **more: Any) -> Count:
    """A count at a path written with dots."""
    return Count(path=tuple(path.split(".")), meters=meters, **more)


def has(*names: str) -> Fits:
    """Usage that says one of these; clients write null for what is not set."""
    return lambda usage, response, provider: any(usage.get(name) is not None for name in names)


def of(provider: str, *names: str) -> Fits:
    """The same, of one provider alone."""
    return lambda usage, response, given: given == provider and any(usage.get(name) is not None for name in names)


def by_the_total(
    inputs: str,
    outputs: str,
    total: str,
    *,
    reasoning: tuple[str, ...] = (),
    cached: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Beside:
    """What OpenAI counts inside, others may count beside: reasoning beside the output, and what was read from and
    written to a cache, by its meters, beside the input. It is beside where the total says so, and where it is more than
    what it would be in. All are paths with dots; of several the first that is not 0."""

    def beside(usage: Response) -> tuple[tuple[str, str], ...]:
        prompt, out, said = _number_at(usage, inputs), _number_at(usage, outputs), _number_at(usage, total)
        thought = _first(usage, reasoning)
        kept = [meter for meter, paths in cached.items() if _first(usage, paths)]
        caches = sum(_first(usage, cached[meter]) for meter in kept)
        both = said == prompt + out + thought + caches
        found: tuple[tuple[str, str], ...] = ()
        if thought and (thought > out or both or said == prompt + out + thought):
            found = (("output_reasoning_tokens", "output_tokens"),)
        if caches and (caches > prompt or both or said == prompt + out + caches):
            found = (*found, *((meter, "input_tokens") for meter in kept))
        return found

    return beside


def _first(usage: Response, paths: tuple[str, ...]) -> int:
    return next(filter(None, (_number_at(usage, path) for path in paths)), 0)


def _number_at(usage: Response, path: str) -> int:
    """The whole number at a path with dots, 0 where there is none."""
    found = at(usage, tuple(path.split(".")))
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def numbers(usage: Response, *names: str) -> list[int] | None:
    """Whole numbers by these names; None where one is missing, or is none."""
    found = [usage.get(name) for name in names]
    whole = [it for it in found if isinstance(it, int)]
    return whole if len(whole) == len(found) else None


def at(it: Any, path: tuple[str, ...]) -> Any:
    """What is at a path; names may be written in camel or in snake case, as SDKs do."""
    for name in path:
        if type(it) is not dict and not isinstance(it, Mapping):
            return None
        it = it.get(name) if name in it else it.get(snake(name))
    return it


def mappings(raw: Any) -> tuple[Response, ...]:
    """The objects in what should be a list of them."""
    return tuple(it for it in (raw if isinstance(raw, list) else ()) if isinstance(it, Mapping))


@cache
def snake(name: str) -> str:
    """A name in camel case as it is written in snake case."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
