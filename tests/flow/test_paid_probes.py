"""Completions that people ask for: counted before they are asked, within a budget, and seen as real requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from radiant.admin.paid_probes import PaidProbes
from radiant.domain.errors import ProviderNotFound, RuleViolated
from radiant.registry.database import Database
from radiant.settings import Settings
from tests.flow.playing import Play, play
from tests.flow.test_client import says, server


@asynccontextmanager
async def asking(
    database: Database, *providers: dict[str, Any], budget: str = "0.05"
) -> AsyncIterator[tuple[PaidProbes, Play]]:
    async with play(*providers) as stage:
        keys: dict[str, str] = {}
        for id, role in stage.theater.roles.items():
            keys |= stage.environment(id)
            await database.rows(
                "UPDATE providers SET api_base_url = %s WHERE id = %s RETURNING id", [role.account.base_url, id]
            )
        settings = Settings(home=Path("/nowhere"), private_networks=True, probe_budget=Decimal(budget))
        yield PaidProbes(database, settings, environment=keys), stage


async def spent(database: Database) -> list[tuple[str, Decimal, bool]]:
    rows = await database.rows("SELECT model_id, cost_usd, settled FROM paid_probes ORDER BY id")
    return [(row["model_id"], row["cost_usd"], row["settled"]) for row in rows]


async def test_the_cheapest_model_that_does_not_think_is_asked_and_costs_what_it_took(database: Database) -> None:
    async with asking(database, {"id": "openai"}) as (paid, stage):
        found = await paid.ask("openai")
        assert stage.theater.roles["openai"].stage.requests == 1
    assert (found.model_id, found.ok, found.reason) == ("gpt-4o-mini", True, None)
    cost = Decimal("0.00015") * 10 / 1000 + Decimal("0.0006") * 3 / 1000
    assert found.cost_usd == cost
    assert (found.today.spent_usd, found.today.budget_usd) == (cost, Decimal("0.05"))
    assert await spent(database) == [("gpt-4o-mini", cost, True)]
    (row,) = await database.rows("SELECT status, exact_latency_ms FROM model_health WHERE model_id = 'gpt-4o-mini'")
    assert (row["status"], row["exact_latency_ms"] > 0) == ("healthy", True)


async def test_anthropic_is_asked_in_its_own_form(database: Database) -> None:
    async with asking(database, {"id": "anthropic"}) as (paid, _):
        found = await paid.ask("anthropic", "claude-haiku-4-5")
    assert found.ok, found.message
    assert found.cost_usd == Decimal("0.001") * 10 / 1000 + Decimal("0.005") * 3 / 1000


async def test_what_could_exceed_the_budget_is_not_asked(database: Database) -> None:
    async with asking(database, {"id": "openai"}, budget="0.00003") as (paid, stage):
        await paid.ask("openai")
        await paid.ask("openai")
        await paid.ask("openai")
        await paid.ask("openai")
        await paid.ask("openai")
        with pytest.raises(RuleViolated, match="RADIANT_PROBE_BUDGET is the budget of a day") as caught:
            await paid.ask("openai")
        assert caught.value.rule == "probe_budget"
        assert stage.theater.roles["openai"].stage.requests == 5
        await database.rows("UPDATE paid_probes SET at = at - interval '1 day' RETURNING id")
        assert (await paid.ask("openai")).ok, "the next day"


async def test_a_failure_is_told_and_costs_the_most_it_can(database: Database) -> None:
    async with asking(database, {"id": "openai", "behavior": "failing"}) as (paid, _):
        found = await paid.ask("openai")
    assert (found.ok, found.reason, found.latency_ms) == (False, "server error", None)
    assert "simulated-openai" not in str(found)
    assert found.cost_usd == Decimal("0.00015") * 40 / 1000 + Decimal("0.0006") * 16 / 1000


@pytest.mark.parametrize(
    "body", ['{"error": {"message": "upstream is gone"}}', '{"success": false, "data": null}', "null", "[]", '"OK"']
)
async def test_an_error_with_status_200_is_no_answer_of_a_model(database: Database, body: str) -> None:
    told = says(f"HTTP/1.1 200 OK\nContent-Length: {len(body)}\nConnection: close\n\n{body}")
    async with asking(database, {"id": "openai"}) as (paid, _), server(told) as (url, _):
        await database.rows("UPDATE providers SET api_base_url = %s WHERE id = 'openai' RETURNING id", [url])
        found = await paid.ask("openai")
    assert (found.ok, found.reason) == (False, "unreadable answer")


async def test_what_was_never_sent_costs_nothing(database: Database) -> None:
    async with server(says("")) as (url, _):
        pass  # nobody listens there any more
    async with asking(database, {"id": "openai"}) as (paid, _):
        await database.rows("UPDATE providers SET api_base_url = %s WHERE id = 'openai' RETURNING id", [url])
        found = await paid.ask("openai")
    assert (found.ok, found.reason, found.cost_usd) == (False, "refused", Decimal(0))
    assert await spent(database) == [("gpt-4o-mini", Decimal(0), True)]


async def test_a_model_that_thinks_is_asked_only_where_its_thoughts_could_be_paid(database: Database) -> None:
    async with asking(database, {"id": "groq"}, budget="0.001") as (paid, _):
        with pytest.raises(RuleViolated, match=r"can cost 0\.0012"):
            await paid.ask("groq", "openai/gpt-oss-20b")


@pytest.mark.parametrize(
    ("provider", "model", "said"),
    [
        ("openai", "gpt-nothing", "has no model 'gpt-nothing' for chat whose prices are known"),
        ("elevenlabs", None, "How ElevenLabs is asked for a completion is not known here"),
        ("perplexity", None, "How Perplexity is asked for a completion is not known here"),
        ("mistral", None, "Mistral AI has no key here"),
    ],
)
async def test_what_cannot_be_asked_is_a_sentence_and_costs_nothing(
    database: Database, provider: str, model: str | None, said: str
) -> None:
    async with asking(database, {"id": "openai"}) as (paid, _):
        with pytest.raises(RuleViolated, match=said):
            await paid.ask(provider, model)
        with pytest.raises(ProviderNotFound):
            await paid.ask("nobody")
    assert await spent(database) == []


async def test_health_runs_never_pay(database: Database) -> None:
    """Nothing but a person's own request leads there."""
    root = Path(__file__).parents[2] / "src/radiant"
    users = {it.name for it in root.rglob("*.py") if "providers.completion import" in it.read_text("utf-8")}
    assert users == {"paid_probes.py", "theater.py"}
