"""What the ledger keeps of a usage: totals of both books, items that can be read again, a digest of prices alone."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.price_sheet import Book, RatingState, Sheet
from radiant.pricing.books import of_book
from radiant.pricing.charged import Charged, Charging, differs, lines_of
from radiant.pricing.rating import rate
from radiant.pricing.sale import Markup, Scope
from radiant.pricing.timeline import Timeline

from .sheets import NOON, above, price, sheet

MARKUP = Markup(scope=Scope(), rate=Decimal("0.4"))
TEXT = sheet(price("input_tokens", "3"), price("output_tokens", "15"), id="7")
USAGE = {"input_tokens": 1000, "output_tokens": 500}


def charged(
    *sheets: Sheet, usage: dict[str, int] = USAGE, tenant: str | None = None, markup: Markup | None = MARKUP
) -> Charged:
    prices = Timeline(sheets)
    books = of_book(prices, Book.PURCHASE, None), of_book(prices, Book.SALE, tenant)
    return Charging().charge(*books, usage, NOON, {}, markup)


def test_both_books_are_rated_and_items_are_read_as_they_were_written() -> None:
    found = charged(TEXT)
    assert (found.state, found.purchase, found.sale, found.stored) == (
        RatingState.PRICED, Decimal("0.0105"), Decimal("0.0147"), True,
    )  # fmt: skip
    items = lines_of(json.loads(found.lines))
    assert [(it.meter, it.quantity, it.amount, it.per, it.usd, it.sheet, it.source) for it in items] == [
        ("input_tokens", 1000, "3", 1_000_000, "0.003", "7", "catalog"),
        ("output_tokens", 500, "15", 1_000_000, "0.0075", "7", "catalog"),
    ]
    assert found.sale_lines is None


def test_a_contract_has_items_of_its_own_and_no_markup() -> None:
    contract = sheet(
        price("input_tokens", "1"), price("output_tokens", "2"), book=Book.SALE, tenant_id="t1", rank=2, id="8"
    )
    found = charged(TEXT, contract, tenant="t1")
    assert (found.purchase, found.sale) == (Decimal("0.0105"), Decimal("0.002"))
    assert found.sale_lines is not None and [it[5] for it in json.loads(found.sale_lines)] == ["8", "8"]
    assert charged(TEXT, contract, tenant="t2").sale == Decimal("0.0147")
    alone = charged(contract, tenant="t1")
    assert (alone.purchase, alone.sale) == (None, Decimal("0.002")), (
        "what we pay is unknown, what the tenant pays is not"
    )


def test_the_digest_is_of_prices_that_were_charged_and_of_nothing_else() -> None:
    basis = charged(TEXT).basis
    again = sheet(
        price("input_tokens", "3.00"), price("output_tokens", "15"), price("images", "1", 1), id="99", source="x"
    )
    assert charged(again).basis == basis, "the same prices, and one of something that was not used"
    dearer = sheet(price("input_tokens", "3"), price("output_tokens", "15.01"))
    assert charged(dearer).basis != basis
    per_thousand = sheet(price("input_tokens", "3"), price("output_tokens", "0.015", 1000))
    assert charged(per_thousand).basis != basis
    assert charged(TEXT, markup=None).basis != basis, "a tenant pays something else"
    tiered = sheet(price("input_tokens", "3", 1_000_000, above(100, "3")), price("output_tokens", "15"))
    assert charged(tiered).basis == basis, "the tier says the same"


def test_a_sale_book_that_has_our_prices_now_makes_no_other_digest() -> None:
    contract = sheet(price("input_tokens", "1"), book=Book.SALE, tenant_id="t1", rank=2, id="8")
    later = NOON + dt.timedelta(days=1)
    rise = sheet(price("input_tokens", "9"), price("output_tokens", "9"), id="9", valid_from=later, sold_from=later)
    basis = charged(TEXT).basis
    assert charged(TEXT, contract, tenant="t2").basis == basis and charged(TEXT, contract, tenant="t1").basis != basis
    assert charged(sheet(*TEXT.prices, id="7", valid_to=later), rise).basis == basis


def test_prices_that_are_not_stored_are_told_apart_and_unknown_is_no_zero() -> None:
    assert not charged(sheet(price("input_tokens", "3"), price("output_tokens", "15"))).stored
    partly = charged(sheet(price("input_tokens", "3"), id="7"))
    assert (partly.state, partly.unpriced) == (RatingState.PARTLY_PRICED, ("output_tokens",))
    nothing = charged(sheet(price("images", "1", 1), id="7"))
    assert (nothing.state, nothing.purchase, nothing.sale, nothing.lines) == (RatingState.UNPRICED, None, None, "[]")
    free = charged(sheet(price("input_tokens", "0"), price("output_tokens", "0"), id="7"))
    assert (free.state, free.purchase, free.sale) == (RatingState.FREE, Decimal(0), Decimal(0))


@given(
    st.decimals(min_value=0, max_value=1000, places=6), st.decimals(min_value=0, max_value=10, places=4),
    st.integers(0, 10**9), st.none() | st.decimals(min_value=0, max_value=5, places=3),
)  # fmt: skip
def test_what_a_tenant_pays_is_what_the_rating_function_says(
    amount: Decimal, rate_: Decimal, quantity: int, least: Decimal | None
) -> None:
    prices = sheet(price("input_tokens", str(amount)), id="1")
    markup = Markup(scope=Scope(), rate=rate_, minimum_charge=least)
    found = charged(prices, usage={"input_tokens": quantity}, markup=markup)
    at: dt.datetime = NOON
    assert found.purchase == rate(prices, {"input_tokens": quantity}, at).total
    assert found.sale == rate(prices, {"input_tokens": quantity}, at, markup=markup).total


leasts = st.none() | st.decimals(min_value=0, max_value=2, places=3)
METERS = ("input_tokens", "output_tokens", "web_searches")


def prices_of(**more: object) -> st.SearchStrategy[Sheet]:
    """Sheets with a price of some meters, and some with a minimum."""
    amounts = st.dictionaries(st.sampled_from(METERS), st.integers(0, 900).map(str), max_size=3)
    return st.builds(
        lambda said, least: sheet(*(price(it, amount, 1000) for it, amount in said.items()), minimum=least, **more),
        amounts,
        leasts,
    )


@given(
    prices_of(id="1"), prices_of(id="2", book=Book.SALE, tenant_id="t1", rank=2, source="contract"),
    st.dictionaries(st.sampled_from(METERS), st.integers(0, 3000)),
    st.none() | st.builds(Markup, scope=st.just(Scope()), rate=st.sampled_from([Decimal("0.4"), Decimal(0)]),
                          minimum_charge=leasts),
)  # fmt: skip
def test_what_a_tenant_pays_by_contract_is_what_the_rating_function_says(
    ours: Sheet, contract: Sheet, usage: dict[str, int], markup: Markup | None
) -> None:
    found = charged(ours, contract, usage=usage, tenant="t1", markup=markup)
    expected = rate((ours, contract), usage, NOON, markup=markup)
    assert (found.purchase, found.sale) == (rate(ours, usage, NOON).total, expected.total)
    if contract.minimum is not None and expected.lines:
        assert expected.total is not None and expected.total >= contract.minimum
    paid = found.lines if found.sale_lines is None else found.sale_lines
    if found.sale_lines is not None or markup is None:
        assert sum((Decimal(it[4]) for it in json.loads(paid)), Decimal(0)) == (found.sale or 0)


@pytest.mark.parametrize(
    ("reported", "computed", "told"),
    [
        ("0.0102", "0.01", False), ("0.010201", "0.01", True), ("0.0098", "0.01", False), ("0.00979", "0.01", True),
        ("0", "0", False), ("0.000001", "0", True), (None, "0.01", None), ("0.01", None, None),
    ],
)  # fmt: skip
def test_a_reported_cost_differs_from_a_fiftieth_on(
    reported: str | None, computed: str | None, told: bool | None
) -> None:
    assert differs(*(None if it is None else Decimal(it) for it in (reported, computed))) is told


def test_what_a_whole_contract_does_not_name_is_told_as_unpriced() -> None:
    some = sheet(price("input_tokens", "1"), rank=2, book=Book.SALE, tenant_id="blue", whole=True)
    found = charged(TEXT, some, tenant="blue")
    assert (found.state, found.unpriced, found.purchase, found.sale) == (
        RatingState.PARTLY_PRICED, ("output_tokens",), Decimal("0.0105"), Decimal("0.001"),
    )  # fmt: skip
    other = sheet(price("images", "1"), rank=2, book=Book.SALE, tenant_id="blue", whole=True)
    nothing = charged(TEXT, other, tenant="blue")
    assert (nothing.state, nothing.sale, nothing.sale_lines) == (RatingState.PARTLY_PRICED, None, "[]")
    assert len({charged(TEXT, tenant="blue").basis, found.basis, nothing.basis}) == 3
