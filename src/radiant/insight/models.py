"""The models of the registry: lists, one by name, counts."""

from radiant.domain.errors import ModelNotFound, UnknownFilterValue
from radiant.domain.registry_model import ModelFilter, RegistryModel
from radiant.domain.vocabulary import Category, HealthStatus, Hosting, Modality, Task
from radiant.registry import models, statistics
from radiant.registry.database import Database

_ALLOWED: dict[str, list[str]] = {
    "hosting": [hosting.value for hosting in Hosting],
    "status": [status.value for status in HealthStatus],
    "task": [task.value for task in Task],
    "input_modalities": [modality.value for modality in Modality],
    "output_modalities": [modality.value for modality in Modality],
    "category": [category.value for category in Category],
}


class Models:
    """Reads of `unified_model_registry`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, wanted: ModelFilter) -> list[RegistryModel]:
        """The models that fit, by hosting, category, display name and id. Raises UnknownFilterValue."""
        async with self._database.connection() as connection:
            _refuse_unknown(wanted, await models.known_values(connection))
            return await models.list_models(connection, wanted)

    async def named(self, name: str) -> list[RegistryModel]:
        """The models called `name`, of each provider that has one. Raises ModelNotFound."""
        async with self._database.connection() as connection:
            found = await models.find_models(connection, name)
            if not found:
                raise ModelNotFound(name, tuple(await models.similar_ids(connection, name)))
            return found

    async def statistics(self) -> dict[str, int]:
        """How many there are, by hosting, health and thermal state; deprecated ones do not count."""
        async with self._database.connection() as connection:
            return await statistics.counts(connection)


def _refuse_unknown(wanted: ModelFilter, known: dict[str, list[str]]) -> None:
    """A misspelled value must not look like an empty shelf."""
    for field in _ALLOWED.keys() | known.keys():
        allowed = list(dict.fromkeys([*_ALLOWED.get(field, ()), *known.get(field, ())]))
        given = getattr(wanted, field)
        for value in [given] if isinstance(given, str) else given or ():
            if value not in allowed:
                raise UnknownFilterValue(field, value, tuple(allowed))
