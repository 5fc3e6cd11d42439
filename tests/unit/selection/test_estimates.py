"""What choosing reckons in integers is what `rate()` says line by line, over random prices and requests."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiant.domain.criteria import Usage
from radiant.domain.vocabulary import Task
from radiant.pricing.estimate import expected
from radiant.pricing.formula import priced_media
from radiant.pricing.media import Media
from radiant.pricing.rating import rate
from radiant.pricing.row_sheets import PriceRow, sheets_of
from radiant.pricing.sale import Markup, Scope
from radiant.selection.costing import Costing
from radiant.selection.price_list import PriceList
from tests.examples import examples
from tests.unit.pricing.sheets import NOON
from tests.unit.selection.strategies import PRICES

COLUMNS = (
    "input_cost_per_1k", "output_cost_per_1k", "cached_input_cost_per_1k", "cost_per_request", "cost_per_image",
    "cost_per_second", "cost_per_minute", "cost_per_character", "cost_per_page", "cost_per_hour",
)  # fmt: skip

further = st.fixed_dictionaries(
    {},
    optional={
        "reasoning_per_mtok": st.sampled_from(["0.1", "5000"]),
        "audio_input_per_mtok": st.sampled_from(["64", "0"]),
        "audio_output_per_mtok": st.sampled_from(["64", "12.5"]),
        "image_output_per_mtok": st.sampled_from(["30", "0"]),
        "video_output_per_mtok": st.sampled_from(["17.5"]),
        "image_tokens": st.just(1120),
        "audio_tokens_per_second": st.sampled_from(["25", "32"]),
        "video_tokens_per_second": st.just("5792"),
        "per_search": st.sampled_from(["0.005", "0"]),
        "per_input_image": st.sampled_from(["0.002", "0"]),
        "tiers": st.just([{"above_input_tokens": 1000, "input_per_mtok": "4", "output_per_mtok": "9"}]),
        # Choosing knows the dearest hours and no condition: noon is dear, the night is not.
        "hours": st.just([{"weekdays": [*range(1, 8)], "utc": ["00:00-06:00"], "input_per_mtok": "0"}]),
        "variants": st.just([{"when": {"service_tier": "priority"}, "input_per_mtok": "999"}]),
    },
)
usages = st.builds(
    Usage,
    input_tokens=st.sampled_from([None, 0, 4, 1000, 1004, 200_000]),
    output_tokens=st.sampled_from([None, 0, 500, 1001]),
    cached_share=st.sampled_from([Decimal(0), Decimal("0.25"), Decimal(1)]),
    images=st.sampled_from([None, 0, 3]),
    seconds=st.sampled_from([None, 0, 30, Decimal("2.5")]),
    characters=st.sampled_from([None, 2000]),
    pages=st.sampled_from([None, 7]),
)


class Columns(msgspec.Struct):
    """As much of a row as tariffs are read from."""

    model_id: str
    primary_mode: Task
    markup_rate: Decimal | None
    further_prices: dict[str, Any]
    input_cost_per_1k: Decimal | None
    output_cost_per_1k: Decimal | None
    cached_input_cost_per_1k: Decimal | None
    cost_per_request: Decimal | None
    cost_per_image: Decimal | None
    cost_per_second: Decimal | None
    cost_per_minute: Decimal | None
    cost_per_character: Decimal | None
    cost_per_page: Decimal | None
    cost_per_hour: Decimal | None
    minimum_charge: Decimal | None
    minimum_price: Decimal | None


@settings(max_examples=examples(400))
@given(
    st.sampled_from(Task),
    st.fixed_dictionaries(dict.fromkeys(COLUMNS, st.sampled_from(PRICES))),
    further,
    st.sampled_from([None, Decimal(0), Decimal("0.40")]),
    st.sampled_from([None, Decimal(0), Decimal("0.0004"), Decimal("0.5")]),
    st.sampled_from([None, Decimal(0), Decimal("0.0003"), Decimal("0.4")]),
    usages,
    st.sampled_from([Media.NONE, Media.IMAGE_IN, Media.AUDIO_IN, Media.IMAGE_OUT, Media.AUDIO_OUT, Media.VIDEO_OUT]),
)
def test_a_cost_is_what_rate_says(
    task: Task, columns: dict[str, Any], details: dict[str, Any], markup: Decimal | None, least: Decimal | None,
    of_sheet: Decimal | None, usage: Usage, media: Media,
) -> None:  # fmt: skip
    base = columns["input_cost_per_1k"], columns["output_cost_per_1k"]
    if task is Task.TRANSCRIPTION or None in base:
        # Of a transcription choosing counts the tokens that are assumed, rating those of the audio; and a tier above
        # an unknown price is not stated anywhere.
        details = {key: value for key, value in details.items() if key != "tiers"}
    least = None if markup is None else least
    row = Columns(
        model_id="m", primary_mode=task, markup_rate=markup, minimum_charge=least, minimum_price=of_sheet,
        further_prices=details, **columns,
    )  # fmt: skip
    tariff = PriceList().tariff(0, row)  # type: ignore[arg-type]
    media &= priced_media(tariff)
    cost = Costing(usage, media).cost_usd(tariff)
    consumed = expected(tariff, usage, media)
    if cost is None or consumed is None:
        assert cost is None and consumed is None
        return
    said = sheets_of(
        PriceRow(
            provider_id="p", model_id="m", hosting="external", task=task, columns=columns, details=details, markup=None
        )
    )
    sheets = [msgspec.structs.replace(it, minimum=of_sheet) for it in said]
    marked_up = None if markup is None else Markup(scope=Scope(), rate=markup, minimum_charge=least)
    found = rate(sheets, consumed, NOON, markup=marked_up)
    assert found.total is not None
    assert abs(found.total - cost) <= Decimal(1).scaleb(-19)
    at_night = rate(sheets, consumed, NOON.replace(hour=3), markup=marked_up)
    assert at_night.total is not None
    assert at_night.total <= found.total


@pytest.mark.parametrize(
    ("known", "asked", "cost"),
    [
        ({"output_cost_per_1k": "2"}, {"input_tokens": 0, "output_tokens": 500}, "1"),
        ({"output_cost_per_1k": "2", "cost_per_request": "0.1"}, {"input_tokens": 0, "output_tokens": 500}, "1.1"),
        ({"output_cost_per_1k": "2"}, {"input_tokens": 1, "output_tokens": 500}, None),
        ({"input_cost_per_1k": "2"}, {"input_tokens": 500, "output_tokens": 0}, "1"),
        ({"input_cost_per_1k": "2"}, {"input_tokens": 500, "output_tokens": 1}, None),
        ({"input_cost_per_1k": "2"}, {"input_tokens": 0, "output_tokens": 0}, "0"),
        ({}, {"input_tokens": 0, "output_tokens": 0}, None),
        ({"cost_per_request": "0.1"}, {"input_tokens": 0, "output_tokens": 0}, "0.1"),
    ],
)
def test_what_a_request_states_to_be_nothing_needs_no_price(
    known: dict[str, str], asked: dict[str, int], cost: str | None
) -> None:
    columns = dict.fromkeys(COLUMNS) | {name: Decimal(price) for name, price in known.items()}
    row: Any = Columns(
        model_id="m", primary_mode=Task.CHAT, markup_rate=None, minimum_charge=None, minimum_price=None,
        further_prices={}, **columns,
    )  # fmt: skip
    found = Costing(Usage(**asked), Media.NONE).cost_usd(PriceList().tariff(0, row))
    assert found == (None if cost is None else Decimal(cost))
