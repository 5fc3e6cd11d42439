"""What the sources say of models: every claim with which one holds, and where they disagree."""

from radiant.catalog.precedence import claims
from radiant.domain.fact import Claim, Conflict, ConflictPlace
from radiant.domain.registry_model import RegistryModel
from radiant.registry import facts
from radiant.registry.database import Database

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
                        await facts.overrides_of(connection, _subject(model)),
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
        """Where sources disagree: prices first, the largest gap first; those `after` the last of a page before."""
        async with self._database.connection() as connection:
            return await facts.conflicts(
                connection, provider=provider, prices_only=prices_only, limit=limit, after=after
            )


def _subject(model: RegistryModel) -> str:
    """How the model is called in `overrides`."""
    own = model.hosting_type == "self_hosted"
    return f"self_hosted:{model.model_id}" if own else f"model:{model.provider_id}/{model.model_id}"
