"""What a provider's list says becomes the provider's facts; of a list that was held already nothing is read."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from radiant.admin.catalogs import public_source
from radiant.providers.failures import Reason
from radiant.providers.listing import ListedModel, Listing, Problem
from radiant.registry import facts
from radiant.registry.database import Database
from radiant.sync.importing import adopt, import_facts
from radiant.sync.queueing import Moment
from radiant.sync.reconciling import reconcile, write_offers

MOMENT = Moment(run=UUID(int=1), at=dt.datetime(2026, 11, 26, tzinfo=dt.UTC), interval=dt.timedelta(0))
CUT = Problem(place="acme", reason=Reason.UNREACHABLE, problem="the connection broke")


async def held(database: Database, windows: dict[str, int], *problems: Problem) -> dict[str, dict[str, object]]:
    """What the provider is known to say once a list of these models, with their context windows, was held."""
    models = tuple(ListedModel(id=id, facts={"context_window": window}) for id, window in windows.items())
    listing = Listing(provider_id="acme", models=models, problems=problems)
    async with database.connection() as connection, connection.transaction():
        await reconcile(connection, listing, MOMENT, None)
        return await facts.said_by(connection, "provider:acme")


#: Enough others that one which is missing does not speak against the list.
OTHERS = {f"m{number}": 1000 for number in range(9)}


def said(windows: Mapping[str, int]) -> dict[str, dict[str, object]]:
    return {id: {"context_window": window} for id, window in windows.items()}


async def test_facts_follow_lists_also_where_an_equal_one_was_not_whole(database: Database) -> None:
    await database.rows("INSERT INTO providers (id, display_name) VALUES ('acme', 'Acme') RETURNING id")
    both = {**OTHERS, "a": 1000, "b": 2000}
    assert await held(database, both) == said(both)
    assert await held(database, {"a": 4000}, CUT) == said({**both, "a": 4000})
    less = {**OTHERS, "a": 4000}
    assert await held(database, less) == said(less), "of what nobody approved nothing is left"
    assert await held(database, less) == said(less)
    assert await held(database, both) == said(both)


async def test_a_doubted_list_takes_no_facts_away(database: Database) -> None:
    await database.rows("INSERT INTO providers (id, display_name) VALUES ('acme', 'Acme') RETURNING id")
    all = {**OTHERS, "a": 1000, "b": 2000}
    await held(database, all)
    assert await held(database, {"a": 4000, "b": 2000}) == said({**all, "a": 4000})


ROWS = "SELECT model_id, price_details->>'input_per_mtok' AS price, primary_mode FROM models WHERE provider_id = 'acme'"
PRICED: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"]}


async def test_a_model_that_a_list_lacks_keeps_what_it_is_and_costs(database: Database) -> None:
    """Until its end is proved it is chosen and charged as before, and later it is still charged."""
    await database.rows("INSERT INTO providers (id, display_name) VALUES ('acme', 'Acme') RETURNING id")
    await database.rows("INSERT INTO review_rules (provider_id) VALUES ('acme') RETURNING id")

    async def lists(prices: Mapping[str, int], missing: int) -> None:
        models = tuple(
            ListedModel(id=id, facts={**PRICED, "price.input_per_mtok": Decimal(price)}) for id, price in prices.items()
        )
        async with database.connection() as connection, connection.transaction():
            result = await reconcile(connection, Listing(provider_id="acme", models=models), MOMENT, None)
        assert result.missing == missing
        rows = await database.rows(ROWS)
        found = {row["model_id"]: (row["price"], row["primary_mode"]) for row in rows}
        last.update(prices)
        assert found == {id: (str(price), "chat") for id, price in last.items()}

    last: dict[str, int] = {}
    await lists({f"m{number}": 1 for number in range(10)}, 0)
    await lists({f"m{number}": 2 for number in range(5)}, 5)  # cut in half
    for price in (3, 4, 5, 6):  # one is missing until it is deprecated, and after
        await lists({f"m{number}": price for number in range(9)}, int(price < 6))
    assert await database.rows("SELECT model_id FROM models WHERE provider_id = 'acme' AND deprecated") == [
        {"model_id": "m9"}
    ]


async def test_a_model_that_left_every_catalog_stays_what_it_was(database: Database) -> None:
    """Nobody says anything of it any longer, which is not to say that it is something else and costs nothing."""
    entry = {"litellm_provider": "gmi", "mode": "chat", "input_cost_per_token": 1e-6, "max_input_tokens": 1000}
    source = public_source("litellm")
    for entries in ({"gmi/m": entry, "gmi/other": entry}, {"gmi/other": entry}):
        await import_facts(database, source, json.dumps(entries).encode(), MOMENT.at.date())
        await adopt(database, source, ["gmi"])
        async with database.connection() as connection, connection.transaction():
            updated = await write_offers(connection, {("gmi", "m"): "adopted"}, [])
        (row,) = await database.rows("SELECT * FROM models WHERE provider_id = 'gmi' AND model_id = 'm'")
        assert (updated, row["primary_mode"], row["context_window"]) == (set(), "chat", 1000)
        assert row["price_details"] == {"input_per_mtok": "1"}
