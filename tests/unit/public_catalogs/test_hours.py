"""Prices of certain hours: the dearest counts, whatever is priced, and the report says so where it matters."""

import json
from typing import Any

import pytest

from radiant.claims.reading import Reading
from radiant.public_catalogs import genai_prices, litellm, models_dev, openrouter

CHEAPER = "costs less at certain hours, which are left out; the dearest price is kept"
NOTE = "Other prices hold at certain hours; these are the dearest."
HOURS = {"utc_start": 100, "utc_end": 400}
BASE = {"prompt": "0.000001", "completion": "0.000002"}


def offer(*overrides: Any, gives: str = "text", **more: str) -> Reading:
    """One model of OpenRouter's list that costs 1 and 2 USD per million tokens at other hours."""
    shape = {"input_modalities": ["text", "image"], "output_modalities": [gives]}
    pricing = {**BASE, **more, "overrides": list(overrides)}
    model = {"id": "north/m", "name": "M", "architecture": shape, "pricing": pricing}
    return openrouter.read(json.dumps({"data": [model]}).encode())


def told(reading: Reading) -> tuple[dict[str, Any], list[str]]:
    (claim,) = reading.claims
    prices = {key[6:]: value for key, value in claim.facts.items() if key.startswith("price.")}
    return prices, [it.problem for it in reading.refusals]


def test_fees_of_requests_searches_and_images_have_hours_too() -> None:
    dear = offer({**HOURS, "request": "0.02", "web_search": "0.03", "image": "0.004"}, request="0.01", image="0.001")
    prices, problems = told(dear)
    assert {key: float(prices[key]) for key in ("per_request", "per_search", "per_input_image")} == {
        "per_request": 0.02,
        "per_search": 0.03,
        "per_input_image": 0.004,
    }
    assert problems == [CHEAPER]


def test_long_prompts_at_certain_hours_cost_the_dearest_and_that_is_said() -> None:
    low, high = ({**HOURS, "min_prompt_tokens": 200_000, "prompt": price} for price in ("0.000003", "0.000005"))
    prices, problems = told(offer(high, low))
    assert prices["tiers"] == [{"above_input_tokens": 200_000, "input_per_mtok": "5"}]
    assert (prices["note"], problems) == (NOTE, [CHEAPER])


def test_hours_at_the_same_price_are_no_news() -> None:
    assert told(offer({**HOURS, **BASE})) == ({"input_per_mtok": 1, "output_per_mtok": 2}, [])


def test_what_an_hour_prices_that_we_cannot_charge_is_told() -> None:
    _, problems = told(offer({**HOURS, "utc_days": [1], "dance": "0.01"}))
    assert problems == ["`pricing.overrides.dance` is no price we know how to charge; it is not in the costs"]
    _, problems = told(offer({**HOURS, "image": "0.01"}, gives="image"))
    assert problems == ["`pricing.overrides.image` is no price we know how to charge; it is not in the costs"]


@pytest.mark.parametrize(
    ("reading", "problem"),
    [
        (
            openrouter.read(json.dumps({"data": [{"id": "a/b", "pricing": {**BASE, "overrides": {}}}]}).encode()),
            "`pricing.overrides` is an object; expected a list",
        ),
        (
            models_dev.read(json.dumps({"p": {"models": {"m": {"cost": {"input": 1, "tiers": {}}}}}}).encode()),
            "`cost.tiers` is an object; expected a list",
        ),
        (
            models_dev.read(json.dumps({"p": {"models": {"m": {"cost": {"input": 1, "image": 2}}}}}).encode()),
            "`cost.image` is no price we know how to charge; it is not in the costs",
        ),
        (
            litellm.read(json.dumps({"m": {"litellm_provider": "x", "tiered_pricing": {}}}).encode()),
            "`tiered_pricing` is an object; expected a list",
        ),
    ],
)
def test_no_list_of_prices_is_dropped_in_silence(reading: Reading, problem: str) -> None:
    assert [it.problem for it in reading.refusals] == [problem]


def priced(*prices: dict[str, float]) -> Reading:
    """A model of genai-prices that costs the first of `prices`, and the others at certain hours."""
    day, *hours = prices
    clock = {"start_time": "00:00:00Z", "end_time": "08:00:00Z"}
    listed = [{"prices": day}, *({"constraint": clock, "prices": hour} for hour in hours)]
    model = {"id": "m", "match": {"equals": "m"}, "prices": listed}
    return genai_prices.read(json.dumps([{"id": "p", "name": "P", "models": [model]}]).encode())


def test_a_price_that_only_an_hour_has_counts() -> None:
    prices, problems = told(priced({"input_mtok": 1}, {"input_mtok": 1, "output_mtok": 3}))
    assert (prices["output_per_mtok"], problems) == (3, [CHEAPER])
    assert told(priced({"input_mtok": 1}, {"input_mtok": 1})) == ({"input_per_mtok": 1}, [])
