"""Which prices hold when: changes at their instant, corrections, hours of the week, contexts."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Announced, Book, Clock
from radiant.pricing.rating import rate

from .sheets import NOON, above, day, price, sheet

USAGE = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}

DECEMBER = day("2026-12-01")
BEFORE = sheet(
    price("input_tokens", "2"), price("output_tokens", "10"), valid_from=day("2026-03-01"), valid_to=DECEMBER
)
AFTER = sheet(price("input_tokens", "4"), price("output_tokens", "20"), valid_from=DECEMBER, id="2")
CHANGING = (BEFORE, AFTER)


@pytest.mark.parametrize(
    ("at", "total"),
    [
        ("2026-02-28T23:59:59.999999Z", None),
        ("2026-03-01", "12"),
        ("2026-11-30T23:59:59.999999Z", "12"),
        ("2026-12-01", "24"),
        # The same instant, said elsewhere.
        ("2026-12-01T08:00:00+08:00", "24"),
        ("2026-12-01T07:59:59+08:00", "12"),
        ("2199-12-31", "24"),
    ],
)
def test_a_change_takes_effect_at_its_instant(at: str, total: str | None) -> None:
    found = rate(CHANGING, USAGE, day(at))
    assert found.total == (None if total is None else Decimal(total))


def test_an_announced_change_is_told_with_what_the_same_usage_costs_then() -> None:
    found = rate(CHANGING, USAGE, NOON)
    assert found.valid_until == DECEMBER
    assert found.announced == (Announced(at=DECEMBER, total=Decimal(24), source="catalog", sheet="2"),)
    later = rate(CHANGING, USAGE, DECEMBER)
    assert (later.valid_until, later.announced) == (None, ())
    assert rate(CHANGING, USAGE, NOON, ahead=False).announced == ()


def test_the_end_of_a_price_is_announced_as_unknown() -> None:
    assert rate(BEFORE, USAGE, NOON).announced == (Announced(at=DECEMBER, total=None, source=""),)


def test_what_has_no_price_later_is_announced_as_unknown_and_what_was_not_used_as_nothing() -> None:
    later = sheet(price("images", "1", 1), valid_from=DECEMBER)
    assert [it.total for it in rate((BEFORE, later), USAGE, NOON).announced] == [None]
    assert rate((BEFORE, later), USAGE, DECEMBER).total is None, "which is what is said then"
    nothing = {"images": 0}
    assert [it.total for it in rate((BEFORE, later), nothing, NOON).announced] == [0]


def test_a_sheet_that_says_the_same_again_is_no_change() -> None:
    again = sheet(*BEFORE.prices, valid_from=DECEMBER)
    assert rate((BEFORE, again), USAGE, NOON).announced == ()


def test_a_tier_goes_with_the_sheet_that_had_it() -> None:
    tiered = sheet(price("input_tokens", "3", 1_000_000, above(200_000, "6")), valid_to=day("2026-03-13"))
    plain = sheet(price("input_tokens", "3"), valid_from=day("2026-03-13"))
    assert rate((tiered, plain), {"input_tokens": 500_000}, day("2026-03-12")).total == 3
    assert rate((tiered, plain), {"input_tokens": 500_000}, day("2026-03-13")).total == Decimal("1.5")


def test_of_two_that_say_the_same_time_what_is_known_later_speaks() -> None:
    found, told = day("2026-05-01"), day("2026-06-01")
    wrong = sheet(price("input_tokens", "3"), valid_from=day("2026-01-01"), known_from=found, known_to=told)
    right = sheet(price("input_tokens", "2"), valid_from=day("2026-01-01"), known_from=told)
    for both in ((right, wrong), (wrong, right)):
        assert rate(both, {"input_tokens": 1_000_000}, NOON).total == 2


PEAK = Clock(
    name="peak",
    zone="Asia/Shanghai",
    days=(1, 2, 3, 4, 5),
    spans=(("09:00", "12:00"), ("14:00", "18:00")),
    except_days=(dt.date(2026, 10, 1),),
)
BY_HOUR = sheet(price("input_tokens", "0.15"), price("input_tokens", "0.3", clock="peak"), clocks=(PEAK,))


@pytest.mark.parametrize(
    ("at", "total", "until"),
    [
        # Tuesday 2026-08-18, Beijing is eight hours ahead.
        ("2026-08-18T00:59:59Z", "0.15", "2026-08-18T01:00:00Z"),
        ("2026-08-18T01:00:00Z", "0.3", "2026-08-18T04:00:00Z"),
        ("2026-08-18T03:59:59Z", "0.3", "2026-08-18T04:00:00Z"),
        ("2026-08-18T04:00:00Z", "0.15", "2026-08-18T06:00:00Z"),
        # Friday evening until Monday morning.
        ("2026-08-21T10:00:00Z", "0.15", "2026-08-24T01:00:00Z"),
        ("2026-08-22T02:00:00Z", "0.15", "2026-08-24T01:00:00Z"),
        # It is Monday in Beijing while it is Sunday in UTC, but not yet nine.
        ("2026-08-23T23:30:00Z", "0.15", "2026-08-24T01:00:00Z"),
        # A holiday.
        ("2026-10-01T02:00:00Z", "0.15", "2026-10-02T01:00:00Z"),
    ],
)
def test_hours_are_those_of_the_vendor(at: str, total: str, until: str) -> None:
    found = rate(BY_HOUR, {"input_tokens": 1_000_000}, day(at))
    assert (found.total, found.valid_until) == (Decimal(total), day(until))


NIGHT = Clock(name="night", zone="UTC", days=(5,), spans=(("22:00", "06:00"),))
AT_NIGHT = sheet(price("input_tokens", "2"), price("input_tokens", "1", clock="night"), clocks=(NIGHT,))


@pytest.mark.parametrize(
    ("at", "total"),
    [
        ("2026-08-21T21:59:00Z", 2),  # Friday
        ("2026-08-21T22:00:00Z", 1),
        ("2026-08-22T05:59:00Z", 1),  # Saturday, of the night that began on Friday
        ("2026-08-22T06:00:00Z", 2),
        ("2026-08-22T22:00:00Z", 2),
        ("2026-08-21T05:00:00Z", 2),  # Friday morning is of Thursday's night
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(at: str, total: int) -> None:
    assert rate(AT_NIGHT, {"input_tokens": 1_000_000}, day(at)).total == total


def test_a_clock_in_a_zone_with_summer_time() -> None:
    clock = Clock(name="day", zone="America/New_York", days=(1, 2, 3, 4, 5, 6, 7), spans=(("08:00", "24:00"),))
    prices = sheet(price("input_tokens", "2"), price("input_tokens", "3", clock="day"), clocks=(clock,))
    for at, total in (("2026-01-15T12:30:00Z", 2), ("2026-07-15T12:30:00Z", 3), ("2026-01-15T13:00:00Z", 3)):
        assert rate(prices, {"input_tokens": 1_000_000}, day(at)).total == total


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"zone": "Mars/Olympus"}, "this machine knows no time zone 'Mars/Olympus'; install tzdata"),
        ({"days": (0,)}, r"its days are \[0\]; expected 1 \(Monday\) to 7"),
        ({"spans": (("9", "12:00"),)}, "'9' is no time of day"),
        ({"spans": (("09:00", "24:01"),)}, "'24:01' is no time of day"),
    ],
)
def test_a_clock_that_cannot_be_read_is_named(changed: dict[str, object], said: str) -> None:
    wrong = sheet(price("input_tokens", "1"), clocks=(msgspec.structs.replace(PEAK, **changed),))
    with pytest.raises(UsageInvalid, match=f"the clock 'peak': {said}"):
        rate(wrong, {"input_tokens": 1}, NOON)


STANDARD = sheet(price("input_tokens", "2"), price("cache_read_tokens", "0.5"), price("output_tokens", "8"))
BATCH = sheet(price("input_tokens", "1"), price("output_tokens", "4"), context={"processing": "batch"}, source="page")
EUROPE = sheet(price("input_tokens", "2.2"), context={"region": "eu"})
BOTH = sheet(price("input_tokens", "1.1"), context={"processing": "batch", "region": "eu"})
VARIANTS = (STANDARD, BATCH, EUROPE, BOTH)


@pytest.mark.parametrize(
    ("context", "input", "output"),
    [
        ({}, 2, 8),
        ({"processing": "batch"}, 1, 4),
        ({"processing": "flex"}, 2, 8),
        ({"region": "eu"}, Decimal("2.2"), 8),
        ({"region": "eu", "processing": "batch"}, Decimal("1.1"), 4),
    ],
)
def test_a_variant_speaks_meter_by_meter(context: dict[str, str], input: Decimal, output: int) -> None:
    usage = {"input_tokens": 2_000_000, "cache_read_tokens": 1_000_000, "output_tokens": 1_000_000}
    found = rate(VARIANTS, usage, NOON, context)
    assert {line.meter: line.usd for line in found.lines} == {
        "input_tokens": input, "cache_read_tokens": Decimal("0.5"), "output_tokens": output
    }  # fmt: skip


def test_a_sheet_of_higher_rank_speaks_for_the_meters_it_names() -> None:
    admin = sheet(price("input_tokens", "1.5"), rank=1, source="administrator")
    contract = sheet(price("input_tokens", "1"), rank=2, book=Book.SALE, source="contract", valid_from=DECEMBER)
    sheets = (contract, STANDARD, admin)
    now, later = (rate(sheets, USAGE, at) for at in (NOON, DECEMBER))
    assert [(line.meter, line.usd, line.source) for line in now.lines] == [
        ("input_tokens", Decimal("1.5"), "administrator"), ("output_tokens", Decimal(8), "catalog")
    ]  # fmt: skip
    assert [(line.usd, line.source) for line in later.lines] == [(Decimal(1), "contract"), (Decimal(8), "catalog")]
