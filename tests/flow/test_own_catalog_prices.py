"""A price in a catalog folder of one's own is charged at once, beside what public catalogs say."""

import datetime as dt
from pathlib import Path

from radiant.admin.catalogs import public_source
from radiant.catalog.load import load_catalog
from radiant.insight.costs import Costs
from radiant.insight.models import Models
from radiant.insight.prices import Prices
from radiant.pricing.guards import GRACE
from radiant.registry.database import Database
from radiant.sync.importing import import_facts
from radiant.sync.pricing import bring_up_to_date
from tests.flow.seeding import seed

MINI = {"model": "openai/gpt-4o-mini", "usage": {"input_tokens": 1_000_000}}


async def test_a_folders_price_is_charged_at_once(database: Database, litellm_body: bytes, tmp_path: Path) -> None:
    await import_facts(database, public_source("litellm"), litellm_body, dt.date(2026, 11, 26))
    await bring_up_to_date(database, grace=GRACE)
    assert (await Costs(database).one(MINI)).usd == "0.15"
    text = (Path(load_catalog.__code__.co_filename).parent / "providers/openai/gpt-4o-mini.toml").read_text("utf-8")
    assert "\ninput_per_mtok = 0.15\n" in text
    place = tmp_path / "providers/openai/gpt-4o-mini.toml"
    place.parent.mkdir(parents=True)
    place.write_text(text.replace("\ninput_per_mtok = 0.15\n", "\ninput_per_mtok = 0.60\n"), "utf-8")
    await seed(database, load_catalog(tmp_path))
    await bring_up_to_date(database, grace=GRACE)
    assert await Prices(database, Models(database)).held() == []
    assert (await Costs(database).one(MINI)).usd == "0.6"
