"""Reads criteria from keywords or JSON and checks them; an error names the field and the allowed values."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

import msgspec
from msgspec import inspect

from radiant import wording
from radiant.domain.criteria import Criteria, Usage
from radiant.domain.errors import REPEATED, InvalidCriteria
from radiant.domain.json_text import fault_of_json
from radiant.names.folding import nearest

PLACES: Final = 30  #: of a decimal; with more it is as good as 0, and costly to reckon with

#: Writes keywords down, so that requests written alike are equal, and `True` is not 1; `decode_packed` reads that.
packed: Final = msgspec.msgpack.Encoder().encode

#: Least and most of a field.
Range = tuple[Decimal, Decimal]


class CriteriaReader:
    """Reads requests as `shape`. Whatever is of that type went through here, so it is right.

    `further` are fields beyond those of `Criteria`: a type for msgspec that allows None, by name.
    """

    __slots__ = ("_decode", "_ranges", "bounded", "decode_packed", "shape")

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
        self.decode_packed = msgspec.msgpack.Decoder(self.shape).decode
        self._ranges = ranges(self.shape)
        self.bounded = (*self._ranges, "usage")

    def read(self, data: object) -> Criteria:
        """From criteria made by hand, a mapping of the fields, or JSON. What was read before passes as it is.

        Raises InvalidCriteria with the first field that is not right.
        """
        if isinstance(data, self.shape):
            return data
        try:
            if isinstance(data, bytes | str):
                criteria = self._from_json(data)
                self.check_bounds(criteria)
                return criteria
            return self.fields(data.keywords() if isinstance(data, Criteria) else data)
        except msgspec.ValidationError as error:
            raise _refused(error, self.shape) from error
        except (msgspec.DecodeError, UnicodeDecodeError, UnicodeEncodeError) as error:
            raise InvalidCriteria("", f"is not JSON: {fault_of_json(data, error)}") from error
        except RecursionError as error:
            raise InvalidCriteria("", "is nested too deeply") from error

    def _from_json(self, data: bytes | str) -> Criteria:
        """JSON has one kind of number, and so has its schema: 3.0 is as whole as 3."""
        try:
            return self._decode(data)
        except msgspec.ValidationError as error:
            if "got `float`" not in str(error):
                raise
            try:
                return msgspec.convert(_decode_numbers(data), self.shape)
            except msgspec.ValidationError:
                raise error from None

    def fields(self, asked: Any) -> Criteria:
        """From a mapping of the fields; a value of another type that is written like a right one, as a UUID is like a
        name, is one. Raises InvalidCriteria."""
        try:
            criteria = msgspec.convert(asked, self.shape)
        except msgspec.ValidationError as error:
            try:
                criteria = self.decode_packed(packed(asked))
            except (msgspec.MsgspecError, TypeError, ValueError, OverflowError, RecursionError):
                raise _refused(error, self.shape) from error
        except UnicodeEncodeError as error:  # bytes of a command line that are no UTF-8 come as halves of characters
            raise InvalidCriteria(
                _field_of(error.object, asked), "holds half of a character, which is no text"
            ) from error
        self.check_bounds(criteria)
        return criteria

    def check_bounds(self, criteria: Criteria) -> None:
        """Raises InvalidCriteria for a decimal beyond its bounds. There is none where all `bounded` fields are None."""
        for field, bounds in self._ranges.items():
            value = getattr(criteria, field)
            if value is not None:
                check_range(field, value, bounds)
        if criteria.usage is not None:
            check_usage(criteria.usage)


def _field_of(text: str, asked: Any) -> str:
    """The field that has the text, or that has it in its list."""
    given = asked.items() if isinstance(asked, Mapping) else ()
    return next((str(name) for name, it in given if it == text or (isinstance(it, list | tuple) and text in it)), "")


def _as_whole(written: str) -> int | Decimal:
    """A number of JSON with a point or an exponent. One that is larger than any of ours stays as it is."""
    try:
        number = Decimal(written)
    except InvalidOperation:  # an exponent that nobody can reckon with
        return Decimal("NaN")
    return int(number) if number.adjusted() < PLACES and number == number.to_integral_value() else number


_decode_numbers: Final = msgspec.json.Decoder(float_hook=_as_whole).decode


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
    word = found.name if found.unknown else _UNKNOWN.match(problem)
    close = nearest(word if isinstance(word, str) else word[1], found.allowed) if word else ()
    told = _found(problem) if found.allowed else problem
    return InvalidCriteria(field[:REPEATED], told[:REPEATED], found.allowed, close)


#: How the value of an enumeration is refused.
_UNKNOWN = re.compile(r"unknown value '(.*)'\Z", re.DOTALL)


def _found(problem: str) -> str:
    """What is there, where a list of what is allowed says what was expected."""
    expected, got, kind = problem.partition(", got ")
    if not expected.startswith("expected "):
        return problem
    return f"is {kind}" if got else "is beyond the bounds"


USAGE_RANGES: Final = ranges(Usage)
