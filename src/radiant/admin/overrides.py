"""Lists overrides and drops them."""

from collections.abc import Iterable

from radiant.domain.errors import ModelNotFound, NothingDecided
from radiant.domain.override import Override, subject_of
from radiant.names.folding import folded, ranked
from radiant.names.known import KnownNames
from radiant.registry import model_names, overrides
from radiant.registry.database import Connection, Database
from radiant.registry.model_names import ModelNames

#: What stands before the name of a model in a subject, by what its provider is.
_KINDS = ("model:", "self_hosted:")

#: All kinds of subjects.
_SUBJECTS = (*_KINDS, "provider:", "default:")


class Overrides:
    """Reads and deletes rows of `overrides`. The catalog takes a field back at the next seed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, subject: str | None = None) -> list[Override]:
        """All decisions, or those on one subject, deletions among them. A subject may be a name of a model.

        Raises ModelNotFound and AmbiguousModel for a name that is neither.
        """
        async with self._database.connection() as connection:
            if subject is None:
                return await overrides.listed(connection)
            found = []
            for each in await _subjects(connection, subject):
                found += await overrides.listed(connection, each)
            return found

    async def drop(self, subject: str, field: str | None = None) -> list[str]:
        """Forget what was decided about a field, or about the whole subject; the fields that was.

        Raises NothingDecided, naming subjects or fields that are there, and AmbiguousModel for a name of several.
        """
        async with self._database.connection() as connection:
            try:
                subjects = await _subjects(connection, subject)
            except ModelNotFound:
                subjects = [subject]
            dropped = []
            for each in subjects:
                dropped += await overrides.drop(connection, each, field)
            if not dropped:
                there = await overrides.listed(connection)
                raise NothingDecided(subject, field, _like(subject, subjects, there))
            return sorted(set(dropped))


def _like(subject: str, subjects: list[str], there: list[Override]) -> tuple[str, ...]:
    """The fields that were decided about any of `subjects`, or else subjects like the one that was asked for."""
    fields = [it.field for it in there if it.subject in subjects]
    known = list(dict.fromkeys(it.subject for it in there))
    name = subject.split(":")[-1]
    close = [it for it in known if name in it] or ranked(
        folded(name), ((folded(it.split(":")[-1]), it) for it in known)
    )
    return tuple(fields or close[:5])


async def _subjects(connection: Connection, name: str) -> list[str]:
    """The subjects that are meant: `name` itself, or those of the model that it is a name of."""
    if name.startswith(_SUBJECTS):
        return [name]
    there = await model_names.every(connection)
    subjects = {subject_of(model.provider_id, model.model_id) for model in there}
    gone = [model for model in _decided(await overrides.listed(connection)) if model.id not in subjects]
    found = KnownNames([*there, *gone], await model_names.providers(connection)).find(name)
    return [subject_of(model.provider_id, model.model_id) for model in found]


def _decided(there: Iterable[Override]) -> Iterable[ModelNames]:
    """The models that something was decided about; deleted ones stand nowhere else."""
    for subject in dict.fromkeys(it.subject for it in there if it.subject.startswith(_KINDS)):
        kind, _, name = subject.partition(":")
        provider, _, model = name.partition("/") if kind == "model" else ("self_hosted", "", name)
        yield ModelNames(id=subject, provider_id=provider, model_id=model, litellm_id=None, aliases=())
