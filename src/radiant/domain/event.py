"""Events: what happened in a registry, as CloudEvents 1.0 tell of it, and who is told."""

import datetime as dt
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec

#: The `source` of every event, for CloudEvents and for AWS EventBridge.
SOURCE: Final = "radiant.registry"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `seq` grows in the order in which events became known; it may have gaps."""

    seq: int
    id: UUID
    type: str
    source: str
    subject: str | None
    time: dt.datetime
    data: dict[str, Any]


class SinkKind(StrEnum):
    """How events leave."""

    WEBHOOK = "webhook"
    EVENTBRIDGE = "eventbridge"
    LOG = "log"


class SinkTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sink as a person asks for it.

    A webhook has `url`, or `url_env` where the address itself is a secret; EventBridge has `bus` and `region`.
    `secret_env` and `url_env` name environment variables; what is secret is never given. Without `types` all events
    go there.
    """

    kind: SinkKind
    url: str | None = None
    url_env: str | None = None
    bus: str | None = None
    region: str | None = None
    secret_env: str | None = None
    types: tuple[str, ...] = ()


class NewSink(SinkTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same with the name that it is known by."""

    name: str


class Sink(msgspec.Struct, frozen=True, kw_only=True):
    """A sink and how far it is. `waiting` and `dead` count events; `through` is the number up to which all are done."""

    name: str
    kind: SinkKind
    settings: dict[str, str]
    secret_env: str | None
    types: tuple[str, ...]
    enabled: bool
    why_disabled: str | None
    through: int
    waiting: int
    dead: int
    failures: int
    next_try_at: dt.datetime | None
    last_error: str | None
    last_delivered_at: dt.datetime | None


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a sink did not take after all attempts."""

    sink: str
    seq: int
    type: str
    subject: str | None
    error: str
    failed_at: dt.datetime
    replay: bool
