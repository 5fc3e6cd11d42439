"""Prices as they are on a day: what was announced is taken over when its day comes."""

import datetime as dt
from decimal import Decimal as D

import msgspec
import pytest

from radiant.catalog.fields import facts_of, model_from_facts
from radiant.catalog.in_force import catalog_on, price_on
from radiant.catalog.load import load_catalog
from radiant.catalog.rows import external_row
from radiant.domain.external import Price, PriceStep, PriceTier

STEPS = (
    PriceStep(since=dt.date(2026, 12, 1), input_per_mtok=D(4), note="No longer introductory."),
    PriceStep(since=dt.date(2027, 3, 1), output_per_mtok=D(8), tiers=(PriceTier(above_input_tokens=9),)),
)
PRICE = Price(input_per_mtok=D(2), output_per_mtok=D(10), per_search=D("0.01"), note="Introductory.", steps=STEPS)


@pytest.mark.parametrize(
    ("day", "input", "output", "note", "ahead"),
    [
        (dt.date(2026, 11, 30), 2, 10, "Introductory.", 2),
        (dt.date(2026, 12, 1), 4, 10, "No longer introductory.", 1),
        (dt.date(2027, 2, 28), 4, 10, "No longer introductory.", 1),
        (dt.date(2027, 3, 1), 4, 8, "No longer introductory.", 0),
        (dt.date(2040, 1, 1), 4, 8, "No longer introductory.", 0),
    ],
)
def test_a_price_is_that_of_the_last_step_begun(day: dt.date, input: int, output: int, note: str, ahead: int) -> None:
    price = price_on(PRICE, day)
    assert [price.input_per_mtok, price.output_per_mtok] == [D(input), D(output)]
    assert price.note == note
    assert price.per_search == D("0.01"), "what no step names stays"
    assert price.steps == STEPS[2 - ahead :]


def test_tiers_of_a_step_replace_those_before() -> None:
    assert price_on(PRICE, dt.date(2027, 3, 1)).tiers == (PriceTier(above_input_tokens=9),)


def test_the_prices_google_announced_hold_from_their_day_on() -> None:
    before = catalog_on(load_catalog(), dt.date(2026, 11, 30)).external["google", "gemini-4-argon"].price
    after = catalog_on(load_catalog(), dt.date(2026, 12, 1)).external["google", "gemini-4-argon"].price
    assert before is not None
    assert after is not None
    assert [before.input_per_mtok, before.output_per_mtok, before.cache_read_per_mtok] == [D(2), D(10), D("0.1")]
    assert [after.input_per_mtok, after.output_per_mtok, after.cache_read_per_mtok] == [D(4), D(20), D("0.2")]


def test_a_row_carries_the_steps_ahead_and_its_facts_give_the_model_back() -> None:
    model = load_catalog().external["google", "gemini-4-argon"]
    row = external_row("google", "gemini-4-argon", model)
    assert row["input_cost_per_1k"] == D("0.002")
    assert row["price_details"]["steps"] == [
        {
            "from": "2026-12-01",
            "input_per_mtok": "4",
            "output_per_mtok": "20",
            "cache_read_per_mtok": "0.2",
            "batch_input_per_mtok": "2",
            "batch_output_per_mtok": "10",
        }
    ]
    again = model_from_facts("gemini-4-argon", facts_of(model))
    assert again.price == model.price


def test_a_catalog_without_steps_stays_as_it_is() -> None:
    catalog = load_catalog()
    plain = {key: it for key, it in catalog.external.items() if it.price is None or not it.price.steps}
    assert catalog_on(msgspec.structs.replace(catalog, external=plain), dt.date(2040, 1, 1)).external == plain
