"""A model that its own id does not call, as at Amazon, is told as one and approved by nobody's rule."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from radiant.claims.reading import FactValue
from radiant.providers.listing import Kind, ListedModel, Listing
from radiant.registry.database import Database
from radiant.sync.queueing import Moment
from radiant.sync.reconciling import reconcile
from tests.flow.syncing import Told

MOMENT = Moment(run=UUID(int=1), at=dt.datetime(2026, 11, 26, tzinfo=dt.UTC), interval=dt.timedelta(0))


async def test_a_model_that_only_profiles_call_is_news_and_waits_for_a_person(database: Database) -> None:
    await database.rows("INSERT INTO providers (id, display_name) VALUES ('acme', 'Acme') RETURNING id")
    await database.rows("INSERT INTO review_rules (provider_id) VALUES ('acme') RETURNING id")
    facts: dict[str, FactValue] = {
        "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "price.input_per_mtok": Decimal(1),
    }  # fmt: skip
    models = (
        ListedModel(id="m", facts=facts),
        ListedModel(id="n", kind=Kind.REGIONAL, facts=facts),
        ListedModel(id="us.n", kind=Kind.REGIONAL, of="n", facts=facts),
    )
    told = Told()
    async with database.connection() as connection, connection.transaction():
        await reconcile(connection, Listing(provider_id="acme", models=models), MOMENT, told)
    assert told.of("model.discovered") == ["acme/m", "acme/n"]
    rows = await database.rows("SELECT model_id, status FROM discovered_models WHERE provider_id = 'acme' ORDER BY 1")
    assert [(row["model_id"], row["status"]) for row in rows] == [
        ("m", "approved"),
        ("n", "pending"),
        ("us.n", "pending"),
    ]
