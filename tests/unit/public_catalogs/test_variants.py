"""Prices of kinds of requests (batches, service tiers, speeds) and of hours, from the catalogs that have them."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.reading import Reading
from radiant.domain.vocabulary import Task
from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed
from radiant.pricing.row_sheets import PriceRow, sheets_of
from radiant.public_catalogs import litellm, models_dev

from .genai import price


def of_litellm(**entry: Any) -> Reading:
    said = {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6}
    return litellm.read(json.dumps({"m": {**said, **entry}}).encode())


def variants(reading: Reading) -> list[dict[str, Any]]:
    (claim,) = reading.claims
    found = claim.facts.get("price.variants", [])
    assert isinstance(found, list)
    return found


PRIORITY, FLEX, BATCH = {"service_tier": "priority"}, {"service_tier": "flex"}, {"processing": "batch"}


def test_litellms_levels_of_service_are_variants_with_their_tiers() -> None:
    reading = of_litellm(
        cache_read_input_token_cost=5e-7,
        input_cost_per_token_priority=3.5e-6,
        input_cost_per_token_above_272k_tokens_priority=7e-6,
        output_cost_per_token_flex=4e-6,
        cache_read_input_token_cost_batches=2.5e-7,
        input_cost_per_token_batches=1e-6,
    )
    assert variants(reading) == [
        {"when": BATCH, "cache_read_per_mtok": "0.25"},
        {"when": FLEX, "output_per_mtok": "4"},
        {
            "when": PRIORITY,
            "input_per_mtok": "3.5",
            "tiers": [{"above_input_tokens": 272_000, "input_per_mtok": "7"}],
        },
    ]
    assert reading.claims[0].facts["price.batch_input_per_mtok"] == 1
    assert reading.refusals == ()


def test_a_cache_that_was_asked_for_is_a_kind_of_requests() -> None:
    """https://github.com/BerriAI/litellm/issues/40090."""
    reading = of_litellm(cache_read_input_token_cost=5e-7, explicit_cache_read_input_token_cost=2.5e-7)
    assert variants(reading) == [{"when": {"cache_type": "ephemeral"}, "cache_read_per_mtok": "0.25"}]
    assert reading.refusals == ()


def test_a_multiple_of_all_tokens_is_a_kind_of_requests_with_exact_prices_and_so_are_kinds_together() -> None:
    reading = of_litellm(
        cache_creation_input_token_cost_above_1hr=4e-6,
        input_cost_per_token_above_100k_tokens=3e-6,
        input_cost_per_token_batches=1e-6,
        search_context_cost_per_query={"search_context_size_medium": 0.01},
        provider_specific_entry={"us": 1.1, "fast": 2.0, "realtime_ga_only": 1},
    )
    us, fast = {"region": "us"}, {"speed": "fast"}
    assert variants(reading) == [
        {"when": {**BATCH, **us}, "input_per_mtok": "1.1"},
        {
            "when": us, "cache_write_1h_per_mtok": "4.4", "input_per_mtok": "2.2", "output_per_mtok": "8.8",
            "tiers": [{"above_input_tokens": 100_000, "input_per_mtok": "3.3"}],
        },
        {
            "when": {**us, **fast},
            "cache_write_1h_per_mtok": "8.8", "input_per_mtok": "4.4", "output_per_mtok": "17.6",
            "tiers": [{"above_input_tokens": 100_000, "input_per_mtok": "6.6"}],
        },
        {
            "when": fast, "cache_write_1h_per_mtok": "8", "input_per_mtok": "4", "output_per_mtok": "16",
            "tiers": [{"above_input_tokens": 100_000, "input_per_mtok": "6"}],
        },
    ]  # fmt: skip
    assert reading.refusals == ()


@pytest.mark.parametrize("factor", [0, -1, "twice", 101, True, {}])
def test_what_is_no_factor_is_refused(factor: object) -> None:
    reading = of_litellm(provider_specific_entry={"us": factor})
    assert variants(reading) == []
    assert [str(it).partition(" is ")[0] for it in reading.refusals] == ["m: `provider_specific_entry.us`"]


def test_a_request_is_charged_at_the_multiple_where_its_response_says_the_condition() -> None:
    (claim,) = of_litellm(provider_specific_entry={"us": 1.1}).claims
    details = {key.removeprefix("price."): it for key, it in claim.facts.items() if key.startswith("price.")}
    row = PriceRow(
        provider_id="anthropic",
        model_id="m",
        hosting="external",
        task=Task.CHAT,
        columns={},
        details=details,
        markup=None,
    )
    response = {"type": "message", "usage": {"input_tokens": 1_000_000, "output_tokens": 0, "inference_geo": "us"}}
    told = consumed(response, "anthropic")
    at = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    found = rate(sheets_of(row), told.usage, at, told.context)
    assert (found.total, found.unmatched) == (Decimal("2.2"), ())
    elsewhere = rate(sheets_of(row), told.usage, at, {"region": "eu"})
    assert (elsewhere.total, elsewhere.unmatched) == (Decimal(2), ("region",))


def test_long_batches_have_the_price_of_batches_below() -> None:
    reading = of_litellm(input_cost_per_token_batches=1e-6, input_cost_per_token_above_200k_tokens_batches=2e-6)
    tiers = [{"above_input_tokens": 200_000, "input_per_mtok": "2"}]
    assert variants(reading) == [{"when": BATCH, "input_per_mtok": "1", "tiers": tiers}]


@pytest.mark.parametrize(
    "entry",
    [
        {"input_cost_per_token_priority": 2e-6},  # costs the same
        {"input_cost_per_token_priority": 0},  # fills a form
        {"cache_read_input_token_cost_priority": 1e-6},  # nothing is known of the usual price
        {"input_cost_per_token_priority": "much"},
        {"input_cost_per_token_priority": -1},
    ],
)
def test_what_is_no_price_of_a_variant_is_none(entry: dict[str, Any]) -> None:
    assert variants(of_litellm(**entry)) == []


def test_genai_prices_variants_hold_from_their_day() -> None:
    said: dict[str, Any] = {
        "prices": {"input_mtok": 2, "cache_read_mtok": 0.5, "output_mtok": 8},
        "price_variants": [
            {"when": {"service_tier": "default"}, "prices": {}},
            {"when": FLEX, "prices": {"input_mtok": 1}},
            {"when": FLEX, "constraint": {"start_date": "2026-10-01"}, "prices": {"input_mtok": 1.5}},
            {"when": PRIORITY, "constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 9}},
            {"when": {"speed": "fast"}, "prices": {"input_mtok": {"base": 4, "tiers": [{"start": 9000, "price": 5}]}}},
            {"when": BATCH, "prices": {"input_mtok": 1, "cache_read_mtok": 0.25}},
        ],
    }
    found = price(**said)
    assert found["variants"] == [
        {"when": BATCH, "cache_read_per_mtok": "0.25"},
        {"when": FLEX, "input_per_mtok": "1.5"},
        {
            "when": {"speed": "fast"},
            "input_per_mtok": "4",
            "tiers": [{"above_input_tokens": 9000, "input_per_mtok": "5"}],
        },
    ]
    assert found["batch_input_per_mtok"] == 1
    later = price(**said, on=dt.date(2027, 1, 1))["variants"]
    assert {"when": PRIORITY, "input_per_mtok": "9"} in later


def test_models_devs_modes_are_variants_by_the_field_that_asks_for_them() -> None:
    modes = {
        "fast": {"cost": {"input": 4, "output": 16}, "provider": {"body": {"speed": "fast"}}},
        "odd": {"cost": {"input": 9}, "provider": {"headers": {"x": "y"}}},
    }
    model = {"id": "m", "name": "M", "cost": {"input": 2, "output": 8}, "experimental": {"modes": modes}}
    reading = models_dev.read(json.dumps({"openai": {"id": "openai", "name": "O", "models": {"m": model}}}).encode())
    assert variants(reading) == [{"when": {"speed": "fast"}, "input_per_mtok": "4", "output_per_mtok": "16"}]


WINDOWS = [
    {"hours_utc": ["00:00-01:00", "10:00-00:00"], "weekdays": [1, 2, 3, 4, 5]},
    {"hours_utc": "00:00-00:00", "weekdays": [6, 7]},
]


def test_litellms_cheaper_hours_are_hours_of_the_week() -> None:
    reading = of_litellm(off_peak_pricing={"input_cost_per_token": 1e-6, "windows": WINDOWS})
    (claim,) = reading.claims
    assert claim.facts["price.hours"] == [
        {"weekdays": [1, 2, 3, 4, 5], "utc": ["00:00-01:00", "10:00-24:00"], "input_per_mtok": "1"},
        {"weekdays": [6, 7], "utc": ["00:00-24:00"], "input_per_mtok": "1"},
    ]
    assert claim.facts["price.input_per_mtok"] == 2
    assert "price.note" not in claim.facts
    assert reading.refusals == ()


@pytest.mark.parametrize(
    "windows",
    [
        [],
        "always",
        [{}],
        [{"hours_utc": "25:00-26:00"}],
        [{"hours_utc": "22:00-04:00"}],
        [{"hours_utc": ["01:00-02:00", 3]}],
        [{"hours_utc": "01:00-02:00", "weekdays": [8]}],
        [{"hours_utc": "01:00-02:00", "weekdays": []}],
        [{"hours_utc": "01:00-02:00", "weekdays": "mon"}],
    ],
)
def test_hours_that_cannot_be_read_are_left_out_and_the_dearest_price_is_kept(windows: Any) -> None:
    reading = of_litellm(off_peak_pricing={"input_cost_per_token": 1e-6, "windows": windows})
    (claim,) = reading.claims
    assert "price.hours" not in claim.facts
    assert claim.facts["price.input_per_mtok"] == 2
    assert claim.facts["price.note"] == "Other prices hold at certain hours; these are the dearest."


def test_dearer_hours_are_the_price() -> None:
    reading = of_litellm(off_peak_pricing={"input_cost_per_token": 3e-6, "windows": WINDOWS})
    assert reading.claims[0].facts["price.input_per_mtok"] == 3
    assert "price.hours" not in reading.claims[0].facts
