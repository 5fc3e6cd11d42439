"""The shape of a provider's list, as data, and how a page of that shape is read. Pure."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from radiant.claims.document import value
from radiant.claims.entries import problem_with_id, shorten, shown
from radiant.claims.reading import Refusal, Refusals
from radiant.domain.errors import SourceUnreadable
from radiant.domain.vocabulary import Task

from .entry import Entry, day_of
from .envelope import entries
from .listing import Kind, ListedModel

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})

#: Facts that are counts, and those that are days.
_COUNTS: Final = ("context_window", "max_input", "max_output", "embedding_dimension")
_DAYS: Final = ("released", "retires")

#: Reads what data cannot say of an entry.
More = Callable[[Entry], None]


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Where things stand in a list.

    `arrays` are the paths of the lists; a body that is itself a list is always read as one. `id` are the keys of an
    entry that together, joined by `/`, are its id; `strip` is what stands before it. `facts` says at which path of an
    entry a fact of ours stands, `prices` the same for prices in USD for `per` of what is counted. `tasks` translates
    the word at `task`. `capabilities` are booleans by their path. `more` reads what is left. `versions`: an id stands
    once for each of its versions, and that they differ is no mistake.
    """

    arrays: tuple[str, ...] = ("data",)
    id: tuple[str, ...] = ("id",)
    strip: str = ""
    facts: Mapping[str, str] = _NONE
    prices: Mapping[str, str] = _NONE
    per: int = 1
    task: str | None = None
    tasks: Mapping[str, Task] = _NONE
    modalities: tuple[str, str] | None = None
    capabilities: Mapping[str, str] = _NONE
    aliases: str | None = None
    deprecated: str | None = None
    created: str | None = "created"
    more: More | None = None
    absent_is_empty: bool = False
    versions: bool = False


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What one page lists. `lost` are entries of which not even the id could be read, `first_lost` the first of them;
    `refused` has them among what was left out of others."""

    models: tuple[ListedModel, ...]
    refused: tuple[Refusal, ...]
    lost: int = 0
    first_lost: Refusal | None = None


def read(shape: Shape, body: bytes, source: str) -> Page:
    """The models of one page. Raises SourceUnreadable where it is not in the documented shape at all."""
    refused = Refusals(source)
    models: list[ListedModel] = []
    lost: list[Refusal] = []
    for place, (path, raw) in enumerate(entries(source, body, shape.arrays, absent_is_empty=shape.absent_is_empty)):
        entry = _entry(shape, path, place, bytes(raw), refused)
        if entry is None:
            lost.append(refused[-1])
        elif entry.left_out is not None:
            refused.alike(entry.id, entry.left_out)
        else:
            models.append(entry.model())
    refused.told_alike()
    return Page(models=tuple(models), refused=tuple(refused), lost=len(lost), first_lost=lost[0] if lost else None)


def _entry(shape: Shape, path: str, place: int, raw: bytes, refused: Refusals) -> Entry | None:
    where = f"{path}[{place}]"
    try:
        found = value(raw)
    except (ValueError, RecursionError):
        refused.append(Refusal(where, "cannot be read as JSON"))
        return None
    if not isinstance(found, dict):
        refused.append(Refusal(where, f"is {shown(found)}; expected an object"))
        return None
    id = _id(shape, found)
    problem = problem_with_id(id) if id is not None else f"has no `{'` and `'.join(shape.id)}` that is text"
    if id is None or problem:
        refused.append(Refusal(where if id is None else shorten(id) or where, str(problem)))
        return None
    entry = Entry(id, found, refused, under=path)
    try:
        _gather(shape, entry)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # Nothing a provider writes may cost more than its entry; what was read before it stands.
        entry.facts.refuse(f"has a value that cannot be read ({type(error).__name__})")
    return entry


def _id(shape: Shape, raw: Mapping[str, Any]) -> str | None:
    parts = [raw.get(key) for key in shape.id]
    if not all(type(part) is str and part for part in parts):
        return None
    return "/".join(map(str, parts)).removeprefix(shape.strip)


def _gather(shape: Shape, entry: Entry) -> None:
    facts = entry.facts
    facts.repeats(entry.raw)
    for key, path in shape.facts.items():
        if key in _COUNTS:
            facts.count(key, entry.at(path), of=path)
        elif key in _DAYS:
            entry.day(key, path)
        elif key == "successor":
            to = entry.at(path)
            facts.known(key, to if type(to) is str and to and not problem_with_id(to) else None)
        else:
            facts.text(key, entry.at(path), of=path)
    if shape.modalities is not None:
        into, out = shape.modalities
        entry.modalities(entry.at(into), entry.at(out), of=shape.modalities)
    if shape.task is not None:
        word = entry.at(shape.task)
        entry.task(shape.tasks.get(word) if type(word) is str else None)
    for meter, path in shape.prices.items():
        facts.price(meter, entry.at(path), of=path, per=shape.per)
    entry.can(shape.capabilities)
    if shape.aliases is not None:
        entry.also_called(entry.at(shape.aliases), of=shape.aliases)
    if shape.deprecated is not None and entry.says(shape.deprecated):
        facts.known("deprecated", True)
    if shape.created is not None:
        entry.created = day_of(entry.at(shape.created))[0]
    if entry.id.startswith("ft:"):
        entry.is_made_from(entry.id.split(":")[1], Kind.FINE_TUNE)
    if shape.more is not None:
        shape.more(entry)
    facts.only_usd(entry.raw)


def unreadable(source: str, error: SourceUnreadable) -> str:
    """The complaint without the words it stands between elsewhere."""
    return f"what came {error.problem}" if error.source == source else str(error)
