"""Facts of public catalogs: writes an import, and reads facts, conflicts and overrides."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from radiant.domain.currency import PRICE, PRICE_IN
from radiant.domain.fact import Conflict, ConflictPlace, Fact
from radiant.sql import queries

from .database import Connection
from .exact_json import from_json


class Incoming(NamedTuple):
    """One fact on its way in, in the order of the table `incoming`. `value` is JSON text."""

    entry: str
    field: str
    value: str
    provider_id: str | None
    model_id: str | None
    reference: str | None
    source_date: str | None


class Written(NamedTuple):
    added: int
    changed: int
    removed: int


#: Facts about a provider stand under its own id, with this before the field.
PROVIDER_FIELD = "provider."

_SQL = queries("facts")

#: From so many facts on, counting them for the planner is cheaper than a plan without.
_MANY = 10_000


async def is_imported(connection: Connection, source: str, digest: str, *, facts: int | None = None) -> bool:
    """Whether exactly this was the newest import of `source`, and left so many `facts` where that is asked."""
    asked = {"source": source, "digest": digest, "facts": facts}
    found = await connection.execute(_SQL["is_imported"], asked)
    return await found.fetchone() is not None


async def replace(
    connection: Connection,
    source: str,
    incoming: Sequence[Incoming],
    *,
    digest: str,
    entries: int,
    refused: int,
    source_date: str | None,
) -> Written:
    """Make the facts of `source` those of `incoming`, within the caller's transaction."""
    await connection.execute(_SQL["alone"], {"source": source})
    await connection.execute(_SQL["make_incoming"])
    async with connection.cursor() as cursor, cursor.copy(_SQL["copy_incoming"]) as copy:
        for block in _blocks(incoming):
            await copy.write(block)
    if len(incoming) >= _MANY:
        await connection.execute(_SQL["analyze_incoming"])
    row = await (await connection.execute(_SQL["merge"], {"source": source})).fetchone()
    await connection.execute(_SQL["drop_incoming"])
    counts = {"entries": entries, "facts": len(incoming), "refused": refused}
    await connection.execute(
        _SQL["record_import"], {"source": source, "digest": digest, "source_date": source_date} | counts
    )
    return Written(**row) if row else Written(0, 0, 0)


async def facts_about(connection: Connection, provider_id: str, model_id: str) -> list[Fact]:
    """Every claim about one model, by field and source."""
    asked = {"provider_id": provider_id, "model_id": model_id}
    return [fact_of(row) for row in await (await connection.execute(_SQL["about"], asked)).fetchall()]


async def public_facts(connection: Connection, subjects: Iterable[tuple[str, str]]) -> list[Fact]:
    """What the imported catalogs say of `subjects` (provider and model id)."""
    wanted = list(subjects)
    asked = {"providers": [provider for provider, _ in wanted], "models": [model for _, model in wanted]}
    return [fact_of(row) for row in await (await connection.execute(_SQL["public"], asked)).fetchall()]


async def said_by(connection: Connection, source: str) -> dict[str, dict[str, Any]]:
    """All that a source says, by entry and field."""
    found: dict[str, dict[str, Any]] = {}
    for row in await (await connection.execute(_SQL["of_source"], {"source": source})).fetchall():
        found.setdefault(row["entry"], {})[row["field"]] = from_json(row["value"])
    return found


async def provider_facts(connection: Connection, source: str) -> dict[str, dict[str, Any]]:
    """What `source` says of providers, by their id and field."""
    asked = {"source": source, "prefix": PROVIDER_FIELD}
    rows = await (await connection.execute(_SQL["of_providers"], asked)).fetchall()
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["entry"], {})[row["field"].removeprefix(PROVIDER_FIELD)] = row["value"]
    return found


async def subjects_of(connection: Connection, source: str, providers: Sequence[str] | None) -> list[tuple[str, str]]:
    """The models `source` speaks of, of these providers or of all."""
    asked = {"source": source, "providers": None if providers is None else list(providers)}
    rows = await (await connection.execute(_SQL["subjects"], asked)).fetchall()
    return [(row["provider_id"], row["model_id"]) for row in rows]


async def claimed(connection: Connection, provider: str, sources: Sequence[str]) -> dict[str, list[str]]:
    """The models of a provider that some of `sources` speak of, and which do."""
    rows = await (
        await connection.execute(_SQL["claimed"], {"provider": provider, "sources": list(sources)})
    ).fetchall()
    return {row["model_id"]: row["sources"] for row in rows}


async def other_names(connection: Connection) -> list[tuple[str, str, str]]:
    """Provider, name and model for each id that a public catalog calls another name of a model."""
    rows = await (await connection.execute(_SQL["other_names"])).fetchall()
    return [(row["provider_id"], row["model_id"], row["target"]) for row in rows]


async def conflicts(
    connection: Connection, *, provider: str | None, prices_only: bool, limit: int, after: ConflictPlace | None
) -> list[Conflict]:
    """Disagreements, prices first and the largest gap first; those that come `after` one, also where it has gone."""
    place = after or ConflictPlace(True, None, "", "", "")
    rows = await (
        await connection.execute(
            queries("conflicts")["listed"],
            {"provider": provider, "prices_only": prices_only, "limit": limit, "all": after is None} | place._asdict(),
        )
    ).fetchall()
    return [Conflict(**{**row, "said": _said(row["field"], from_json(row["said"]))}) for row in rows]


async def overrides_of(connection: Connection, subject: str) -> list[dict[str, Any]]:
    """What administrators set on `subject`: field, value, reason, set_by, set_at."""
    rows = await (await connection.execute(queries("overrides")["on"], {"subject": subject})).fetchall()
    return [{**row, "value": None if row["value"] is None else from_json(row["value"])} for row in rows]


def fact_of(row: dict[str, Any]) -> Fact:
    """The fact of a row whose value is JSON text."""
    return Fact(**{**row, "value": _value(row["field"], from_json(row["value"]))})


def _said(field: str, said: dict[str, Any]) -> dict[str, Any]:
    return {source: _value(field, value) for source, value in said.items()}


def _value(field: str, value: Any) -> Any:
    """A price is a Decimal, also where it is a whole number of dollars or euros."""
    return Decimal(value) if field.startswith((PRICE, PRICE_IN)) and type(value) is int else value


def _blocks(incoming: Sequence[Incoming], size: int = 2000) -> Iterable[bytes]:
    """COPY text, some thousand rows at a time."""
    for start in range(0, len(incoming), size):
        yield "".join(
            "\t".join("\\N" if cell is None else _escaped(cell) for cell in row) + "\n"
            for row in incoming[start : start + size]
        ).encode()


def _escaped(cell: str) -> str:
    if "\\" in cell or "\t" in cell or "\n" in cell or "\r" in cell:
        return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return cell
