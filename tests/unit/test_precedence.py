"""Which of several claims holds, and the words that say why."""

import datetime as dt
from decimal import Decimal
from itertools import permutations
from typing import Any

import msgspec
import pytest

from radiant.catalog.precedence import claims, holding, place_of, rank
from radiant.claims.agreement import agree
from radiant.claims.doubt import Doubt, Kind
from radiant.domain.fact import Claim, Fact
from radiant.public_catalogs.roster import BY_ID

NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def fact(source: str, value: Any, *, field: str = "price.input_per_mtok", entry: str = "gpt-x") -> Fact:
    return Fact(
        source=source,
        entry=entry,
        field=field,
        value=value,
        provider_id="openai",
        model_id="gpt-x",
        reference=f"https://example.org/{source}",
        source_date=dt.date(2026, 11, 1),
        seen_at=NOW,
    )


def override(field: str, value: Any, reason: str | None = None) -> dict[str, Any]:
    return {"field": field, "value": value, "reason": reason, "set_by": "ada", "set_at": NOW}


def told(facts: list[Fact], *overrides: dict[str, Any]) -> list[tuple[str, Any, bool]]:
    return [(claim.source, claim.value, claim.holds) for claim in claims(facts, overrides)]


def only(found: list[Claim], source: str) -> Claim:
    (claim,) = [claim for claim in found if claim.source == source]
    return claim


ORDERS = {
    "price.input_per_mtok": ["curated", "provider:openai", "openrouter", "genai-prices", "litellm", "models.dev"],
    "price.tiers": ["curated", "provider:openai", "openrouter", "genai-prices", "litellm", "models.dev"],
    "context_window": ["curated", "provider:openai", "openrouter", "models.dev", "litellm", "genai-prices"],
    "capabilities": ["curated", "provider:openai", "openrouter", "models.dev", "litellm", "genai-prices"],
}


@pytest.mark.parametrize("field", ORDERS)
def test_sources_are_believed_in_a_stated_order(field: str) -> None:
    order = [*ORDERS[field], "somebody-else"]
    assert set(BY_ID) < set(order)
    assert sorted(order, key=lambda source: rank(source, field)) == order
    for first in range(len(order)):
        rest = order[first:]
        for given in (rest, rest[::-1]):
            held = holding([fact(source, source, field=field) for source in given])
            assert held[field].source == rest[0]


def test_the_answer_does_not_depend_on_the_order_in_which_facts_come() -> None:
    facts = [fact("litellm", 1), fact("models.dev", 2), fact("litellm", 3, entry="openai/gpt-x"), fact("openrouter", 4)]
    answers = {tuple(told(list(order))) for order in permutations(facts)}
    assert len(answers) == 1


def test_an_administrators_word_comes_before_the_catalogs() -> None:
    found = claims(
        [fact("curated", Decimal("0.15"))], [override("input_cost_per_1k", Decimal("0.0002"), "our contract")]
    )
    first, second = found
    assert (first.source, first.value, first.holds) == ("administrator", Decimal("0.2"), True)
    assert first.field == second.field == "price.input_per_mtok", "the column is told in the fact's unit"
    assert first.why == "set by ada: our contract; an administrator's word comes first"
    assert (second.holds, second.why) == (False, "an administrator speaks first, and says otherwise")


def test_each_field_has_a_holder_of_its_own() -> None:
    found = claims(
        [
            fact("curated", 128_000, field="context_window"),
            fact("litellm", 100_000, field="context_window"),
            fact("litellm", 16_000, field="max_output"),
            fact("models.dev", 32_000, field="max_output"),
        ],
        [],
    )
    assert [(claim.field, claim.source) for claim in found if claim.holds] == [
        ("context_window", "curated"), ("max_output", "models.dev"),
    ]  # fmt: skip
    assert [claim.field for claim in found] == ["context_window", "context_window", "max_output", "max_output"]
    assert [claim.holds for claim in found] == [True, False, True, False], "the one that holds stands first"


def test_reasons_are_in_words() -> None:
    found = claims([fact("curated", 1), fact("litellm", 1), fact("models.dev", 2)], [])
    assert only(found, "curated").why == "curated, with its source"
    assert only(found, "litellm").why == "agrees with curated"
    assert only(found, "models.dev").why == "curated speaks first, and says otherwise"
    (api,) = claims([fact("provider:openai", 1)], [])
    assert api.why == "the provider's own word, and the catalog is silent"
    (public,) = claims([fact("models.dev", 1)], [])
    assert public.why == (
        "nobody nearer says it; public catalogs in the order openrouter, genai-prices, litellm, models.dev"
    )
    (limit,) = claims([fact("litellm", 1, field="max_output")], [])
    assert limit.why.endswith("in the order openrouter, models.dev, litellm, genai-prices")


@pytest.mark.parametrize(("one", "other"), [(Decimal("0.150"), Decimal("0.15")), (1, Decimal("1.00")), (["a"], ["a"])])
def test_equal_values_agree_however_they_are_written(one: Any, other: Any) -> None:
    found = claims([fact("curated", one), fact("litellm", other)], [])
    assert only(found, "litellm").why == "agrees with curated"


#: genai-prices is believed before LiteLLM, and LiteLLM before models.dev.
@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"genai-prices": 1, "litellm": 2, "models.dev": 2}, ("litellm", 2)),
        ({"genai-prices": 1, "litellm": 2, "models.dev": 3}, ("genai-prices", 1)),
        ({"genai-prices": 2, "litellm": 1, "models.dev": 2}, ("genai-prices", 2)),
        ({"openrouter": 2, "genai-prices": 1, "litellm": 1, "models.dev": 2}, ("openrouter", 2)),  # two against two
        ({"genai-prices": 1, "litellm": 1, "openrouter": 2}, ("genai-prices", 1)),
        ({"provider:openai": 3, "litellm": 2, "models.dev": 2}, ("provider:openai", 3)),
        ({"curated": 4, "litellm": 2, "models.dev": 2}, ("curated", 4)),
        ({"genai-prices": 1, "litellm": Decimal("0.15"), "models.dev": Decimal("0.150")}, ("litellm", Decimal("0.15"))),
    ],
)
def test_a_price_that_two_catalogs_agree_on_comes_before_one_that_only_one_says(
    said: dict[str, Any], holds: tuple[str, Any]
) -> None:
    facts = [fact(source, value) for source, value in said.items()]
    for given in permutations(facts):
        held = holding(given)["price.input_per_mtok"]
        assert (held.source, held.value) == holds


def test_nobody_charges_an_average() -> None:
    values = [Decimal(1), Decimal(3), Decimal("3.01")]
    facts = [
        fact(source, value) for source, value in zip(("genai-prices", "litellm", "models.dev"), values, strict=True)
    ]
    assert holding(facts)["price.input_per_mtok"].value in values


def test_two_entries_of_one_catalog_are_one_voice() -> None:
    facts = [fact("genai-prices", 1), fact("litellm", 2), fact("litellm", 2, entry="openai/gpt-x")]
    assert holding(facts)["price.input_per_mtok"].source == "genai-prices"


def test_limits_are_not_put_to_the_vote() -> None:
    facts = [
        fact(source, n, field="context_window")
        for source, n in (("models.dev", 1), ("litellm", 2), ("genai-prices", 2))
    ]
    assert holding(facts)["context_window"].source == "models.dev"


def test_who_sells_a_model_speaks_before_others_that_agree() -> None:
    facts = [
        msgspec.structs.replace(fact(source, value), provider_id="openrouter")
        for source, value in (("openrouter", 1), ("litellm", 2), ("models.dev", 2))
    ]
    assert holding(facts)["price.input_per_mtok"].source == "openrouter"


def test_what_is_in_doubt_agrees_with_nobody() -> None:
    doubted, other, first = fact("litellm", 2), fact("models.dev", 2), fact("genai-prices", 1)
    doubt = Doubt("litellm", "gpt-x", "price.input_per_mtok", "openai", "gpt-x", Kind.CHEAP_OUTPUT, "why", 0.5)
    doubts = {place_of(doubted): doubt}
    assert holding([doubted, other, first], doubts)["price.input_per_mtok"] is first


def test_that_catalogs_agree_is_the_reason() -> None:
    found = claims([fact("genai-prices", 1), fact("litellm", 2), fact("models.dev", 2)], [])
    assert only(found, "litellm").why == "nobody nearer says it, and litellm and models.dev agree"
    assert only(found, "genai-prices").why == "litellm speaks first, and says otherwise"
    assert only(found, "models.dev").why == "agrees with litellm"


def test_a_models_own_entry_speaks_before_its_other_names() -> None:
    own, prefixed, alias = (fact("litellm", n, entry=entry) for n, entry in enumerate(("gpt-x", "openai/gpt-x", "aa")))
    assert holding([alias, prefixed, own])["price.input_per_mtok"] is own
    assert holding([alias, prefixed])["price.input_per_mtok"] is prefixed
    refused = [claim for claim in claims([alias, own], []) if not claim.holds]
    assert [claim.why for claim in refused] == ["litellm's own entry gpt-x speaks first, and says otherwise"]


def test_a_deletion_is_no_claim() -> None:
    assert told([fact("curated", 1)], override("*", None)) == [("curated", 1, True)]


def test_a_claim_keeps_where_and_when_it_was_read() -> None:
    (claim,) = claims([fact("litellm", 1)], [])
    assert (claim.entry, claim.reference, claim.source_date, claim.seen_at) == (
        "gpt-x", "https://example.org/litellm", dt.date(2026, 11, 1), NOW,
    )  # fmt: skip


def test_a_price_an_administrator_emptied_is_told_as_unknown() -> None:
    assert told([fact("curated", 1)], override("input_cost_per_1k", None)) == [
        ("administrator", None, True), ("curated", 1, False),
    ]  # fmt: skip


@pytest.mark.parametrize("field", ["price.variants", "price.hours"])
def test_lists_of_tables_agree_as_values(field: str) -> None:
    ours = [{"when": {"a": "b"}, "utc": ("00:00-24:00",), "input_per_mtok": Decimal("0.150")}]
    theirs = [{"input_per_mtok": "0.15", "when": {"a": "b"}, "utc": ["00:00-24:00"]}]
    assert agree(field, ours, theirs)
    assert not agree(field, ours, [{**theirs[0], "input_per_mtok": "0.16"}])
    assert not agree(field, ours, [*theirs, theirs[0]])


def kinds(source: str, *said: tuple[str, str]) -> Fact:
    told = [{"when": {"service_tier": name}, "input_per_mtok": amount} for name, amount in said]
    return fact(source, told, field="price.variants")


def test_each_kind_of_requests_is_told_by_itself() -> None:
    found = claims([kinds("litellm", ("flex", "1"), ("priority", "3")), kinds("genai-prices", ("flex", "2"))], [])
    flex, priority = (f'price.variants{{"service_tier": "{name}"}}' for name in ("flex", "priority"))
    assert [(it.field, it.source, it.value["input_per_mtok"], it.holds) for it in found] == [
        (flex, "genai-prices", "2", True), (flex, "litellm", "1", False), (priority, "litellm", "3", True),
    ]  # fmt: skip
    assert found[1].why == "genai-prices speaks first, and says otherwise"


def test_a_part_of_another_price_list_is_told_and_does_not_hold() -> None:
    ours = [fact("curated", Decimal(4)), fact("curated", Decimal(20), field="price.output_per_mtok")]
    other = fact("litellm", Decimal(2))
    part = fact("litellm", Decimal(1), field="price.cache_read_per_mtok")
    (told_of_part,) = [it for it in claims([*ours, other, part], []) if it.field == part.field]
    assert (told_of_part.holds, told_of_part.why) == (False, "another price.input_per_mtok holds than litellm says")
    agreeing = [fact("curated", Decimal(2)), other, part]
    assert only([it for it in claims(agreeing, []) if it.field == part.field], "litellm").holds
    assert holding([part, fact("curated", Decimal(9))])[part.field] == part, "silent about the whole"
