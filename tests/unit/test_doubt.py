"""Which numbers of public catalogs are in doubt: each kind, and what is only another way of selling."""

from decimal import Decimal

import pytest

from radiant.claims.doubt import Doubt, Kind, Said, doubts, said_by

IN, OUT = "price.input_per_mtok", "price.output_per_mtok"


def said(provider: str, /, source: str = "models.dev", model: str = "m-4.5", **facts: object) -> Said:
    told = {
        f"price.{key}_per_mtok" if key in ("input", "output", "cache_read") else key: value
        for key, value in facts.items()
    }
    return said_by(source, f"{provider}/{model}", provider, model, told)


def found(*told: Said) -> list[tuple[str, str, Kind, int | None]]:
    return [(it.provider_id, it.field, it.kind, it.instead) for it in doubts(told)]


def only(*told: Said) -> Doubt:
    (doubt,) = doubts(told)
    return doubt


def test_a_window_that_stands_alone_gives_way_to_what_most_say() -> None:
    others = [said(f"p{n}", context_window=200_000) for n in range(8)]
    doubt = only(said("jiekou", context_window=20_000, max_output=64_000), *others)
    assert (doubt.provider_id, doubt.field, doubt.kind, doubt.instead) == (
        "jiekou",
        "context_window",
        Kind.ALONE,
        200_000,
    )
    assert doubt.sentence == (
        "context_window: models.dev says 20,000, 10 times below all 8 others; most of them say 200,000"
    )
    assert doubt.gap == 0.9


def test_ten_times_is_the_least_that_is_doubted() -> None:
    others = [said("a", context_window=200_000), said("b", context_window=128_000)]
    assert found(said("c", context_window=12_800), *others) == [("c", "context_window", Kind.ALONE, None)]
    assert found(said("c", context_window=12_801), *others) == []
    assert found(said("c", context_window=1_999_999), *others) == []
    assert found(said("c", context_window=2_000_000), *others) == [("c", "context_window", Kind.ALONE, None)]


def test_two_offerings_that_differ_prove_nothing() -> None:
    assert found(said("a", context_window=8_192), said("b", context_window=131_072)) == []


def test_two_sources_of_one_offering_are_both_in_doubt() -> None:
    one, other = said("a", max_output=30_000), said("a", source="litellm", max_output=1_000_000)
    assert found(one, other) == [("a", "max_output", Kind.ALONE, None), ("a", "max_output", Kind.ALONE, None)]


def test_our_catalog_is_believed_alone_and_never_doubted() -> None:
    ours = said("maker", source="curated", context_window=131_072)
    assert found(said("a", context_window=8_192), ours) == [("a", "context_window", Kind.ALONE, 131_072)]


def test_one_word_in_two_catalogs_does_not_stand_alone() -> None:
    others = [said(f"p{n}", context_window=200_000) for n in range(5)]
    same = [said("a", context_window=20_000), said("a", source="litellm", context_window=20_000)]
    assert found(*same, *others) == []


@pytest.mark.parametrize("factor", [1_000, 100_000, 1_000_000, Decimal("0.001"), Decimal("0.000001")])
def test_a_price_in_another_unit(factor: Decimal) -> None:
    others = [said("a", input=Decimal("0.10")), said("b", input=Decimal("0.15"))]
    assert found(said("c", input=Decimal("0.12") * factor), *others) == [("c", IN, Kind.OTHER_UNIT, None)]


def test_dear_providers_and_free_ones_are_not_in_doubt() -> None:
    others = [said("a", input=Decimal("0.10")), said("b", input=Decimal("0.15"))]
    assert found(said("c", input=Decimal(10)), said("d", input=0), *others) == []


def test_more_output_than_window() -> None:
    doubt = only(said("a", context_window=8_192, max_output=16_384))
    assert (doubt.field, doubt.kind, doubt.instead) == ("max_output", Kind.ABOVE_WINDOW, 8_192)
    assert doubt.why == "says 16,384, above its window of 8,192"
    assert found(said("a", context_window=8_192, max_output=8_192)) == []


@pytest.mark.parametrize("task", ["audio", "transcription"])
def test_sound_is_no_part_of_the_window(task: str) -> None:
    assert found(said("a", context_window=8_192, max_output=16_384, task=task)) == []


def test_output_far_cheaper_than_input() -> None:
    assert found(said("a", input=Decimal(5), output=Decimal("0.5"))) == [("a", OUT, Kind.CHEAP_OUTPUT, None)]
    assert found(said("a", input=Decimal(5), output=Decimal("0.51"))) == []


def test_what_judges_texts_may_say_little_for_little() -> None:
    assert found(said("a", input=Decimal("0.484"), output=Decimal("0.03"), task="moderation")) == []


def test_a_model_is_known_however_its_name_is_punctuated() -> None:
    others = [said("a", model="x/Claude-Haiku-4.5", context_window=200_000)]
    others += [said("b", model="claude_haiku_4_5", context_window=200_000)]
    assert found(said("c", model="claude-haiku-4-5", context_window=20_000), *others) == [
        ("c", "context_window", Kind.ALONE, 200_000)
    ]
