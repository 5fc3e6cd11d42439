"""The highest and the smallest price of each meter can be set by hand, and are shown in columns."""

from decimal import Decimal
from pathlib import Path

import pytest

from radiant.app import App
from radiant.domain.meter import METERS
from radiant.domain.prices import SetPrices
from radiant.settings import Settings

SQL = "SELECT cost_per_minute FROM models WHERE provider_id = 'openai' AND model_id = 'gpt-transcribe'"

HIGHEST, SMALLEST = Decimal(10) ** 12, Decimal("1e-12")


@pytest.mark.parametrize("model", ["openai/gpt-4o-mini", "self_hosted/llama-3.3-70b"])
async def test_the_edges_of_each_meter_can_be_set(database_url: str, tmp_path: Path, model: str) -> None:
    async with await App.open(Settings(home=tmp_path, database_url=database_url)) as app:
        for meter in METERS:
            for amount in (HIGHEST, SMALLEST):
                wanted = SetPrices(prices={meter: amount}, reason="an edge")
                (edit,) = await app.price_decisions.set(model, wanted, by="nobody", dry_run=True)
                assert edit is not None


@pytest.mark.parametrize("seconds", ["1000000000000", "0.01", "1"])
async def test_an_hour_that_does_not_divide_is_shown_by_the_minute(
    database_url: str, tmp_path: Path, seconds: str
) -> None:
    async with await App.open(Settings(home=tmp_path, database_url=database_url)) as app:
        wanted = SetPrices(prices={"audio_seconds": Decimal(seconds)}, reason="an edge", whole=True)
        await app.price_decisions.set("openai/gpt-transcribe", wanted, by="somebody")
        (row,) = await app.database.rows(SQL)
        assert abs(row["cost_per_minute"] * 60 - Decimal(seconds)) <= Decimal("1e-28")
