"""What the ids of a list are, and which a rule approves."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.review_rule import RuleTerms
from radiant.domain.vocabulary import Task
from radiant.providers.listing import Kind, ListedModel
from radiant.sync.discovery import approves, found, matches, missing


def told(*models: ListedModel | str, known: tuple[str, ...] = ()) -> dict[str, tuple[str, str]]:
    listed = [it if isinstance(it, ListedModel) else ListedModel(id=it) for it in models]
    return {it.id: (it.kind, it.family) for it in found(listed, known)}


@pytest.mark.parametrize(
    ("id", "base"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("claude-opus-5-20260101", "claude-opus-5"),
        ("gpt-4-0613", "gpt-4"),
        ("grok-2-1212", "grok-2"),
        ("gemini-2.0-flash-001", "gemini-2.0-flash"),
        ("command-r-08-2024", "command-r"),
        ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro-preview"),
        ("claude-3-7-sonnet@20250219", "claude-3-7-sonnet"),
    ],
)
def test_a_date_behind_a_listed_or_known_id_makes_a_snapshot(id: str, base: str) -> None:
    assert told(id, base)[id] == ("snapshot", base)
    assert told(id, known=(base,))[id] == ("snapshot", base)
    assert told(id)[id] == ("model", id), "without the other one, a number at the end says nothing"


def test_what_the_provider_says_holds_and_families_lead_to_their_head() -> None:
    assert told(
        "m",
        "m-2026-01-01",
        "m-latest",
        ListedModel(id="ft:m:acme", kind=Kind.FINE_TUNE, of="m-2026-01-01"),
        ListedModel(id="us.m", kind=Kind.REGIONAL, of="m"),
        ListedModel(id="n", aliases=("n-2", "m")),
        ListedModel(id="ft:orphan", kind=Kind.FINE_TUNE),
    ) == {
        "m": ("model", "m"),
        "m-2026-01-01": ("snapshot", "m"),
        "m-latest": ("alias", "m"),
        "ft:m:acme": ("fine_tune", "m"),
        "us.m": ("regional", "m"),
        "n": ("model", "n"),
        "n-2": ("alias", "n"),
        "ft:orphan": ("fine_tune", "ft:orphan"),
    }


_IDS = st.sampled_from(["a", "b", "a-001", "b-latest", "a-2024-01-01", "c"])
_MODELS = st.lists(
    st.builds(ListedModel, id=_IDS, kind=st.sampled_from(Kind), of=st.none() | _IDS, aliases=st.tuples(_IDS)),
    unique_by=lambda it: it.id,
)


@given(_MODELS, st.randoms())
def test_order_means_nothing_and_every_id_is_told_once(models: list[ListedModel], random: Any) -> None:
    first = found(models, ())
    shuffled = list(models)
    random.shuffle(shuffled)
    assert {it.id: it.kind for it in found(shuffled, ())}.keys() == {it.id: it.kind for it in first}.keys()
    assert len({it.id for it in first}) == len(first)
    assert {it.id for it in models} <= {it.id for it in first}


WHOLE: dict[str, Any] = {
    "task": "chat",
    "input_modalities": ["text"],
    "output_modalities": ["text"],
    "price.input_per_mtok": Decimal(1),
}


def test_what_is_missing_to_serve_a_model_is_named() -> None:
    whole = WHOLE
    assert missing(whole) == []
    assert missing({}) == ["task", "modalities", "price"]
    assert missing(whole | {"task": "other", "output_modalities": []}) == ["task", "modalities"]
    assert missing({**whole, "price.input_per_mtok": Decimal(0)}) == [], "free is a price"


def test_a_rule_approves_where_all_of_it_holds() -> None:
    rule = RuleTerms(provider_id="openai", pattern="gpt-*", task=Task.CHAT, most_input_per_mtok=Decimal(2))
    facts = WHOLE | {"price.input_per_mtok": Decimal(2)}
    assert approves(rule, "openai", "gpt-7", facts)
    assert not approves(rule, "xai", "gpt-7", facts)
    assert not approves(rule, "openai", "o9", facts)
    assert not approves(rule, "openai", "gpt-7", facts | {"task": "image"})
    assert not approves(rule, "openai", "gpt-7", facts | {"price.input_per_mtok": Decimal(3)})
    output = RuleTerms(pattern="*", most_output_per_mtok=Decimal(9))
    assert not approves(output, "openai", "gpt-7", facts), "an unknown price is under no ceiling"


@pytest.mark.parametrize("unknown", [*WHOLE])
def test_no_rule_approves_what_lacks_something_to_serve_it(unknown: str) -> None:
    everything = RuleTerms(pattern="*")
    assert approves(everything, "openai", "gpt-7", WHOLE)
    assert not approves(everything, "openai", "gpt-7", {name: WHOLE[name] for name in WHOLE if name != unknown})


def test_a_rule_says_its_terms_in_words() -> None:
    rule = RuleTerms(provider_id="openai", pattern="gpt-*", task=Task.CHAT, most_input_per_mtok=Decimal(2))
    assert str(rule) == "provider openai, pattern gpt-*, task chat, input up to USD 2"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("gpt-*", "gpt-4", True),
        ("gpt-?", "gpt-4o", False),
        ("*", "a/b", True),
        ("a.c", "abc", False),
        ("a", "A", False),
    ],
)
def test_a_pattern_is_the_whole_text(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits
