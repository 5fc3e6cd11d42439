"""Prices told in another currency than USD: reckoned exactly, at the rate of their moment, and never taken for USD."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.currency import Rate, currency_of, in_currency, usual_field
from radiant.domain.fact import Fact
from radiant.domain.vocabulary import Task
from radiant.pricing.currencies import currencies, facts_in_usd, in_usd, quoted, rate_at, said_in_usd, usd
from radiant.pricing.projection import prices_of
from radiant.pricing.stored import items_of, said_by, sheet_of
from radiant.pricing.timeline import Timeline
from tests.unit.pricing.sheets import above, day, price, sheet

D = Decimal
EURO = Rate(currency="EUR", day=dt.date(2026, 11, 20), usd=D("1.08"), source="ECB", id=1)
DEARER = Rate(currency="EUR", day=dt.date(2026, 11, 26), usd=D("1.10"), source="ECB", id=2)
RATES = {"EUR": (EURO, DEARER)}
NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


def fact(field: str, value: Any, source: str = "curated:mine") -> Fact:
    return Fact(
        source=source, entry="acme/acme-1", field=field, value=value, provider_id="acme", model_id="acme-1",
        reference=None, source_date=None, seen_at=NOON,
    )  # fmt: skip


@given(
    amount=st.decimals("0", "1000000000", places=18, allow_nan=False),
    rate=st.decimals("0.0000001", "10", places=12, allow_nan=False),
)
def test_no_digit_is_lost_on_the_way_to_usd_and_back(amount: Decimal, rate: Decimal) -> None:
    by = Rate(currency="EUR", day=EURO.day, usd=rate, source="a test")
    there = usd(amount, by)
    assert Fraction(there) == Fraction(amount) * Fraction(rate)
    assert quoted(there, by) == amount


def test_amounts_of_money_are_reckoned_wherever_they_stand_and_nothing_else_is() -> None:
    said = {
        "input_per_mtok": D("0.92"),
        "image_tokens": 1024,
        "tiers": [{"above_input_tokens": 64_000, "input_per_mtok": "1.84"}],
        "variants": [{"when": {"processing": "batch"}, "output_per_mtok": "2"}],
        "steps": [{"from": "2026-12-01", "input_per_mtok": "1"}],
        "note": "per request 3",
    }
    assert in_usd(said, EURO) == {
        "input_per_mtok": D("0.9936"),
        "image_tokens": 1024,
        "tiers": [{"above_input_tokens": 64_000, "input_per_mtok": "1.9872"}],
        "variants": [{"when": {"processing": "batch"}, "output_per_mtok": "2.16"}],
        "steps": [{"from": "2026-12-01", "input_per_mtok": "1.08"}],
        "note": "per request 3",
    }


@pytest.mark.parametrize(
    ("at", "rate"),
    [
        ("2026-11-19T23:59:59Z", None),
        ("2026-11-20T00:00:00Z", EURO),
        ("2026-11-25T23:59:59Z", EURO),
        ("2026-11-26T00:00:00Z", DEARER),
        ("2030-01-01T00:00:00Z", DEARER),
    ],
)
def test_a_rate_holds_from_its_day_until_that_of_the_next(at: str, rate: Rate | None) -> None:
    assert rate_at(RATES, "EUR", dt.datetime.fromisoformat(at)) == rate
    assert rate_at(RATES, "CNY", dt.datetime.fromisoformat(at)) is None


@pytest.mark.parametrize(
    ("currency", "field", "said"),
    [
        ("EUR", "price.input_per_mtok", "price_in_eur.input_per_mtok"),
        ("USD", "price.tiers", "price.tiers"),
        (None, "price.tiers", "price.tiers"),
    ],
)
def test_the_name_of_a_fact_says_its_currency(currency: str | None, field: str, said: str) -> None:
    assert in_currency(currency, field) == said
    assert usual_field(said) == field
    assert currency_of(said) == (None if currency in (None, "USD") else currency)


def test_without_a_rate_a_price_is_unknown_and_never_its_bare_number() -> None:
    said = {"price_in_eur.input_per_mtok": D("0.92"), "task": "chat"}
    assert said_in_usd(said, {}, NOON) == {"task": "chat"}
    assert said_in_usd(said, RATES, NOON) == {"price.input_per_mtok": D("1.012"), "task": "chat"}


def test_a_fact_keeps_its_source_and_the_rate_that_made_it() -> None:
    told = [fact("price_in_eur.input_per_mtok", D("0.92")), fact("price.input_per_mtok", D(1), "litellm")]
    by_source = {it.source: it for it in facts_in_usd(told, RATES, NOON)}
    assert (by_source["curated:mine"].value, by_source["curated:mine"].rate) == (D("1.012"), DEARER)
    assert (by_source["litellm"].value, by_source["litellm"].rate) == (D(1), None)
    assert currencies(told) == ("EUR",)
    assert [it.source for it in facts_in_usd(told, {}, NOON)] == ["litellm"]


def test_what_a_source_says_in_usd_as_well_is_its_word_in_usd() -> None:
    told = [fact("price_in_eur.per_request", D(1)), fact("price.per_request", D(2))]
    (found,) = facts_in_usd(told, RATES, NOON)
    assert (found.value, found.rate) == (D(2), None)


def test_a_sheet_in_another_currency_charges_nothing_and_differs_from_one_in_usd() -> None:
    euros, dollars = (sheet(price("input_tokens", "0.92"), currency=it) for it in ("EUR", "USD"))
    assert said_by(euros) != said_by(dollars)
    assert Timeline([euros]).plan(day("2026-12-01"), {}).prices == {}
    assert prices_of([euros], Task.CHAT) == {}


def test_a_stored_item_has_both_amounts_and_names_its_rate() -> None:
    tier = above(64_000, "1.9872")
    said = price("input_tokens", "0.9936", 1_000_000, tier, quoted=D("0.92"), rate=EURO)
    usual, dearer = items_of(sheet(said))
    assert (usual["amount"], usual["quoted"], usual["fx_rate_id"]) == ("0.9936", "0.92", 1)
    assert "quoted" not in dearer, "nobody said what it is in EUR"
    row = {
        "items": [usual, dearer], "clocks": [], "context": {}, "book": "purchase", "currency": "USD", "id": 1,
        "provider_id": "acme", "model_id": "acme-1", "source": "s", "reason": None, "rank": 0, "whole": False,
    }  # fmt: skip
    others = (
        "minimum",
        "source_url",
        "valid_from",
        "valid_to",
        "known_from",
        "known_to",
        "tenant_id",
        "said",
        "sold_from",
        "ended_by",
        "ended_because",
    )
    (found,) = sheet_of(row | dict.fromkeys(others), {1: EURO}).prices
    assert (found.quoted, found.rate, found.tiers[0].amount) == (D("0.92"), EURO, D("1.9872"))
