"""What speaks against a new price, guard by guard, at and beside its limit."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant.domain.price_sheet import Clock, Price, Sheet
from radiant.pricing.guards import factor_of, judge

from .sheets import NOON, above, day, price, sheet


def guards(old: Sheet, new: Sheet, read: dt.date | None = None) -> list[str]:
    return [reason.split(":")[0] for reason in judge(old, new, NOON, read=read).reasons]


def one(amount: str, *tiers: tuple[int, str]) -> Price:
    return price("input_tokens", amount, 1_000_000, *(above(*it) for it in tiers))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (one("1"), one("1"), []),
        (one("1"), one("2"), []),
        (one("1"), one("2.01"), ["rise_above"]),
        (one("1"), one("0.01"), []),  # a fall is taken over
        *((one("1"), one(it), ["unit_suspect"]) for it in ("1000", "950", "1050", "1000000", "60", "3600")),
        *((one("3600"), one(it), ["unit_suspect"]) for it in ("3.6", "0.0036", "60", "1")),
        (one("1"), one("949"), ["rise_above"]),
        (one("1"), one("0"), ["fall_to_free"]),
        (one("0"), one("1"), ["rise_from_free"]),
        (one("0"), one("0"), []),
        (one("1"), price("requests", "1", 1), ["kind_flip"]),
        (one("1", (200_000, "2")), one("1"), ["tier_lost"]),
        (one("1", (200_000, "2")), one("1", (100_000, "2")), []),
    ],
)
def test_each_guard_at_its_limit(old: Price, new: Price, found: list[str]) -> None:
    assert guards(sheet(old), sheet(new)) == found


def minute(**more: Any) -> Price:
    return price("audio_seconds", "1", 60, **more)


NIGHT = Clock(name="night", zone="UTC", days=(1, 2, 3, 4, 5, 6, 7), spans=(("22:00", "06:00"),))


def by_hours(usual: str, night: str | None = None, **more: Any) -> Sheet:
    """A meter with a price at all hours, and one at night where that is another."""
    if night is None:
        return sheet(one(usual), **more)
    return sheet(one(usual), price("input_tokens", night, clock="night"), clocks=(NIGHT,), **more)


@pytest.mark.parametrize(
    ("old", "new", "found", "rise"),
    [
        (sheet(one("1", (200_000, "2"))), sheet(one("1", (200_000, "2000"))), ["unit_suspect"], "1000"),
        (sheet(one("1", (200_000, "2"))), sheet(one("1", (200_000, "5"))), ["rise_above"], "2.5"),
        (sheet(one("1", (200_000, "2"))), sheet(one("1", (200_000, "3"))), [], "1.5"),
        (sheet(one("1", (200_000, "2"))), sheet(one("1", (200_000, "0"))), ["fall_to_free"], "1"),
        (sheet(one("1")), sheet(one("1", (200_000, "4"))), ["rise_above"], "4"),  # what had no tier has one
        (sheet(one("1", (200_000, "2"))), sheet(one("1", (100_000, "1.5"), (200_000, "2"))), [], "1.5"),
        (sheet(one("1", (200_000, "2"))), sheet(one("3", (200_000, "6"))), ["rise_above"], "3"),  # once for a meter
        (by_hours("2", "1"), by_hours("2", "3"), ["rise_above"], "3"),
        (by_hours("2", "1"), by_hours("2", "1.2"), [], "1.2"),
        (by_hours("2", "0.5"), by_hours("2"), ["rise_above"], "4"),  # nights cost what days do
        (by_hours("2"), by_hours("2", "1"), [], "1"),
        (by_hours("2"), by_hours("2", "5"), ["rise_above"], "2.5"),
        (by_hours("1"), by_hours("1", minimum=Decimal("0.5")), ["rise_from_free"], "Infinity"),
        (by_hours("1", minimum=Decimal("0.5")), by_hours("1", minimum=Decimal(2)), ["rise_above"], "4"),
        (by_hours("1", minimum=Decimal("0.5")), by_hours("1", minimum=Decimal("0.6")), [], "1.2"),
        (sheet(minute()), sheet(minute(minimum=10)), ["rise_above"], "10"),
    ],
)  # fmt: skip
def test_tiers_hours_and_least_charges_are_looked_at_as_well(
    old: Sheet, new: Sheet, found: list[str], rise: str
) -> None:
    assert (guards(old, new), judge(old, new, NOON).rise) == (found, Decimal(rise))


@pytest.mark.parametrize(
    ("read", "said", "found"),
    [
        ("2026-10-31", "date", ["stale_source"]),
        ("2026-11-01", "date", []),  # the day on which it began
        ("2026-10-31", "instant", ["stale_source"]),
        ("2026-10-31", None, []),  # when the price in force began is not known
        (None, "date", []),  # when the source was read is not known
    ],
)
def test_a_source_that_was_read_before_the_price_in_force_began_is_stale(
    read: str | None, said: str | None, found: list[str]
) -> None:
    old = sheet(one("1"), valid_from=day("2026-11-01"), said=said)
    assert guards(old, sheet(one("1.05")), None if read is None else dt.date.fromisoformat(read)) == found


@pytest.mark.parametrize(("amount", "told"), [("1.1", False), ("1.1000001", True), ("0.5", False)])
def test_a_rise_by_more_than_a_tenth_is_told(amount: str, told: bool) -> None:
    assert judge(sheet(one("1")), sheet(one(amount)), NOON).told is told


def test_the_largest_rise_counts() -> None:
    old = sheet(one("1"), price("output_tokens", "10"))
    new = sheet(one("1.2"), price("output_tokens", "15"))
    assert judge(old, new, NOON).rise == Decimal("1.5")


def test_what_was_free_rises_beyond_any_factor() -> None:
    found = judge(sheet(one("0")), sheet(one("1")), NOON)
    assert (found.told, factor_of(found.rise)) == (True, None)
    assert not judge(sheet(one("1")), sheet(one("0")), NOON).told
