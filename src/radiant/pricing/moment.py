"""Moments as people write them."""

import datetime as dt

from radiant.domain.errors import UsageInvalid

from .rating import FIRST, LAST


def moment(text: str, field: str = "at") -> dt.datetime:
    """A moment as RFC 3339 writes it, with its zone. Raises UsageInvalid."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageInvalid(field, f"{text!r:.60} is no moment; expected one such as 2026-12-01T00:00:00Z") from error
    if found.tzinfo is None:
        raise UsageInvalid(field, f"{text!r:.60} has no time zone; say which, such as {found.isoformat()}Z")
    return found


def within_reach(text: str, field: str = "at") -> dt.datetime:
    """The same in UTC, of a moment that the registry can keep. Raises UsageInvalid."""
    found = moment(text, field)
    if not FIRST <= found < LAST:
        raise UsageInvalid(field, f"{text!r:.60} is out of reach; expected a moment from {FIRST.year} to {LAST.year}")
    return found.astimezone(dt.UTC)
