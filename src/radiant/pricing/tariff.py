"""What a tenant pays for one model, in integers.

Prices come and go as decimals. In between, an amount is a count of a ninth of 10⁻⁵⁴ USD: 30 decimal places for the base
price, 12 for one plus the markup, 12 for the tokens of an image or a second, and a ninth so that a price of an hour
divides into seconds. Every sum and comparison is exact.
"""

from decimal import Decimal
from typing import Final

import msgspec

from radiant.domain.units import PRICE_PLACES
from radiant.domain.vocabulary import Task

MARKUP_PLACES: Final = 12
TOKEN_PLACES: Final = 6  #: of a count of tokens
#: How much finer amounts are than base prices: six places for counted tokens, six from a million tokens to one.
FINER: Final = 9 * 10 ** (TOKEN_PLACES + 6)
UNIT: Final = 10 ** (PRICE_PLACES + MARKUP_PLACES) * FINER  #: amounts in one USD
HIGHEST: Final = 10**12  #: a price or markup beyond it is a mistake
_DIGITS: Final = len(str(HIGHEST)) - 1


class Tier(msgspec.Struct, frozen=True, gc=False):
    """Prices of a whole request with more than `above` input tokens; None where they are those below."""

    above: int
    input: int | None = None
    output: int | None = None
    cache_read: int | None = None


class Tariff(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Tenant prices of one model and its task, None where unknown: tokens by the thousand, time by the second.

    `image_tokens`, `audio_tokens` and `video_tokens` are the tokens of one image, of a second of audio and of a second
    of video, in millionths. `tiers` ascend. `minimum` is what a request with a price costs at least: the larger of
    that of its sheet with the markup on it, and that of the markup.
    """

    task: Task
    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    reasoning: int | None = None
    audio_input: int | None = None
    audio_output: int | None = None
    image_output: int | None = None
    video_output: int | None = None
    request: int | None = None
    search: int | None = None
    image: int | None = None
    input_image: int | None = None
    second: int | None = None
    character: int | None = None
    page: int | None = None
    instance_second: int | None = None
    image_tokens: int | None = None
    audio_tokens: int | None = None
    video_tokens: int | None = None
    tiers: tuple[Tier, ...] = ()
    minimum: int | None = None

    @property
    def hourly_usd(self) -> Decimal | None:
        """What an hour of a whole instance costs."""
        return None if self.instance_second is None else usd(self.instance_second * 3600, 1)


def whole(value: Decimal, places: int) -> int:
    """`value` × 10^`places`. ValueError, in words, for what is no number in reach or has more places."""
    if not value.is_finite():
        raise ValueError("is not a finite number")
    size = value.adjusted()  # looked at first: the exact ratio of 1e-999999 takes minutes
    if size >= _DIGITS and abs(value) > HIGHEST:
        raise ValueError(f"is beyond {HIGHEST:,}")
    if size >= -places or not value:
        top, bottom = value.as_integer_ratio()
        number: int
        number, rest = divmod(top * 10**places, bottom)
        if not rest:
            return number
    raise ValueError(f"has more than {places} decimal places")


def amount(usd: Decimal) -> int:
    """The largest amount that is not above `usd` USD."""
    top, bottom = usd.as_integer_ratio()
    found: int = top * UNIT // bottom
    return found


def usd(amount: int, denominator: int) -> Decimal:
    """`amount` / `denominator` in USD: exact to 30 decimal places, rounded half up beyond."""
    fine = denominator * UNIT // 10**PRICE_PLACES
    digits = str((2 * amount + fine) // (2 * fine)).rjust(PRICE_PLACES + 1, "0")
    return Decimal(f"{digits[:-PRICE_PLACES]}.{digits[-PRICE_PLACES:]}".rstrip("0").rstrip("."))
