"""When a schedule is due."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiant.domain.errors import RuleViolated
from radiant.timetable import checked, due, next_due

NIGHTLY = "0 0 * * *"

BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-11-{text}+00:00")


@pytest.mark.parametrize(
    ("cron", "since", "now", "tick"),
    [
        (NIGHTLY, "25T00:00", "25T23:59:59.9", None),
        (NIGHTLY, "25T00:00", "26T00:00", "26T00:00"),
        (NIGHTLY, "25T00:00", "26T00:00:00.4", "26T00:00"),
        (NIGHTLY, "26T00:00", "26T00:00:00.4", None),
        (NIGHTLY, "01T00:00", "26T09:30", "26T00:00"),  # 25 missed ticks are one
        ("0 0 * * 0", "21T12:00", "26T12:00", "22T00:00"),  # 2026-11-22 is a Sunday
        ("*/5 * * * *", "26T09:56", "26T10:03", "26T10:00"),
        ("* * * * * *", "26T09:00:01", "26T09:00:02", "26T09:00:02"),
        ("* * * * * */2", "26T09:00:01", "26T09:00:03.999", "26T09:00:02"),
    ],
)
def test_the_latest_tick_within_a_span_is_due(cron: str, since: str, now: str, tick: str | None) -> None:
    assert due(cron, at(since), at(now)) == (tick and at(tick))


def test_the_next_tick_lies_after_the_instant() -> None:
    assert next_due(NIGHTLY, at("26T00:00")) == at("27T00:00")
    assert next_due("0 0 * * sun", at("26T00:00")) == at("29T00:00")


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "daily",
        "* * * *",
        "* * * * * * *",
        "61 * * * *",
        "0 0 31 2 *",
        "@daily",
        "0 0 * * 0;",
        "\x00 * * * *",
        "*/0 * * * *",
        "r r * * *",  # another time at each look
        "R/5 * * * *",
        "* * r * l5",
        "0 0 * * h",
    ],
)
def test_what_is_no_schedule_or_never_due_is_refused_with_an_example(cron: str) -> None:
    with pytest.raises(RuleViolated, match="every five minutes"):
        checked(cron)


@given(
    st.lists(
        st.sampled_from(["*", "*/3", "0", "5", "31", "feb", "fri", "sun#5", "l5", "l", "15w", "r", "H/2"]), min_size=5
    ).map(lambda fields: " ".join(fields[:6])),
    st.timedeltas(min_value=dt.timedelta(), max_value=dt.timedelta(days=365 * 60)),
)
@settings(deadline=None)
def test_whatever_stands_in_a_schedule_is_due_at_one_time_or_refused(cron: str, later: dt.timedelta) -> None:
    now = BEGIN + later
    try:
        assert next_due(cron, now) == next_due(cron, now)
        assert due(cron, BEGIN, now) == due(cron, BEGIN, now)
    except RuleViolated as refused:
        assert "every five minutes" in str(refused)


@given(st.text(max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    try:
        told = checked(text)
    except RuleViolated:
        return
    assert checked(told) == told


@given(
    st.sampled_from(["*/7 * * * *", "* * * * * *", NIGHTLY, "15 3 1 * *", "* * * * * 5,50"]),
    st.timedeltas(min_value=dt.timedelta(), max_value=dt.timedelta(days=1500)),
)
def test_one_tick_leads_to_the_next_without_gap_or_repetition(cron: str, later: dt.timedelta) -> None:
    now = BEGIN + later
    following = next_due(cron, now)
    assert following > now
    assert due(cron, now, following) == following
    assert due(cron, now, following - dt.timedelta(microseconds=1)) is None
    assert due(cron, following, following) is None


@given(
    st.lists(
        st.one_of(
            st.integers(0, 3_000_000), st.integers(-4_000_000, 90_000_000), st.sampled_from([0, 10**6, 3 * 10**6])
        ),
        max_size=30,
    ),
    st.sampled_from(["* * * * * *", "*/3 * * * * *", "*/5 * * * *", "0 0 * * *"]),
)
@settings(deadline=None)
def test_however_the_clock_goes_each_tick_is_taken_once_and_none_that_is_due_waits(steps: list[int], cron: str) -> None:
    """Microseconds between looks: steady, slow, on the boundary of a second, jumping ahead and back."""
    now = last = dt.datetime(2026, 11, 26, 11, 59, 58, 999_999, tzinfo=dt.UTC)
    taken: list[dt.datetime] = []
    for step in steps:
        now += dt.timedelta(microseconds=step)
        tick = due(cron, last, now)
        if tick is not None:
            assert last < tick <= now
            taken.append(tick)
            last = tick
        assert next_due(cron, last) > now, "what is due was taken at this look"
    assert taken == sorted(set(taken))
