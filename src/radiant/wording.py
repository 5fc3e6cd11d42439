"""Puts the validation errors of msgspec into words for people."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import inspect

from radiant.domain.errors import REPEATED

_AT = re.compile(r" - at `(?:key in )?\$(?P<path>[^`]*)`$")
_NAMED = re.compile(r"Object (?P<fault>contains unknown|missing required) field `(?P<name>[^`]+)`")
_STEP = re.compile(r"\"[^\"]*\"|\[[^\]]*\]|[\w-]+")
#: A pattern that names characters by their numbers, which says nothing to anybody.
_UNREADABLE_PATTERN = re.compile(r"Expected `str` matching regex '.*\\\\.*'")
_QUOTED = re.compile(r"`([^`]+)`")
#: How the value of an enumeration is refused, in either choice of words.
_UNKNOWN_VALUES = ("unknown value", "invalid enum value")


class Words(NamedTuple):
    """What kinds of values are called, and what stands for the type checker's own phrases."""

    kinds: Mapping[str, str]
    phrases: tuple[tuple[str, str], ...]


_EVERYWHERE = (
    ("Expected", "expected"),
    ("<=", "at most"),
    (">=", "at least"),
    ("Integer value out of range", "is larger than any number that is expected"),
    ("Number out of range", "is larger than any number that is expected"),
)

#: For requests and rows.
PLAIN = Words(
    {
        "object": "a mapping",
        "array": "a list",
        "str": "text",
        "int": "a whole number",
        "float": "a number",
        "decimal": "a number",
        "bool": "true or false",
        "date": "a date",
        "datetime": "a date with a time",
        "null": "nothing",
    },
    (
        ("Invalid enum value", "unknown value"),
        ("Invalid decimal string", "is not a number"),
        ("Invalid RFC3339 encoded datetime", "is not a date with a time such as 2026-01-31T09:30:00Z"),
        ("Invalid RFC3339 encoded date", "is not a date such as 2026-01-31"),
        *_EVERYWHERE,
    ),
)

#: For files a person writes in TOML.
TOML = Words(
    {**PLAIN.kinds, "object": "a table", "array": "an array"},
    (
        ("Invalid enum value", "invalid enum value"),
        ("Invalid decimal string", "expected a number such as 0.15"),
        ("Invalid RFC3339 encoded datetime", "expected a date with a time such as 2026-01-31T09:30:00Z"),
        ("Invalid RFC3339 encoded date", "expected a date such as 2026-01-31"),
        *_EVERYWHERE,
    ),
)


class Complaint(NamedTuple):
    """`path` is where, dotted, without a leading dot, "" for the whole. `name` is the field that is `missing` or
    `unknown` there; for anything else `problem` says what is wrong and `allowed` what would be right, where it is a
    closed list or a range.
    """

    path: str
    problem: str
    allowed: tuple[str, ...] = ()
    name: str = ""
    missing: bool = False
    unknown: bool = False

    @property
    def field(self) -> str:
        """The path of the very field."""
        return ".".join(filter(None, (self.path, self.name)))


def complaint(error: Exception | str, shape: Any, *, words: Words = PLAIN) -> Complaint:
    """What is wrong with data that should have had `shape`."""
    said = str(error)
    at = _AT.search(said)
    path = at["path"].lstrip(".") if at else ""
    said = _AT.sub("", said)
    if named := _NAMED.match(said):
        missing = named["fault"] == "missing required"
        problem = "is required and missing" if missing else "is unknown"
        names = () if missing else field_names(shape, path)
        return Complaint(path, problem, names, named["name"], missing=missing, unknown=not missing)
    return Complaint(path, plain(said, words), allowed_values(shape, path))


def plain(said: str, words: Words = PLAIN) -> str:
    """One sentence of the type checker in words for people."""
    said = _UNREADABLE_PATTERN.sub("is blank, or has a character that cannot stand in it", said)
    said = _QUOTED.sub(lambda quoted: _kinds(quoted[0], quoted[1], words.kinds), said)
    for theirs, ours in words.phrases:
        said = said.replace(theirs, ours)
    return said


def _kinds(quoted: str, inside: str, kinds: Mapping[str, str]) -> str:
    """`int | float | null` as "a number"; what is no list of kinds stays quoted."""
    names = [name for name in inside.split(" | ") if name != "null" or inside == "null"]
    if not all(name in kinds for name in names):
        return quoted
    found = list(dict.fromkeys(kinds[name] for name in names))
    if kinds["float"] in found and kinds["int"] in found:
        found.remove(kinds["int"])
    return " or ".join(found)


def field_names(shape: Any, path: str = "") -> tuple[str, ...]:
    """The fields of the struct at `path` within `shape`; () where there is none."""
    here = _at(shape, path)
    return tuple(field.encode_name for field in here.fields) if isinstance(here, inspect.StructType) else ()


def allowed_values(shape: Any, path: str = "") -> tuple[str, ...]:
    """The values an enumeration or a range allows at `path` within `shape`; () where it is open."""
    here = _at(shape, path)
    if isinstance(here, inspect.EnumType):
        return tuple(str(member.value) for member in here.cls)
    if isinstance(here, inspect.LiteralType):
        return tuple(sorted(map(str, here.values)))
    if isinstance(here, inspect.BoolType):
        return ("true", "false")
    if isinstance(here, inspect.IntType | inspect.FloatType) and here.ge is not None and here.le is not None:
        return (f"{here.ge:,.0f} to {here.le:,.0f}",)
    return ()


def _at(shape: Any, path: str) -> inspect.Type:
    here = known(inspect.type_info(shape))
    for step in _steps(path):
        if isinstance(here, inspect.StructType):
            here = next((field.type for field in here.fields if field.encode_name == step), inspect.AnyType())
        elif isinstance(here, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType):
            here = here.item_type
        elif isinstance(here, inspect.DictType):
            here = here.value_type
        here = known(here)
    return here


def _steps(path: str) -> Iterator[str]:
    for step in _STEP.findall(path):
        yield step.strip('"')


def known(kind: inspect.Type) -> inspect.Type:
    """Look through `| None` and annotations."""
    while isinstance(kind, inspect.UnionType | inspect.Metadata):
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        else:
            kind = next(member for member in kind.types if not isinstance(member, inspect.NoneType))
    return kind


def sentence(error: Exception, shape: Any = Any) -> str:
    """What is wrong and where in data that should have had `shape`, and which words may stand there.

    Of a key or a value only the beginning is repeated: either may be the whole of a large body.
    """
    found = complaint(error, shape)
    is_value = found.problem.startswith(_UNKNOWN_VALUES)
    problem = f"{found.problem:.{REPEATED}}" if is_value else found.problem
    told = f"{found.field:.{REPEATED}}: {problem}" if found.field else problem
    return (
        f"{told}; expected one of: {', '.join(found.allowed)}"
        if found.allowed and (found.unknown or is_value)
        else told
    )
