"""What a model's row says, as sheets: columns, details, announced changes, hours, batches."""

from decimal import Decimal
from typing import Any

import pytest

from radiant.domain.meter import METERS as COUNTED
from radiant.domain.meter import ancestors
from radiant.domain.units import LIST_PRICES
from radiant.domain.vocabulary import Task
from radiant.pricing.projection import prices_of
from radiant.pricing.rating import rate
from radiant.pricing.row_sheets import COUNTED_BY, PriceRow, sheets_of

from .sheets import NOON, day


def row(task: Task = Task.CHAT, details: dict[str, Any] | None = None, **columns: str) -> PriceRow:
    return PriceRow(
        provider_id="acme",
        model_id="m",
        hosting="external",
        task=task,
        columns={name: Decimal(amount) for name, amount in columns.items()},
        details=details or {},
        markup=None,
        since=day("2026-11-23"),
    )


def test_every_unit_of_price_is_counted_by_a_meter() -> None:
    assert COUNTED_BY.keys() | {"second", "search"} == LIST_PRICES.keys()
    assert set(COUNTED_BY.values()) <= COUNTED.keys()


@pytest.mark.parametrize(
    ("found", "usage", "total"),
    [
        (row(input_cost_per_1k="0.002", output_cost_per_1k="0.01"), {"input_tokens": 9}, "0.000018"),
        (row(cached_input_cost_per_1k="0.0002"), {"input_tokens": 9, "cache_read_tokens": 9}, "0.0000018"),
        (row(details={"cache_write_per_mtok": "3.75"}), {"cache_write_tokens": 1000}, "0.00375"),
        (row(details={"cache_write_per_mtok": "1.25", "cache_write_1h_per_mtok": "2"}),
         {"cache_write_tokens": 10, "cache_write_5m_tokens": 4, "cache_write_1h_tokens": 6}, "0.000017"),
        (row(details={"audio_input_per_mtok": "3", "cache_read_per_mtok": "1", "audio_cache_read_per_mtok": "2"}),
         {"input_audio_tokens": 9, "cache_read_tokens": 5, "cache_audio_read_tokens": 4}, "0.000024"),
        (row(details={"per_image": "1", "per_image_high_1024x1024": "3", "per_image_high": "2"}),
         {"images": 3, "images_high": 2, "images_1024x1024": 1, "images_high_1024x1024": 1}, "6"),
        (row(Task.OCR, details={"per_thousand_pages": "2", "per_thousand_annotated_pages": "3"}),
         {"input_document_pages": 10, "input_annotated_document_pages": 4}, "0.024"),
        (row(details={"per_gpu_hour": "3.6"}), {"gpu_seconds": 2}, "0.002"),
        (row(Task.VIDEO, cost_per_second="0.1"), {"output_video_seconds": 5}, "0.5"),
        (row(Task.TRANSCRIPTION, cost_per_minute="0.006"), {"input_audio_seconds": 90}, "0.009"),
        (row(Task.RERANK, details={"per_search": "0.002"}), {"rerank_searches": 3}, "0.006"),
        (row(details={"per_search": "0.01"}), {"web_searches": 3}, "0.03"),
        (row(cost_per_character="0.000015"), {"input_characters": 2000}, "0.03"),
        (row(cost_per_page="0.001"), {"input_document_pages": 7}, "0.007"),
        (row(cost_per_image="0.04"), {"images": 2, "images_high": 2}, "0.08"),
        (row(cost_per_hour="3.6"), {"instance_seconds": 2}, "0.002"),
        (row(cost_per_request="0.5"), {}, "0.5"),
    ],
)  # fmt: skip
def test_a_column_and_a_detail_are_prices_of_a_meter(found: PriceRow, usage: dict[str, int], total: str) -> None:
    assert rate(sheets_of(found), usage, NOON).total == Decimal(total)


def test_what_is_kept_for_an_hour_is_charged_as_written_and_named_where_only_the_usual_write_has_a_price() -> None:
    found = rate(sheets_of(row(details={"cache_write_per_mtok": "1.25"})), {"cache_write_1h_tokens": 1_000_000}, NOON)
    assert (found.total, found.unpriced) == (Decimal("1.25"), ("cache_write_1h_tokens",))
    found = rate(sheets_of(row(details={"cache_write_per_mtok": "1.25"})), {"cache_write_5m_tokens": 1_000_000}, NOON)
    assert (found.total, found.unpriced) == (Decimal("1.25"), ())


#: Families that no price list states: what gateways of our own and of others count.
NOT_LISTED = {
    "input_pixels", "output_pixels", "output_characters", "cache_token_hours", "seconds", "videos", "models_3d",
}  # fmt: skip


def test_everything_that_is_counted_has_a_key_by_itself_or_in_what_contains_it() -> None:
    counted = {*COUNTED_BY.values(), "web_searches", "rerank_searches", "audio_seconds", "video_seconds"}
    alone = {name for name in COUNTED if not counted & {name, *ancestors(name)}}
    assert alone == NOT_LISTED


def test_before_the_first_known_price_it_is_unknown() -> None:
    assert rate(sheets_of(row(cost_per_request="1")), {}, day("2026-11-22")).total is None


TIERED = {
    "tiers": [
        {"above_input_tokens": 200000, "input_per_mtok": "6", "cache_write_per_mtok": "7.5"},
    ],
    "cache_write_per_mtok": "3.75",
}


def test_tiers_are_of_the_whole_request() -> None:
    sheets = sheets_of(row(details=TIERED, input_cost_per_1k="0.003"))
    usage = {"input_tokens": 200_001, "cache_write_tokens": 1}
    assert rate(sheets, usage, NOON).total == Decimal("1.2000075")


ANNOUNCED = {
    "input_per_mtok": "2",
    "batch_input_per_mtok": "1",
    "steps": [{"from": "2026-12-01", "input_per_mtok": "4", "batch_input_per_mtok": "2"}],
}


def test_an_announced_change_takes_effect_by_itself() -> None:
    sheets = sheets_of(row(details=ANNOUNCED, input_cost_per_1k="0.002", output_cost_per_1k="0.01"))
    usage = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}
    now, last, then = (rate(sheets, usage, at) for at in (NOON, day("2026-11-30T23:59:59Z"), day("2026-12-01")))
    assert [it.total for it in (now, last, then)] == [Decimal(12), Decimal(12), Decimal(14)]
    assert [(it.at, it.total) for it in now.announced] == [(day("2026-12-01"), Decimal(14))]
    batch = {"processing": "batch"}
    assert [rate(sheets, usage, at, batch).total for at in (NOON, day("2026-12-01"))] == [11, 12]


def test_what_an_administrator_set_stays_when_the_catalog_changes() -> None:
    sheets = sheets_of(row(details=ANNOUNCED, input_cost_per_1k="0.001"))
    assert rate(sheets, {"input_tokens": 1_000_000}, day("2026-12-02")).total == 1


HOURS = {
    "input_per_mtok": "0.3",
    "hours": [
        {"weekdays": [1, 2, 3, 4, 5], "utc": ["00:00-01:00", "10:00-24:00"], "input_per_mtok": "0.15"},
        {"weekdays": [6, 7], "utc": ["00:00-24:00"], "input_per_mtok": "0.15"},
    ],
}


@pytest.mark.parametrize(
    ("at", "total"),
    [("2026-11-26T09:59:59Z", "0.3"), ("2026-11-26T10:00:00Z", "0.15"), ("2026-11-28T05:00:00Z", "0.15")],
)
def test_hours_of_the_week(at: str, total: str) -> None:
    sheets = sheets_of(row(details=HOURS, input_cost_per_1k="0.0003"))
    assert rate(sheets, {"input_tokens": 1_000_000}, day(at)).total == Decimal(total)
    edited = sheets_of(row(details=HOURS, input_cost_per_1k="0.0009"))
    assert rate(edited, {"input_tokens": 1_000_000}, day(at)).total == Decimal("0.9")


VARIANTS = {
    "input_per_mtok": "2",
    "output_per_mtok": "8",
    "cache_read_per_mtok": "0.5",
    "batch_input_per_mtok": "1",
    "variants": [
        {"when": {"processing": "batch"}, "cache_read_per_mtok": "0.25"},
        {
            "when": {"service_tier": "priority"},
            "input_per_mtok": "3.5",
            "tiers": [{"above_input_tokens": 272000, "input_per_mtok": "7"}],
        },
        {"when": {"region": "eu", "speed": "fast"}, "output_per_mtok": "16"},
    ],
}
CHAT = row(details=VARIANTS, input_cost_per_1k="0.002", output_cost_per_1k="0.008", cached_input_cost_per_1k="0.0005")
USED = {"input_tokens": 200_000, "cache_read_tokens": 100_000, "output_tokens": 100_000}


@pytest.mark.parametrize(
    ("context", "usage", "total"),
    [
        ({}, USED, "1.05"),  # 0.1 × 2 + 0.1 × 0.5 + 0.1 × 8
        ({"processing": "batch"}, USED, "0.925"),  # 0.1 × 1 + 0.1 × 0.25 + 0.1 × 8
        ({"service_tier": "priority"}, USED, "1.2"),  # 0.1 × 3.5, and the rest as usual
        ({"service_tier": "priority"}, {"input_tokens": 272_000}, "0.952"),
        ({"service_tier": "priority"}, {"input_tokens": 272_001}, "1.904007"),
        ({"speed": "fast"}, USED, "1.05"),
        ({"speed": "fast", "region": "eu"}, USED, "1.85"),
    ],
)
def test_a_kind_of_requests_has_prices_of_its_own(context: dict[str, str], usage: dict[str, int], total: str) -> None:
    assert rate(sheets_of(CHAT), usage, NOON, context).total == Decimal(total)


def test_sheets_say_again_what_the_row_said() -> None:
    said = prices_of(sheets_of(CHAT), Task.CHAT)
    again = PriceRow(
        provider_id="acme", model_id="m", hosting="external", task=Task.CHAT, columns={}, details=said, markup=None,
        since=CHAT.since,
    )  # fmt: skip
    assert prices_of(sheets_of(again), Task.CHAT) == said
    assert [it["when"] for it in said["variants"]] == [
        {"processing": "batch"}, {"region": "eu", "speed": "fast"}, {"service_tier": "priority"},
    ]  # fmt: skip
    for context in ({}, {"processing": "batch"}, {"service_tier": "priority"}):
        one, other = (rate(sheets_of(it), USED, NOON, context).total for it in (CHAT, again))
        assert one == other


def test_what_was_changed_before_the_row_is_known_is_left_out() -> None:
    changed = {"input_per_mtok": "2", "steps": [{"from": "2026-11-01", "input_per_mtok": "4"}]}
    (found,) = sheets_of(row(details=changed))
    assert (found.valid_from, found.prices[0].amount) == (day("2026-11-01"), Decimal(4))
