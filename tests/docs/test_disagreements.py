"""The newest packages of public catalogs say what our files say, or a file explains why ours stand."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant.catalog.disagreements import Explained, explained, explanation_problems
from radiant.catalog.load import Catalog
from radiant.claims.agreement import agree
from radiant.claims.kinds import kind_field
from radiant.claims.reading import Claim
from radiant.domain.external import ExternalModel, Price, PriceTier, PriceVariant
from radiant.public_catalogs.roster import BY_ID
from tools.disagreements import Disagreement, disagreements, package_claims

#: Prices that are announced begin on a day; the newest look at the files is the day that is compared.
ON = max(it.read for it in explained())


@pytest.fixture(scope="module")
def found(catalog: Catalog) -> list[Disagreement]:
    return disagreements(catalog, package_claims(ON), ON)


@pytest.mark.catalogs
def test_every_disagreement_with_the_newest_packages_is_explained(found: list[Disagreement]) -> None:
    said = {(it.model, it.source): it.says for it in explained()}
    open_ones = [
        f"{it.model}: {it.field} is {it.ours} in our file, {it.theirs} in {it.source}"
        for it in found
        if not agree(it.field, said.get((it.model, it.source), {}).get(it.field), it.theirs)
    ]
    assert open_ones == [], "mend the model's file, or explain it in src/radiant/catalog/disagreements.toml"


@pytest.mark.catalogs
def test_nothing_is_explained_that_no_package_says(found: list[Disagreement]) -> None:
    there = {(it.model, it.source, it.field) for it in found}
    said = {(it.model, it.source, field) for it in explained() for field in it.says}
    assert said - there == set(), "the source has come round; take these out of disagreements.toml"


@pytest.mark.catalogs
def test_what_the_packages_say_of_an_end_stands_in_our_files(catalog: Catalog) -> None:
    """The day a model retires, and who takes its place then."""
    missing = []
    for source, claims in package_claims(ON).items():
        for claim in claims:
            ours = catalog.external.get((str(claim.provider_id), str(claim.model_id)))
            if ours is None or "retires" not in claim.facts:
                continue
            said = (claim.facts["retires"], claim.facts.get("successor"))
            if said != (str(ours.retires), ours.successor):
                missing.append(f"{claim.provider_id}/{claim.model_id}: {source} says {said}")
    assert missing == []


@pytest.mark.catalogs
def test_the_packages_speak_of_what_is_compared(catalog: Catalog) -> None:
    """A comparison of nothing would agree with everything."""
    told = package_claims(ON)
    ours = set(catalog.external)
    known = {source: {(it.provider_id, it.model_id) for it in claims} & ours for source, claims in told.items()}
    assert {
        source: len(models) > least for (source, models), least in zip(known.items(), (150, 25, 90), strict=True)
    } == {
        "litellm": True,
        "models.dev": True,
        "genai-prices": True,
    }


def problems_with_explanations(catalog: Catalog, *entries: Explained) -> list[str]:
    return [problem for _, problem in explanation_problems(catalog, entries)]


def model(**said: Any) -> ExternalModel:
    price: dict[str, Any] = {key: said.pop(key) for key in ("input_per_mtok", "steps", "variants") if key in said}
    return ExternalModel(
        display_name="M",
        description="",
        category="llm",
        task="chat",  # type: ignore[arg-type]
        capabilities=(),
        input_modalities=(),
        output_modalities=(),
        sources=(),
        price=Price(**price),
        **said,
    )


def compared(ours: ExternalModel, **theirs: Any) -> list[tuple[str, Any, Any]]:
    facts = {key.replace("__", "."): value for key, value in theirs.items()}
    claim = Claim(entry="p/m", provider_id="p", model_id="m", facts=facts)
    catalog = Catalog(external={("p", "m"): ours})
    return [(it.field, it.ours, it.theirs) for it in disagreements(catalog, {"litellm": [claim]}, ON)]


def test_another_price_or_window_is_a_disagreement() -> None:
    ours = model(context_window=1000, input_per_mtok=2)
    assert compared(ours, context_window=1000, price__input_per_mtok=2) == []
    assert compared(ours, context_window=900, price__input_per_mtok=3, max_output=5) == [
        ("context_window", 1000, 900),
        ("price.input_per_mtok", 2, 3),
    ]


def test_what_is_left_of_the_window_beside_the_output_is_no_other_window() -> None:
    ours = model(context_window=1_050_000)
    assert compared(ours, context_window=922_000, max_input=922_000, max_output=128_000) == []
    assert compared(ours, context_window=922_000, max_input=922_000, max_output=127_000) != []
    assert compared(ours, context_window=922_000, max_output=128_000) != [], "where it is called the window"


def test_each_kind_of_requests_is_compared_by_itself_and_in_what_both_name() -> None:
    batch = PriceVariant(when={"processing": "batch"}, input_per_mtok=Decimal(1), note="Half.",
                    tiers=(PriceTier(above_input_tokens=100, input_per_mtok=Decimal(2)),))  # fmt: skip
    ours = model(input_per_mtok=2, variants=(batch,))
    flex = {"when": {"service_tier": "flex"}, "input_per_mtok": "5"}

    def told(**prices: Any) -> list[str]:
        kinds = [{"when": {"processing": "batch"}, **prices}, flex]
        return [field for field, _, _ in compared(ours, price__variants=kinds)]

    of_batches = 'price.variants{"processing": "batch"}'
    long = {"above_input_tokens": 100, "input_per_mtok": "2.0", "output_per_mtok": "9"}
    assert told(input_per_mtok="1.0", output_per_mtok="4", tiers=[long]) == []
    assert told(input_per_mtok="1.5") == [of_batches]
    assert told(input_per_mtok="1", tiers=[{**long, "input_per_mtok": "3"}]) == [of_batches]
    assert told(input_per_mtok="1", tiers=[{**long, "above_input_tokens": 200}]) == [of_batches]


def test_a_kind_of_requests_is_explained_by_its_own_field() -> None:
    batch = PriceVariant(when={"processing": "batch"}, input_per_mtok=Decimal(1))
    catalog = Catalog(external={("p", "m"): model(input_per_mtok=2, variants=(batch,))})

    def problems(processing: str) -> list[str]:
        when = {"processing": processing}
        says = {kind_field(when): {"when": when, "input_per_mtok": "3"}}
        plain = Explained(model="p/m", source="litellm", says=says, reason="a", url="https://a.example", read=ON)
        return problems_with_explanations(catalog, plain)

    assert problems("batch") == []
    assert problems("other") == ['p/m says nothing of price.variants{"processing": "other"}']


def test_the_source_of_a_disagreement_is_a_public_catalog() -> None:
    assert {it.source for it in explained()} <= {*BY_ID}
    assert all(dt.date(2026, 1, 1) <= it.read for it in explained())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"source": "lite"}, "lite is no public catalog; expected one of: openrouter"),
        ({"model": "p/gone"}, "p/gone is not in the catalog; take the entry out"),
        (
            {"says": {"price.input_per_mtok": 2}},
            "p/m says the same of price.input_per_mtok; there is nothing to explain",
        ),
        ({"says": {"price.per_image": 2}}, "p/m says nothing of price.per_image"),
        ({"reason": " "}, "is empty; say why ours stands"),
        ({"url": "somewhere"}, "'somewhere' is no address"),
    ],
)
def test_the_check_knows_what_is_wrong_with_an_explanation(change: dict[str, Any], problem: str | None) -> None:
    plain = {"model": "p/m", "source": "litellm", "says": {"price.input_per_mtok": 3}, "reason": "It is old.",
             "url": "https://example.com/prices", "read": ON}  # fmt: skip
    catalog = Catalog(external={("p", "m"): model(input_per_mtok=2)})
    told = problems_with_explanations(catalog, Explained(**{**plain, **change}))
    assert len(told) == (0 if problem is None else 1)
    assert all(it.startswith(problem or "") for it in told)


def test_two_explanations_of_one_disagreement_are_one_too_many() -> None:
    one = Explained(model="p/m", source="litellm", says={}, reason="a", url="https://a.example", read=ON)
    catalog = Catalog(external={("p", "m"): model()})
    assert problems_with_explanations(catalog, one, one) == [
        "p/m and litellm stand here twice; name all fields in one entry"
    ]
