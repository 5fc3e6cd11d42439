"""What holds of every rating, whatever the prices and the usage."""

from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.meter import METERS, ancestors
from radiant.domain.price_sheet import Price, Sheet
from radiant.pricing.rating import rate

from .sheets import NOON, price, sheet

#: Leaves of the lattice that are apart, and what contains them.
LEAVES = (
    "cache_text_read_tokens", "cache_audio_read_tokens", "cache_text_write_1h_tokens", "input_text_tokens",
    "input_audio_tokens", "output_text_reasoning_tokens", "output_audio_tokens", "output_text_tokens",
)  # fmt: skip

amounts = st.decimals(min_value=0, max_value=1000, places=6)
pers = st.sampled_from([1, 60, 1_000, 3_600, 1_000_000])


_DIMENSIONS = {it.name: it.dimensions for it in METERS.values()}
_NAMED = {dimensions: name for name, dimensions in _DIMENSIONS.items()}


def _closed(names: set[str]) -> set[str]:
    """The names with every meter that counts what two of them both count: a price list without gaps."""
    found = set(names)
    while True:
        both = {_DIMENSIONS[one] | _DIMENSIONS[other] for one in found for other in found}
        more = {_NAMED[it] for it in both if it in _NAMED}
        if more <= found:
            return found
        found |= more


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    around = sorted({name for leaf in LEAVES for name in (leaf, *ancestors(leaf))})
    names = _closed(draw(st.sets(st.sampled_from(around), max_size=6)))
    return sheet(*(Price(meter=it, amount=draw(amounts), per=draw(pers)) for it in sorted(names)))


@st.composite
def usages(draw: st.DrawFn) -> dict[str, int]:
    """Every meter of tokens that counts anything, with everything in it inside."""
    units = {leaf: draw(st.integers(0, 10**6)) for leaf in LEAVES}
    usage: dict[str, int] = {}
    for leaf, count in units.items():
        for name in (leaf, *ancestors(leaf)):
            usage[name] = usage.get(name, 0) + count
    return usage


@given(sheets(), usages())
def test_lines_add_up_to_the_total(prices: Sheet, usage: dict[str, int]) -> None:
    found = rate(prices, usage, NOON)
    with localcontext(prec=60 if found.total is not None and found.total >= 10**8 else 28):  # 28 digits hold 20 places
        assert found.total is None or sum((line.usd for line in found.lines), Decimal(0)) == found.total
    assert all(line.quantity > 0 and line.usd >= 0 for line in found.lines)


@given(sheets(), usages())
def test_nothing_is_charged_twice_and_nothing_is_lost(prices: Sheet, usage: dict[str, int]) -> None:
    found = rate(prices, usage, NOON)
    charged = sum(line.quantity for line in found.lines)
    stated = usage["input_tokens"] + usage["output_tokens"]
    assert charged <= stated
    if not set(found.unpriced) - found.charged_as.keys():
        assert charged == stated


@given(sheets(), usages())
def test_each_token_is_charged_at_the_price_of_the_nearest_meter(prices: Sheet, usage: dict[str, int]) -> None:
    """Reckoned leaf by leaf, which no subtraction has a part in."""
    found = rate(prices, usage, NOON)
    if set(found.unpriced) - found.charged_as.keys():
        return
    amounts = {it.meter: Fraction(it.amount) / it.per for it in prices.prices}
    total = Fraction(0)
    for leaf, count in _leaves(usage).items():
        around = [it for it in (leaf, *ancestors(leaf)) if it in amounts]
        nearest = [it for it in around if not any(it in ancestors(other) for other in around)]
        if count and nearest:
            assert len(nearest) == 1
            total += count * amounts[nearest[0]]
    exact = Fraction(0) if found.total is None else Fraction(found.total)
    assert abs(exact - total) <= len(found.lines) * Fraction(1, 2 * 10**20)


def _leaves(usage: dict[str, int]) -> dict[str, int]:
    """What is counted by each meter and nothing in it."""
    alone: dict[str, int] = {}
    for name in sorted(usage, key=lambda it: -len(ancestors(it))):
        alone[name] = usage[name] - sum(alone[it] for it in alone if name in ancestors(it))
    return alone


@given(sheets(), usages(), st.sampled_from(LEAVES), st.integers(1, 1000))
def test_more_never_costs_less(prices: Sheet, usage: dict[str, int], leaf: str, more: int) -> None:
    increased = dict(usage)
    for name in (leaf, *ancestors(leaf)):
        increased[name] += more
    before, after = rate(prices, usage, NOON).total, rate(prices, increased, NOON).total
    assert after is None or after >= (before or 0)


@given(usages(), st.permutations(["input_tokens", "cache_read_tokens", "input_audio_tokens", "output_tokens"]))
def test_the_order_of_prices_and_of_a_usage_says_nothing(usage: dict[str, int], order: list[str]) -> None:
    prices = [price(it, str(place + 1)) for place, it in enumerate(sorted(order))]
    by_name = {it.meter: it for it in prices}
    shuffled = rate(sheet(*(by_name[it] for it in order)), dict(reversed(usage.items())), NOON)
    assert shuffled == rate(sheet(*prices), usage, NOON)
