"""Which self-hosted model is meant by a name."""

from collections.abc import Sequence

from radiant.domain.errors import ModelNotFound
from radiant.domain.warmth import NotSelfHosted
from radiant.names.known import KnownNames
from radiant.registry import endpoints
from radiant.registry.database import Connection
from radiant.registry.model_names import ModelNames


async def own_model(connection: Connection, name: str) -> str:
    """Its id. Raises NotSelfHosted and AmbiguousModel."""
    return (await own_models(connection, [name]))[0]


async def own_models(connection: Connection, names: Sequence[str]) -> list[str]:
    """The ids of those that are meant, in the order of the names. Raises NotSelfHosted and AmbiguousModel."""
    there = await endpoints.own_models(connection)
    ids, known = {it.model_id for it in there}, KnownNames(there)
    return [name if name in ids else _meant(known, name) for name in names]


def _meant(known: KnownNames[ModelNames], name: str) -> str:
    if not known.models:
        raise NotSelfHosted(name)
    try:
        return known.find(name)[0].model_id
    except ModelNotFound as error:
        raise NotSelfHosted(name, error.close) from error
