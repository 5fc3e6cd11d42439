"""Registries in which documents about models of one provider are read, with runs over prices between."""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from typing import Any

import pytest

from radiant.admin.catalogs import public_source
from radiant.insight.costs import Costs
from radiant.pricing.guards import GRACE
from radiant.pricing.stored import holding_at, said_by
from radiant.registry import prices
from radiant.registry.database import Database
from radiant.sync.importing import import_facts
from radiant.sync.pricing import Priced, bring_up_to_date
from tests.conftest import _fresh
from tests.flow.price_documents import PROVIDER, Said, body

TODAY = dt.date(2026, 11, 26)
SOURCES = ("openrouter", "genai-prices", "litellm", "models.dev")
MODEL = "maker/m"

Fresh = Callable[..., Any]

#: A run over prices, as a step between imports of documents.
RUN = "run"
Step = str | tuple[str, Said]


@pytest.fixture
def fresh(server_url: str, template: str) -> Fresh:
    """One registry after the other, with these models and no price of them."""

    @asynccontextmanager
    async def opened(models: Iterable[str] = (MODEL,)) -> AsyncIterator[Database]:
        with contextmanager(_fresh)(server_url, template) as url:
            database = await Database.open(url)
            try:
                await database.rows(
                    "INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, origin)"
                    " SELECT %s, id, id, id, 'chat', 'adopted' FROM unnest(%s::text[]) AS id RETURNING id",
                    [PROVIDER, sorted(models)],
                )
                yield database
            finally:
                await database.close()

    return opened


async def run(database: Database) -> Priced:
    return await bring_up_to_date(database, grace=GRACE)


async def take(database: Database, *steps: Step) -> None:
    for step in steps:
        if isinstance(step, str):
            await run(database)
        else:
            source, said = step
            await import_facts(database, public_source(source), body(source, said), TODAY)


async def told(database: Database) -> dict[str, Any]:
    """What each model costs for each kind of requests, why something is held of it, and where sources disagree."""
    async with database.connection() as connection:
        stored = prices.offers_of(await prices.sheets(connection))
        held = await prices.proposals(connection, "held")
    found: dict[str, Any] = {}
    for (provider, *key), sheets in stored.items():
        sheet = holding_at([it for _, it in sheets], dt.datetime.now(dt.UTC))
        if provider == PROVIDER and sheet is not None:
            found[f"in force: {key}"] = said_by(sheet)
    for it in held:
        found[f"held: {it['model_id']} {it['context']}"] = sorted(it["reasons"])
    for row in await database.rows(
        "SELECT model_id, field, said FROM fact_conflicts WHERE provider_id = %s", [PROVIDER]
    ):
        found[f"conflict: {row['model_id']} {row['field']}"] = row["said"]
    return found


async def cost(database: Database, model: str = MODEL) -> Decimal | None:
    """Of a million input tokens."""
    usage = {"input_tokens": 1_000_000}
    usd = (await Costs(database).one({"provider": PROVIDER, "model": model, "usage": usage})).usd
    return None if usd is None else Decimal(usd)


async def reasons(database: Database) -> list[str]:
    """The guards that hold something."""
    async with database.connection() as connection:
        held = await prices.proposals(connection, "held")
    return sorted({reason.partition(":")[0] for it in held for reason in it["reasons"]})


async def shows(database: Database, usd: Any, guards: list[str]) -> None:
    assert await cost(database) == usd
    assert await reasons(database) == guards


def usual(amount: Any) -> Said:
    return {MODEL: {"input": Decimal(amount), "output": Decimal(amount) * 5}}


#: What a source says that names the model no more.
SILENT: Said = {"maker/another": {"input": Decimal(7)}}
