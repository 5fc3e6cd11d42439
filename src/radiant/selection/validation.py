"""What a caller may ask, checked; an error names the field and what is allowed."""

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import inspect

from radiant.domain.criteria import Criteria, Usage
from radiant.domain.errors import InvalidCriteria
from radiant.domain.json_text import fault_of_json

T = TypeVar("T")
Check = Callable[[Any], Any]
Asking = TypeVar("Asking", bound=Criteria)

_AT = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_NAMED = re.compile(r"Object (?:contains unknown|missing required) field `(?P<name>[^`]+)`")

PLACES = 30  #: of a decimal; with more it is as good as 0, and costly to reckon with

#: Bounds of the fields that are decimals, least and most.
RANGES = {
    "max_cost_per_request": (0, 10**12),
    "usage.cached_share": (0, 1),
    "usage.seconds": (0, 10**12),
}


def read_criteria(data: object, shape: type[Asking]) -> Asking:
    """`data` (a mapping, JSON as bytes or text, or criteria built by hand) as checked criteria.

    Raises InvalidCriteria with the first field that is not right.
    """
    if isinstance(data, Criteria):
        data = data.keywords()
    try:
        criteria = msgspec.json.decode(data, type=shape) if isinstance(data, bytes | str) else _converted(data, shape)
    except msgspec.ValidationError as error:
        raise _located("", str(error), shape) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidCriteria("", f"is not JSON: {fault_of_json(data, error)}") from error
    except RecursionError as error:
        raise InvalidCriteria("", "is nested too deeply") from error
    in_range("max_cost_per_request", criteria.max_cost_per_request)
    if criteria.usage is not None:
        check_usage(criteria.usage)
    return criteria


def checker(field: str, kind: Any) -> Check:
    """A function that returns a value of `field` as a `kind` (a type for msgspec), or raises InvalidCriteria."""
    # A struct of one field is converted in a fifth of the time of a bare type: msgspec remembers structs.
    shape: Any = msgspec.defstruct("Field", [("value", kind)])

    def check(value: Any) -> Any:
        try:
            found = msgspec.convert({"value": value}, shape).value
        except msgspec.ValidationError as error:
            raise _located(field, str(error).replace("`$.value", "`$", 1), kind) from error
        return in_range(field, found)

    return _quick_decimal(field, check) or _quick_integer(kind, check) or _quick_names(kind, check) or check


def _quick_decimal(field: str, check: Check) -> Check | None:
    """For a field that is a decimal: most values are right at first sight."""
    if field not in RANGES:
        return None
    least, most = map(Decimal, RANGES[field])

    def check_decimal(value: Any) -> Any:
        try:
            right = value.__class__ is Decimal and least <= value <= most and value.adjusted() > -PLACES
        except InvalidOperation:  # it is not a number
            right = False
        return value if right else check(value)

    return check_decimal


def _quick_integer(kind: Any, check: Check) -> Check | None:
    """For a number that is mostly whole, within a range."""
    known = _known(inspect.type_info(kind))
    if not isinstance(known, inspect.IntType | inspect.FloatType) or known.ge is None or known.le is None:
        return None
    least, most = known.ge, known.le

    def check_integer(value: Any) -> Any:
        return value if value.__class__ is int and least <= value <= most else check(value)

    return check_integer


def _quick_names(kind: Any, check: Check) -> Check | None:
    """For a list of names of any kind: a short one of short names is right at first sight."""
    known = _known(inspect.type_info(kind))
    name = _known(known.item_type) if isinstance(known, inspect.VarTupleType) else None
    if not isinstance(known, inspect.VarTupleType) or not isinstance(name, inspect.StrType):
        return None
    most, longest = known.max_length or 0, name.max_length or 0

    def check_names(value: Any) -> Any:
        try:
            right = value.__class__ is tuple and len(value) <= most and all(value) and len("".join(value)) <= longest
        except TypeError:  # something in it is no text
            right = False
        return value if right else check(value)

    return check_names


def read_usage(value: object) -> Usage:
    """A usage, or a mapping of its fields, checked. Raises InvalidCriteria."""
    if isinstance(value, Usage):
        value = msgspec.structs.asdict(value)
    usage: Usage = CHECKS["usage"](value)
    check_usage(usage)
    return usage


def check_usage(usage: Usage) -> None:
    in_range("usage.cached_share", usage.cached_share)
    in_range("usage.seconds", usage.seconds)


def in_range(field: str, value: Any) -> Any:
    """`value`, if it is not a number beyond what the field allows, infinite or not a number at all."""
    if (isinstance(value, Decimal) and not value.is_finite()) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        raise InvalidCriteria(field, "is not a finite number")
    if value is not None and field in RANGES:
        least, most = RANGES[field]
        if not least <= value <= most:
            raise InvalidCriteria(field, f"is {value!s:.40}", (f"{least:,} to {most:,}",))
        if value and Decimal(str(value)).adjusted() <= -PLACES:
            raise InvalidCriteria(field, f"is {value!s:.40}", ("0", f"a number with less than {PLACES} decimal places"))
    return value


def allowed_values(shape: Any, path: str) -> tuple[str, ...]:
    """The values an enumeration, a range or a list of names allows at `path` within `shape`; () where it is open."""
    here = inspect.type_info(shape)
    for part in re.findall(r"\w+|\[", path):
        here = _known(here)
        if isinstance(here, inspect.StructType):
            here = next((field.type for field in here.fields if field.encode_name == part), inspect.AnyType())
        elif isinstance(here, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType):
            here = here.item_type if part == "[" or part == "..." else here
    here = _known(here)
    if isinstance(here, inspect.EnumType):
        return tuple(str(member.value) for member in here.cls)
    if isinstance(here, inspect.LiteralType):
        return tuple(sorted(map(str, here.values)))
    if isinstance(here, inspect.BoolType):
        return ("true", "false")
    if isinstance(here, inspect.IntType | inspect.FloatType) and here.ge is not None and here.le is not None:
        return (f"{here.ge:,.0f} to {here.le:,.0f}",)
    return ()


def plain(problem: str) -> str:
    """What msgspec says is wrong, in words for people."""
    for theirs, ours in (
        (r"Invalid enum value", "unknown value"),
        (r"Invalid decimal string", "is not a number"),
        (r" \| null`", "`"),
        (r"`object`", "a mapping"),
        (r"`array`", "a list"),
        (r"`str`", "text"),
        (r"`int`", "a whole number"),
        (r"`(float|decimal|decimal \| float|float \| decimal|int \| float)`", "a number"),
        (r"`bool`", "true or false"),
        (r"`null`", "nothing"),
        (r"<=", "at most"),
        (r">=", "at least"),
        (r"^Expected", "expected"),
    ):
        problem = re.sub(theirs, ours, problem)
    return problem


def _converted(data: object, shape: type[T]) -> T:
    if isinstance(data, Mapping) and isinstance(data.get("usage"), Usage):
        data = {**data, "usage": msgspec.structs.asdict(data["usage"])}
    return msgspec.convert(data, shape)


def _located(field: str, message: str, kind: Any) -> InvalidCriteria:
    at = _AT.search(message)
    path = at["path"] if at else ""
    problem = _AT.sub("", message)
    if named := _NAMED.match(problem):
        where = ".".join(filter(None, (field, path.lstrip("."), named["name"])))
        if "missing" in problem:
            return InvalidCriteria(where, "is required and missing")
        inner = _known(inspect.type_info(kind))
        names = [f.encode_name for f in inner.fields] if isinstance(inner, inspect.StructType) else []
        if path:
            names = list(Usage.__struct_fields__)
        return InvalidCriteria(where, "is not a field of a request", tuple(names))
    allowed = allowed_values(kind, path)
    where = f"{field}{path}".lstrip(".") or field
    return InvalidCriteria(where, plain(problem), allowed)


def _known(kind: inspect.Type) -> inspect.Type:
    """Look through `| None` and annotations."""
    while isinstance(kind, inspect.UnionType | inspect.Metadata):
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        else:
            kind = next(member for member in kind.types if not isinstance(member, inspect.NoneType))
    return kind


#: For every field of `Criteria`.
CHECKS: Mapping[str, Check] = MappingProxyType(
    {field: checker(field, kind) for field, kind in get_type_hints(Criteria, include_extras=True).items()}
)
