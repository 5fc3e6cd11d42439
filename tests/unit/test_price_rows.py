"""From the price of a catalog entry to the columns of its row: exact, in the unit of its task."""

import datetime as dt
from decimal import Decimal

import pytest

from radiant.catalog.rows import price_columns
from radiant.domain.external import Price, PriceTier
from radiant.domain.vocabulary import Task

DAY = dt.date(2026, 1, 31)
D = Decimal


@pytest.mark.parametrize(
    ("price", "column", "amount"),
    [
        (Price(input_per_mtok=D("0.15")), "input_cost_per_1k", "0.00015"),
        (Price(output_per_mtok=D("0.6")), "output_cost_per_1k", "0.0006"),
        (Price(cache_read_per_mtok=D("0.075")), "cached_input_cost_per_1k", "0.000075"),
        (Price(per_million_characters=D("15")), "cost_per_character", "0.000015"),
        (Price(per_thousand_pages=D("1.5")), "cost_per_page", "0.0015"),
        (Price(per_image=D("0.04")), "cost_per_image", "0.04"),
        (Price(per_second=D("0.5")), "cost_per_second", "0.5"),
        (Price(per_minute=D("0.006")), "cost_per_minute", "0.006"),
        (Price(per_request=D("0.005")), "cost_per_request", "0.005"),
        (Price(input_per_mtok=D("0.1") / 3), "input_cost_per_1k", "0.00003333333333333333333333333333"),
    ],
)
def test_a_price_is_moved_to_its_columns_unit_without_losing_a_digit(price: Price, column: str, amount: str) -> None:
    assert price_columns(price, Task.CHAT)[column] == D(amount)


def test_free_stays_free_and_unknown_stays_unknown() -> None:
    row = price_columns(Price(input_per_mtok=D(0), output_per_mtok=D(0)), Task.CHAT)
    assert (row["input_cost_per_1k"], row["output_cost_per_1k"], row["pricing_type"]) == (0, 0, "per_token")
    assert row["cost_per_image"] is None
    assert price_columns(Price(), Task.CHAT)["pricing_type"] is None


@pytest.mark.parametrize(
    ("task", "price", "unit"),
    [
        (Task.CHAT, Price(input_per_mtok=D(1), output_per_mtok=D(2)), "per_token"),
        (Task.EMBEDDING, Price(input_per_mtok=D(1)), "per_token"),
        (Task.IMAGE, Price(input_per_mtok=D(1), output_per_mtok=D(2), per_image=D(3)), "per_image"),
        (Task.IMAGE, Price(input_per_mtok=D(1), output_per_mtok=D(2)), "per_token"),
        (Task.VIDEO, Price(per_second=D(1), per_request=D(1)), "per_second"),
        (Task.TRANSCRIPTION, Price(per_minute=D(1), input_per_mtok=D(1)), "per_minute"),
        (Task.TRANSCRIPTION, Price(per_second=D(1)), "per_second"),
        (Task.AUDIO, Price(per_million_characters=D(1), per_minute=D(1)), "per_character"),
        (Task.OCR, Price(per_thousand_pages=D(1)), "per_page"),
        (Task.THREE_D, Price(per_request=D(1), per_image=D(1)), "per_request"),
        (Task.RERANK, Price(per_request=D(1)), "per_request"),
        (Task.CHAT, Price(per_request=D(1), input_per_mtok=D(1), output_per_mtok=D(1)), "per_token"),
    ],
)
def test_a_model_is_priced_in_the_unit_natural_to_its_task(task: Task, price: Price, unit: str) -> None:
    assert price_columns(price, task)["pricing_type"] == unit


def test_what_has_no_column_of_its_own_is_kept_as_exact_text() -> None:
    price = Price(
        input_per_mtok=D("1.10"),
        batch_input_per_mtok=D("0.55"),
        tiers=(PriceTier(above_input_tokens=200_000, input_per_mtok=D("2.20")),),
        note="Cheaper at night.",
    )
    assert price_columns(price, Task.CHAT)["price_details"] == {
        "input_per_mtok": "1.10",
        "batch_input_per_mtok": "0.55",
        "tiers": [
            {
                "above_input_tokens": 200_000,
                "input_per_mtok": "2.20",
                "output_per_mtok": None,
                "cache_read_per_mtok": None,
                "cache_write_per_mtok": None,
                "cache_write_1h_per_mtok": None,
                "audio_input_per_mtok": None,
            }
        ],
        "note": "Cheaper at night.",
    }


# Memory and time
