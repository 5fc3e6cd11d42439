"""Reads everything a selector needs in one transaction, or what was changed of it, and waits for changes."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, NamedTuple

import msgspec
import psycopg
from psycopg import AsyncClientCursor, sql

from radiant.selection.reading.row import Given, rows_in
from radiant.sql import queries

from .address import Address
from .changes import OF_MODELS, OF_OWN_MODELS, OWN, Touched, touched
from .connection import Connection
from .ear import Columns, Ear, Question, Take
from .exact_json import from_json
from .listening import listening as listening_to
from .shortlist import read_short

CHANNEL = "radiant_registry"

_SQL = queries("snapshots")

#: From more changed models than this on, reading everything is cheaper than looking each of them up.
MOST_MODELS = 2_000

#: Up to so many changed models are read with the statement that says which they are.
FEW_MODELS = 100

#: What a connection that was lost raises in the middle of waiting.
LOST = (psycopg.Error, OSError)


class Mark(NamedTuple):
    """How much of the changes has been read: of which transactions (`seen`, as PostgreSQL writes a snapshot), their
    fingerprint, and the part in it of those that are listed no more."""

    seen: str
    fingerprint: int
    pruned: int | None


class Content(NamedTuple):
    """The registry at one instant. `key_variables` are the environment variables that each provider's key stands in."""

    rows: list[dict[str, Any]]
    defaults: dict[str, str]
    key_variables: dict[str, list[str]]
    mark: Mark


class News(NamedTuple):
    """What was committed since a mark: what it touched, and at one instant the rows of just those models, and the
    `health` of providers that their other models have in common; the rest is None where it was not touched."""

    touched: Touched
    rows: Sequence[Given]
    health: list[dict[str, Any]]
    defaults: dict[str, str] | None
    key_variables: dict[str, list[str]] | None
    mark: Mark


async def read(connection: Connection, columns: Sequence[str]) -> Content:
    """These columns of every model, and what else a selector needs, as of one instant."""
    async with connection.transaction():
        await connection.execute(_SQL["one_instant"])
        rows = await (await connection.execute(_all_models(tuple(columns)))).fetchall()
        (mark,) = await (await connection.execute(_SQL["mark"])).fetchall()
        return Content(rows, await _defaults(connection), await _key_variables(connection), Mark(**mark))


async def read_once(
    connection: Connection, columns: Sequence[str], question: Mapping[str, Any] | None
) -> tuple[list[dict[str, Any]], dict[str, str], dict[str, list[str]]]:
    """What `read` gives, of one instant too, for who follows nothing; of models only those that can be the answer to a
    `question` as `read_short` takes it, where there are any."""
    async with connection.transaction():
        await connection.execute(_SQL["one_instant"])
        rows = [] if question is None else await read_short(connection, columns, question)
        if not rows:
            rows = await (await connection.execute(_all_models(tuple(columns)))).fetchall()
        return rows, await _defaults(connection), await _key_variables(connection)


async def read_news(ear: Ear, columns: Sequence[str], mark: Mark) -> News | None:
    """What was committed since `mark`, as of one instant, held against the fingerprint of all changes; None where only
    reading everything tells."""
    found = await ear.ask(_news_of_models(tuple(columns)), _since(mark, verify=True))
    return few_news(mark, found) or await further_news(ear.connection, columns, mark, verify=True)


def question(mark: Mark, not_before: float) -> Question:
    """What was committed since `mark`, for `follow`."""
    return Question(_since(mark, verify=False), not_before)


async def follow(
    ear: Ear, columns: Sequence[str], asked: Question, *, until: float, take: Take, asking: Callable[[], None]
) -> Columns | None:
    """Whenever a change is announced, ask what was committed since a mark, as `Ear.follow` does: `few_news` reads what
    `take` is given. None at `until`, otherwise the first answer that is more than `take` takes over."""
    return await ear.follow(_news_of_models(tuple(columns)), asked, until=until, take=take, asking=asking)


def few_news(mark: Mark, found: Columns) -> News | None:
    """What was committed since `mark`, in an answer about it; None where that is more than a few models, or where it is
    to be held against the fingerprint of all changes."""
    seen, changes, digest, pruned, fingerprint, rows = found
    now = Mark((seen or b"").decode(), mark.fingerprint ^ int(digest or 0), None if pruned is None else int(pruned))
    it = touched(from_json(changes or b"[]"))
    if it is None or it.beyond_models or len(it.models) > FEW_MODELS:
        return None
    if now.pruned != mark.pruned if fingerprint is None else int(fingerprint) != now.fingerprint:
        return None
    return News(it, rows=rows_in(rows or b"[]"), health=[], defaults=None, key_variables=None, mark=now)


def _since(mark: Mark, *, verify: bool) -> list[bytes | None]:
    return [mark.seen.encode(), b"t" if verify else b"f"]


async def further_news(
    connection: Connection, columns: Sequence[str], mark: Mark, *, verify: bool = False
) -> News | None:
    """What `read_news` gives, in several statements, whatever was touched. Only with `verify`, and where changes were
    pruned since `mark`, is it held against the fingerprint."""
    try:
        news = await _news(connection, columns, mark, verify=verify)
    except BaseException:
        await connection.rollback()
        raise
    await connection.commit()  # psycopg forgets with a rollback what was prepared
    return news


async def _news(connection: Connection, columns: Sequence[str], mark: Mark, *, verify: bool) -> News | None:
    """The same, in a transaction that stays open."""
    cursor = AsyncClientCursor(connection)  # only without parameters of the server's are two statements sent as one
    await cursor.execute(_SQL["changes"], {"seen": mark.seen})
    cursor.nextset()
    (found,) = await cursor.fetchall()
    now = Mark(found["seen"], mark.fingerprint ^ found["digest"], found["pruned"])
    it = touched(found["changes"])
    if it is None or len(it.models) > MOST_MODELS:
        return None
    if (verify or now.pruned != mark.pruned) and await fingerprint(connection) != now.fingerprint:
        return None
    it, health = await _measured(connection, it)
    return News(
        it,
        rows=await _rows(connection, columns, it),
        health=health,
        defaults=await _defaults(connection) if it.defaults else None,
        key_variables=await _key_variables(connection) if it.known_providers else None,
        mark=now,
    )


async def _measured(connection: Connection, it: Touched) -> tuple[Touched, list[dict[str, Any]]]:
    """The health of the providers that were measured. Models that were measured themselves are touched beside it, or,
    where they are many, all models of these providers."""
    if not it.measured:
        return it, []
    health = await _asked(connection, _SQL["provider_health"], [list(it.measured)])
    apart = frozenset((found["provider_id"], model) for found in health for model in found.pop("apart"))
    if len(apart) > MOST_MODELS:
        return msgspec.structs.replace(it, providers=it.providers | it.measured, measured=frozenset()), []
    return msgspec.structs.replace(it, models=it.models | apart), health


async def _rows(connection: Connection, columns: Sequence[str], it: Touched) -> list[dict[str, Any]]:
    """Those of all models that were touched."""
    rows: list[dict[str, Any]] = []
    if it.providers:
        rows += await _asked(connection, _models_of_providers(tuple(columns)), [list(it.providers)])
    if it.models:
        providers, models = zip(*it.models, strict=True)
        rows += await _asked(connection, _models_named(tuple(columns)), [list(providers), list(models)])
    return rows


async def _asked(connection: Connection, text: bytes, parameters: Sequence[Any]) -> list[dict[str, Any]]:
    """Planned once for a connection: planning takes longer than reading a few rows."""
    return await (await connection.execute(text, parameters, prepare=True)).fetchall()


# Composed once: that, too, takes as long as reading a row.


@cache
def _all_models(columns: tuple[str, ...]) -> bytes:
    return sql.SQL("SELECT {} FROM unified_model_registry").format(_listed(columns)).as_bytes()


@cache
def _models_of_providers(columns: tuple[str, ...]) -> bytes:
    text = sql.SQL("SELECT {} FROM unified_model_registry WHERE provider_id = ANY(%s)").format(_listed(columns))
    return text.as_bytes()


@cache
def _models_named(columns: tuple[str, ...]) -> bytes:
    """OFFSET 0 makes it one look into the indexes per model; joined to the view it would be the whole view."""
    text = sql.SQL(
        "SELECT found.* FROM unnest(%s::text[], %s::text[]) AS key (provider_id, model_id), LATERAL ("
        "SELECT {} FROM unified_model_registry it"
        " WHERE it.provider_id = key.provider_id AND it.model_id = key.model_id OFFSET 0) found"
    ).format(_listed(columns))
    return text.as_bytes()


@cache
def _news_of_models(columns: tuple[str, ...]) -> bytes:
    """What changed, and the rows of the models among it, as JSON: one statement sees one instant, and a row that is
    taken apart by the driver costs as much as a way to the server. $1 is what was seen, $2 whether to verify."""
    text = sql.SQL(
        "WITH news AS MATERIALIZED ("
        "SELECT pg_current_snapshot()::text AS seen, changes, digest, pruned"
        " FROM registry_changes_since($1::pg_snapshot)"
        "), named AS ("
        "SELECT DISTINCT"
        " CASE WHEN change ->> 0 = ANY({own_models}) THEN {own} ELSE split_part(key, '/', 1) END AS provider_id,"
        " CASE WHEN change ->> 0 = ANY({own_models}) THEN key ELSE substr(key, strpos(key, '/') + 1) END AS model_id"
        " FROM news, jsonb_array_elements(changes) change,"
        " jsonb_array_elements_text(CASE jsonb_typeof(change -> 1) WHEN 'array' THEN change -> 1 ELSE '[]' END) key"
        " WHERE change ->> 0 = ANY({models}) LIMIT {few}"
        ") SELECT seen, changes, digest, pruned, CASE WHEN $2 THEN registry_fingerprint() END AS fingerprint,"
        " (SELECT coalesce(json_agg(found), '[]') FROM named key, LATERAL ("
        "SELECT {columns} FROM unified_model_registry it"
        " WHERE it.provider_id = key.provider_id AND it.model_id = key.model_id OFFSET 0) found)::text AS rows"
        " FROM news"
    ).format(
        own=sql.Literal(OWN),
        own_models=sql.Literal(OF_OWN_MODELS),
        models=sql.Literal(OF_MODELS),
        few=sql.Literal(FEW_MODELS),
        columns=_listed(columns),
    )
    return text.as_bytes()


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


async def _defaults(connection: Connection) -> dict[str, str]:
    rows = await (await connection.execute(_SQL["defaults"])).fetchall()
    return {row["task"]: row["model_id"] for row in rows}


async def _key_variables(connection: Connection) -> dict[str, list[str]]:
    rows = await (await connection.execute(_SQL["key_variables"])).fetchall()
    return {row["id"]: row["key_variables"] for row in rows}


async def fingerprint(connection: Connection) -> int | None:
    """A number that changes when anything changes that a selector looks at."""
    row = await (await connection.execute(_SQL["fingerprint"])).fetchone()
    return row["number"] if row else None


@asynccontextmanager
async def listening(address: str | Address) -> AsyncIterator[Ear]:
    """A connection of its own that hears of every committed change. Raises DatabaseUnreachable."""
    async with listening_to(address, CHANNEL) as connection:
        ear = Ear(connection)
        try:
            yield ear
        finally:
            ear.leave()


async def request_warmup(connection: Connection, model_id: str) -> bool:
    """Demand that a COLD model be brought up; True for the one caller with whom the demand begins."""
    row = await (await connection.execute(_SQL["request_warmup"], {"model_id": model_id})).fetchone()
    return bool(row and row["started"])
