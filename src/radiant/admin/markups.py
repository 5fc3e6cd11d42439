"""The sale book: what people add to prices for tenants, with its history."""

import datetime as dt
from collections.abc import Callable

import msgspec

from radiant.domain.errors import UsageInvalid
from radiant.domain.markups import MarkupNotFound, MarkupRow, MarkupTerms
from radiant.names.offering import offering_meant, provider_meant
from radiant.pricing.sale import Scope
from radiant.registry import catalog_tables as tables
from radiant.registry import markups, model_names
from radiant.registry.database import Connection, Database

from .price_terms import amount_of, period_of, rate_of

#: Where models run, as a markup may name it.
HOSTINGS = ("external", "self_hosted")


class Markups:
    """Reads and writes markups, in one transaction with the columns of the models that follow."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._database, self._now = database, now

    async def listed(self, *, ever: bool = False) -> list[MarkupRow]:
        """Those that hold or are to, and what is usual; with `ever` those that ended or were replaced as well."""
        now = self._now()
        async with self._database.connection() as connection:
            found = await markups.listed(connection, ever=ever)
        return [it for it in found if ever or it.valid_to is None or it.valid_to > now]

    async def set(self, terms: MarkupTerms, *, by: str) -> MarkupRow:
        """Set the markup of a scope for a period; what it replaces stays in the history.

        Raises UsageInvalid, ModelNotFound, AmbiguousModel and ProviderNotFound.
        """
        now = self._now()
        rate = rate_of(terms.rate, terms.tenant)
        least = None if terms.minimum_charge is None else amount_of("minimum_charge", terms.minimum_charge)
        since, until = period_of(terms.since, terms.until, now)
        async with self._database.connection() as connection, connection.transaction():
            scope = await _scope(connection, terms)
            await tables.begin(connection)
            if scope.tenant_id is None and scope.provider_id is not None and scope.model_id is not None:
                await markups.forget_columns(connection, scope.provider_id, scope.model_id)
            id = await markups.append(connection, scope, rate, since, until, minimum=least, reason=terms.reason, by=by)
            await markups.project(connection, scope, now)
            return next(it for it in await markups.listed(connection) if it.id == id)

    async def unset(self, id: int, *, by: str, reason: str | None = None) -> MarkupRow:
        """End a markup from now on, or take one back that is yet to begin; what is less specific counts again.

        Raises MarkupNotFound.
        """
        now = self._now()
        async with self._database.connection() as connection, connection.transaction():
            await tables.begin(connection)
            lasting = [
                it
                for it in await markups.listed(connection)
                if not it.usual and (it.valid_to is None or it.valid_to > now)
            ]
            row = next((it for it in lasting if it.id == id), None)
            if row is None:
                raise MarkupNotFound(id, tuple(it.id for it in lasting)[:50])
            scope = markups.markup_of(row).scope
            since = now if row.valid_from is None else max(now, row.valid_from)
            if scope.tenant_id is None and scope.provider_id is not None and scope.model_id is not None:
                await markups.forget_columns(connection, scope.provider_id, scope.model_id)
            await markups.append(connection, scope, None, since, row.valid_to, reason=reason, by=by)
            await markups.project(connection, scope, now)
            return msgspec.structs.replace(row, valid_to=since)


async def _scope(connection: Connection, terms: MarkupTerms) -> Scope:
    named = [it for it in (terms.provider, terms.hosting) if it is not None]
    if len(named) > 1 or (terms.hosting is not None and terms.model is not None):
        raise UsageInvalid("hosting", "is named beside a provider or model, which has one hosting; name one of them")
    if terms.hosting is not None and terms.hosting not in HOSTINGS:
        raise UsageInvalid("hosting", f"is {terms.hosting!r:.40}; expected {' or '.join(HOSTINGS)}")
    provider = model = None
    if terms.model is not None or terms.provider is not None:
        names = await model_names.known(connection)
        if terms.model is not None:
            found = offering_meant(names, terms.provider, terms.model)
            provider, model = found.provider_id, found.model_id
        elif terms.provider is not None:
            provider = provider_meant(names, terms.provider)
    return Scope(tenant_id=terms.tenant, hosting=terms.hosting, provider_id=provider, model_id=model)
