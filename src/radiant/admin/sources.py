"""Which public catalogs are fetched, and from where."""

from collections.abc import Mapping

from radiant.domain.errors import RuleViolated, UnknownFilterValue
from radiant.domain.source import Contacts, SourceState
from radiant.providers.places import problem_with_url
from radiant.public_catalogs.roster import BY_ID
from radiant.registry import lists, sources
from radiant.registry.database import Connection, Database
from radiant.sync.contacts import contacts, source_states

#: Stands for every public catalog.
ALL = "all"

#: Stands for the address at which a catalog is published.
PUBLIC_ADDRESS = "public"


class Sources:
    """Reads and writes what people said of public catalogs. With `online` all are fetched, whatever was said."""

    def __init__(self, database: Database, *, online: bool, environment: Mapping[str, str]) -> None:
        self._database, self._online, self._environment = database, online, environment

    async def listed(self) -> list[SourceState]:
        """Every public catalog, by id."""
        async with self._database.connection() as connection:
            return await self._states(connection)

    async def of(self, id: str) -> SourceState:
        """One of them. Raises UnknownFilterValue."""
        (found,) = _chosen(await self.listed(), id)
        return found

    async def change(self, id: str, *, enabled: bool | None = None, url: str | None = None) -> list[SourceState]:
        """Set what is given at one, or at `all`; what holds now. `url` is that of a mirror, or `public`.

        Raises UnknownFilterValue, and RuleViolated for an address that cannot be fetched or is to be that of all.
        """
        async with self._database.connection() as connection, connection.transaction():
            chosen = _chosen(await self._states(connection), id, every=True)
            address = None if url is None else _address(url, alone=id != ALL)
            for it in chosen:
                await sources.say(connection, it.id, enabled, address)
            names = {it.id for it in chosen}
            return [it for it in await self._states(connection) if it.id in names]

    async def contacts(self) -> Contacts:
        """Whom runs speak to from here."""
        async with self._database.connection() as connection:
            rows, said = await lists.providers(connection), await sources.said(connection)
        return contacts(rows, said, self._environment, online=self._online)

    async def _states(self, connection: Connection) -> list[SourceState]:
        return source_states(await sources.said(connection), await sources.states(connection), online=self._online)


def _chosen(states: list[SourceState], id: str, *, every: bool = False) -> list[SourceState]:
    found = [it for it in states if it.id == id or (every and id == ALL)]
    if not found:
        raise UnknownFilterValue("source", id, (*BY_ID, ALL) if every else tuple(BY_ID))
    return found


def _address(url: str, *, alone: bool) -> str:
    """What is written of an address: nothing for the public one."""
    if url == PUBLIC_ADDRESS:
        return ""
    problem = problem_with_url(url) if alone else "each catalog has an address of its own"
    if problem:
        sentence = f"This cannot be the address of a catalog: {problem}."
        raise RuleViolated("public_source_url", "invalid", sentence, field="url")
    return url
