"""Gives methods that take criteria as keywords a signature with all of their fields, for `help()` and editors."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec

from radiant.domain.criteria import Criteria

F = TypeVar("F", bound=Callable[..., Any])

_EMPTY = inspect.Parameter.empty


def takes_criteria(method: F) -> F:
    """What `help()` and editors show of `method(…, **asked)`: the keywords of `Criteria` in place of nothing."""
    shown = inspect.signature(method)
    *own, rest = shown.parameters.values()
    fields = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=_EMPTY if field.required else field.default,
        )
        for field in msgspec.structs.fields(Criteria)
    ]
    cast("Any", method).__signature__ = shown.replace(parameters=[*own, *fields, rest.replace(name="further")])
    return method
