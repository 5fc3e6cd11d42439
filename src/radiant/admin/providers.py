"""Which providers are asked for their lists, and where."""

import re
from collections.abc import Mapping

from radiant.domain.errors import ProviderNotFound, RuleViolated
from radiant.domain.sync import ProviderState
from radiant.providers.places import problem_with_base
from radiant.registry import compliance, lists, providers
from radiant.registry.database import Connection, Database
from radiant.sync.accounts import state

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")


class Providers:
    """Reads and writes `providers` as an administrator: no seed takes back what was set here."""

    def __init__(self, database: Database, *, environment: Mapping[str, str]) -> None:
        self._database, self._environment = database, environment

    async def listed(self) -> list[ProviderState]:
        """Every provider with an API, by id."""
        async with self._database.connection() as connection:
            return await self._states(connection, None)

    async def of(self, id: str) -> ProviderState:
        """One provider. Raises ProviderNotFound."""
        async with self._database.connection() as connection:
            return await self._found(connection, id)

    async def add(self, id: str, *, name: str | None, base_url: str, key_env: str | None) -> ProviderState:
        """Add a server that speaks OpenAI's API, enabled. Raises RuleViolated."""
        async with self._database.connection() as connection, connection.transaction():
            keys = [] if key_env is None else [_variable(key_env)]
            await providers.add(connection, id, name or id, _base(base_url), keys)
            return await self._found(connection, id)

    async def change(
        self, id: str, *, base_url: str | None = None, key_env: str | None = None, enabled: bool | None = None
    ) -> ProviderState:
        """Set what is given. Enabling it lets it be asked also without a key; `key_env` takes the place of all its
        variables. Raises ProviderNotFound and RuleViolated."""
        async with self._database.connection() as connection, connection.transaction():
            await self._found(connection, id)
            keys = None if key_env is None else [_variable(key_env)]
            await providers.change(connection, id, None if base_url is None else _base(base_url), keys, enabled)
            return await self._found(connection, id)

    async def _found(self, connection: Connection, id: str) -> ProviderState:
        found = await self._states(connection, id)
        if not found:
            raise ProviderNotFound(id, tuple(await compliance.alike(connection, id)))
        return found[0]

    async def _states(self, connection: Connection, id: str | None) -> list[ProviderState]:
        told = await lists.states(connection)
        rows = await lists.providers(connection, id)
        return [state(row, told.get(row["id"], {}), self._environment) for row in rows]


def _base(url: str) -> str:
    # Placeholders such as {region} stand for names.
    if problem := problem_with_base(re.sub(r"\{\w+\}", "x", url)):
        sentence = f"The base URL of a provider cannot be used: {problem}."
        raise RuleViolated("provider_base_url", "invalid", sentence, field="base_url")
    return url


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise RuleViolated(
            "provider_key_variable",
            "invalid",
            "What is expected is the name of an environment variable, such as ACME_API_KEY; keys are never stored.",
            field="key_env",
        )
    return name
