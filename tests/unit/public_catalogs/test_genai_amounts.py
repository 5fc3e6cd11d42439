"""Prices of genai-prices' data: units, tiers, days, hours, batches."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant.public_catalogs import genai_prices
from tests.unit.public_catalogs.genai import TODAY, price, read


@pytest.mark.parametrize(
    ("key", "amount", "meter", "ours"),
    [
        ("input_mtok", 0.15, "input_per_mtok", "0.15"),
        ("output_mtok", 1e-2, "output_per_mtok", "0.01"),
        ("cache_read_mtok", 0.075, "cache_read_per_mtok", "0.075"),
        ("cache_write_mtok", 1.25, "cache_write_per_mtok", "1.25"),
        ("input_audio_mtok", 32, "audio_input_per_mtok", "32"),
        ("output_audio_mtok", 64, "audio_output_per_mtok", "64"),
        ("output_image_mtok", 30, "image_output_per_mtok", "30"),
        ("cache_write_5m_mtok", 1.25, "cache_write_5m_per_mtok", "1.25"),
        ("cache_write_1h_mtok", 2, "cache_write_1h_per_mtok", "2"),
        ("cache_audio_read_mtok", 0.3, "audio_cache_read_per_mtok", "0.3"),
        ("cache_audio_write_mtok", 0.3, "audio_cache_write_per_mtok", "0.3"),
        ("cache_image_read_mtok", 2, "image_cache_read_per_mtok", "2"),
        ("input_image_mtok", 8, "image_input_per_mtok", "8"),
        ("input_video_mtok", 1, "video_input_per_mtok", "1"),
        ("output_video_mtok", 17.5, "video_output_per_mtok", "17.5"),
        ("output_reasoning_mtok", 3, "reasoning_per_mtok", "3"),
        ("output_citation_mtok", 2, "citation_per_mtok", "2"),
        ("input_annotated_document_kpages", 3, "per_thousand_annotated_pages", "3"),
        ("input_text_messages_kcount", 4, "per_text_message", "0.004"),
        ("web_searches_kcount", 10, "per_search", "0.01"),
        ("rerank_searches_kcount", 2, "per_search", "0.002"),
        ("social_searches_kcount", 5, "per_social_search", "0.005"),
        ("storage_searches_kcount", 2.5, "per_storage_search", "0.0025"),
        ("code_executions_kcount", 30, "per_code_execution", "0.03"),
        ("requests_kcount", 5, "per_request", "0.005"),
        ("input_mchars", 15, "per_million_characters", "15"),
        ("input_document_kpages", 4, "per_thousand_pages", "4"),
        ("audio_hours", 0.258, "per_minute", "0.0043"),
        ("input_audio_hours", 0.04, "per_minute", "0.0006666666667"),
    ],
)
def test_prices_come_in_our_units(key: str, amount: float, meter: str, ours: str) -> None:
    assert price({key: amount}) == {meter: Decimal(ours)}


def test_what_is_kept_for_an_hour_has_tiers_and_variants_too() -> None:
    found = price(
        {"cache_write_1h_mtok": {"base": 0.2, "tiers": [{"start": 100_000, "price": 1}]}},
        price_variants=[{"when": {"processing": "batch"}, "prices": {"cache_write_1h_mtok": 0.1}}],
    )
    assert found == {
        "cache_write_1h_per_mtok": Decimal("0.2"),
        "tiers": [{"above_input_tokens": 100_000, "cache_write_1h_per_mtok": "1"}],
        "variants": [{"when": {"processing": "batch"}, "cache_write_1h_per_mtok": "0.1"}],
    }


def test_tiers() -> None:
    found = price(
        {
            "input_mtok": {"base": 2, "tiers": [{"start": 200_000, "price": 4}]},
            "output_mtok": {"base": 12, "tiers": [{"start": 200_000, "price": 18}, {"start": 500_000, "price": 20}]},
        }
    )
    assert found == {
        "input_per_mtok": 2,
        "output_per_mtok": 12,
        "tiers": [
            {"above_input_tokens": 200_000, "input_per_mtok": "4", "output_per_mtok": "18"},
            {"above_input_tokens": 500_000, "output_per_mtok": "20"},
        ],
    }


DATED = [
    {"prices": {"input_mtok": 1}},
    {"constraint": {"start_date": "2026-03-13"}, "prices": {"input_mtok": 2}},
    {"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 3}},
]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (dt.date(2026, 3, 12), 1),
        (dt.date(2026, 3, 13), 2),
        (TODAY, 2),
        (dt.date(2027, 1, 1), 3),
        (None, 1),
    ],
)
def test_the_prices_of_the_day_count(on: dt.date | None, expected: int) -> None:
    assert price(DATED, on=on) == {"input_per_mtok": expected}


def test_where_an_hour_is_dearer_the_dearest_counts() -> None:
    """As LiteLLM and the providers' own pages give the price: the peak, with a rebate for other hours."""
    hours = {"start_time": "01:00:00Z", "end_time": "04:00:00Z"}
    prices = [
        {"prices": {"input_mtok": 9, "output_mtok": 9}},
        {"constraint": {"start_date": "2026-08-17"}, "prices": {"input_mtok": 0.66, "output_mtok": 1.98}},
        {"constraint": hours, "prices": {"input_mtok": 1.32, "output_mtok": 1.5}},
    ]
    told = read(prices=prices)
    assert {key: value for key, value in told.claims[0].facts.items() if key.startswith("price.")} == {
        "price.input_per_mtok": Decimal("1.32"),
        "price.output_per_mtok": Decimal("1.98"),
        "price.note": "Other prices hold at certain hours; these are the dearest.",
    }
    assert [str(it) for it in told.refusals] == [
        "openai/m: costs less at certain hours, which are left out; the dearest price is kept"
    ]
    assert price([*prices, {"prices": {"input_mtok": 1}}]) == {"input_per_mtok": 1}


def test_hours_are_of_the_prices_they_are_listed_after() -> None:
    hours = {"start_time": "01:00:00Z", "end_time": "04:00:00Z"}
    prices = [
        {"prices": {"input_mtok": 0.4}},
        {"constraint": {"start_date": "2026-08-17"}, "prices": {"input_mtok": 0.6}},
        {"constraint": hours, "prices": {"input_mtok": 1.3}},
    ]
    days = (dt.date(2026, 8, 16), dt.date(2026, 8, 17))
    found = [read(on=day, prices=prices).claims[0].facts["price.input_per_mtok"] for day in days]
    assert found == [Decimal("0.4"), Decimal("1.3")]
    (claim,) = read(prices=prices).claims
    assert [it.facts["price.input_per_mtok"] for it in claim.dated] == [Decimal("0.4"), Decimal("1.3")]


BATCH = {"processing": "batch"}


@pytest.mark.parametrize("turn", [1, -1])
def test_of_variants_of_a_kind_the_latest_that_has_begun_counts(turn: int) -> None:
    variants = [
        {"when": BATCH, "constraint": {"start_date": "2026-12-01"}, "prices": {"input_mtok": 2}},
        {"when": BATCH, "constraint": {"start_date": "2026-10-14"}, "prices": {"input_mtok": 1, "output_mtok": 5}},
    ][::turn]
    usual = {"input_mtok": 8, "output_mtok": 20}
    days = (dt.date(2026, 11, 30), dt.date(2026, 12, 1))
    found = [price(usual, on=day, price_variants=variants) for day in days]
    assert [it["batch_input_per_mtok"] for it in found] == [1, 2]
    assert [it["batch_output_per_mtok"] for it in found] == [5, 5]
    dated = [{"prices": usual}, {"constraint": {"start_date": "2026-11-01"}, "prices": usual}]
    (claim,) = read(prices=dated, price_variants=variants).claims
    assert [(it.since, it.facts.get("price.batch_input_per_mtok")) for it in claim.dated] == [
        (None, None), ("2026-10-14", 1), ("2026-11-01", 1), ("2026-12-01", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["2026-10-13", "2026-10-14", "2026-11-26", "2026-12-01", "2027-01-01"])
def test_batches_cost_what_the_source_itself_charges_for_them(genai_prices_body: bytes, day: str) -> None:
    providers = pytest.importorskip("genai_prices.data").providers
    said = {it.entry: it.facts for it in genai_prices.read(genai_prices_body, dt.date.fromisoformat(day)).claims}
    noon = dt.datetime.fromisoformat(f"{day}T12:00Z")
    differ, compared = [], 0
    for provider, model in ((of, it) for of in providers for it in of.models):
        facts = said.get(f"{provider.id}/{model.id}", {})
        for key in ("input", "output"):
            usual, theirs = (_base(getattr(model.get_prices(noon, it), f"{key}_mtok")) for it in ({}, BATCH))
            ours = facts.get(f"price.batch_{key}_per_mtok")
            if ours is not None or (usual != theirs and f"price.{key}_per_mtok" in facts):
                compared += 1
                if ours != theirs:
                    differ.append((provider.id, model.id, key, ours, theirs))
    assert not differ
    assert compared > 100 or day == "2026-10-13"


def _base(price: Any) -> Any:
    return getattr(price, "base", price)


def test_batch_prices_are_a_variant_of_the_day() -> None:
    variants = [
        {"when": {"processing": "batch"}, "constraint": {"start_date": "2026-10-14"}, "prices": {"input_mtok": 0.5}},
        {"when": {"speed": "fast"}, "prices": {"input_mtok": 8}},
    ]
    assert price({"input_mtok": 1}, price_variants=variants) == {
        "input_per_mtok": 1,
        "batch_input_per_mtok": Decimal("0.5"),
        "variants": [{"when": {"speed": "fast"}, "input_per_mtok": "8"}],
    }
    assert "batch_input_per_mtok" not in price({"input_mtok": 1}, on=dt.date(2026, 10, 13), price_variants=variants)
