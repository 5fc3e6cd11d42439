"""What callers tell of usage, understood: its form, what was consumed, a digest that tells the same again. Pure."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from radiant import wording
from radiant.domain.errors import RadiantError, UsageInvalid
from radiant.domain.json_text import whole_numbers
from radiant.domain.price_sheet import Context, Usage
from radiant.domain.usage import UsageTold

from .moment import within_reach
from .quantity import checked, usd_of
from .responses import consumed, incomplete

#: What was used was used before: clocks may differ by so much.
AHEAD: Final = dt.timedelta(minutes=10)

#: Conditions of one request at most.
CONDITIONS: Final = 20

_LONGEST: Final = 200


class Read(msgspec.Struct, frozen=True):
    """A usage whose form is right. `digest` is of what was told; `at` is None where no moment was."""

    told: UsageTold
    digest: str
    at: dt.datetime | None
    reported: Decimal | None


def read(told: Any, now: dt.datetime) -> Read | RadiantError:
    """What somebody tells, or what is wrong with its form."""
    try:
        found = msgspec.convert(told, UsageTold)
        for field in ("request_id", "tenant"):
            _text(field, getattr(found, field))
        conditions(found.context)
        if (found.usage is None) is (found.response is None):
            names = "neither usage nor" if found.usage is None else "both usage and"
            raise UsageInvalid("usage", f"names {names} response; one of them is expected")
        if found.usage is not None and not found.usage:
            raise UsageInvalid("usage", "names no meter; what was not used costs nothing and need not be told")
        at = None if found.at is None else within_reach(found.at)
        if at is not None and at > now + AHEAD:
            raise UsageInvalid("at", f"{found.at} is to come; what was used was used before")
        reported = None if found.reported_cost is None else usd_of("reported_cost", found.reported_cost)
        return Read(found, _digest(told), at, reported)
    except msgspec.ValidationError as error:
        return UsageInvalid("The usage", wording.sentence(error, UsageTold))
    except RadiantError as error:
        return error


def conditions(context: Context) -> None:
    """Raises UsageInvalid for conditions that one request cannot have."""
    if len(context) > CONDITIONS:
        raise UsageInvalid("context", f"has {len(context)} conditions; expected at most {CONDITIONS}")
    for name, value in context.items():
        _text("context", name)
        _text(f"context.{name:.60}", value)


def _text(field: str, text: str | None) -> None:
    if text is not None and not (text.strip() and text.isprintable() and len(text) <= _LONGEST):
        raise UsageInvalid(field, f"is no text of 1 to {_LONGEST} printable characters on one line")


def _digest(told: Mapping[str, Any]) -> str:
    """The same for the same content, however its fields are ordered and its whole numbers written."""
    try:
        text = json.dumps(whole_numbers(dict(told)), sort_keys=True, separators=(",", ":"))
    except RecursionError as error:
        raise UsageInvalid("response", "is nested too deeply") from error
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def consumption(it: Read, provider: str) -> tuple[Usage, Context, Decimal | None, tuple[str, ...]]:
    """What was consumed of a provider's model, under which conditions, what the provider says it cost, and the names of
    what it counts that no rule reads.

    Raises UsageInvalid for quantities and conditions that cannot be, for a response without a usage, and for a piece of
    a stream: what is recorded stays.
    """
    told = it.told
    if told.response is None:
        return checked(told.usage or {}), told.context, it.reported, ()
    found = consumed(told.response, provider)
    if said := incomplete(found.lacks):
        raise UsageInvalid("response", f"is not complete. {said}")
    context = {**found.context, **told.context}
    conditions(context)
    return found.usage, context, found.reported_usd if it.reported is None else it.reported, found.unread
