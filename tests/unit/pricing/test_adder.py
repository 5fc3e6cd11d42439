"""The fast path of the ledger: what the rating function says, to the last digit, and left to it what it cannot say."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Price, Sheet, Tier
from radiant.pricing.adder import adder
from radiant.pricing.charged import Charging
from radiant.pricing.sale import Markup, Scope
from radiant.pricing.timeline import Timeline

from .sheets import NOON, above, price, sheet

METERS = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "input_audio_tokens",
    "cache_audio_read_tokens", "output_tokens", "output_reasoning_tokens", "images", "audio_seconds", "requests",
)  # fmt: skip
DAY = dt.timedelta(days=1)

amounts = st.decimals(min_value=0, max_value=100, places=6)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    starts = draw(st.lists(st.integers(0, 60), unique=True, max_size=2))
    return tuple(Tier(start, draw(st.booleans()), draw(amounts)) for start in sorted(starts))


prices = st.builds(
    Price,
    meter=st.sampled_from(METERS),
    amount=amounts,
    per=st.sampled_from([1, 1_000, 1_000_000, 1_000_000, 3_600]),
    tiers=tiers(),
    minimum=st.sampled_from([None, None, None, 20]),
)
sheets = st.lists(prices, max_size=7, unique_by=lambda it: it.meter).map(lambda found: sheet(*found, id="7"))
usages = st.dictionaries(
    st.sampled_from(METERS), st.sampled_from([0, 0, 1, 5, 30, 60, 90, Decimal("1.5"), -1]), max_size=6
)
markups = st.sampled_from(
    [
        None,
        Markup(scope=Scope(), rate=Decimal("0.4")),
        Markup(scope=Scope(), rate=Decimal("0.4"), minimum_charge=Decimal("0.01")),
        Markup(scope=Scope(), rate=Decimal(0)),
    ]
)


def said(ask: Any) -> object:
    """All that the ledger keeps, digits as they are written, or why it keeps nothing."""
    try:
        found = ask()
    except UsageInvalid as error:
        return str(error)
    whole = {name: str(getattr(found, name)) for name in msgspec.structs.asdict(found) if "items" not in name}
    return {**whole, "lines": found.lines, "sale_lines": found.sale_lines}


@given(st.lists(sheets, min_size=1, max_size=2), st.lists(st.tuples(usages, markups, st.booleans()), max_size=6))
def test_a_usage_is_charged_as_item_by_item(believed: list[Sheet], told: list[tuple[Any, Markup | None, bool]]) -> None:
    """Several usages of one charging: what the first of a form left ready is what the others are charged by."""
    history = [
        msgspec.structs.replace(it, valid_from=NOON + place * DAY, valid_to=NOON + (place + 1) * DAY, id=str(place))
        for place, it in enumerate(believed)
    ]
    timeline, charging = Timeline(history), Charging()
    for usage, markup, later in told * 2:
        at = NOON + DAY if later else NOON
        asked: tuple[Any, ...] = (timeline, timeline, usage, at, {}, markup)
        assert said(lambda asked=asked: charging.charge(*asked)) == said(
            lambda asked=asked: Charging().item_by_item(*asked)
        )


def plan_of(*found: Price, **more: Any) -> Any:
    return Timeline([sheet(*found, **more)]).plan(NOON, {})


def test_the_usual_is_added_up_and_tiers_and_what_is_inside_are_known() -> None:
    plan = plan_of(price("input_tokens", "3", 1_000_000, above(100, "6")), price("cache_read_tokens", "1"))
    found = adder(plan, ("input_tokens", "cache_read_tokens"))
    assert found is not None
    total, parts, below = found.of((100, 40)) or (None, (), 0)
    assert (total, sorted(parts)) == (
        Decimal("0.000220"),
        [(40, Decimal("0.000040")), (60, Decimal("0.000180"))],
    )
    total, _, beyond = found.of((101, 40)) or (None, (), 0)
    assert total == Decimal("0.000406") and beyond != below, "61 at 6, 40 at 1"
    *_, without = found.of((100, 0)) or (None, (), 0)
    assert without not in (below, beyond), "another price is charged no more"
    for impossible in ((1, 2), (-1, 0), (1.0, 0), (True, 0), (10**15 + 1, 0)):
        assert found.of(impossible) is None


def test_what_needs_the_rating_function_is_left_to_it() -> None:
    text = price("input_tokens", "3")
    assert adder(plan_of(text), ("input_tokens",)) is not None
    left: list[tuple[Any, tuple[str, ...]]] = [
        (plan_of(text), ("input_tokens", "output_tokens")),  # a meter without a price
        (plan_of(text), ("no_such_meter",)),
        (plan_of(text), ()),
        (plan_of(text, minimum=Decimal(1)), ("input_tokens",)),
        (plan_of(price("input_tokens", "3", minimum=5)), ("input_tokens",)),
        (plan_of(text, price("requests", "1", 1)), ("input_tokens",)),  # one request is counted unstated
        (plan_of(price("audio_seconds", "1", 3_600)), ("audio_seconds",)),
    ]
    assert [adder(plan, names) for plan, names in left] == [None] * len(left)
