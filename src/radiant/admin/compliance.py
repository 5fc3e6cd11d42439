"""What operators declare: that the condition of a standard is met at a provider."""

from radiant.domain.compliance import ProviderCompliance
from radiant.domain.errors import ProviderNotFound, RuleViolated
from radiant.registry import compliance
from radiant.registry.database import Connection, Database


class ComplianceDeclarations:
    """Writes `providers.declared_compliance`, as an administrator: `overrides` remembers who, when and why."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, provider: str) -> ProviderCompliance:
        """What holds at one provider. Raises ProviderNotFound."""
        async with self._database.connection() as connection:
            return await _found(connection, provider)

    async def declare(self, provider: str, standard: str, *, reason: str | None = None) -> ProviderCompliance:
        """Say that the condition of `standard` is met at `provider`; what holds then.

        Raises ProviderNotFound, and RuleViolated for a standard nobody knows or one that is stated for another product.
        """
        async with self._database.connection() as connection, connection.transaction():
            before = await _found(connection, provider)
            name = await _standard(connection, standard)
            terms = before.conditional.get(name)
            if terms is not None and terms.covers is not None:
                sentence = (
                    f"{before.display_name}: {terms.words(name)} ({terms.url}), and no condition changes that. An "
                    f"agreement of yours that does is written into `declared_compliance` of `providers` by hand."
                )
                raise RuleViolated("standard_covers_this_api", "conflict", sentence)
            await compliance.declare(connection, provider, name, reason)
            return await _found(connection, provider)

    async def undeclare(self, provider: str, standard: str, *, reason: str | None = None) -> ProviderCompliance:
        """Take a declaration back, if there is one; what holds then. Raises ProviderNotFound, RuleViolated."""
        async with self._database.connection() as connection, connection.transaction():
            await _found(connection, provider)
            await compliance.undeclare(connection, provider, await _standard(connection, standard), reason)
            return await _found(connection, provider)


async def _found(connection: Connection, provider: str) -> ProviderCompliance:
    found = await compliance.found(connection, provider)
    if found is None:
        raise ProviderNotFound(provider, tuple(await compliance.alike(connection, provider)))
    return found


async def _standard(connection: Connection, name: str) -> str:
    """The spelling that is known, so that a slip of the pen declares nothing."""
    known = await compliance.standards(connection)
    for standard in known:
        if standard.lower() == name.lower():
            return standard
    expected = f"expected one of: {', '.join(known)}" if known else "no provider of this registry states any"
    problem = f"No provider states a standard {name!r:.200}; {expected}."
    raise RuleViolated("standard_is_known", "invalid", problem, field="standard")
