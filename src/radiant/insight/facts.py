"""Reads facts: all claims about a model with which one holds, and conflicts between sources."""

from radiant.catalog.precedence import claims
from radiant.domain.fact import Claim, Conflict, ConflictPlace
from radiant.domain.override import subject_of
from radiant.domain.registry_model import RegistryModel
from radiant.registry import doubts, facts, model_names
from radiant.registry.database import Database

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
                        await facts.facts_about(connection, model.provider_id, model.model_id),
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
