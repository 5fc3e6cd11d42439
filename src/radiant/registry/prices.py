"""Prices with their history: claims of sources, stored sheets, and changes that a guard held."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from radiant.domain.fact import Fact
from radiant.domain.override import subject_of
from radiant.domain.price_sheet import Sheet
from radiant.pricing.stored import items_of, sheet_of
from radiant.sql import queries

from . import currencies
from .batches import batches
from .database import Connection
from .exact_json import as_json, from_json
from .facts import fact_of

_SQL = queries("prices")

Key = tuple[str, str]

#: One number for "somebody brings prices up to date", the same in every process.
_LOCK = 0x52616469616E74 + 3


async def alone(connection: Connection, now: Callable[[], dt.datetime]) -> dt.datetime:
    """Within this transaction: alone among those who change prices, from the moment returned on. One taken before may
    be earlier than what whoever was first has written, which would seem to begin only later."""
    await connection.execute(_SQL["alone"], {"lock": _LOCK})
    return now()


async def claim(connection: Connection, source: str, claims: Sequence[Mapping[str, Any]]) -> None:
    """Make what a source claims what it says now: `entry`, `provider_id`, `model_id`, `starts`, `said`, `prices`."""
    given = {"source": source, "claims": as_json(list(claims))}
    await connection.execute(_SQL["claim"], given)
    await connection.execute(_SQL["claim_new"], given)


async def claim_facts(connection: Connection) -> None:
    """The same for catalogs and lists of providers, by what their facts say."""
    await connection.execute(_SQL["claim_facts"])


async def dated(
    connection: Connection, subjects: Collection[Key] | None = None, *, known: dt.datetime | None = None
) -> dict[Key, list[dict[str, Any]]]:
    """By model, what sources that date their prices say of it, or said at `known`, each source's in order; of these
    models, or of all."""
    asked = {
        "providers": None if subjects is None else [provider for provider, _ in subjects],
        "models": None if subjects is None else [model for _, model in subjects],
        "known": known,
    }
    found: dict[Key, list[dict[str, Any]]] = {}
    for row in await (await connection.execute(_SQL["dated"], asked)).fetchall():
        row["prices"] = from_json(row["prices"])
        found.setdefault((row["provider_id"], row["model_id"]), []).append(row)
    return found


async def claims_of(connection: Connection, provider: str, model: str) -> list[dict[str, Any]]:
    """All that was ever claimed of a model, by source and entry."""
    rows = await (await connection.execute(_SQL["claims_of"], {"provider": provider, "model": model})).fetchall()
    return [{**row, "prices": from_json(row["prices"])} for row in rows]


async def said(connection: Connection) -> dict[Key, tuple[str, list[Fact]]]:
    """By model of the registry, its task and what is said of its prices now."""
    found: dict[Key, tuple[str, list[Fact]]] = {}
    for row in await (await connection.execute(_SQL["facts"])).fetchall():
        task = row.pop("task")
        found.setdefault((row["provider_id"], row["model_id"]), (task, []))[1].append(fact_of(row))
    return found


async def sheets(
    connection: Connection,
    subjects: Collection[Key] | None = None,
    *,
    known: dt.datetime | None = None,
    ever: bool = False,
) -> list[tuple[int, Sheet]]:
    """Stored sheets of these models, or of all, with their offers: those that are believed, or were at `known`, or,
    with `ever`, at any time."""
    asked = {
        "providers": None if subjects is None else [provider for provider, _ in subjects],
        "models": None if subjects is None else [model for _, model in subjects],
        "known": known,
        "ever": ever,
    }
    rows = await (await connection.execute(_SQL["sheets"], asked)).fetchall()
    for row in rows:
        for name in ("context", "items", "clocks"):
            row[name] = None if row[name] is None else from_json(row[name])
    named = {it["fx_rate_id"] for row in rows for it in row["items"] or () if "fx_rate_id" in it}
    rates = await currencies.by_id(connection, named) if named else {}
    return [(row["offer"], sheet_of(row, rates)) for row in rows]


async def append(connection: Connection, new: Sequence[Mapping[str, Any]]) -> list[int]:
    """Append sheets, as `row_of` makes them, in their order; their ids. What they replace stays in the history."""
    ids: list[int] = []
    for some in batches(new):
        rows = await (await connection.execute(_SQL["append"], {"sheets": as_json(list(some))})).fetchall()
        ids += [row["id"] for row in rows]
    return ids


def row_of(sheet: Sheet, offer: int | None = None, **more: Any) -> dict[str, Any]:
    """What `append` takes of a sheet. `more` are `origin`, `set_by`, `sold_from`."""
    return {
        "offer": offer,
        "provider_id": sheet.provider_id,
        "model_id": sheet.model_id,
        "context": sheet.context,
        "book": sheet.book.value,
        "tenant_id": sheet.tenant_id,
        "rank": sheet.rank,
        "valid_from": _text(sheet.valid_from),
        "valid_to": _text(sheet.valid_to),
        "sold_from": _text(sheet.sold_from),
        "items": items_of(sheet),
        "source": sheet.source,
        "said": sheet.said,
        "source_url": sheet.source_url,
        "clocks": [_clock(it) for it in sheet.clocks],
        "minimum": None if sheet.minimum is None else f"{sheet.minimum:f}",
        "reason": sheet.note,
        "whole": sheet.whole,
        "origin": "derived" if sheet.derived else "sync",
        "currency": sheet.currency,
        **{name: _text(it) if isinstance(it, dt.datetime) else it for name, it in more.items()},
    }


async def proposals(connection: Connection, verdict: str | None = None) -> list[dict[str, Any]]:
    """What guards held, by model; all, or those with a verdict."""
    rows = await (await connection.execute(_SQL["proposals"], {"verdict": verdict})).fetchall()
    return [{**row, "wanted": from_json(row["wanted"]), "context": from_json(row["context"])} for row in rows]


async def propose(connection: Connection, run: UUID | None, held: Sequence[Mapping[str, Any]]) -> None:
    """Hold changes: `offer`, `wanted` (rows of `append`), `digest`, `reasons`."""
    await withdraw(connection, [it["offer"] for it in held])
    await connection.execute(_SQL["propose"], {"run": run, "proposals": as_json(list(held))})


async def withdraw(connection: Connection, offers: Sequence[int]) -> None:
    """What is held of these offers is no more."""
    await connection.execute(_SQL["withdraw"], {"offers": list(offers)})


async def decide(connection: Connection, ids: Sequence[int], verdict: str, by: str, why: str | None) -> list[int]:
    """Write a decision; the ids of those that were held until now."""
    given = {"ids": list(ids), "verdict": verdict, "by": by, "why": why}
    return [row["id"] for row in await (await connection.execute(_SQL["decide"], given)).fetchall()]


async def columns(connection: Connection, subjects: Collection[Key]) -> list[dict[str, Any]]:
    """What models' rows say of prices: `task`, `details`, and `fixed`, the columns that somebody set by hand."""
    asked = {"providers": [provider for provider, _ in subjects], "models": [model for _, model in subjects]}
    rows = await (await connection.execute(_SQL["columns"], asked)).fetchall()
    return [{**row, "details": from_json(row["details"])} for row in rows]


async def shown_otherwise(connection: Connection, now: dt.datetime) -> set[Key]:
    """The models whose price columns do not show what their sheets say of `now`."""
    rows = await (await connection.execute(_SQL["shown_otherwise"], {"now": now})).fetchall()
    return {(row["provider_id"], row["model_id"]) for row in rows}


async def forget_edits(connection: Connection, subjects: Collection[Key], fields: Collection[str]) -> None:
    """Whoever wrote prices into columns of models has no say any more: sheets say what holds. The caller writes as the
    service."""
    asked = {"subjects": [subject_of(*key) for key in subjects], "fields": sorted(fields)}
    await connection.execute(_SQL["forget_edits"], asked)


async def any_stored(connection: Connection) -> bool:
    """Whether prices were ever brought up to date here."""
    return await (await connection.execute(_SQL["any"])).fetchone() is not None


async def due(connection: Connection, since: dt.datetime, now: dt.datetime) -> list[Key]:
    """The models of which another sheet began to hold after `since` and until `now`."""
    rows = await (await connection.execute(_SQL["due"], {"since": since, "now": now})).fetchall()
    return [(row["provider_id"], row["model_id"]) for row in rows]


def kind_of(sheet: Sheet) -> str:
    """The kind of requests that a sheet is for, as one text whatever the order in which its conditions stand."""
    return as_json(dict(sorted(sheet.context.items())))


def offers_of(
    found: Iterable[tuple[int, Sheet]],
) -> dict[tuple[str, str, str, str | None, int], list[tuple[int, Sheet]]]:
    """Sheets by what they are of: provider, model, context, tenant and rank."""
    grouped: dict[tuple[str, str, str, str | None, int], list[tuple[int, Sheet]]] = {}
    for offer, sheet in found:
        key = (sheet.provider_id, sheet.model_id, kind_of(sheet), sheet.tenant_id, sheet.rank)
        grouped.setdefault(key, []).append((offer, sheet))
    return grouped


def _clock(it: Any) -> dict[str, Any]:
    days = [day.isoformat() for day in it.except_days]
    return {"name": it.name, "zone": it.zone, "days": list(it.days), "spans": it.spans, "except_days": days}


def _text(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
