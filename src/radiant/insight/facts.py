"""Reads facts: all claims about a model with which one holds, and conflicts between sources."""

import datetime as dt

import msgspec

from radiant.catalog.precedence import claims
from radiant.domain.currency import currency_of
from radiant.domain.fact import Claim, Conflict, ConflictPlace, Fact
from radiant.domain.override import subject_of
from radiant.domain.registry_model import RegistryModel
from radiant.pricing.currencies import facts_in_usd
from radiant.registry import currencies, doubts, facts, model_names
from radiant.registry.database import Connection, Database

from .filters import known_provider
from .models import Models


class Facts:
    """Reads of `facts`, `overrides` and `fact_conflicts`."""

    def __init__(self, database: Database, models: Models) -> None:
        self._database, self._models = database, models

    async def claims(self, name: str) -> list[tuple[RegistryModel, list[Claim]]]:
        """Every claim about the models called `name`, with which one holds and why. Raises ModelNotFound."""
        found = await self._models.named(name)
        async with self._database.connection() as connection:
            return [
                (
                    model,
                    claims(
                        await _said(connection, model.provider_id, model.model_id),
                        await facts.overrides_of(connection, subject_of(model.provider_id, model.model_id)),
                        await doubts.about(connection, [(model.provider_id, model.model_id)]),
                    ),
                )
                for model in found
            ]

    async def conflicts(
        self,
        *,
        provider: str | None = None,
        prices_only: bool = False,
        limit: int = 100,
        after: ConflictPlace | None = None,
    ) -> list[Conflict]:
        """Where sources disagree: prices first, the largest gap first; those `after` the last of a page before.

        Raises UnknownFilterValue for a provider that neither the registry nor a source knows.
        """
        async with self._database.connection() as connection:
            if provider is not None:
                provider = known_provider(provider, await model_names.spoken_of(connection))
            return await facts.conflicts(
                connection, provider=provider, prices_only=prices_only, limit=limit, after=after
            )


async def _said(connection: Connection, provider: str, model: str) -> list[Fact]:
    """What is said of a model; what is told in other currencies once more in USD, where today has a rate."""
    told = await facts.facts_about(connection, provider, model)
    foreign = [fact for fact in told if currency_of(fact.field) is not None]
    if not foreign:
        return told
    reckoned = facts_in_usd(told, await currencies.believed(connection), dt.datetime.now(dt.UTC))
    return [*foreign, *map(_with_rate, reckoned)]


def _with_rate(fact: Fact) -> Fact:
    if fact.rate is None:
        return fact
    rate = fact.rate
    how = f"1 {rate.currency} = {rate.usd.normalize():f} USD since {rate.day} ({rate.source})"
    return msgspec.structs.replace(fact, reference=f"{fact.reference}; {how}" if fact.reference else how)
