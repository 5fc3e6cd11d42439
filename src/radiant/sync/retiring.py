"""Warns of retirements and deprecates models on their day."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from radiant.registry import catalog_tables as tables
from radiant.registry import lists
from radiant.registry.database import Connection
from radiant.registry.events import News

from .ends import End, as_default, end_of
from .lifecycle import Retiring, retirements
from .telling import Tell

Key = tuple[str, str]


async def retire(
    connection: Connection, provider: str | None, at: dt.datetime, run: UUID, tell: Tell | None
) -> dict[str, int]:
    """Within the caller's transaction; the number of models that were deprecated, by provider."""
    await tables.begin(connection)
    rows = {f"{row['provider_id']}/{row['model_id']}": row for row in await lists.ends(connection, provider)}
    ends = {id: end_of(row) for id, row in rows.items()}
    models = [
        Retiring(
            id=id,
            retires=end.retires,
            deprecated=rows[id]["deprecated"],
            settled="deprecated" in rows[id]["decided"],
            warned=frozenset(_warned(rows[id]["warned"], end.retires)),
        )
        for id, end in ends.items()
        if end.retires is not None
    ]
    warnings, over = retirements(models, at.date())
    noted = []
    for warning in warnings:
        row = rows[warning.id]
        told = {**_said(ends[warning.id]), "days": warning.days, "left": warning.left}
        noted.append(lists.Noted(row["provider_id"], row["model_id"], "warned", None, told))
        await _tell(connection, tell, row["provider_id"], row["model_id"], run, told)
    counts: dict[str, int] = {}
    keys: list[Key] = []
    for id in over:
        row = rows[id]
        key = (row["provider_id"], row["model_id"])
        told = _said(ends[id])
        keys.append(key)
        noted.append(lists.Noted(*key, "retired", None, told))
        counts[key[0]] = counts.get(key[0], 0) + 1
    await tables.set_deprecated(connection, tables.MODELS, keys, True)
    await lists.note(connection, noted, at, run)
    return counts


def _said(end: End) -> dict[str, object]:
    return {"retires": str(end.retires), "source": end.source, "successor": end.successor}


def _warned(told: Iterable[str], retires: dt.date) -> Iterator[int]:
    """The numbers of days at which this day was told."""
    for it in told:
        day, _, days = it.partition(" ")
        if day == str(retires):
            yield int(days)


async def _tell(
    connection: Connection, tell: Tell | None, provider: str, model: str, run: UUID, told: dict[str, Any]
) -> None:
    if tell is not None:
        about = {"provider_id": provider, "model_id": model, "run_id": str(run)}
        follows = await as_default(connection, provider, model, told["successor"])
        await tell(connection, [News("model.retiring", f"{provider}/{model}", about | told | follows)])
