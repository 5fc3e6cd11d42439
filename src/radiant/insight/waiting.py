"""Runs that were begun, and those that were ordered and wait for a worker, told alike."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from radiant.domain.schedule import Order
from radiant.domain.sync import Trigger
from radiant.registry import runs, schedules
from radiant.registry.database import Connection

#: What there is to say of each.
_NOTHING_YET: Final[dict[str, Any]] = {
    **dict.fromkeys(("providers_updated", "models_added", "models_updated", "models_deprecated"), 0),
    **dict.fromkeys(("completed_at", "duration_ms", "error_message", "heartbeat_at", "worker")),
    "status": "queued",
    "trigger": Trigger.PERSON,
}


async def begun_or_waiting(connection: Connection, id: UUID) -> dict[str, Any] | None:
    """The run of that id by its columns, with `sources` and `providers`; None where there is none."""
    # One that waited when it was looked for among those that were begun may be over when it is looked for among those
    # that wait.
    return await runs.found(connection, id) or await _waiting(connection, id) or await runs.found(connection, id)


async def _waiting(connection: Connection, id: UUID) -> dict[str, Any] | None:
    found = await schedules.ordered(connection, id)
    return None if found is None else _told(id, *found)


def _told(id: UUID, order: Order, since: dt.datetime) -> dict[str, Any]:
    """It counts from when it was ordered."""
    return {
        **_NOTHING_YET,
        "id": id,
        "sync_type": order.kind,
        "requested_by": order.requested_by,
        "provider": order.provider,
        "dry_run": order.dry_run,
        "started_at": since,
        "errors": [],
        "details": {},
        "sources": [],
        "providers": [],
    }
