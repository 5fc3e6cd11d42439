"""The sheets of a model from both places: what is stored with its history, and what its row says. Pure."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import msgspec

from radiant.domain.price_sheet import Sheet
from radiant.domain.vocabulary import Task

from .projection import prices_of


def joined(stored: Sequence[Sheet], of_row: Sequence[Sheet], task: Task, now: dt.datetime) -> tuple[Sheet, ...]:
    """The stored sheets, as long as the row says the same now, or nothing.

    A row that says otherwise is newer: a catalog or a program changed it since prices were last brought up to date.
    Then it holds from now on, and they until now. Of one's own models only what people set is stored, and their row is
    what speaks beside that.
    """
    if not stored:
        return tuple(of_row)
    if of_row and of_row[0].provider_id == "self_hosted":
        return (*of_row, *(it for it in stored if it.rank > 0))
    said, known = _now(of_row, task, now), _now(stored, task, now)
    if "variants" not in said:
        known.pop("variants", None)  # a row that names no kinds of requests says nothing of them
    if not said or known == said:
        return tuple(stored)
    past = [msgspec.structs.replace(it, valid_to=_earlier(it.valid_to, now)) for it in stored if _begun(it, now)]
    contracts = [it for it in stored if it.tenant_id is not None]
    ahead = [
        msgspec.structs.replace(it, valid_from=now if _begun(it, now) else it.valid_from)
        for it in of_row
        if it.valid_to is None or it.valid_to > now
    ]
    return (*(it for it in past if it.tenant_id is None), *contracts, *ahead)


def _now(sheets: Sequence[Sheet], task: Task, now: dt.datetime) -> dict[str, Any]:
    return prices_of((it for it in sheets if it.holds(now)), task)


def _begun(sheet: Sheet, now: dt.datetime) -> bool:
    return sheet.valid_from is None or sheet.valid_from <= now


def _earlier(end: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    return now if end is None else min(end, now)
