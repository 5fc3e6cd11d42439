"""A whole sheet speaks alone: of what it does not name, nobody that would speak after it is asked."""

from decimal import Decimal

import pytest

from radiant.domain.price_sheet import Book, Clock, Sheet
from radiant.domain.vocabulary import Task
from radiant.pricing.books import of_book
from radiant.pricing.plan import Plan
from radiant.pricing.projection import prices_of
from radiant.pricing.rating import rate
from radiant.pricing.speaking import audible, speaking
from radiant.pricing.timeline import Timeline

from .sheets import NOON, above, price, sheet

BATCH, EUROPE = {"processing": "batch"}, {"region": "eu"}
NIGHT = Clock(name="night", zone="UTC", days=(1, 2, 3, 4, 5, 6, 7), spans=(("00:00", "13:00"),))
SAID = sheet(
    price("input_tokens", "2", 1_000_000, above(200_000, "4")),
    price("input_tokens", "1", clock="night"),
    price("cache_read_tokens", "0.5"),
    price("output_tokens", "8"),
    clocks=(NIGHT,),
    minimum=Decimal("0.1"),
)
IN_BATCHES = sheet(price("input_tokens", "1"), price("output_tokens", "4"), context=BATCH)
WHOLE = sheet(price("input_tokens", "3"), rank=1, whole=True, source="administrator")


def charged(sheets: tuple[Sheet, ...], context: dict[str, str] | None = None) -> dict[str, Decimal]:
    return {meter: it.amount for meter, (it, _) in plan(sheets, context).prices.items()}


def plan(sheets: tuple[Sheet, ...], context: dict[str, str] | None = None) -> Plan:
    return Timeline(sheets).plan(NOON, context or {})


@pytest.mark.parametrize("context", [{}, BATCH, EUROPE])
def test_nothing_of_what_sources_say_comes_through(context: dict[str, str]) -> None:
    found = plan((SAID, IN_BATCHES, WHOLE), context)
    ((meter, (it, of)),) = found.prices.items()
    assert (meter, int(it.amount), of.source) == ("input_tokens", 3, "administrator")
    assert not it.tiers and found.minimum is None


def test_no_hour_of_a_silent_sheet_is_a_change() -> None:
    assert Timeline((SAID, WHOLE)).until(NOON) is None
    assert Timeline((SAID,)).until(NOON) is not None


def test_what_it_does_not_name_is_unpriced_or_charged_as_what_contains_it() -> None:
    usage = {"input_tokens": 1_000_000, "cache_read_tokens": 400_000, "output_tokens": 5}
    found = rate((SAID, WHOLE), usage, NOON)
    assert found.total == 3
    assert (found.unpriced, found.charged_as) == (("output_tokens",), {"cache_read_tokens": "input_tokens"})


@pytest.mark.parametrize(
    ("sheets", "context", "prices"),
    [
        # A kind of requests that a person set too is asked, and before it.
        ((WHOLE, sheet(price("output_tokens", "1"), rank=1, context=BATCH)), BATCH,
         {"output_tokens": 1, "input_tokens": 3}),
        # One that is whole is so for its kind alone.
        ((SAID, sheet(price("input_tokens", "1"), rank=1, context=BATCH, whole=True)), BATCH, {"input_tokens": 1}),
        ((IN_BATCHES, sheet(price("images", "1"), rank=1, context=EUROPE, whole=True)), BATCH,
         {"input_tokens": 1, "output_tokens": 4}),
        # Also before what a person set for all requests.
        ((WHOLE, sheet(price("images", "1"), rank=1, context=BATCH, whole=True)), BATCH, {"images": 1}),
        # Two kinds that meet are none less special than the other.
        ((sheet(price("images", "1"), rank=1, context=EUROPE, whole=True),
          sheet(price("requests", "1"), rank=1, context=BATCH)), {**BATCH, **EUROPE}, {"images": 1, "requests": 1}),
    ],
)  # fmt: skip
def test_it_speaks_before_what_is_less_special(
    sheets: tuple[Sheet, ...], context: dict[str, str], prices: dict[str, int]
) -> None:
    assert charged(sheets, context) == prices


def test_a_whole_contract_is_all_that_its_tenant_pays_for() -> None:
    contract = sheet(price("input_tokens", "1"), rank=2, whole=True, book=Book.SALE, tenant_id="blue")
    prices = Timeline((SAID, contract, WHOLE))
    assert of_book(prices, Book.SALE, "blue").plan(NOON, {}).prices.keys() == {"input_tokens"}
    assert of_book(prices, Book.SALE, "blue").plan(NOON, {}).prices["input_tokens"][0].amount == 1
    assert of_book(prices, Book.SALE, "red").plan(NOON, {}).prices["input_tokens"][0].amount == 3


def test_columns_show_what_is_charged_and_nothing_silent() -> None:
    assert prices_of((SAID, IN_BATCHES, WHOLE), Task.CHAT) == {"input_per_mtok": 3}
    beside = sheet(price("output_tokens", "5"), rank=1, context=BATCH)
    assert prices_of((SAID, IN_BATCHES, WHOLE, beside), Task.CHAT) == {"input_per_mtok": 3, "batch_output_per_mtok": 5}


def test_columns_show_no_price_of_a_kind_that_a_person_set_for_all() -> None:
    partial = sheet(price("input_tokens", "3"), rank=1)
    assert charged((SAID, IN_BATCHES, partial), BATCH)["input_tokens"] == 3
    found = prices_of((SAID, IN_BATCHES, partial), Task.CHAT)
    assert ("batch_input_per_mtok" in found, found["batch_output_per_mtok"]) == (False, 4)


def test_silent_is_what_no_request_asks() -> None:
    batch = sheet(price("input_tokens", "1"), rank=1, context=BATCH, whole=True)
    assert audible((SAID, IN_BATCHES, batch)) == [SAID, batch]
    assert audible((SAID, IN_BATCHES)) == [SAID, IN_BATCHES]
    assert speaking((SAID, IN_BATCHES, batch), BATCH) == [batch]
