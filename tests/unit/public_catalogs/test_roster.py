"""The public catalogs, their order of trust, and the ids and names of providers."""

import re
from pathlib import Path

import pytest

import radiant.catalog
from radiant.public_catalogs.provider_ids import own_id
from radiant.public_catalogs.provider_names import provider_name
from radiant.public_catalogs.roster import BY_ID, SOURCES, rank


def test_four_catalogs_are_read_each_from_its_own_address() -> None:
    assert {source.id for source in SOURCES} == {"litellm", "models.dev", "openrouter", "genai-prices"} == set(BY_ID)
    assert all(source.url.startswith("https://") for source in SOURCES)
    assert len({source.url for source in SOURCES}) == 4


def test_every_rank_is_given_once() -> None:
    assert sorted(source.price_rank for source in SOURCES) == [1, 2, 3, 4]
    assert sorted(source.limit_rank for source in SOURCES) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("fact", "order"),
    [
        ("price.input_per_mtok", ["openrouter", "genai-prices", "litellm", "models.dev"]),
        ("price.tiers", ["openrouter", "genai-prices", "litellm", "models.dev"]),
        ("context_window", ["openrouter", "models.dev", "litellm", "genai-prices"]),
        ("capabilities", ["openrouter", "models.dev", "litellm", "genai-prices"]),
    ],
)
def test_prices_and_limits_have_an_order_each(fact: str, order: list[str]) -> None:
    assert sorted(BY_ID, key=lambda source: rank(source, fact)) == order
    assert rank("somebody else", fact) == 5


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("deepinfra", "deepinfra"),
        ("wafer.ai", "wafer_ai"),
        ("GitHub Models", "github_models"),
        ("302ai", "302ai"),
        ("--x--", "x"),
        ("株式会社", None),
        ("", None),
        ("x" * 50, "x" * 50),
        ("x" * 51, None),
    ],
)
def test_an_unknown_provider_gets_an_id_of_its_own(name: str, id: str | None) -> None:
    assert own_id(name) == id
    assert id is None or re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,49}", id)


@pytest.mark.parametrize(
    ("id", "name"),
    [("gmi", "GMI Cloud"), ("qwencloud", "Qwen Cloud"), ("some_new_one", "Some New One")],
)
def test_a_provider_has_a_name_for_people(id: str, name: str) -> None:
    assert provider_name(id) == name


def test_a_name_is_told_only_of_providers_that_our_catalog_does_not_describe() -> None:
    ours = {folder.name for folder in (Path(radiant.catalog.__path__[0]) / "providers").iterdir()}
    assert {id for id in ours if provider_name(id) != " ".join(word.capitalize() for word in id.split("_"))} == set()
