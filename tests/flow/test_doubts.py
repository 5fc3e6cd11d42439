"""A number in doubt is told at the import, stands among the conflicts, and is carried by the model and its choice."""

import json
from decimal import Decimal
from typing import Any

from radiant.admin.catalogs import public_source
from radiant.catalog.load import Catalog
from radiant.catalog.precedence import claims
from radiant.domain.fact import Conflict
from radiant.registry import doubts, facts
from radiant.registry.database import Database
from radiant.selector import Selector
from radiant.sync.importing import ImportReport, adopt, import_facts
from tests.flow.seeding import seed

from .test_adoption import TODAY, WRITES, model


def offered(context: int, **entry: Any) -> dict[str, Any]:
    plain = {"name": "M", "modalities": {"input": ["text"], "output": ["text"]}, "limit": {"context": context}}
    return {"name": "P", "models": {"odd-1": {**plain, "cost": {"input": 1, "output": 2}, **entry}}}


#: One offering of three says a tenth of the window that the others say.
THREE = {"aa": offered(200_000), "bb": offered(200_000), "cc": offered(20_000)}

WHY = "says 20,000, 10 times below all 2 others; most of them say 200,000"


async def imported(database: Database, content: Any, source: str = "models.dev") -> ImportReport:
    return await import_facts(database, public_source(source), json.dumps(content).encode(), TODAY)


async def conflicts(database: Database) -> list[Conflict]:
    async with database.connection() as connection:
        return await facts.conflicts(connection, provider=None, prices_only=False, limit=100, after=None)


async def test_it_is_told_at_the_import_and_among_the_conflicts(database: Database) -> None:
    report = await imported(database, THREE)
    assert [(it.entry, it.field, it.why) for it in report.doubts] == [("cc/odd-1", "context_window", WHY)]
    (conflict,) = await conflicts(database)
    assert (conflict.provider_id, conflict.field, conflict.said) == ("cc", "context_window", {"models.dev": 20_000})
    assert (conflict.gap, conflict.doubts) == (0.9, [f"models.dev {WHY}"])
    again = await imported(database, THREE)
    assert (again.unchanged, again.doubts) == (True, report.doubts)


async def test_a_mended_entry_is_no_longer_in_doubt(database: Database) -> None:
    await imported(database, THREE)
    await adopt(database, public_source("models.dev"), None)
    assert (await model(database, "cc/odd-1"))["doubts"]
    await imported(database, {**THREE, "cc": offered(200_000)})
    await adopt(database, public_source("models.dev"), None)
    assert (await model(database, "cc/odd-1"))["doubts"] == []
    assert await conflicts(database) == []


async def test_an_adopted_model_has_the_window_that_most_say_and_carries_the_doubt(database: Database) -> None:
    await imported(database, THREE)
    await adopt(database, public_source("models.dev"), None)
    row = await model(database, "cc/odd-1")
    sentence = f"context_window: models.dev {WHY}. 200,000 is used."
    assert (row["context_window"], row["doubts"]) == (200_000, [sentence])
    assert (await model(database, "aa/odd-1"))["doubts"] == []
    (told,) = await database.rows("SELECT doubts FROM unified_model_registry WHERE provider_id = 'cc'")
    assert told["doubts"] == [sentence]
    before = await database.rows(WRITES)
    await imported(database, THREE)
    await adopt(database, public_source("models.dev"), None)
    assert await database.rows(WRITES) == before


async def test_a_choice_trusts_the_majority_and_says_so(database: Database) -> None:
    await imported(database, THREE)
    await adopt(database, public_source("models.dev"), None)
    asked = {
        "task": "chat",
        "input_modalities": ["text"],
        "output_modalities": ["text"],
        "tenant_tier": 3,
        "only_providers": ["cc"],
        "min_context_window": 100_000,
    }
    async with await Selector.connect(database.address) as selector:
        choice = selector.select(**asked)
    assert choice is not None and choice.model_id == "odd-1"
    (doubt,) = choice.doubts
    assert doubt.endswith("200,000 is used.")
    assert choice.reasons[-1] == f"in doubt: {doubt}"
    assert json.loads(json.dumps(choice.to_dict()))["doubts"] == [doubt]


async def test_another_source_of_the_offering_speaks_before_a_number_in_doubt(database: Database) -> None:
    """models.dev is believed first in limits, but not where it is in doubt."""
    await imported(database, THREE)
    litellm = {"cc/odd-1": {"litellm_provider": "cc", "mode": "chat", "max_input_tokens": 210_000}}
    await imported(database, litellm, "litellm")
    await adopt(database, public_source("models.dev"), None)
    row = await model(database, "cc/odd-1")
    assert row["context_window"] == 210_000
    assert row["doubts"][0].endswith("210,000 is used.")


async def test_a_price_in_another_unit_is_left_out_so_that_it_wins_nothing(database: Database) -> None:
    wrong = offered(200_000, cost={"input": Decimal("0.000001"), "output": Decimal("0.000002")})
    content = json.loads(json.dumps({**THREE, "cc": wrong}, default=float))
    await imported(database, content)
    await adopt(database, public_source("models.dev"), None)
    row = await model(database, "cc/odd-1")
    assert (row["input_cost_per_1k"], row["output_cost_per_1k"]) == (None, None)
    assert [it.rsplit(". ", 1)[-1] for it in row["doubts"]] == ["It is left out.", "It is left out."]
    assert "about 10^6 times below all 2 others" in row["doubts"][0]


async def test_cheap_output_is_told_and_kept(database: Database) -> None:
    await imported(database, {"cc": offered(1000, cost={"input": 5, "output": 0.15})})
    await adopt(database, public_source("models.dev"), None)
    row = await model(database, "cc/odd-1")
    assert row["output_cost_per_1k"] == Decimal("0.00015")
    assert row["doubts"] == [
        "price.output_per_mtok: models.dev says 0.15, less than a tenth of the 5 for input. 0.15 is used."
    ]


async def test_a_claim_in_doubt_says_so(database: Database) -> None:
    await imported(database, THREE)
    async with database.connection() as connection:
        told = claims(
            await facts.facts_about(connection, "cc", "odd-1"), [], await doubts.about(connection, [("cc", "odd-1")])
        )
    (window,) = [claim for claim in told if claim.field == "context_window"]
    assert window.holds
    assert window.why.startswith("in doubt: says 20,000") and window.why.endswith("200,000 is used.")


async def test_what_is_curated_is_not_in_doubt_and_takes_nothing_that_is(database: Database, catalog: Catalog) -> None:
    """Ours speaks first; a number in doubt does not fill what ours leaves open, and the doubt is not carried there."""
    window = (await model(database, "openai/gpt-6-luna"))["context_window"]
    await imported(
        database, {"openai": {"name": "OpenAI", "models": {"gpt-6-luna": {"limit": {"context": window // 20}}}}}
    )
    await seed(database, catalog)
    row = await model(database, "openai/gpt-6-luna")
    assert (row["context_window"], row["doubts"]) == (window, [])
    assert [(it.model_id, it.field) for it in await conflicts(database)] == [("gpt-6-luna", "context_window")]


async def test_what_an_administrator_set_is_no_longer_in_doubt(database: Database) -> None:
    await imported(database, THREE)
    await adopt(database, public_source("models.dev"), None)
    async with database.connection() as connection:
        await connection.execute("UPDATE models SET context_window = 150000 WHERE provider_id = 'cc'")
    await adopt(database, public_source("models.dev"), None)
    row = await model(database, "cc/odd-1")
    assert (row["context_window"], row["doubts"]) == (150_000, [])
