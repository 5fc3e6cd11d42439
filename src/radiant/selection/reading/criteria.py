"""What a caller asks, read and checked; an error names the field and what is allowed."""

from collections.abc import Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, cast

import msgspec
from msgspec import inspect

from radiant import wording
from radiant.domain.criteria import Criteria, Usage
from radiant.domain.errors import InvalidCriteria
from radiant.domain.json_text import fault_of_json

PLACES: Final = 30  #: of a decimal; with more it is as good as 0, and costly to reckon with

#: Least and most of a field.
Range = tuple[Decimal, Decimal]


class CriteriaReader:
    """Reads requests as `shape`. Whatever is of that type went through here, so it is right.

    `further` are fields beyond those of `Criteria`: a type for msgspec that allows None, by name.
    """

    __slots__ = ("_decode", "_ranges", "bounded", "shape", "unbounded")

    def __init__(self, further: Mapping[str, Any]) -> None:
        fields: list[tuple[str, Any, Any]] = [(name, kind, None) for name, kind in further.items()]
        made = msgspec.defstruct(
            "Criteria",
            fields,
            bases=(Criteria,),
            frozen=True,
            forbid_unknown_fields=True,
            kw_only=True,
            cache_hash=True,
            gc=False,
        )
        self.shape = cast("type[Criteria]", made)
        self._decode = msgspec.json.Decoder(self.shape).decode
        self._ranges = ranges(self.shape)
        bounded = (*self._ranges, "usage")
        self.bounded, self.unbounded = attrgetter(*bounded), (None,) * len(bounded)

    def read(self, data: object) -> Criteria:
        """From criteria made by hand, a mapping of the fields, or JSON. What was read before passes as it is.

        Raises InvalidCriteria with the first field that is not right.
        """
        if isinstance(data, self.shape):
            return data
        try:
            if isinstance(data, bytes | str):
                criteria = self._decode(data)
                self.check_bounds(criteria)
                return criteria
            return self.fields(data.keywords() if isinstance(data, Criteria) else data)
        except msgspec.ValidationError as error:
            raise _refused(error, self.shape) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InvalidCriteria("", f"is not JSON: {fault_of_json(data, error)}") from error
        except RecursionError as error:
            raise InvalidCriteria("", "is nested too deeply") from error

    def fields(self, asked: Any) -> Criteria:
        """From a mapping of the fields. Raises InvalidCriteria."""
        try:
            criteria = msgspec.convert(asked, self.shape)
        except msgspec.ValidationError as error:
            raise _refused(error, self.shape) from error
        self.check_bounds(criteria)
        return criteria

    def check_bounds(self, criteria: Criteria) -> None:
        """Raises InvalidCriteria for a decimal beyond its bounds. There is none where `bounded` gives `unbounded`."""
        for field, bounds in self._ranges.items():
            value = getattr(criteria, field)
            if value is not None:
                check_range(field, value, bounds)
        if criteria.usage is not None:
            check_usage(criteria.usage)


def check_usage(usage: Usage) -> None:
    """Also one that was made by hand. Raises InvalidCriteria."""
    try:
        msgspec.convert(msgspec.structs.asdict(usage), Usage)
    except msgspec.ValidationError as error:
        raise _refused(error, Usage, "usage") from error
    for field, bounds in USAGE_RANGES.items():
        value = getattr(usage, field)
        if value is not None:
            check_range(f"usage.{field}", value, bounds)


def check_range(field: str, value: Decimal | float, bounds: Range) -> None:
    """Raises InvalidCriteria for a number beyond `bounds`, infinite, or no number at all."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise InvalidCriteria(field, "is not a finite number")
    least, most = bounds
    if not least <= number <= most:
        raise InvalidCriteria(field, f"is {value!s:.40}", (f"{least:,} to {most:,}",))
    if number and number.adjusted() <= -PLACES:
        raise InvalidCriteria(field, f"is {value!s:.40}", ("0", f"a number with less than {PLACES} decimal places"))


def ranges(shape: type[msgspec.Struct]) -> dict[str, Range]:
    """The fields of `shape` whose annotation says `least` and `most`, which msgspec does not look at."""
    found = {}
    info = inspect.type_info(shape)
    for field in info.fields if isinstance(info, inspect.StructType) else ():
        kinds = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
        for kind in kinds:
            if isinstance(kind, inspect.Metadata) and kind.extra and "least" in kind.extra:
                found[field.name] = (Decimal(kind.extra["least"]), Decimal(kind.extra["most"]))
    return found


def _refused(error: Exception, shape: Any, above: str = "") -> InvalidCriteria:
    found = wording.complaint(error, shape)
    field = ".".join(filter(None, (above, found.field)))
    problem = "is not a field of a request" if found.unknown else found.problem
    return InvalidCriteria(field, _found(problem) if found.allowed else problem, found.allowed)


def _found(problem: str) -> str:
    """What is there, where a list of what is allowed says what was expected."""
    expected, got, kind = problem.partition(", got ")
    if not expected.startswith("expected "):
        return problem
    return f"is {kind}" if got else "is beyond the bounds"


USAGE_RANGES: Final = ranges(Usage)
