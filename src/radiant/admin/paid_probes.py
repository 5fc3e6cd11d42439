"""Completions that a person asks for to see whether a model answers, within a daily budget."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from radiant.domain.errors import ProviderNotFound, RuleViolated
from radiant.domain.health import PaidProbe, Spending
from radiant.domain.observation import Reason
from radiant.providers.completion import INPUT_TOKENS, OUTPUT_TOKENS, THOUGHTS, Style, complete, style
from radiant.providers.failures import Failed
from radiant.providers.http import Client
from radiant.registry import compliance, health, paid_probes, probes
from radiant.registry.database import Connection, Database
from radiant.registry.paid_probes import Priced
from radiant.registry.probes import Row
from radiant.settings import Settings
from radiant.sync.accounts import account
from radiant.sync.models import now

#: Where there was no connection, nobody was asked for anything.
_NEVER_SENT: Final = (Reason.REFUSED, Reason.DNS)


class PaidProbes:
    """Asks with the keys of an environment. What a completion can cost at most is reserved before."""

    def __init__(self, database: Database, settings: Settings, *, environment: Mapping[str, str]) -> None:
        self._database, self._settings, self._environment = database, settings, environment

    async def ask(self, provider: str, model: str | None = None) -> PaidProbe:
        """Ask the cheapest chat model of a provider for a few tokens, or the one of that id there.

        Raises ProviderNotFound, RuleViolated where it cannot be asked or too little of the budget is left, and Failed.
        """
        async with self._database.connection() as connection, connection.transaction():
            row, how, priced = await self._planned(connection, provider, model)
            most = priced.cost(INPUT_TOKENS, OUTPUT_TOKENS + (THOUGHTS if priced.reasons else 0))
            id = await paid_probes.reserve(connection, provider, priced.model_id, most, self._settings.probe_budget)
            if id is None:
                raise _too_dear(priced.model_id, most, await paid_probes.spent(connection), self._settings.probe_budget)
        region = next(iter(row["regions"]), "global")
        asked = account(row, self._environment)
        try:
            async with Client(private=self._settings.private_networks) as client:
                seen, usage = await complete(
                    how, asked, priced.model_id, client, self._environment, region=region, at=now()
                )
        except Failed:  # nothing was sent
            await self._settle(id, Decimal(0))
            raise
        cost = most if usage is None else priced.cost(*usage)
        if seen.reason in _NEVER_SENT:
            cost = Decimal(0)
        async with self._database.connection() as connection, connection.transaction():
            await paid_probes.settle(connection, id, cost)
            await health.record(connection, [seen])
            spent = await paid_probes.spent(connection)
        return PaidProbe(
            provider_id=provider,
            model_id=priced.model_id,
            ok=seen.ok,
            reason=seen.reason,
            message=seen.message,
            latency_ms=seen.latency_ms,
            cost_usd=cost,
            today=Spending(spent_usd=spent, budget_usd=self._settings.probe_budget),
        )

    async def _settle(self, id: int, cost: Decimal) -> None:
        async with self._database.connection() as connection:
            await paid_probes.settle(connection, id, cost)

    async def _planned(self, connection: Connection, provider: str, model: str | None) -> tuple[Row, Style, Priced]:
        found = await probes.providers(connection, provider)
        if not found:
            raise ProviderNotFound(provider, tuple(await compliance.alike(connection, provider)))
        row, how = found[0], style(provider)
        if how is None or not row["api_base_url"]:
            raise _impossible(f"How {row['display_name']} is asked for a completion is not known here.")
        if not account(row, self._environment).has_key(self._environment):
            names = " or ".join(row["key_variables"]) or "none is named for it"
            raise _impossible(f"{row['display_name']} has no key here ({names}).")
        priced = await paid_probes.cheapest(connection, provider, model)
        if priced is None:
            what = f"model {model!r:.200}" if model else "chat model"
            raise _impossible(f"{row['display_name']} has no {what} for chat whose prices are known.")
        return row, how, priced


def _impossible(sentence: str) -> RuleViolated:
    return RuleViolated("paid_probe", "conflict", sentence)


def _too_dear(model: str, most: Decimal, spent: Decimal, budget: Decimal) -> RuleViolated:
    return RuleViolated(
        "probe_budget",
        "conflict",
        f"A completion of {model} can cost {most.normalize():f} USD, and of the {budget:f} USD of today "
        f"{spent.normalize():f} are spent. RADIANT_PROBE_BUDGET is the budget of a day.",
    )
