"""What is sold below its cost: by contract, by a rise that has not reached tenants, by a discount."""

import datetime as dt
from decimal import Decimal

import pytest

from radiant.domain.price_sheet import Book, Sheet
from radiant.pricing.margin import below_cost
from radiant.pricing.rating import rate
from radiant.pricing.sale import Markup, Scope
from radiant.pricing.stored import of_book

from .sheets import NOON, above, day, price, sheet

WHOM = Scope(tenant_id="t1", hosting="external", provider_id="acme", model_id="m")
FORTY = Markup(scope=Scope(), rate=Decimal("0.4"))


def found(*sheets: Sheet, markup: Markup = FORTY, at: dt.datetime = NOON) -> list[tuple[str, str, str]]:
    return [(it.meter, f"{it.purchase}", f"{it.sale.normalize()}") for it in below_cost(sheets, [markup], WHOM, at)]


def test_with_a_markup_nothing_is_sold_below_its_cost() -> None:
    assert found(sheet(price("input_tokens", "2"), price("output_tokens", "0"))) == []


@pytest.mark.parametrize(("after", "lost"), [("2.8", []), ("2.81", [("input_tokens", "2.81", "2.8")])])
def test_a_rise_beyond_the_markup_is_a_loss_until_tenants_pay_it(after: str, lost: list[tuple[str, str, str]]) -> None:
    old = sheet(price("input_tokens", "2"), valid_to=NOON)
    new = sheet(price("input_tokens", after), valid_from=NOON, sold_from=NOON + dt.timedelta(hours=24))
    assert found(old, new) == lost
    assert found(old, new, at=NOON + dt.timedelta(hours=24)) == []
    if lost:
        (it,) = below_cost([old, new], [FORTY], WHOM, NOON)
        assert it.until == day("2026-11-27T12:00Z")


def test_a_contract_below_cost_is_a_loss_whatever_the_markup_and_one_of_others_is_none() -> None:
    usual = sheet(price("input_tokens", "2"), price("output_tokens", "8"))
    contract = sheet(price("output_tokens", "7", 1_000_000), rank=2, book=Book.SALE, tenant_id="t1")
    assert found(usual, contract) == [("output_tokens", "8", "7")]
    assert below_cost([usual, contract], [FORTY], Scope(tenant_id="t2", hosting="external"), NOON) == []


def test_amounts_for_other_numbers_are_compared_as_what_they_are() -> None:
    usual = sheet(price("audio_seconds", "0.36", 3600))
    contract = sheet(price("audio_seconds", "0.005", 60), rank=2, book=Book.SALE, tenant_id="t1")
    assert found(usual, contract) == [("audio_seconds", "0.36", "0.3")]


def test_a_discount_is_a_loss_and_a_tier_is_told_where_most_is_lost() -> None:
    tenth = Markup(scope=Scope(tenant_id="t1"), rate=Decimal("-0.1"))
    assert found(sheet(price("input_tokens", "2", 1_000_000, above(200_000, "4"))), markup=tenth) == [
        ("input_tokens", "4", "3.6")
    ]


def test_prices_under_a_condition_are_told_with_it() -> None:
    usual = sheet(price("input_tokens", "2"))
    batch = sheet(price("input_tokens", "3"), context={"processing": "batch"})
    contract = sheet(price("input_tokens", "2.5"), rank=2, book=Book.SALE, tenant_id="t1")
    found = below_cost([usual, batch, contract], [FORTY], WHOM, NOON)
    assert [(it.context, it.purchase, it.sale) for it in found] == [
        ({"processing": "batch"}, Decimal(3), Decimal("2.5"))
    ]


@pytest.mark.parametrize(
    ("replaced", "last", "sold_from", "paid"),
    [
        (6, "2.6", 30, {0: "2", 6: "2", 23: "2", 24: "2", 29: "2", 30: "2.6"}),
        (6, "1.9", None, {0: "2", 5: "2", 6: "1.9", 24: "1.9"}),
        (26, "2.6", 50, {23: "2", 24: "2.3", 26: "2.3", 49: "2.3", 50: "2.6"}),
    ],
)
def test_a_rise_that_another_replaces_before_tenants_pay_it_leaves_them_no_hour_without_a_price(
    replaced: int, last: str, sold_from: int | None, paid: dict[int, str]
) -> None:
    hour = dt.timedelta(hours=1)
    ends = NOON + replaced * hour
    late = None if sold_from is None else NOON + sold_from * hour
    stored = (
        sheet(price("input_tokens", "2"), valid_to=NOON),
        sheet(price("input_tokens", "2.3"), valid_from=NOON, valid_to=ends, sold_from=NOON + 24 * hour),
        sheet(price("input_tokens", last), valid_from=ends, sold_from=late),
    )
    sold = of_book(stored, Book.SALE, None)
    usage = {"input_tokens": 1_000_000}
    assert {it: rate(sold, usage, NOON + it * hour).total for it in paid} == {it: Decimal(paid[it]) for it in paid}
