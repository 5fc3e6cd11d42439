"""What a provider's list says becomes the provider's facts; of a list that was held already nothing is read."""

import datetime as dt
from uuid import UUID

from radiant.providers.failures import Reason
from radiant.providers.listing import ListedModel, Listing, Problem
from radiant.registry import facts
from radiant.registry.database import Database
from radiant.sync.queueing import Moment
from radiant.sync.reconciling import reconcile

MOMENT = Moment(run=UUID(int=1), at=dt.datetime(2026, 11, 26, tzinfo=dt.UTC), interval=dt.timedelta(0))
CUT = Problem(place="acme", reason=Reason.UNREACHABLE, problem="the connection broke")


async def held(database: Database, windows: dict[str, int], *problems: Problem) -> dict[str, dict[str, object]]:
    """What the provider is known to say once a list of these models, with their context windows, was held."""
    models = tuple(ListedModel(id=id, facts={"context_window": window}) for id, window in windows.items())
    listing = Listing(provider_id="acme", models=models, problems=problems)
    async with database.connection() as connection, connection.transaction():
        await reconcile(connection, listing, MOMENT, None)
        return await facts.said_by(connection, "provider:acme")


async def test_facts_follow_lists_also_where_an_equal_one_was_not_whole(database: Database) -> None:
    await database.rows("INSERT INTO providers (id, display_name) VALUES ('acme', 'Acme') RETURNING id")
    both = {"a": {"context_window": 1000}, "b": {"context_window": 2000}}
    assert await held(database, {"a": 1000, "b": 2000}) == both
    assert await held(database, {"a": 4000}, CUT) == {**both, "a": {"context_window": 4000}}
    assert await held(database, {"a": 4000}) == {"a": {"context_window": 4000}}, "what the cut list left is gone"
    assert await held(database, {"a": 4000}) == {"a": {"context_window": 4000}}
    assert await held(database, {"a": 1000, "b": 2000}) == both
