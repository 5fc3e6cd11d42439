"""The list of meters: each is its dimensions, and genai-prices means the same by the same name."""

import pytest

import radiant
from radiant.domain.meter import METERS, ancestors, join


def test_no_two_meters_have_the_same_dimensions() -> None:
    assert len({it.dimensions for it in METERS.values()}) == len(METERS)
    assert all(name == it.name and it.per > 0 for name, it in METERS.items())


@pytest.mark.parametrize(
    ("meter", "around"),
    [
        ("input_tokens", set()),
        ("cache_read_tokens", {"input_tokens"}),
        ("cache_write_1h_tokens", {"cache_write_tokens", "input_tokens"}),
        ("cache_audio_read_tokens", {"cache_read_tokens", "input_audio_tokens", "input_tokens"}),
        ("output_reasoning_tokens", {"output_tokens"}),
        ("images_high_1024x1024", {"images", "images_high", "images_1024x1024"}),
        ("input_images", set()),
        ("input_audio_seconds", {"audio_seconds", "seconds"}),
        ("web_searches", {"tool_calls"}),
        ("requests", set()),
    ],
)
def test_a_meter_is_contained_in_those_with_fewer_dimensions(meter: str, around: set[str]) -> None:
    assert ancestors(meter) == around


def test_what_two_meters_both_count_has_a_meter() -> None:
    assert join("cache_read_tokens", "input_audio_tokens") == "cache_audio_read_tokens"
    assert join("images_high", "images_1024x1024") == "images_high_1024x1024"
    assert join("output_tokens", "cache_read_tokens") is None


@pytest.mark.catalogs
def test_genai_prices_means_the_same() -> None:
    from genai_prices.data_units import unit_data

    theirs = {name: dict(unit["dimensions"]) for name, unit in unit_data.items()}
    assert theirs.keys() <= METERS.keys()
    for name, dimensions in theirs.items():
        around = {it for it, other in theirs.items() if other.items() < dimensions.items()}
        assert around == ancestors(name) & theirs.keys(), name


def test_what_rating_needs_is_at_the_top() -> None:
    for name in radiant.__all__:
        assert getattr(radiant, name).__name__ == name
