"""Why a provider could not be asked: a reason to decide by, and a sentence for people."""

import datetime as dt
import email.utils
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from radiant.domain.accounts import refuses_account
from radiant.domain.errors import RadiantError


class Reason(StrEnum):
    """What kind of failure it was."""

    KEY = "key"  #: there is no key, or the provider does not accept it
    BILLING = "billing"  #: the account has to be paid or unlocked
    THROTTLED = "throttled"  #: asked too often; the provider is well
    NOT_THERE = "not_there"  #: nothing at this address: a wrong base URL or API version, never "no models"
    REFUSED = "refused"  #: any other 4xx
    FAILING = "failing"  #: a 5xx
    UNKNOWN_HOST = "unknown_host"  #: no address is known for its name
    CLOSED = "closed"  #: its machine is there, and nobody listens
    TLS = "tls"  #: its certificate is not accepted, or no encryption was agreed on
    UNREACHABLE = "unreachable"  #: no connection, or it broke
    SLOW = "slow"
    TOO_LARGE = "too_large"
    ADDRESS = "address"  #: a private address, or no address at all
    MOVED = "moved"  #: it leads where one may not follow
    UNREADABLE = "unreadable"  #: no JSON, or not in the shape the provider documents
    EMPTY = "empty"  #: a list without any model
    PAGING = "paging"  #: the pages do not end, or lead in a circle
    ENTRIES = "entries"  #: some entries could not be read
    SETTINGS = "settings"  #: something has to be set or installed here first


class Failed(RadiantError):
    """A provider could not be asked. `retry_after` is in seconds, where it says when to come again."""

    def __init__(self, place: str, reason: Reason, problem: str, *, retry_after: float | None = None) -> None:
        self.place, self.reason, self.problem, self.retry_after = place, reason, problem, retry_after
        super().__init__(f"{place}: {problem}.")


#: Google and xAI answer a wrong key with 400, and say so only in the body.
_SPEAKS_OF_KEYS: Final = (b"api key", b"api_key", b"apikey", b"credential", b"unauthenticated")

#: Of a key that is known and may not ask for this, as OpenAI says it of one restricted to completions, and Fireworks
#: (diegosouzapw/OmniRoute, issue 2929): it serves all the same.
_SPEAKS_OF_SCOPE: Final = (b"missing scopes: api.model.read", b"not authorized for this route")

#: A wait in whole seconds; some say it with a fraction.
_SECONDS: Final = re.compile(r"[0-9]+(\.[0-9]*)?")

#: A wait longer than this is told, not believed.
LONGEST_WAIT: Final = 86_400.0

_REASONS: Final = {
    401: Reason.KEY,
    402: Reason.BILLING,
    403: Reason.KEY,
    404: Reason.NOT_THERE,
    405: Reason.NOT_THERE,
    410: Reason.NOT_THERE,
    412: Reason.BILLING,
    429: Reason.THROTTLED,
    529: Reason.THROTTLED,
}

_WORDS: Final = {
    Reason.KEY: "it does not accept the key",
    Reason.BILLING: "the account has to be settled",
    Reason.THROTTLED: "it was asked too often",
    Reason.NOT_THERE: "there is nothing at this address",
    Reason.REFUSED: "it refuses the request",
    Reason.FAILING: "the fault is on its side",
}


def of_status(
    place: str, status: int, body: bytes, headers: Mapping[str, str], *, now: dt.datetime, keyed: bool = True
) -> Failed:
    """What an answer other than 200 means. Its body is looked at and never repeated: some echo the key."""
    reason = _REASONS.get(status, Reason.REFUSED if status < 500 else Reason.FAILING)
    if refuses_account(status, body.decode("utf-8", "replace")):
        reason = Reason.BILLING
    if status == 400 and speaks_of_keys(body):
        reason = Reason.KEY
    words = "it wants a key" if reason is Reason.KEY and not keyed else _WORDS[reason]
    if keyed and status in (401, 403) and any(it in body.lower() for it in _SPEAKS_OF_SCOPE):
        reason, words = Reason.REFUSED, "it knows the key, which may not ask for this"
    wait = retry_after(headers, now)
    later = "" if wait is None else f"; it asks to wait {wait:,.0f} s"
    return Failed(place, reason, f"it answered {status}: {words}{later}", retry_after=wait)


def speaks_of_keys(body: bytes) -> bool:
    """Whether a refusal is one of the key; of an answer to a request that had nothing else in it."""
    return any(words in body.lower() for words in _SPEAKS_OF_KEYS)


def retry_after(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """Seconds that a Retry-After header names, as a number or a date; at most a day, None if there is none to read.

    A date counts from the one that the answer itself has: its clock and ours, which says `now`, may differ by more than
    the wait (smithy-lang/smithy-swift, pull request 692). Of several numbers, since gateways add theirs, the longest.
    """
    told = headers.get("retry-after")
    if told is None:
        return None
    numbers = [it.strip() for it in told.split(",")]
    if all(_SECONDS.fullmatch(it) for it in numbers):
        return min(max(float(it[:12]) for it in numbers), LONGEST_WAIT)
    until = _moment(told)
    if until is None:
        return None
    return min(max((until - (_moment(headers.get("date", "")) or now)).total_seconds(), 0.0), LONGEST_WAIT)


def _moment(text: str) -> dt.datetime | None:
    """The date of a header."""
    try:
        at = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)
