"""What a usage costs, against arithmetic written by hand."""

import datetime as dt
import gc
import sys
from decimal import Decimal
from typing import Any

import pytest

from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Line, RatingState, Sheet
from radiant.pricing.rating import rate
from radiant.pricing.timeline import Timeline

from .sheets import NOON, above, from_, price, sheet

TEXT = sheet(price("input_tokens", "3"), price("output_tokens", "15"))
CACHED = sheet(
    price("input_tokens", "3"),
    price("cache_read_tokens", "0.3"),
    price("cache_write_tokens", "3.75"),
    price("cache_write_1h_tokens", "6"),
    price("output_tokens", "15"),
)
SOUND = sheet(
    price("input_tokens", "2.5"),
    price("cache_read_tokens", "1.25"),
    price("input_audio_tokens", "40"),
    price("cache_audio_read_tokens", "2.5"),
    price("output_tokens", "10"),
    price("output_audio_tokens", "80"),
)
LONG = sheet(
    price("input_tokens", "2", 1_000_000, above(200_000, "4")),
    price("cache_read_tokens", "0.2", 1_000_000, above(200_000, "0.4")),
    price("output_tokens", "12", 1_000_000, above(200_000, "18")),
)
INCLUSIVE = sheet(price("input_tokens", "2", 1_000_000, from_(128_000, "4")))


@pytest.mark.parametrize(
    ("prices", "usage", "total"),
    [
        # 1,000 × 3 / 1,000,000 + 500 × 15 / 1,000,000
        (TEXT, {"input_tokens": 1000, "output_tokens": 500}, "0.0105"),
        (TEXT, {"input_tokens": 1}, "0.000003"),
        (TEXT, {"input_tokens": 0, "output_tokens": 0}, "0"),
        # Cached tokens are in the input and have no price here: all 1,000 are input.
        (TEXT, {"input_tokens": 1000, "cache_read_tokens": 400}, "0.003"),
        # Reasoning is in the output.
        (TEXT, {"output_tokens": 500, "output_reasoning_tokens": 400}, "0.0075"),
        # 600 × 3 + 400 × 0.3
        (CACHED, {"input_tokens": 1000, "cache_read_tokens": 400}, "0.00192"),
        # 100 × 3 + 400 × 0.3 + 300 × 3.75 + 200 × 6
        (
            CACHED,
            {"input_tokens": 1000, "cache_read_tokens": 400, "cache_write_tokens": 500, "cache_write_1h_tokens": 200},
            "0.002745",
        ),
        # Written for five minutes has the price of written.
        (CACHED, {"input_tokens": 10, "cache_write_tokens": 10, "cache_write_5m_tokens": 10}, "0.0000375"),
        # Nobody stated the input, which is at least what was cached and written.
        (CACHED, {"cache_read_tokens": 400, "cache_write_tokens": 100}, "0.000495"),
        # Of 1,000: 100 cached sound, 200 more cached, 300 more sound, 400 the rest.
        (
            SOUND,
            {
                "input_tokens": 1000,
                "cache_read_tokens": 300,
                "input_audio_tokens": 400,
                "cache_audio_read_tokens": 100,
            },
            "0.01350",
        ),
        # 30 × 10 + 70 × 80
        (SOUND, {"output_tokens": 100, "output_audio_tokens": 70}, "0.0059"),
        (LONG, {"input_tokens": 199_999, "output_tokens": 1000}, "0.411998"),
        (LONG, {"input_tokens": 200_000, "output_tokens": 1000}, "0.412"),
        # One token more, and all of them, cached and written ones too, are at the other prices.
        (LONG, {"input_tokens": 200_001, "output_tokens": 1000}, "0.818004"),
        (LONG, {"input_tokens": 200_001, "cache_read_tokens": 200_001}, "0.0800004"),
        (INCLUSIVE, {"input_tokens": 127_999}, "0.255998"),
        (INCLUSIVE, {"input_tokens": 128_000}, "0.512"),
    ],
)
def test_tokens(prices: Sheet, usage: dict[str, int], total: str) -> None:
    assert rate(prices, usage, NOON).total == Decimal(total)


@pytest.mark.parametrize(
    ("prices", "usage", "total"),
    [
        (sheet(price("images", "0.04", 1)), {"images": 3}, "0.12"),
        (
            sheet(
                price("images", "0.04", 1), price("images_high", "0.08", 1), price("images_high_1024x1536", "0.12", 1)
            ),
            {"images": 6, "images_high": 3, "images_high_1024x1536": 1},
            "0.4",  # 3 × 0.04 + 2 × 0.08 + 0.12
        ),
        (sheet(price("audio_seconds", "0.36", 3600)), {"audio_seconds": Decimal("2.5")}, "0.00025"),
        (sheet(price("audio_seconds", "0.006", 60)), {"input_audio_seconds": 90}, "0.009"),
        # 0.111 an hour does not divide into seconds: the division comes last, to 20 places.
        (sheet(price("audio_seconds", "0.111", 3600)), {"audio_seconds": 1}, "0.00003083333333333333"),
        (sheet(price("audio_seconds", "0.111", 3600)), {"audio_seconds": 7200}, "0.222"),
        # Less than ten seconds is charged as ten.
        (sheet(price("audio_seconds", "0.36", 3600, minimum=10)), {"audio_seconds": 2}, "0.001"),
        (sheet(price("audio_seconds", "0.36", 3600, minimum=10)), {"audio_seconds": 0}, "0"),
        (sheet(price("input_characters", "15")), {"input_characters": 2000}, "0.03"),
        (sheet(price("input_document_pages", "1", 1000)), {"input_document_pages": 7}, "0.007"),
        (sheet(price("rerank_searches", "2", 1000)), {"rerank_searches": 3}, "0.006"),
        # A price for a request is for one search.
        (sheet(price("requests", "0.002", 1)), {"rerank_searches": 3}, "0.006"),
        (sheet(price("requests", "0.002", 1)), {"rerank_searches": 3, "requests": 1}, "0.006"),
        (sheet(price("requests", "0.002", 1)), {"rerank_searches": 0}, "0"),
        (sheet(price("gpu_seconds", "3.6", 3600)), {"gpu_seconds": 2}, "0.002"),
        (sheet(price("web_searches", "10", 1000), price("input_tokens", "1")), {"web_searches": 2}, "0.02"),
        (sheet(price("tool_calls", "1", 1000)), {"web_searches": 2}, "0.002"),
        # A request is one, unless it says that it is more.
        (sheet(price("requests", "0.005", 1), price("input_tokens", "1")), {"input_tokens": 1000}, "0.006"),
        (sheet(price("requests", "5", 1000)), {"requests": 100}, "0.5"),
        # 600 used, and a request is charged 0.01 at least.
        (sheet(price("input_tokens", "1"), minimum=Decimal("0.01")), {"input_tokens": 600}, "0.01"),
        (sheet(price("input_tokens", "1"), minimum=Decimal("0.01")), {"input_tokens": 60_000}, "0.06"),
    ],
)
def test_everything_else(prices: Sheet, usage: dict[str, Any], total: str) -> None:
    found = rate(prices, usage, NOON)
    assert found.total == Decimal(total)
    assert sum((line.usd for line in found.lines), Decimal(0)) == found.total


def test_lines_say_what_was_charged_at_which_price_and_who_says_so() -> None:
    found = rate(sheet(*CACHED.prices, id="17"), {"input_tokens": 1000, "cache_read_tokens": 400}, NOON)
    assert found.lines == (
        Line("cache_read_tokens", 400, Decimal("0.3"), 1_000_000, Decimal("0.00012"), "17", "catalog"),
        Line("input_tokens", 600, Decimal(3), 1_000_000, Decimal("0.0018"), "17", "catalog"),
    )
    assert found.state is RatingState.PRICED and not found.unpriced


def test_what_is_short_of_the_minimum_is_a_line() -> None:
    found = rate(sheet(price("input_tokens", "1"), minimum=Decimal("0.01")), {"input_tokens": 600}, NOON)
    assert [(line.meter, line.usd) for line in found.lines] == [
        ("input_tokens", Decimal("0.0006")), ("minimum", Decimal("0.0094"))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prices", "usage", "total", "unpriced", "charged_as"),
    [
        (sheet(), {"input_tokens": 5}, None, ("input_tokens",), {}),
        (TEXT, {"images": 1}, None, ("images",), {}),
        (TEXT, {"images": 0, "input_tokens": 1}, "0.000003", (), {}),
        # What comes out as sound is never charged as text: 30 × 15, and 70 unknown.
        (TEXT, {"output_tokens": 100, "output_audio_tokens": 70}, "0.00045", ("output_audio_tokens",), {}),
        # What goes in as sound is in the input: charged, and told.
        (
            TEXT,
            {"input_tokens": 100, "input_audio_tokens": 70},
            "0.0003",
            ("input_audio_tokens",),
            {"input_audio_tokens": "input_tokens"},
        ),
        (TEXT, {"input_tokens": 9, "input_image_tokens": 9}, "0.000027", (), {"input_image_tokens": "input_tokens"}),
        # Cached sound could be charged as cached or as sound: neither, until somebody says.
        (
            sheet(price("input_tokens", "1"), price("cache_read_tokens", "0.1"), price("input_audio_tokens", "10")),
            {
                "input_tokens": 100,
                "cache_read_tokens": 50,
                "input_audio_tokens": 40,
                "cache_audio_read_tokens": 30,
            },
            "0.000142",  # 20 × 0.1 + 10 × 10 + 40 × 1
            ("cache_audio_read_tokens",),
            {},
        ),
    ],
)
def test_what_has_no_price_is_named(
    prices: Sheet, usage: dict[str, int], total: str | None, unpriced: tuple[str, ...], charged_as: dict[str, str]
) -> None:
    found = rate(prices, usage, NOON)
    assert found.total == (None if total is None else Decimal(total))
    assert (found.unpriced, found.charged_as) == (unpriced, charged_as)
    partly = RatingState.PARTLY_PRICED if unpriced else RatingState.PRICED
    assert found.state is (RatingState.UNPRICED if total is None else partly)


def test_free_and_unknown_differ() -> None:
    free = sheet(price("input_tokens", "0"), price("output_tokens", "0"))
    found = rate(free, {"input_tokens": 1000}, NOON)
    assert (found.total, found.state) == (Decimal(0), RatingState.FREE)
    assert rate(sheet(), {"input_tokens": 1000}, NOON).total is None
    assert rate(sheet(), {}, NOON).total is None
    assert rate(free, {"input_tokens": 0}, NOON).total == 0
    # Of nothing, nothing is priced; a request is something.
    assert (rate(free, {}, NOON).total, rate(free, {}, NOON).state) == (None, RatingState.UNPRICED)
    assert rate(sheet(price("requests", "0", 1)), {}, NOON).state is RatingState.FREE


def test_prices_in_another_currency_are_unknown() -> None:
    euros = sheet(price("input_tokens", "3"), currency="EUR")
    assert rate(euros, {"input_tokens": 1}, NOON).unpriced == ("input_tokens",)


@pytest.mark.parametrize(
    ("usage", "sentence"),
    [
        ({"input_tokens": -1}, "input_tokens: is -1; expected 0 to 1,000,000,000,000,000."),
        ({"input_tokens": 10**16}, "input_tokens: is 10000000000000000; expected 0 to 1,000,000,000,000,000."),
        (
            {"input_tokens": 1.5},
            "input_tokens: is 1.5; a part of one makes no sense, so a whole number is expected.",
        ),
        ({"input_tokens": "many"}, "input_tokens: is 'many'; expected a number."),
        ({"input_tokens": "1_000"}, "input_tokens: is '1_000'; expected a number."),
        ({"input_tokens": " 5"}, "input_tokens: is ' 5'; expected a number."),
        ({"input_tokens": "\u0663"}, "input_tokens: is '\u0663'; expected a number."),
        ({"input_tokens": True}, "input_tokens: is True; expected a number."),
        ({"input_tokens": None}, "input_tokens: is None; expected a number."),
        ({"input_tokens": float("nan")}, "input_tokens: is nan; expected 0 to 1,000,000,000,000,000."),
        ({"inputs": 1}, "inputs: is no meter; did you mean input_images or input_pixels or input_tokens?"),
        (
            {"input_tokens": 5, "cache_read_tokens": 6},
            "cache_read_tokens: 6 is more than 5 of input_tokens, which it is part of.",
        ),
        (
            {"input_tokens": 10, "cache_read_tokens": 6, "cache_write_tokens": 5},
            "input_tokens: 10 is less than 11 of cache_read_tokens and cache_write_tokens together, "
            "which are part of it.",
        ),
        (
            {"cache_write_tokens": 10, "cache_write_5m_tokens": 6, "cache_write_1h_tokens": 6},
            "cache_write_tokens: 10 is less than 12 of cache_write_5m_tokens and cache_write_1h_tokens together, "
            "which are part of it.",
        ),
        (
            {"cache_read_tokens": 6, "input_audio_tokens": 5},
            "input_tokens: is not stated, and cache_read_tokens and input_audio_tokens may count the same; "
            "state input_tokens as well.",
        ),
        (
            {"input_tokens": 10**5000},
            "input_tokens: is larger than anything that is counted; expected 0 to 1,000,000,000,000,000.",
        ),
        ({"x" * 100: 1}, f"{'x' * 60}: is no meter; docs/reference/meters.md lists them."),
        ({"audio_seconds": Decimal("1E-13")}, "audio_seconds: is 1E-13; expected at most 12 decimal places."),
    ],
)
def test_a_usage_that_cannot_be_is_refused_in_a_sentence(usage: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UsageInvalid) as raised:
        rate(CACHED, usage, NOON)
    assert str(raised.value) == sentence


def test_whole_numbers_may_be_written_as_any_number() -> None:
    for three in (3, 3.0, Decimal(3), "3", Decimal("3.000")):
        assert rate(TEXT, {"input_tokens": three}, NOON).total == Decimal("0.000009")  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (dt.datetime(2026, 11, 26), "has no time zone"),  # noqa: DTZ001 - what is refused
        (dt.datetime(1, 1, 1, tzinfo=dt.UTC), "out of reach"),
        (dt.datetime(9999, 12, 31, tzinfo=dt.timezone(-dt.timedelta(hours=12))), "out of reach"),
    ],
)
def test_a_moment_has_a_zone_and_is_within_reach(at: dt.datetime, said: str) -> None:
    with pytest.raises(UsageInvalid, match=said):
        rate(TEXT, {"input_tokens": 1}, at)


def test_nothing_is_kept_of_sheets_that_were_rated_by() -> None:
    sheets = (sheet(price("input_tokens", "1")),)
    before = sys.getrefcount(sheets), sys.getrefcount(sheets[0])
    assert rate(sheets, {"input_tokens": 1_000_000}, NOON).total == 1
    assert rate(Timeline(sheets), {"input_tokens": 1_000_000}, NOON).total == 1
    gc.collect()
    assert (sys.getrefcount(sheets), sys.getrefcount(sheets[0])) == before


def test_a_tier_needs_all_input_tokens() -> None:
    with pytest.raises(UsageInvalid, match="input_tokens: is not stated, and the price depends on it"):
        rate(
            sheet(price("output_tokens", "1", 1_000_000, above(10, "2"))),
            {"cache_read_tokens": 6, "input_audio_tokens": 5, "output_tokens": 1},
            NOON,
        )
