"""Prices are exact decimals in our units; what cannot be a price is refused and the rest of the entry stays."""

import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.prices import plain, usd
from radiant.claims.reading import Reading
from radiant.domain.external import TOKEN_COUNTS, Price
from radiant.domain.units import BY_KEY as PER_UNIT
from radiant.public_catalogs import litellm


def reading(price: str, *, mode: str = "chat") -> Reading:
    """An entry of LiteLLM's with one price, as it stands in JSON, and one other fact."""
    return litellm.read(
        f'{{"m": {{"litellm_provider": "x", "mode": "{mode}", "max_input_tokens": 9, {price}}}}}'.encode()
    )


@pytest.mark.parametrize(
    ("amount", "times", "power", "expected"),
    [
        ("1.5e-07", 1, 6, "0.15"),
        ("0.000015000020000000002", 1, 6, "15.00002"),
        ("2.4999999999999998e-06", 1, 6, "2.5"),
        ("0.00001", 1, 6, "10"),
        ("0.0001", 60, 0, "0.006"),
        ("8.33333333333e-05", 60, 0, "0.005"),
        ("0.0002833333333333333", 60, 0, "0.017"),
        ("0.004", 1_000, 0, "4"),
        ("2", 1, -3, "0.002"),
        ("0.00", 1, 6, "0"),
        ("123456789.123", 1, 0, "123456789.1"),
        ("5000", 1, 0, "5000"),
    ],
)
def test_units_are_converted_exactly(amount: str, times: int, power: int, expected: str) -> None:
    value = usd(Decimal(amount), times, power)
    assert (value, plain(value)) == (Decimal(expected), expected)


def test_every_meter_of_our_catalog_has_a_unit() -> None:
    assert set(PER_UNIT) == set(Price.__struct_fields__) - TOKEN_COUNTS - {
        "currency",
        "tiers",
        "steps",
        "hours",
        "variants",
        "note",
    }


@pytest.mark.parametrize(
    ("price", "problem"),
    [
        ('"input_cost_per_token": -1e-06', "`input_cost_per_token` is -0.000001: a price is not negative"),
        ('"input_cost_per_token": -1', "`input_cost_per_token` is -1: a price is not negative"),
        ('"input_cost_per_token": NaN', "`input_cost_per_token` is NaN; expected a number"),
        ('"input_cost_per_token": Infinity', "`input_cost_per_token` is Infinity; expected a number"),
        ('"input_cost_per_token": true', "`input_cost_per_token` is true; expected a number"),
        ('"input_cost_per_token": "1,000"', '`input_cost_per_token` is "1,000"; expected a number'),
        ('"input_cost_per_token": [1]', "`input_cost_per_token` is a list; expected a number"),
        ('"input_cost_per_token": {"a": 1}', "`input_cost_per_token` is an object; expected a number"),
        (
            '"input_cost_per_token": 0.011',
            "`input_cost_per_token` is 0.011: 11,000 USD per million tokens is taken for a mistake; "
            "at most 2,500 is believed",
        ),
        (
            '"output_cost_per_token": 1e30',
            "`output_cost_per_token` is 1E+30: 1,000,000,000,000,000,000,000,000,000,000,000,000 USD per "
            "million tokens is taken for a mistake; at most 2,500 is believed",
        ),
        (
            f'"output_cost_per_token": {"9" * 41}',
            f"`output_cost_per_token` is {'9' * 41}; expected a number",
        ),
        (
            '"tiered_pricing": [{"range": "all", "input_cost_per_token": 1e-6}]',
            '`tiered_pricing[0].range` is "all"; expected two numbers of tokens',
        ),
        (
            '"input_cost_per_token_above_200k_tokens": -3e-6',
            "`input_cost_per_token_above_200k_tokens` is -0.000003: a price is not negative",
        ),
    ],
)
def test_a_price_that_cannot_be_meant_is_refused_alone(price: str, problem: str) -> None:
    read = reading(price)
    assert [refusal.problem for refusal in read.refusals] == [problem]
    (claim,) = read.claims
    assert claim.facts["context_window"] == 9
    assert not [key for key in claim.facts if key.startswith("price.")]


@pytest.mark.parametrize(
    ("mode", "price", "meter", "highest"),
    [
        ("image_generation", "output_cost_per_image", "per_image", "101"),
        ("video_generation", "output_cost_per_second", "per_second", "101"),
        ("audio_transcription", "input_cost_per_second", "per_minute", "17"),
        ("audio_speech", "input_cost_per_character", "per_million_characters", "0.011"),
        ("ocr", "ocr_cost_per_page", "per_thousand_pages", "10.1"),
        ("rerank", "input_cost_per_query", "per_request", "1001"),
    ],
)
def test_every_unit_has_a_limit_of_belief(mode: str, price: str, meter: str, highest: str) -> None:
    read = reading(f'"{price}": {highest}', mode=mode)
    assert f"price.{meter}" not in read.claims[0].facts
    assert "is taken for a mistake" in read.refusals[0].problem


@pytest.mark.parametrize(
    ("mode", "prices", "kept"),
    [
        (
            "chat",
            {"input_cost_per_token": 0, "output_cost_per_token": 0.0},
            {"input_per_mtok": 0, "output_per_mtok": 0},
        ),
        (
            "chat",
            {"input_cost_per_token": 0, "output_cost_per_token": 1e-6},
            {"input_per_mtok": 0, "output_per_mtok": 1},
        ),
        ("chat", {"input_cost_per_token": 0, "input_cost_per_request": 0.005}, {"per_request": Decimal("0.005")}),
        ("rerank", {"input_cost_per_token": 0, "input_cost_per_query": 0.002}, {"per_request": Decimal("0.002")}),
        ("rerank", {"input_cost_per_token": 0, "output_cost_per_token": 0}, {}),
        ("image_generation", {"input_cost_per_token": 0, "output_cost_per_image": 0}, {}),
        (
            "image_generation",
            {"input_cost_per_image": 0, "output_cost_per_image": 0.04},
            {"per_image": Decimal("0.04")},
        ),
        ("evaluation", {"input_cost_per_token": 0}, {"input_per_mtok": 0}),
        ("embedding", {"input_cost_per_token": 0, "output_cost_per_token": 0}, {"input_per_mtok": 0}),
        ("embedding", {"input_cost_per_token": 2e-8, "output_cost_per_token": 0}, {"input_per_mtok": Decimal("0.02")}),
    ],
)
def test_zero_is_free_only_where_it_is_what_is_billed(mode: str, prices: dict[str, Any], kept: dict[str, Any]) -> None:
    (claim,) = reading(json.dumps(prices)[1:-1], mode=mode).claims
    assert {key[6:]: value for key, value in claim.facts.items() if key.startswith("price.")} == kept
