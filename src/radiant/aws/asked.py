"""What a function is called with: a tick, somebody's wish, or something that happened in SageMaker."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from radiant.domain.errors import RadiantError
from radiant.domain.schedule import KINDS
from radiant.domain.sync import Trigger

#: What SageMaker tells of endpoints, in the order of its documentation.
_CHANGES: Final = ("SageMaker Endpoint State Change", "SageMaker Endpoint Deployment State Change")

_EXPECTED: Final = f'expected {{"syncType": one of {", ".join(KINDS)}}}, with "scheduledTime" for a tick of a schedule'


class EventRefused(RadiantError):
    """A function was called with something that asks for no run."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A run that is wanted. `tick` is when a schedule was due that asks for it, None where no schedule does."""

    kind: str
    trigger: Trigger = Trigger.PERSON
    by: str | None = None
    tick: dt.datetime | None = None


def asked(event: object) -> Asked:
    """What an event asks for. Raises EventRefused."""
    if not isinstance(event, Mapping):
        raise EventRefused(f"The event is no JSON object; {_EXPECTED}.")
    if event.get("source") == "aws.sagemaker":
        return _change(event)
    kind = event.get("syncType")
    if kind not in KINDS:
        raise EventRefused(f"The event has `syncType` {kind!r:.60}; {_EXPECTED}.")
    tick = _time(event.get("scheduledTime"))
    if tick is not None:
        return Asked(kind=kind, trigger=Trigger.SCHEDULE, tick=tick)
    by = event.get("requestedBy")
    return Asked(kind=kind, by=by[:500] if isinstance(by, str) and by.isprintable() else "a call of the function")


def _change(event: Mapping[str, Any]) -> Asked:
    said = event.get("detail-type")
    if said not in _CHANGES:
        raise EventRefused(f"The event of SageMaker is {said!r:.100}; expected one of: {', '.join(_CHANGES)}.")
    return Asked(kind="thermal", trigger=Trigger.EVENT, by=said)


def _time(text: object) -> dt.datetime | None:
    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(str(text))
    except ValueError:
        raise EventRefused(f"The event has `scheduledTime` {text!r:.60}; expected 2026-11-26T00:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
