"""Markups with their history, and the columns of models that show them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from radiant.domain.markups import MarkupRow
from radiant.domain.override import subject_of
from radiant.pricing.sale import Markup, Scope
from radiant.sql import queries

from .database import Connection

_SQL = queries("markups")


async def listed(connection: Connection, *, ever: bool = False, known: dt.datetime | None = None) -> list[MarkupRow]:
    """Those that are believed, or were at `known`, or, with `ever`, at any time; what is usual last."""
    rows = await (await connection.execute(_SQL["listed"], {"ever": ever, "known": known})).fetchall()
    return [MarkupRow(**{**row, "rate": _text(row["rate"]), "minimum_charge": _text(row["minimum_charge"])})
            for row in rows]  # fmt: skip


async def believed(connection: Connection, *, known: dt.datetime | None = None) -> tuple[Markup, ...]:
    """The same as rating takes them."""
    return tuple(markup_of(it) for it in await listed(connection, known=known))


def markup_of(row: MarkupRow) -> Markup:
    """A row as rating takes it."""
    return Markup(
        scope=Scope(tenant_id=row.tenant, hosting=row.hosting, provider_id=row.provider, model_id=row.model),
        rate=Decimal(row.rate),
        minimum_charge=None if row.minimum_charge is None else Decimal(row.minimum_charge),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        id=str(row.id),
        usual=row.usual,
        source=f"markup of {row.whom}",
    )


async def append(
    connection: Connection, scope: Scope, rate: Decimal | None, since: dt.datetime | None, until: dt.datetime | None,
    *, minimum: Decimal | None = None, reason: str | None = None, by: str,
) -> int | None:  # fmt: skip
    """Make this the markup of a scope over a span of time, None for none of its own; its id. Raises RuleViolated."""
    given = {"since": since, "until": until, "rate": rate, "minimum": minimum, "reason": reason, "by": by}
    row = await (await connection.execute(_SQL["append"], {**_of(scope), **given})).fetchone()
    return None if row is None else row["id"]


async def project(connection: Connection, scope: Scope, now: dt.datetime) -> int:
    """Make the columns of the models of a scope show what is in force; how many changed."""
    row = await (await connection.execute(_SQL["project"], {**_of(scope), "now": now})).fetchone()
    return 0 if row is None else int(row["changed"])


async def forget_columns(connection: Connection, provider: str, model: str) -> None:
    """Whoever wrote a model's markup into its column has no say any more: it is set otherwise now."""
    await connection.execute(_SQL["forget_columns"], {"subject": subject_of(provider, model)})


async def take_effect(connection: Connection, since: dt.datetime, now: dt.datetime) -> int:
    """Make columns show the markups that began or ended after `since` and until `now`; how many changed."""
    row = await (await connection.execute(_SQL["due"], {"since": since, "now": now})).fetchone()
    return 0 if row is None else int(row["changed"])


def _of(scope: Scope) -> dict[str, Any]:
    return {"tenant": scope.tenant_id, "hosting": scope.hosting, "provider": scope.provider_id, "model": scope.model_id}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"
