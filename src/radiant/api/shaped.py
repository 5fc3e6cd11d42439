"""Bodies of a known shape, and what is made of them: how they are read, and how the OpenAPI document shows them."""

import json
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import msgspec
from litestar import Response
from msgspec.structs import fields

from radiant import wording
from radiant.domain.errors import REPEATED
from radiant.domain.json_text import decimal_of, whole_numbers

from .body import decoded, json_body
from .problem_types import BODY_INVALID, RULE_CONFLICT, RULE_INVALID, ProblemType
from .problems import PROBLEM, AnyRequest, Refused

T = TypeVar("T", bound=msgspec.Struct)

#: A text without control characters but tabs and ends of lines.
PLAIN = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"

#: The schema of a text that says something, on one line.
ONE_LINE: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 500, "format": "name"}

#: The schema of an amount of US dollars: exact as text, or a number.
AMOUNT: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,12})?$"},
        {"type": "integer", "minimum": 0, "maximum": 10**12},
    ]
}

#: From when, and until just before when, something is to hold.
SINCE: dict[str, Any] = {"anyOf": [{"type": "string", "format": "moment"}, {"type": "null"}], "default": None}
UNTIL: dict[str, Any] = {"anyOf": [{"type": "string", "format": "last-moment"}, {"type": "null"}], "default": None}


async def shaped(request: AnyRequest, kind: type[T]) -> T:
    """The body as a `kind`; none at all is an empty object. Raises Refused."""
    body = await json_body(request)
    value = decoded(body) if body.strip() else {}
    if value:
        _check_names(body)
    try:
        return _made(value, kind)
    except msgspec.ValidationError as error:
        raise Refused(
            BODY_INVALID, f"The body is not of the shape that is read here: {wording.sentence(error, kind)}."
        ) from error


def _check_names(body: bytes) -> None:
    """Raises Refused for an object with a name twice: of two targets or prices nobody knows which is meant."""
    try:
        json.loads(body, object_pairs_hook=_once, parse_int=str, parse_float=str)
    except RecursionError as error:
        raise Refused(BODY_INVALID, "The body is nested too deeply.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise Refused(BODY_INVALID, f"The body says `{max(names, key=names.count):.{REPEATED}}` twice; say it once.")
    return found


def _made(value: Any, kind: type[T]) -> T:
    with suppress(msgspec.ValidationError):
        made = msgspec.convert(value, kind)
        _check_decimals(value, made)
        return made
    made = msgspec.convert(whole_numbers(value), kind)
    _check_decimals(value, made)
    return made


def _check_decimals(value: Any, made: Any, path: str = "") -> None:
    """Raises Refused for an amount in a text that is no number of JSON."""
    if isinstance(made, Decimal) and isinstance(value, str):
        try:
            decimal_of(value)
        except InvalidOperation as error:
            detail = f"The body is not of the shape that is read here: {path}: is not a number."
            raise Refused(BODY_INVALID, detail) from error
    elif isinstance(value, dict):
        parts = made if isinstance(made, dict) else {it.encode_name: getattr(made, it.name) for it in fields(made)}
        for name in value.keys() & parts.keys():
            _check_decimals(value[name], parts[name], f"{path}.{name}" if path else name)


def created(made: T, place: str) -> Response[T]:
    """The answer that something was made, and where it is."""
    return Response(made, status_code=201, headers={"Location": place})


def describe_created(document: dict[str, Any], path: str, schema: str) -> None:
    """Tell apart what an address answers that lists with GET and makes with POST, in one handler."""
    one = {"$ref": f"#/components/schemas/{schema}"}
    operations = document["paths"][path]
    operations["get"]["responses"]["200"]["content"] = {"application/json": {"schema": {"type": "array", "items": one}}}
    del operations["post"]["responses"]["200"]
    operations["post"]["responses"]["201"] = {
        "description": "It was made, and is at `Location`",
        "headers": {"Location": {"schema": {"type": "string"}}},
        "content": {"application/json": {"schema": one}},
    }


def describe_body(document: dict[str, Any], path: str, method: str, kind: type[msgspec.Struct], example: Any) -> None:
    """Show in the OpenAPI document what goes in, and how it can be refused."""
    operation = document["paths"][path][method]
    (reference,), components = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    document["components"].setdefault("schemas", {}).update(components)
    media = {"schema": reference, "examples": {"usual": {"value": example}}}
    required = bool(components[kind.__name__].get("required"))
    operation["requestBody"] = {"required": required, "content": {"application/json": media}}
    describe_problems(operation, RULE_CONFLICT, RULE_INVALID)


def describe_problems(operation: dict[str, Any], *kinds: ProblemType) -> None:
    """Name problems that only this operation has."""
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/AnyProblem"}}}
    for kind in kinds:
        operation["responses"][str(kind.status)] = {"description": kind.title, "content": content}
