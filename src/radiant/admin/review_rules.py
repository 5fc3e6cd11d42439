"""Rules that approve discovered models at once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from radiant.catalog.bounds import is_name
from radiant.claims.reading import Refusal
from radiant.domain.errors import ProviderNotFound, RuleViolated, UnknownFilterValue
from radiant.domain.review_rule import HIGHEST, LONGEST_PATTERN, ReviewRule, RuleNotFound, RuleTerms
from radiant.domain.sync import Discovered, ReviewStatus
from radiant.domain.vocabulary import Task
from radiant.registry import compliance, lists, review
from radiant.registry.database import Connection, Database
from radiant.sync.discovery import approves
from radiant.sync.offers import described, said_of

from .review import discovered, following, led_by

#: Decimal places of a ceiling.
_PLACES: Final = 9


class ReviewRules:
    """Reads and writes `review_rules`. A rule holds from the next list of a provider on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self) -> list[ReviewRule]:
        """All, in the order in which they are asked: the first that fits approves."""
        async with self._database.connection() as connection:
            return await review.rules(connection)

    async def of(self, id: int) -> ReviewRule:
        """One rule. Raises RuleNotFound."""
        async with self._database.connection() as connection:
            return await _found(connection, id)

    async def add(self, terms: RuleTerms, *, by: str) -> ReviewRule:
        """Write a rule. Raises ProviderNotFound and RuleViolated."""
        async with self._database.connection() as connection, connection.transaction():
            await _check(connection, terms)
            return await _found(connection, await review.add_rule(connection, terms, by))

    async def remove(self, id: int) -> ReviewRule:
        """Delete a rule, and return it; what it approved stays approved. Raises RuleNotFound."""
        async with self._database.connection() as connection, connection.transaction():
            rule = await _found(connection, id)
            if not await review.remove_rule(connection, id):
                return await _found(connection, id)  # which says so: somebody else removed it meanwhile
            return rule

    async def preview(self, terms: RuleTerms) -> list[Discovered]:
        """The models in review that such a rule would approve if their providers listed the same now, with their other
        names as members. Writes nothing.

        Raises ProviderNotFound and RuleViolated.
        """
        async with self._database.connection() as connection:
            await _check(connection, terms)
            rows = await review.listed(connection, terms.provider_id, ReviewStatus.PENDING)
            waiting = [it for it in map(discovered, rows) if _is_for_rules(it)]
            found: list[Discovered] = []
            for provider in sorted({it.provider_id for it in waiting}):
                models = [it for it in waiting if it.provider_id == provider and it.kind == "model"]
                said = await said_of(connection, provider, [it.model_id for it in models])
                found += [it for it in models if _would_approve(terms, it, said[it.model_id])]
        return led_by(found, following(found, waiting))


def terms_of(given: Mapping[str, Any]) -> RuleTerms:
    """Terms as they are typed, by name. Raises UnknownFilterValue for a task there is none of."""
    task = given.get("task")
    if task is not None and task not in list(Task):
        raise UnknownFilterValue("task", task, tuple(Task))
    return RuleTerms(**{**given, "task": None if task is None else Task(task)})


def _is_for_rules(it: Discovered) -> bool:
    """Whether rules may decide about it: it is listed, and nobody has reopened it."""
    return it.absent_since is None and it.decided_by is None


def _would_approve(terms: RuleTerms, it: Discovered, said: Mapping[str, Any]) -> bool:
    """Whether the rule approves it, and it makes a model."""
    if not approves(terms, it.provider_id, it.model_id, said):
        return False
    return not isinstance(described(it.provider_id, it.model_id, said), Refusal)


async def _check(connection: Connection, terms: RuleTerms) -> None:
    provider = terms.provider_id
    if provider is not None and not await lists.providers(connection, provider):
        raise ProviderNotFound(provider, tuple(await compliance.alike(connection, provider)))
    if not (len(terms.pattern) <= LONGEST_PATTERN and is_name(terms.pattern)):
        sentence = f"The pattern of a rule has 1 to {LONGEST_PATTERN} characters, on one line."
        raise RuleViolated("review_rule_texts", "invalid", sentence, field="pattern")
    for fact, most in terms.ceilings:
        if most is not None and not _is_price(most):
            raise RuleViolated(
                "review_rule_ceilings",
                "invalid",
                f"A ceiling is US dollars per million tokens, from 0 to {HIGHEST:,}, with at most {_PLACES} decimals.",
                field=fact.replace("price.", "most_"),
            )


def _is_price(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount <= HIGHEST and amount == round(amount, _PLACES)


async def _found(connection: Connection, id: int) -> ReviewRule:
    rules = await review.rules(connection)
    found = next((it for it in rules if it.id == id), None)
    if found is None:
        raise RuleNotFound(id, tuple(it.id for it in rules)[:50])
    return found
