"""The sheets of models that only sources know, made of what they claim as those of a registered one are."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec

from radiant.catalog.precedence import used
from radiant.domain.fact import Fact
from radiant.domain.price_sheet import Sheet
from radiant.domain.vocabulary import Task
from radiant.pricing.wanted import Said, wanted
from radiant.sql import queries

from . import doubts, prices
from .connection import Connection
from .facts import fact_of

_SQL = queries("prices")


class Claimed(msgspec.Struct, frozen=True):
    """What `sources` claim of the prices of one model, as sheets that nobody stored."""

    sheets: tuple[Sheet, ...]
    sources: tuple[str, ...]


async def claimed(
    connection: Connection, subjects: Collection[prices.Key], now: dt.datetime, *, known: dt.datetime | None = None
) -> dict[prices.Key, Claimed]:
    """By provider and model id, those of `subjects` of which a source says a price; by what was known at a moment.

    Of a price that a source has changed since then, nothing is known then but what it dates.
    """
    asked = {"providers": [provider for provider, _ in subjects], "models": [model for _, model in subjects]}
    rows = await (await connection.execute(_SQL["said_of"], {**asked, "known": known})).fetchall()
    dated = await prices.dated(connection, subjects, known=known)
    doubted = await doubts.about(connection, subjects)
    found = {}
    for key, some in groupby(map(fact_of, rows), key=lambda fact: (fact.provider_id or "", fact.model_id or "")):
        facts = tuple(some)
        charged = [it for it in facts if it.field.startswith("price.")]
        if charged:
            said = _said(key, facts, charged, dated.get(key, ()))
            sheets = wanted(said, doubted, now).sheets
            found[key] = Claimed(sheets, tuple(sorted({it.source for it in charged})))
    return found


def _said(key: prices.Key, facts: Sequence[Fact], charged: Sequence[Fact], dated: Sequence[Mapping[str, Any]]) -> Said:
    task = used([it for it in facts if it.field == "task"], {})[0].get("task", Task.OTHER)
    return Said(provider_id=key[0], model_id=key[1], task=Task(task), facts=tuple(charged), dated=tuple(dated))
