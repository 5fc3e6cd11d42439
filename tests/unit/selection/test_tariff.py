"""What a request costs: exact, and unknown where a price that is needed is unknown."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.criteria import Usage
from radiant.pricing.tariff import Tariff
from radiant.selection.costing import Costing
from radiant.selection.reading.rows import read_rows

MakeRow = Callable[..., dict[str, Any]]

TOKENS = {"pricing_type": "per_token", "input_cost_per_1k": Decimal("0.00015"), "output_cost_per_1k": Decimal("0.0006")}


def tariff(row: dict[str, Any]) -> Tariff:
    return read_rows([row]).candidates[0].tariff


@pytest.mark.parametrize(
    ("columns", "usage", "cost"),
    [
        (TOKENS, Usage(), "0.00045"),
        (TOKENS | {"markup_rate": Decimal("0.40")}, Usage(), "0.00063"),
        (TOKENS | {"markup_rate": Decimal("-1")}, Usage(), "0"),
        (TOKENS | {"cost_per_request": Decimal("0.01")}, Usage(), "0.01045"),
        (TOKENS, Usage(input_tokens=1, output_tokens=0), "0.00000015"),
        (TOKENS, Usage(input_tokens=0, output_tokens=0), "0"),
        (TOKENS | {"cached_input_cost_per_1k": Decimal("0.00005")}, Usage(cached_share=Decimal("0.25")), "0.000425"),
        (TOKENS | {"cached_input_cost_per_1k": Decimal("0.00005")}, Usage(cached_share=0.25), "0.000425"),
        (TOKENS | {"cached_input_cost_per_1k": 0}, Usage(cached_share=1, output_tokens=0), "0"),
        (TOKENS, Usage(cached_share=1), "0.00045"),
        (TOKENS | {"input_cost_per_1k": None}, Usage(), None),
        (TOKENS | {"output_cost_per_1k": None}, Usage(), None),
        (TOKENS | {"output_cost_per_1k": None, "primary_mode": "embedding"}, Usage(), "0.00015"),
        (TOKENS | {"output_cost_per_1k": None, "primary_mode": "rerank"}, Usage(), "0.00015"),
        (TOKENS | {"input_cost_per_1k": 0, "output_cost_per_1k": 0}, Usage(), "0"),
        (TOKENS | {"input_cost_per_1k": 1.5e-7, "output_cost_per_1k": "0.0"}, Usage(), "0.00000015"),
        ({"pricing_type": None, "input_cost_per_1k": 1}, Usage(), None),
        ({"cost_per_request": 2}, Usage(images=5), "2"),
        ({"cost_per_image": Decimal("0.04")}, Usage(images=3), "0.12"),
        ({"cost_per_second": Decimal("0.1")}, Usage(), "6"),
        ({"cost_per_second": Decimal("0.1")}, Usage(seconds=2.5), "0.25"),
        ({"cost_per_minute": Decimal("0.006")}, Usage(), "0.006"),
        ({"cost_per_minute": Decimal("0.006")}, Usage(seconds=10), "0.001"),
        ({"cost_per_minute": Decimal("0.01")}, Usage(seconds=1), "0.000166666666666666666666666667"),
        ({"cost_per_character": Decimal("0.00003")}, Usage(), "0.03"),
        ({"cost_per_page": Decimal("0.001")}, Usage(pages=7), "0.007"),
        ({"cost_per_hour": Decimal("3.6")}, Usage(), None),
        ({"cost_per_hour": Decimal("3.6")}, Usage(seconds=2), "0.002"),
        ({"cost_per_hour": 1}, Usage(seconds=1), "0.000277777777777777777777777778"),
        ({"pricing_type": "per_hour", "cost_per_request": Decimal("0.05")}, Usage(), "0.05"),
    ],
)
def test_the_cost_of_a_request(external: MakeRow, columns: dict[str, Any], usage: Usage, cost: str | None) -> None:
    found = Costing(usage).cost_usd(tariff(external("m", **columns)))
    assert (found is None) if cost is None else (found is not None and f"{found:f}" == cost)


@pytest.mark.parametrize(
    ("task", "columns", "price"),
    [
        ("chat", TOKENS | {"cost_per_request": 5}, "5.00045 USD for 1,000 input and 500 output tokens"),
        ("video", {"cost_per_second": Decimal("0.1"), "markup_rate": 1}, "1 USD for 5 seconds of video"),
        ("audio", {"cost_per_character": Decimal("0.00003")}, "0.03 USD for 1,000 characters, a minute of speech"),
        ("embedding", TOKENS, "0.00015 USD for 1,000 input tokens"),
        ("3d", {"cost_per_request": 1}, "1 USD for a 3D model"),
        ("chat", {"cost_per_hour": Decimal("3.6")}, "price unknown"),
        ("chat", {}, "price unknown"),
    ],
)
def test_the_price_that_models_are_compared_by(
    external: MakeRow, task: str, columns: dict[str, Any], price: str
) -> None:
    assert Costing().price_words(tariff(external("m", primary_mode=task, **columns))) == price


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        (Decimal("0.00063"), True),
        (0.00063, True),
        ("0.00063", True),
        (1, True),
        (Decimal("0.0006299999999999999999999999"), False),
        (0, False),
    ],
)
@pytest.mark.parametrize("usage", [None, Usage()], ids=["assumed", "stated"])
def test_a_limit_is_exact_to_the_last_place(
    external: MakeRow, chat: dict[str, Any], limit: Decimal, kept: bool, usage: Usage | None
) -> None:
    selector = Selector.from_rows([external("m", **TOKENS, markup_rate=Decimal("0.40"))])
    assert (selector.select(**chat, max_cost_per_request=limit, usage=usage) is not None) is kept


def test_free_is_within_every_limit_and_unknown_within_none(external: MakeRow, chat: dict[str, Any]) -> None:
    free = external("free", pricing_type="per_request", cost_per_request=0)
    selector = Selector.from_rows([external("unknown"), free])
    assert [each.model_id for each in selector.rank(**chat, max_cost_per_request=0)] == ["free"]
    assert [each.model_id for each in selector.rank(**chat, max_cost_per_request=10**12)] == ["free"]


def test_cost_differs_by_usage_and_so_does_the_limit_it_meets(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("m", context_window=10**6, **TOKENS)])
    large = {"input_tokens": 1_000_000, "output_tokens": 0}
    choice = selector.select(**chat, usage=large)
    assert choice is not None and choice.estimated_cost == Decimal("0.15")
    assert selector.select(**chat, usage=large, max_cost_per_request="0.14") is None
    assert selector.select(**chat, max_cost_per_request="0.14") is not None
