"""The models of the registry: lists, one by name, counts."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import Any

from radiant.domain.errors import AmbiguousModel, ModelNotFound
from radiant.domain.registry_model import ModelFilter, ModelPlace, RegistryModel
from radiant.registry import model_names, models, statistics
from radiant.registry.database import Connection, Database


class Models:
    """Reads of `unified_model_registry`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, wanted: ModelFilter) -> list[RegistryModel]:
        """The models that fit, by hosting, category, display name and id. Raises UnknownFilterValue."""
        async with self._database.connection() as connection:
            return await models.list_models(connection, await _meant(connection, wanted))

    async def page(
        self, wanted: ModelFilter, *, limit: int, after: ModelPlace | None = None
    ) -> tuple[list[RegistryModel], ModelPlace | None]:
        """At most `limit` models that fit, by provider and model id, and where the next page begins.

        Raises UnknownFilterValue.
        """
        async with self._database.connection() as connection:
            meant = await _meant(connection, wanted)
            found = await models.list_page(connection, meant, limit=limit + 1, after=after)
        return found[:limit], found[limit - 1].place if len(found) > limit else None

    async def fields(
        self, wanted: ModelFilter, fields: Collection[str], limit: int | None = None
    ) -> tuple[list[Any], dict[str, int]]:
        """The same, but at most `limit` and of each model only these fields, as attributes; and how many fit, by
        hosting. Raises UnknownFilterValue."""
        async with self._database.connection() as connection:
            meant = await _meant(connection, wanted)
            found = await models.list_fields(connection, meant, {*fields, "hosting_type"}, limit)
            if limit is not None and len(found) >= limit:
                return found, await models.count_models(connection, meant)
            return found, Counter(it.hosting_type for it in found)

    async def named(self, name: str) -> list[RegistryModel]:
        """The one model called `name`, at each provider that has it; a name that nothing bears may be folded.

        Raises ModelNotFound with the nearest names, AmbiguousModel where several models have it.
        """
        async with self._database.connection() as connection:
            from radiant.names.known import KnownNames

            bearers = await models.find_models(connection, name)
            if bearers:
                return list(KnownNames(bearers).find(name))
            known = await model_names.known(connection)
            return await models.models_with_ids(connection, [found.id for found in known.find(name)])

    async def one(self, name: str, today: dt.date) -> RegistryModel:
        """The model called `name` at the one provider that has it on a day. Raises ModelNotFound, also where it is
        deprecated or retired, and AmbiguousModel where several providers have it."""
        from radiant.names.known import qualified

        current = [model for model in await self.named(name) if model.current(today)]
        if not current:
            raise ModelNotFound(name)
        if len(current) > 1:
            raise AmbiguousModel(name, tuple(sorted(map(qualified, current))))
        return current[0]

    async def statistics(self) -> dict[str, int]:
        """How many there are, by hosting, health and thermal state; deprecated ones do not count."""
        async with self._database.connection() as connection:
            return await statistics.counts(connection)


async def _meant(connection: Connection, wanted: ModelFilter) -> ModelFilter:
    """The filter in the registry's own names. Raises UnknownFilterValue."""
    if not wanted.names_something:
        return wanted
    from .filters import meant

    return await meant(connection, wanted)
