"""The catalog as flat facts and back again."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radiant.catalog.fields import facts_of, field_of_column, model_from_facts, references_of
from radiant.catalog.load import Catalog, load_catalog
from radiant.catalog.rows import external_row
from radiant.domain.external import ExternalModel, Price
from radiant.domain.self_hosted import SelfHostedModel, Source
from radiant.domain.units import BY_KEY
from radiant.domain.vocabulary import ModelClass, Task

CATALOG = load_catalog()


@pytest.mark.parametrize(("provider", "model_id"), sorted(CATALOG.external), ids="/".join)
def test_every_external_model_survives_being_told_as_facts(provider: str, model_id: str) -> None:
    model = CATALOG.external[provider, model_id]
    again = model_from_facts(model_id, facts_of(model))
    assert external_row(provider, model_id, again) == external_row(provider, model_id, model)


def test_every_fact_of_the_catalog_has_a_plain_name_and_a_value(catalog: Catalog) -> None:
    models: list[ExternalModel | SelfHostedModel] = [*catalog.external.values(), *catalog.self_hosted.values()]
    for facts in map(facts_of, models):
        assert {"display_name", "task", "capabilities"} <= facts.keys()
        assert not {"sources", "unknown", "not_applicable", "thermal", "markup_percent", "min_tier"} & facts.keys()
        assert all(value not in (None, "", [], {}) for value in facts.values())
        assert all(isinstance(value, str | int | Decimal | bool | list) for value in facts.values())


def test_a_class_and_a_throughput_are_facts_under_their_keys_and_come_back() -> None:
    told = {"task": "chat", "class": "flagship", "throughput_tps": Decimal("1200.5")}
    model = model_from_facts("m", told)
    assert (model.model_class, model.throughput_tps) == (ModelClass.FLAGSHIP, Decimal("1200.5"))
    assert told.items() <= facts_of(model).items()


def test_parts_of_a_license_are_facts_of_their_own(catalog: Catalog) -> None:
    facts = facts_of(catalog.self_hosted["llama-3.3-70b"])
    assert facts["license.weights.commercial_use"] == "conditional"
    assert facts["hardware.instance_type"].startswith("ml.")


def test_each_field_names_the_first_source_that_supports_it() -> None:
    def source(url: str, *fields: str) -> Source:
        return Source(url=url, read=dt.date(2026, 11, 23), fields=fields)

    sources = (
        source("https://a", "price"),
        source("https://b", "price.per_image", "task"),
        source("https://c", "task"),
    )
    fields = {"price.per_image": 1, "price.input_per_mtok": 1, "task": "chat", "priceless": 1, "display_name": "x"}
    assert references_of(sources, fields) == {
        "price.per_image": "https://a (2026-11-23)",
        "price.input_per_mtok": "https://a (2026-11-23)",
        "task": "https://b (2026-11-23)",
    }


def test_every_curated_price_and_window_has_a_source(catalog: Catalog) -> None:
    for (provider, model_id), model in catalog.external.items():
        facts = facts_of(model)
        priced = {field for field in facts if field.startswith("price.") and field != "price.note"}
        missing = (priced | ({"context_window"} & facts.keys())) - references_of(model.sources, facts).keys()
        assert not missing, f"{provider}/{model_id}"


@pytest.mark.parametrize(
    ("column", "field", "factor"),
    [
        ("input_cost_per_1k", "price.input_per_mtok", 1000),
        ("cached_input_cost_per_1k", "price.cache_read_per_mtok", 1000),
        ("cost_per_image", "price.per_image", 1),
        ("cost_per_character", "price.per_million_characters", 1_000_000),
        ("cost_per_page", "price.per_thousand_pages", 1000),
        ("primary_mode", "task", None),
        ("context_window", "context_window", None),
    ],
)
def test_a_column_is_worth_so_many_of_its_facts_unit(column: str, field: str, factor: int | None) -> None:
    assert field_of_column(column) == (field, factor)


def test_the_columns_factors_are_those_by_which_rows_are_made() -> None:
    prices: dict[str, Any] = {key: Decimal(number) for number, key in enumerate(BY_KEY, 1)}
    price = Price(**prices)
    row = external_row("openai", "m", model_from_facts("m", {"task": "chat", **_facts(price)}))
    for column, value in row.items():
        field, factor = field_of_column(column)
        if factor is not None:
            assert value * factor == getattr(price, field.removeprefix("price.")), column


def _facts(price: Price) -> dict[str, Any]:
    return {f"price.{name}": value for name, value in msgspec.structs.asdict(price).items() if value not in (None, ())}


def test_few_facts_make_a_model_with_plain_defaults() -> None:
    model = model_from_facts("accounts/acme/models/m-1", {})
    assert (model.display_name, model.description, model.task, model.category) == ("m-1", "", Task.OTHER, "other")
    assert (model.capabilities, model.input_modalities, model.price) == ((), (), None)


def test_what_a_public_catalog_says_in_its_own_types_is_understood() -> None:
    model = model_from_facts(
        "m",
        {
            "task": "transcription",
            "retires": "2027-01-14",
            "price.per_minute": Decimal("0.006"),
            "price.tiers": [{"above_input_tokens": 200_000, "input_per_mtok": "2.5"}],
            "capabilities": ["transcription"],
            "variant_of": "family",
            "region": "eu",
            "max_input": 5,
        },
    )
    assert isinstance(model, ExternalModel)
    assert (model.task, model.category, model.retires) == (Task.TRANSCRIPTION, "speech", dt.date(2027, 1, 14))
    assert model.price is not None
    assert model.price.per_minute == Decimal("0.006")
    assert model.price.tiers[0].input_per_mtok == Decimal("2.5")


@pytest.mark.parametrize(
    "facts",
    [
        {"task": "telepathy"},
        {"context_window": "many"},
        {"retires": "soon"},
        {"input_modalities": ["smell"]},
        {"price.input_per_mtok": "cheap"},
        {"price.per_smile": 1},
    ],
)
def test_facts_of_no_use_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises((msgspec.ValidationError, ValueError)):
        model_from_facts("m", facts)


def test_who_repeats_others_is_named_as_second_hand_and_only_where_nobody_nearer_is() -> None:
    day = dt.date(2026, 11, 1)
    reseller = Source(url="https://reseller.example", read=day, fields=("price", "released"), second_hand=True)
    maker = Source(url="https://maker.example", read=day, fields=("price",))
    read = references_of((reseller, maker), {"price.input_per_mtok": Decimal(1), "released": day})
    assert read == {
        "price.input_per_mtok": "https://maker.example (2026-11-01)",
        "released": "https://reseller.example (2026-11-01, second-hand)",
    }
