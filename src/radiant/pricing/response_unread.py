"""What a response counts and no rule reads: it is named, since it may cost something.

Numbers that are known to cost nothing are left out: sums and parts of what is counted, times, amounts of money.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from radiant.domain.price_sheet import Usage

from .response_shape import Count, Response, Shape, at, mappings, snake

#: The last words of names that are no counts.
_NO_COUNTS: Final = ("time", "ms", "at", "bytes", "cost", "usd", "ticks", "latency", "rate", "ttl", "channels")

#: Numbers that are inside what is counted and cost what it does, and calls that cost nothing by themselves (fetches of
#: pages: https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-fetch-tool, 2026-11-27; sources that xAI
#: read, and what OpenRouter says of calls that were asked for: pkg:pypi/openrouter@1.3.84).
_NO_CHARGE: Final = frozenset(
    {"text_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens", "prompt_cache_miss_tokens"}
    | {"web_fetch_requests", "num_sources_used", "tool_calls_requested"}
)

#: What is in names of times and speeds: https://github.com/Portkey-AI/gateway (SambaNova's usage), 2026-11-27.
_SPEEDS: Final = ("time_to_", "_per_sec")

#: Where sums stand.
_TOTALS: Final = ("total_tokens", "total_token_count")

#: What is shown of names that a response has made up.
_SHOWN: Final = 100

#: Names that are shown of one response.
_MOST: Final = 20


def unread(shape: Shape, found: Response, usage: Usage) -> tuple[str, ...]:
    """The names, with dots, of numbers of a usage that nothing reads; `total_tokens` where the sum of all tokens is
    more than what was read."""
    if not shape.usage_alone:
        return ()
    tree = _TREES.get(id(shape)) or _TREES.setdefault(id(shape), _tree(shape))
    names = dict.fromkeys(_names(tree, found, ()))
    if _more_in_all(tree, found, usage):
        names[_TOTALS[0]] = None
    return tuple(names)[:_MOST]


#: By names in snake case: what is below, True where all of it is read or costs nothing, or the counts of a list and
#: the last names of paths in it that cost nothing.
_Tree = dict[str, "_Tree | bool | _OfList"]


class _OfList(NamedTuple):
    counts: tuple[Count, ...]
    silent: frozenset[str]


#: Of each shape, which are few and for ever.
_TREES: Final[dict[int, _Tree]] = {}


def _tree(shape: Shape) -> _Tree:
    tree: _Tree = {}
    silent = [tuple(name.split(".")) for name in shape.silent]
    for path in (*(_plain(count.path) for count in shape.counts if count.among is None), *silent):
        _put(tree, path, True)
    for path in dict.fromkeys(_plain(count.path) for count in shape.counts if count.among is not None):
        counts = tuple(count for count in shape.counts if count.among is not None and _plain(count.path) == path)
        _put(tree, path, _OfList(counts, frozenset(it[-1] for it in silent if it[:-1] == path)))
    return tree


def _put(tree: _Tree, path: tuple[str, ...], what: bool | _OfList) -> None:
    *before, last = path
    for name in before:
        below = tree.setdefault(name, {})
        if not isinstance(below, dict):
            return  # all of it is read
        tree = below
    tree[last] = what


def counts_below(it: Any, *path: str) -> tuple[str, ...]:
    """The names of all numbers in an object that costs something and has no rule."""
    return tuple(dict.fromkeys(_leaves(it, path)))[:_MOST]


def _names(tree: _Tree, it: Any, path: tuple[str, ...]) -> Iterator[str]:
    for name, value in it.items():
        if not value or value is True or isinstance(value, str):
            continue
        plain = snake(str(name))
        below = tree.get(plain)
        if below is True:
            continue
        here = (*path, plain)
        if isinstance(value, Mapping):
            yield from _names(below if isinstance(below, dict) else {}, value, here)
        elif isinstance(below, _OfList):
            yield from _entries(below, value, here)
        else:
            yield from _leaves(value, here)


def _entries(listed: _OfList, raw: Any, path: tuple[str, ...]) -> Iterator[str]:
    """What no count picks of a list, by the field that tells its entries apart."""
    for entry in mappings(raw):
        picked: set[str] = set()
        field = ""
        for count in listed.counts:
            if count.among is not None:
                field, wanted, counted = count.among
                if not wanted or at(entry, (field,)) in wanted:
                    picked.add(".".join(map(snake, counted.split("."))))
        kind = at(entry, (field,))
        if kind in listed.silent if isinstance(kind, str) else False:
            continue
        here = (*path, kind) if isinstance(kind, str) and kind else path
        for name in _leaves(entry, ()):
            if name not in picked:
                yield _shown((*here, name))


def _leaves(it: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Numbers of an object, at any depth, that are counts and not zero."""
    if isinstance(it, Mapping):
        for name, value in it.items():
            yield from _leaves(value, (*path, snake(name) if isinstance(name, str) else str(name)))
    elif isinstance(it, list):
        for entry in it:
            yield from _leaves(entry, path)
    elif isinstance(it, int | float | Decimal) and not isinstance(it, bool) and it and _charged(path):
        yield _shown(path)


def _shown(path: tuple[str, ...]) -> str:
    """A name that can be shown and kept: a response may be anything."""
    return "".join(it if it.isprintable() else "?" for it in ".".join(path)[:_SHOWN])


def _charged(path: tuple[str, ...]) -> bool:
    if not path or any("cost" in name for name in path):
        return False
    last = path[-1]
    if any(it in last for it in _SPEEDS):
        return False
    return last not in _NO_CHARGE and last not in _TOTALS and last.split("_")[-1] not in _NO_COUNTS


def _plain(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(snake, path))


def _more_in_all(tree: _Tree, found: Response, usage: Usage) -> bool:
    """Tokens that are in the sum and nowhere else cost something, such as thoughts that nobody counts."""
    if usage.keys().isdisjoint({"input_tokens", "output_tokens"}):
        return False
    counted = usage.get("input_tokens", 0) + usage.get("output_tokens", 0)
    said = [value for name, value in found.items() if type(value) is int and snake(str(name)) in _TOTALS]
    return _TOTALS[0] not in tree and any(it > counted for it in said)
