"""Health in the registry: observations are folded into what is known of providers and models.

Whoever folds holds the rows of health until its transaction ends, always in the same order. What several processes
counted at the same time therefore adds up, and nobody waits for each other in a circle.
"""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from radiant.domain.observation import SELF_HOSTED, Observation, Reason, StatusChange
from radiant.domain.vocabulary import HealthStatus
from radiant.health.circuit import CLOSED
from radiant.health.effect import effect_on_model, effect_on_provider
from radiant.health.fold import Folded, fold
from radiant.health.moments import in_order
from radiant.health.tally import WINDOW, Tally, minute_of
from radiant.sql import queries

from .database import Connection
from .exact_json import as_json
from .health_rows import (
    Key,
    Row,
    circuit_of,
    health_row,
    minute_row,
    minutes_of,
    published_of,
    standing_of,
)
from .thermal import found_cold, worked

_SQL = queries("health")


class _Kind(NamedTuple):
    """The statements for health of one kind; `column` is the second of its key, `names` the parameter for it."""

    begin: str
    hold: str
    minutes: str
    write: str
    column: str
    names: str


_PROVIDERS = _Kind("begin_providers", "hold_providers", "minutes_of_providers", "write_providers", "region", "regions")
_MODELS = _Kind("begin_models", "hold_models", "minutes_of_models", "write_models", "model_id", "models")


async def record(
    connection: Connection,
    observations: Sequence[Observation],
    *,
    offline: bool = False,
    now: dt.datetime | None = None,
) -> list[StatusChange]:
    """Fold them in, in one transaction; the statuses that changed.

    `offline` says that this host reaches nobody: nothing is known of the providers that were asked, and one event tells
    so. Observations of providers that the registry does not have are left out. One whose region is none of its
    provider's counts for the first of them. Raises psycopg.Error.
    """
    now = now or dt.datetime.now(dt.UTC)
    async with connection.transaction():
        if offline:
            return await _set_offline(connection, sorted({seen.provider_id for seen in observations}), now)
        own = [(seen.model_id, seen) for seen in observations if seen.provider_id == SELF_HOSTED and seen.model_id]
        cold = {model for model, seen in own if seen.reason is Reason.COLD}
        await worked(connection, sorted({model for model, seen in own if seen.reason is not Reason.COLD}), now)
        await found_cold(connection, sorted(cold))
        groups = await _grouped(connection, in_order(observations, now))
        return await _fold_in(connection, groups, now) if groups else []


class Identified(NamedTuple):
    """An observation with an id by which it is counted once."""

    id: UUID
    seen: Observation


async def record_outcomes(
    connection: Connection, outcomes: Sequence[Identified], *, now: dt.datetime | None = None
) -> int:
    """Fold in those whose id was not seen before, in one transaction; how many these were. Of the same moment, as a
    batch without moments has, one follows the other as they were told. Raises psycopg.Error."""
    first: dict[UUID, Observation] = {}
    for each in outcomes:
        first.setdefault(each.id, each.seen)
    async with connection.transaction():
        told = await (await connection.execute(_SQL["take_outcomes"], {"ids": sorted(first)})).fetchall()
        new = {row["id"] for row in told}
        await record(connection, [seen for id, seen in first.items() if id in new], now=now)
    return len(new)


async def _grouped(connection: Connection, seen: Sequence[Observation]) -> dict[Key, list[Observation]]:
    """By provider and region, and by model; one's own hardware is judged by the model alone."""
    ids = sorted({each.provider_id for each in seen})
    rows = await (await connection.execute(_SQL["regions"], {"ids": ids})).fetchall()
    regions: Mapping[str, list[str]] = {row["id"]: row["regions"] for row in rows}
    groups: dict[Key, list[Observation]] = defaultdict(list)
    for each in seen:
        known = regions.get(each.provider_id)
        if known is None:
            continue
        if each.provider_id != SELF_HOSTED:
            region = known[0] if known and each.region not in known else each.region
            groups[Key(each.provider_id, region)].append(each)
        if each.model_id is not None:
            groups[Key(each.provider_id, model=each.model_id)].append(each)
    return groups


async def _fold_in(
    connection: Connection, groups: Mapping[Key, Sequence[Observation]], now: dt.datetime
) -> list[StatusChange]:
    since = min(minute_of(now) - WINDOW, *(minute_of(seen[0].at) for seen in groups.values()))
    changes: list[StatusChange] = []
    minutes: list[Row] = []
    for kind in (_PROVIDERS, _MODELS):
        keys = sorted(key for key in groups if (key.model is None) is (kind is _PROVIDERS))
        if not keys:
            continue
        asked = {"providers": [key.provider for key in keys], kind.names: [key.place[1] for key in keys]}
        await connection.execute(_SQL[kind.begin], asked)
        held = {
            (row["provider_id"], row[kind.column]): row
            for row in await (await connection.execute(_SQL[kind.hold], asked)).fetchall()
        }
        counted = minutes_of(await (await connection.execute(_SQL[kind.minutes], asked | {"since": since})).fetchall())
        written = []
        for key in keys:
            row = held[key.place]
            folded = _folded(key, row, groups[key], counted.get(key, {}), now)
            written.append(health_row(key, folded))
            minutes += [minute_row(key, minute, tally) for minute, tally in folded.minutes.items()]
            changes += _changed(key, HealthStatus(row["status"]), folded)
            await asyncio.sleep(0)  # thousands of observations take a while, and others use this loop
        await connection.execute(_SQL[kind.write], {"rows": as_json(written)})
    await connection.execute(_SQL["write_minutes"], {"rows": as_json(minutes)})
    await _note_not_found(connection, groups)
    return changes


def _folded(
    key: Key, row: Row, seen: Sequence[Observation], counted: Mapping[dt.datetime, Tally], now: dt.datetime
) -> Folded:
    of_model = key.model is not None
    return fold(
        standing_of(row),
        circuit_of(row) if of_model else CLOSED,
        published_of(row),
        counted,
        seen,
        effect_on_model if of_model else effect_on_provider,
        now,
    )


def _changed(key: Key, before: HealthStatus, folded: Folded) -> list[StatusChange]:
    if before is folded.standing.status:
        return []
    return [
        StatusChange(
            provider_id=key.provider,
            region=key.region if key.model is None else None,
            model_id=key.model,
            before=before,
            after=folded.standing.status,
            reason=folded.standing.reason,
        )
    ]


async def _note_not_found(connection: Connection, groups: Mapping[Key, Sequence[Observation]]) -> None:
    """Evidence for the end of a model, where its provider says that it does not know it."""
    found = [
        (key, missed)
        for key, seen in groups.items()
        if key.model is not None and (missed := [each for each in seen if each.reason is Reason.NOT_FOUND])
    ]
    if found:
        await connection.execute(
            _SQL["note_not_found"],
            {
                "providers": [key.provider for key, _ in found],
                "models": [key.model for key, _ in found],
                "times": [missed[-1].at for _, missed in found],
                "counts": [len(missed) for _, missed in found],
                "messages": [missed[-1].message for _, missed in found],
            },
        )


async def _set_offline(connection: Connection, ids: list[str], now: dt.datetime) -> list[StatusChange]:
    asked = {"ids": ids, "reason": Reason.OFFLINE.value, "at": now}
    rows = await (await connection.execute(_SQL["set_offline"], asked)).fetchall()
    await connection.execute(_SQL["set_models_offline"], asked)
    if rows:
        await connection.execute(_SQL["tell_offline"], {"ids": ids})
    return [
        StatusChange(
            provider_id=row["provider_id"],
            region=row["region"],
            model_id=None,
            before=HealthStatus(row["before"]),
            after=HealthStatus.UNKNOWN,
            reason=Reason.OFFLINE,
        )
        for row in rows
        if row["before"] != HealthStatus.UNKNOWN
    ]
