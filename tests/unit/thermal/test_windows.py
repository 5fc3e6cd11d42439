"""Pre-warm windows, on ordinary days and on those on which clocks are changed."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from radiant.domain.errors import RuleViolated
from radiant.thermal.windows import Window, checked_window, in_force

WORK = Window(cron="0 8 * * mon-fri", duration_minutes=600, time_zone="Europe/Berlin")


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+00:00")


def test_it_is_open_from_its_beginning_to_its_end_by_the_clocks_of_its_zone() -> None:
    assert in_force(WORK, utc("2031-05-06T05:59:59")) is None
    assert in_force(WORK, utc("2031-05-06T06:00:00")) == utc("2031-05-06T16:00:00")
    assert in_force(WORK, utc("2031-05-06T15:59:59.9")) == utc("2031-05-06T16:00:00")
    assert in_force(WORK, utc("2031-05-06T16:00:00")) is None
    assert in_force(WORK, utc("2031-01-06T06:30:00")) is None, "in winter the clocks show half past seven"
    assert in_force(WORK, utc("2031-05-10T09:00:00")) is None, "a Saturday"


def test_it_opens_early_where_coming_up_takes_a_while() -> None:
    assert in_force(WORK, utc("2031-05-06T05:55:00"), lead=299) is None
    assert in_force(WORK, utc("2031-05-06T05:55:00"), lead=300) == utc("2031-05-06T16:00:00")


@pytest.mark.parametrize("day", ["2031-03-30", "2031-10-26"])
def test_it_opens_once_on_a_day_on_which_clocks_are_changed(day: str) -> None:
    window = Window(cron="30 2 * * *", duration_minutes=60, time_zone="Europe/Berlin")
    begins = utc(f"{day}T00:00:00") - dt.timedelta(hours=3)
    open_at = [at for minute in range(0, 12 * 60, 5) if in_force(window, at := begins + dt.timedelta(minutes=minute))]
    assert open_at, "however the hour is called, the model is warm that night"
    assert open_at[-1] - open_at[0] < dt.timedelta(hours=2, minutes=5)


def test_a_disabled_one_is_never_open() -> None:
    off = Window(cron="* * * * *", duration_minutes=5, enabled=False)
    assert in_force(off, utc("2031-05-06T06:00:00")) is None


@pytest.mark.parametrize("wrong", [{"cron": "now and then"}, {"cron": "r r * * *"}, {"time_zone": "Mars/Olympus"}])
def test_one_that_was_written_past_us_is_never_open(wrong: dict[str, str]) -> None:
    assert in_force(msgspec.structs.replace(WORK, **wrong), utc("2031-05-06T09:00:00")) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"cron": "every day"},
        {"cron": "0 0 30 2 *"},
        {"duration_minutes": 0},
        {"duration_minutes": 10_081},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../etc/passwd"},
        {"time_zone": ""},
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {"cron": "0 8 * * *", "duration_minutes": 60, "time_zone": "UTC"} | wrong
    with pytest.raises(RuleViolated) as refused:
        checked_window(Window(**given))
    assert str(refused.value).endswith(".")
