"""Markups that catalogs say, beside those that somebody sets."""

import datetime as dt
from decimal import Decimal

import msgspec

from radiant.admin.markups import Markups
from radiant.catalog.load import Catalog, load_catalog
from radiant.insight.costs import Costs
from radiant.registry.database import Database
from tests.flow.seeding import seed
from tests.flow.test_markups import column, terms


async def test_a_seed_leaves_a_markup_that_somebody_set_and_writes_nothing_twice(database: Database) -> None:
    await Markups(database).set(terms("0.2", model="sam-2"), by="ann")
    assert not await seed(database, load_catalog())
    assert await column(database, "sam-2") == Decimal("0.2")


def says(percent: str) -> Catalog:
    """Our catalog, in which one self-hosted model has a markup of its own."""
    catalog = load_catalog()
    own = msgspec.structs.replace(catalog.self_hosted["sam-2"], markup_percent=Decimal(percent))
    return msgspec.structs.replace(catalog, self_hosted={**catalog.self_hosted, "sam-2": own})


async def test_what_a_catalog_says_of_a_markup_counts_again_once_one_that_somebody_set_ends(database: Database) -> None:
    book = Markups(database)
    asked = {"model": "self_hosted/sam-2", "usage": {"instance_seconds": 3600}, "book": "sale"}

    async def seen(at: dt.datetime | None = None) -> tuple[Decimal, str | None]:
        moment = dt.datetime.now(dt.UTC) if at is None else at
        return await column(database, "sam-2"), (await Costs(database).one({**asked, "at": moment.isoformat()})).markup

    await seed(database, says("20"))
    before = dt.datetime.now(dt.UTC)
    assert await seen() == (Decimal("0.2"), "0.2")
    made = await book.set(terms("0.5", hosting="self_hosted"), by="ann")
    assert await seen() == (Decimal("0.5"), "0.5")
    assert (await seen(before))[1] == "0.2", "what was used before is charged as it was then"
    await seed(database, says("20"))
    await book.unset(made.id, by="ann")
    assert await seen() == (Decimal("0.2"), "0.2")
    await seed(database, says("30"))
    assert await seen() == (Decimal("0.3"), "0.3")
    assert (await seen(before))[1] == "0.2"
    assert not await seed(database, says("30"))
    assert ("self_hosted/sam-2", "0.3") in [(it.whom, it.rate) for it in await book.listed() if it.usual]


async def test_a_model_that_comes_in_under_a_markup_of_its_hosting_keeps_what_its_catalog_says(
    database: Database,
) -> None:
    book = Markups(database)
    made = await book.set(terms("0.5", hosting="self_hosted"), by="ann")
    await database.rows(
        "INSERT INTO self_hosted_models (model_id, name, display_name, category, primary_mode, markup_percent)"
        " SELECT 'newcomer', 'newcomer', 'Newcomer', category, primary_mode, 12.5 FROM self_hosted_models"
        " WHERE model_id = 'sam-2' RETURNING id"
    )
    assert await column(database, "newcomer") == Decimal("0.5")
    await book.unset(made.id, by="ann")
    assert await column(database, "newcomer") == Decimal("0.125")
