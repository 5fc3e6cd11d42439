"""By how much tenants pay more by what somebody sets, and from when: after the grace period, or once they were told."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest

from radiant.domain.price_sheet import Book, Price, Sheet
from radiant.pricing.books import of_book
from radiant.pricing.rises import Rise, rise_between
from radiant.pricing.stored import replacing
from radiant.pricing.timeline import Timeline

from .sheets import NOON, above, price, sheet

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR
SAID = sheet(price("input_tokens", "10"))


def hand(*prices: Price, since: dt.datetime = NOON, **more: object) -> Sheet:
    return sheet(*prices, rank=1, valid_from=since, **more)


def by(stored: Sequence[Sheet], new: Sheet, now: dt.datetime | None = None) -> Rise:
    begins = new.valid_from or NOON
    now = begins if now is None else now
    return rise_between(
        stored, replacing(stored, new), [new.context], begins, new.valid_to, now=now, told_until=now + DAY
    )  # fmt: skip


def paid(sheets: Sequence[Sheet], at: dt.datetime) -> Decimal:
    return of_book(Timeline(sheets), Book.SALE, None).plan(at, {}).prices["input_tokens"][0].amount


@pytest.mark.parametrize(
    ("before", "after", "factor", "late"),
    [
        (price("input_tokens", "10"), price("input_tokens", "11"), "1.1", False),  # a tenth, not more
        (price("input_tokens", "10"), price("input_tokens", "11.01"), "1.101", True),
        (price("input_tokens", "10"), price("input_tokens", "5"), "1", False),
        (
            price("input_tokens", "0.1", 3600),
            price("input_tokens", "0.11", 3600),
            "1.1",
            False,
        ),  # no dust of a division
        (price("input_tokens", "0"), price("input_tokens", "0.1"), "Infinity", True),
        (price("input_tokens", "0"), price("input_tokens", "0"), "1", False),
        (price("images", "1"), price("input_tokens", "5"), "1", False),  # it had no price
        # What was charged as input tokens has a price of its own.
        (price("input_tokens", "10"), price("cache_read_tokens", "20"), "2", True),
        (price("input_tokens", "10", 1_000_000, above(200_000, "12")), price("input_tokens", "10"), "1", False),
        (price("input_tokens", "10"), price("input_tokens", "10", 1_000_000, above(200_000, "20")), "2", True),
    ],
)
def test_a_rise_by_more_than_a_tenth_waits_and_nothing_else_does(
    before: Price, after: Price, factor: str, late: bool
) -> None:
    found = by([sheet(before)], hand(after))
    assert (found.factor, found.sold_from) == (Decimal(factor), NOON + DAY if late else None)


def test_what_a_whole_sheet_takes_away_makes_what_contains_it_dearer() -> None:
    said = sheet(price("input_tokens", "10"), price("cache_read_tokens", "1"))
    assert by([said], hand(price("input_tokens", "10"))).factor == 1
    assert by([said], hand(price("input_tokens", "10"), whole=True)).factor == 10


def test_what_a_request_costs_at_least_is_a_rise() -> None:
    least = hand(price("input_tokens", "10"), minimum=Decimal("0.01"))
    assert by([SAID], least).told
    assert not by([sheet(price("input_tokens", "10"), minimum=Decimal("0.01"))], least).told


def test_what_begins_after_the_grace_period_was_told_long_enough() -> None:
    found = by([SAID], hand(price("input_tokens", "20"), since=NOON + 2 * DAY), NOON)
    assert found == Rise(Decimal(2), None)


def test_the_past_is_not_sold_dearer() -> None:
    found = by([SAID], hand(price("input_tokens", "20"), since=NOON - 30 * DAY), NOON)
    assert found.sold_from == NOON + DAY
    rose = sheet(price("input_tokens", "20"), valid_from=NOON - 10 * DAY)
    before = sheet(price("input_tokens", "10"), valid_to=NOON - 10 * DAY)
    found = by([before, rose], hand(price("input_tokens", "20"), since=NOON - 30 * DAY), NOON)
    assert found.sold_from == NOON - 10 * DAY, "from when they paid as much"


def test_what_they_were_told_of_is_told_once() -> None:
    first = hand(price("input_tokens", "20"), sold_from=NOON + DAY)
    stored = replacing([SAID], first)
    again = by(stored, hand(price("input_tokens", "19"), since=NOON + HOUR))
    assert again.sold_from == NOON + DAY
    more = by(stored, hand(price("input_tokens", "30"), since=NOON + HOUR))
    assert more == Rise(Decimal(3), NOON + HOUR + DAY)
    back = by(stored, hand(price("input_tokens", "10"), since=NOON + HOUR))
    assert not back.told


def test_an_announced_fall_that_does_not_come_is_no_rise() -> None:
    stored = [
        sheet(price("input_tokens", "10"), valid_to=NOON + HOUR),
        sheet(price("input_tokens", "5"), valid_from=NOON + HOUR),
    ]
    assert not by(stored, hand(price("input_tokens", "10"))).told


def test_two_rises_within_the_grace_period_leave_no_gap() -> None:
    stored: Sequence[Sheet] = [SAID, hand(price("input_tokens", "11"), since=NOON - 30 * DAY)]
    for hours, amount in ((0, "20"), (1, "30"), (2, "40")):
        since = NOON + hours * HOUR
        new = hand(price("input_tokens", amount), since=since, sold_from=since + DAY)
        stored = replacing(stored, new)
    moments = [NOON, NOON + 2 * HOUR, NOON + DAY, NOON + DAY + HOUR, NOON + DAY + 2 * HOUR]
    assert [paid(stored, it) for it in moments] == [11, 11, 11, 11, 40]


def test_what_is_appended_leaves_what_lies_beside_its_span() -> None:
    campaign = hand(price("input_tokens", "5"), valid_to=NOON + DAY)
    found = replacing([SAID, hand(price("input_tokens", "11"), since=NOON - DAY)], campaign)
    spans = sorted((it.valid_from, it.valid_to, str(it.prices[0].amount)) for it in found if it.rank == 1)
    assert spans == [
        (NOON - DAY, NOON, "11"), (NOON, NOON + DAY, "5"), (NOON + DAY, None, "11"),
    ]  # fmt: skip
    assert SAID in found
