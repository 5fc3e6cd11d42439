"""When tenants pay what sources say: a rise a day after it was told, and never a price that nobody says."""

import datetime as dt
from collections.abc import Sequence

from radiant.domain.price_sheet import Book, Sheet
from radiant.pricing.books import of_book
from radiant.pricing.stored import replacing
from radiant.pricing.timeline import Timeline
from radiant.pricing.wanted import Wanted
from radiant.sync.price_plan import plan
from tests.unit.pricing.sheets import NOON, price, sheet

HOUR = dt.timedelta(hours=1)


def synced(*amounts: str) -> Sequence[Sheet]:
    """What is stored when a source says another price each hour."""
    stored: Sequence[Sheet] = []
    for hour, amount in enumerate(amounts):
        said = sheet(price("input_tokens", amount))
        found = plan(stored, Wanted(sheets=(said,), read=None), [said], NOON + hour * HOUR)
        assert not found.reasons
        for it in found.sheets:
            stored = replacing(stored, it)
    return stored


def sold(stored: Sequence[Sheet], hour: float) -> int:
    prices = of_book(Timeline(stored), Book.SALE, None).plan(NOON + hour * HOUR, {}).prices
    return int(prices["input_tokens"][0].amount)


def test_rises_within_the_grace_period_leave_no_hour_without_a_price() -> None:
    stored = synced("10", "15", "20")
    assert [sold(stored, hour) for hour in (0, 1, 2, 25, 25.9, 26)] == [10, 10, 10, 10, 10, 20]


def test_a_fall_from_what_no_tenant_paid_yet_waits_as_what_they_were_told_of() -> None:
    stored = synced("10", "15", "20", "18")
    assert [sold(stored, hour) for hour in (3, 25.9, 26)] == [10, 10, 18]


def test_a_fall_below_what_they_pay_does_not_wait() -> None:
    stored = synced("10", "15", "8")
    assert [sold(stored, hour) for hour in (1, 2, 25)] == [10, 8, 8]
