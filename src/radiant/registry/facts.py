"""What the sources say: writing an import, and reading it back."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from radiant.domain.fact import Conflict, ConflictPlace, Fact
from radiant.sql import query

from .database import Connection


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

_INCOMING = """
    CREATE TEMPORARY TABLE incoming (
        entry text, field text, value jsonb, provider_id text, model_id text, reference text, source_date date
    ) ON COMMIT DROP
"""

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def as_json(value: object) -> str:
    """JSON text in which a Decimal is an exact number."""
    return _ENCODER.encode(value).decode()


async def is_imported(connection: Connection, source: str, digest: str) -> bool:
    """Whether exactly this was the newest import of `source`."""
    found = await connection.execute("SELECT FROM fact_imports WHERE source = %s AND digest = %s", [source, digest])
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
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"facts:{source}"])
    await connection.execute(_INCOMING)
    async with connection.cursor() as cursor, cursor.copy("COPY incoming FROM STDIN") as copy:
        for block in _blocks(incoming):
            await copy.write(block)
    await connection.execute("ANALYZE incoming")
    row = await (await connection.execute(query("merge_facts").encode(), {"source": source})).fetchone()
    await connection.execute(
        """
        INSERT INTO fact_imports (source, digest, entries, facts, refused, source_date)
        VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (source) DO UPDATE SET digest = excluded.digest, entries = excluded.entries, facts = excluded.facts,
            refused = excluded.refused, source_date = excluded.source_date, imported_at = excluded.imported_at
        """,
        [source, digest, entries, len(incoming), refused, source_date],
    )
    await connection.execute("DROP TABLE incoming")
    return Written(**row) if row else Written(0, 0, 0)


async def facts_about(connection: Connection, provider_id: str, model_id: str) -> list[Fact]:
    """Every claim about one model, by field and source."""
    asked = {"provider_id": provider_id, "model_id": model_id}
    return [_fact(row) for row in await (await connection.execute(query("facts_about").encode(), asked)).fetchall()]


async def public_facts(connection: Connection, subjects: Iterable[tuple[str, str]]) -> list[Fact]:
    """What the imported catalogs say of `subjects` (provider and model id)."""
    wanted = list(subjects)
    asked = {"providers": [provider for provider, _ in wanted], "models": [model for _, model in wanted]}
    return [_fact(row) for row in await (await connection.execute(query("public_facts").encode(), asked)).fetchall()]


async def provider_facts(connection: Connection, source: str) -> dict[str, dict[str, Any]]:
    """What `source` says of providers, by their id and field."""
    rows = await (
        await connection.execute(
            "SELECT entry, field, value FROM facts WHERE source = %s AND starts_with(field, %s)",
            [source, PROVIDER_FIELD],
        )
    ).fetchall()
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["entry"], {})[row["field"].removeprefix(PROVIDER_FIELD)] = row["value"]
    return found


async def subjects_of(connection: Connection, source: str, providers: Sequence[str] | None) -> list[tuple[str, str]]:
    """The models `source` speaks of, of these providers or of all."""
    rows = await (
        await connection.execute(
            """
            SELECT DISTINCT provider_id, model_id FROM facts
             WHERE source = %(source)s AND model_id IS NOT NULL
               AND (%(providers)s::text[] IS NULL OR provider_id = ANY(%(providers)s))
            """,
            {"source": source, "providers": None if providers is None else list(providers)},
        )
    ).fetchall()
    return [(row["provider_id"], row["model_id"]) for row in rows]


async def other_names(connection: Connection) -> list[tuple[str, str, str]]:
    """Provider, name and model for each id that a public catalog calls another name of a model."""
    rows = await (
        await connection.execute(
            """
            SELECT DISTINCT provider_id, model_id, value #>> '{}' AS target FROM facts
             WHERE field = 'alias_of' AND model_id IS NOT NULL ORDER BY provider_id, model_id, target
            """
        )
    ).fetchall()
    return [(row["provider_id"], row["model_id"], row["target"]) for row in rows]


async def conflicts(
    connection: Connection, *, provider: str | None, prices_only: bool, limit: int, after: ConflictPlace | None
) -> list[Conflict]:
    """Disagreements, prices first and the largest gap first; those that come `after` one, also where it has gone."""
    place = after or ConflictPlace(True, None, "", "", "")
    rows = await (
        await connection.execute(
            query("conflicts").encode(),
            {"provider": provider, "prices_only": prices_only, "limit": limit, "all": after is None} | place._asdict(),
        )
    ).fetchall()
    return [Conflict(**{**row, "said": _said(row["field"], _decoded(row["said"]))}) for row in rows]


async def overrides_of(connection: Connection, subject: str) -> list[dict[str, Any]]:
    """What administrators set on `subject`: field, value, reason, set_by, set_at."""
    rows = await (
        await connection.execute(
            "SELECT field, value::text AS value, reason, set_by, set_at FROM overrides"
            " WHERE subject = %s ORDER BY field",
            [subject],
        )
    ).fetchall()
    return [{**row, "value": None if row["value"] is None else _decoded(row["value"])} for row in rows]


async def imports(connection: Connection) -> list[dict[str, Any]]:
    """The newest import of each source."""
    return await (await connection.execute("SELECT * FROM fact_imports ORDER BY source")).fetchall()


def _fact(row: dict[str, Any]) -> Fact:
    return Fact(**{**row, "value": _value(row["field"], _decoded(row["value"]))})


def _said(field: str, said: dict[str, Any]) -> dict[str, Any]:
    return {source: _value(field, value) for source, value in said.items()}


def _value(field: str, value: Any) -> Any:
    """A price is a Decimal, also where it is a whole number of dollars."""
    return Decimal(value) if field.startswith("price.") and type(value) is int else value


def _decoded(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


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
