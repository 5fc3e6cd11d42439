"""Parts of a usage and the whole: what cannot be, what must overlap; and prices that cannot be."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Price, RatingState
from radiant.pricing.rating import rate

from .sheets import NOON, above, price, sheet


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        ({"input_tokens": 10, "cache_read_tokens": 6, "cache_write_tokens": 6}, "10 is less than 12 of cache_read_tok"),
        ({"output_tokens": 9, "output_text_tokens": 5, "output_audio_tokens": 5}, "9 is less than 10 of output_"),
        ({"images": 1, "images_high": 1, "images_low": 1}, "1 is less than 2 of images_high and images_low together"),
    ],
)
def test_parts_are_never_more_than_the_whole_whatever_has_a_price(usage: dict[str, int], said: str) -> None:
    some = sheet(price("input_tokens", "3"), price("cache_read_tokens", "1"), price("output_tokens", "5"))
    for prices in (some, sheet(price("images", "1", 1)), sheet()):
        with pytest.raises(UsageInvalid, match=said):
            rate(prices, usage, NOON)


def test_what_is_all_charged_in_its_parts_is_not_without_a_price() -> None:
    image = sheet(price("output_image_tokens", "30"), price("input_tokens", "5"))
    found = rate(image, {"output_tokens": 50, "output_image_tokens": 50}, NOON)
    assert (found.total, found.unpriced, found.state) == (Decimal("0.0015"), (), RatingState.PRICED)
    found = rate(image, {"output_tokens": 51, "output_image_tokens": 50}, NOON)
    assert (found.total, found.unpriced) == (Decimal("0.0015"), ("output_tokens",))
    sound = sheet(price("input_tokens", "1"), price("cache_audio_read_tokens", "2"))
    heard = {"input_tokens": 90, "input_audio_tokens": 50, "cache_read_tokens": 50, "cache_audio_read_tokens": 50}
    found = rate(sound, heard, NOON)
    assert (found.total, found.unpriced, found.charged_as) == (Decimal("0.00014"), (), {})


@pytest.mark.parametrize(
    ("joint", "total"),
    [
        # At least 100 of 1,000 are both: 500 × 40 + 400 × 1.25 + 100 × 2.5, and nothing is left.
        ("2.5", "0.02075"),
        # Where what is both has no price: 500 × 40 + 400 × 1.25.
        (None, "0.0205"),
    ],
)
def test_parts_that_must_overlap_are_charged_as_far_as_is_known(joint: str | None, total: str) -> None:
    prices = [price("input_tokens", "2.5"), price("cache_read_tokens", "1.25"), price("input_audio_tokens", "40")]
    if joint is not None:
        prices.append(price("cache_audio_read_tokens", joint))
    found = rate(sheet(*prices), {"input_tokens": 1000, "input_audio_tokens": 600, "cache_read_tokens": 500}, NOON)
    assert (found.total, found.unpriced) == (Decimal(total), ("cache_audio_read_tokens",))
    assert found.state is RatingState.PARTLY_PRICED
    with pytest.raises(UsageInvalid, match="input_audio_tokens: 1,100 is more than 1,000 of input_tokens"):
        rate(sheet(*prices), {"input_tokens": 1000, "input_audio_tokens": 1100, "cache_read_tokens": 500}, NOON)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: price("input_tokens", "-1"), "amount: is -1; expected a finite amount from 0"),
        (lambda: price("input_tokens", "NaN"), "amount: is NaN; expected a finite amount from 0"),
        (lambda: price("input_tokens", "Infinity"), "amount: is Infinity; expected a finite amount from 0"),
        (lambda: Price(meter="input_tokens", amount=0.5, per=1), "amount: is 0.5; expected an exact amount"),  # type: ignore[arg-type]
        (lambda: price("input_tokens", "1", 0), "per: is 0; expected a whole number from 1"),
        (lambda: price("input_tokens", "1", -5), "per: is -5; expected a whole number from 1"),
        (lambda: price("input_token", "1"), "input_token: is no meter; docs/reference/meters.md lists them"),
        (lambda: price("input_tokens", "1", minimum=-1), "minimum: is -1; expected a finite amount from 0"),
        (lambda: above(5, "-1"), "amount: is -1; expected a finite amount from 0"),
        (lambda: above(-5, "1"), "above: is -5; expected a number of input tokens from 0"),
        (lambda: sheet(minimum=Decimal("NaN")), "minimum: is NaN; expected a finite amount from 0"),
    ],
)
def test_a_price_that_cannot_be_is_refused_where_it_is_made(made: Callable[[], object], said: str) -> None:
    with pytest.raises(UsageInvalid, match=f"^{re.escape(said)}"):
        made()
