"""From rows to candidates: what is read, and what is refused."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.errors import InvalidRow
from radiant.domain.vocabulary import HealthStatus
from radiant.selection.reading import rows as reading
from radiant.selection.reading.candidate import Candidate

MakeRow = Callable[..., dict[str, Any]]


def read_rows(rows: list[dict[str, Any]]) -> list[Candidate]:
    """All of them; raises what is wrong with the first that is not right."""
    candidates, refused = reading.read_rows(rows)
    if refused:
        raise refused[0]
    return candidates


def test_null_arrays_are_empty_and_null_health_is_unknown(external: MakeRow) -> None:
    (one,) = read_rows([external("m", capabilities=None, input_modalities=None, compliance=None, health_status=None)])
    assert (one.capabilities, one.input_modalities, one.compliance) == (frozenset(), frozenset(), frozenset())
    assert one.health_status is HealthStatus.UNKNOWN


def test_a_missing_tier_is_1_for_external_and_3_for_self_hosted_models(external: MakeRow, hosted: MakeRow) -> None:
    read = read_rows([external("e", min_tier=None), hosted("s", min_tier=None)])
    assert {each.model_id: each.min_tier for each in read} == {"e": 1, "s": 3}


def test_rows_are_ordered_by_the_code_points_of_model_and_then_provider(external: MakeRow) -> None:
    rows = [external("b"), external("é"), external("B"), external("a", provider_id="q"), external("a", provider_id="Q")]
    read = [(each.model_id, each.provider_id) for each in read_rows(rows)]
    assert read == [("B", "p"), ("a", "Q"), ("a", "q"), ("b", "p"), ("é", "p")]


def test_optional_columns_are_read_where_they_are(external: MakeRow) -> None:
    (one,) = read_rows(
        [external("m", embedding_dimension=3072, retires=dt.date(2027, 1, 1), error_rate=Decimal("0.25"))]
    )
    assert (one.embedding_dimension, one.retires, one.error_rate) == (3072, dt.date(2027, 1, 1), 0.25)


@pytest.mark.parametrize("latency", [120, 120.0, Decimal("120")])
def test_latency_may_be_any_kind_of_number(external: MakeRow, latency: object) -> None:
    assert read_rows([external("m", avg_latency_ms=latency)])[0].avg_latency_ms == 120.0


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("context_window", "8k", "'8k': expected a whole number, got text"),
        ("context_window", -1, "-1: expected a whole number at least 0"),
        ("enabled", 1, "1: expected: true, false"),
        ("enabled", None, "None: expected: true, false"),
        ("capabilities", "vision", "'vision': expected a list, got text"),
        ("capabilities", ["a", 1], "['a', 1]: expected text, got a whole number"),
        ("health_status", "sick", "'sick': expected: healthy, degraded, unhealthy, unknown"),
        ("thermal_state", "LUKEWARM", "'LUKEWARM': expected: OFF, COLD, WARM, HOT"),
        ("thermal_state", "HOT", "is set in an external row"),
        ("hosting_type", "moon", "'moon': expected: external, self_hosted"),
        ("primary_mode", "chatting", "'chatting': expected: chat, completion, embedding, image, video, audio, "),
        ("min_tier", 6, "6: expected: 1 to 5"),
        ("model_id", "", "'': expected text of length at least 1"),
        ("avg_latency_ms", -1, "-1: expected"),
        ("avg_latency_ms", float("nan"), "nan: expected"),
        ("avg_latency_ms", float("inf"), "inf: expected"),
        ("input_cost_per_1k", Decimal("-0.1"), "-0.1 is less than 0"),
        ("input_cost_per_1k", "cheap", "'cheap': is not a number"),
        ("input_cost_per_1k", float("nan"), "NaN is not a finite number"),
        ("cost_per_image", float("inf"), "Infinity is not a finite number"),
        ("cost_per_image", Decimal("sNaN"), "sNaN is not a finite number"),
        ("cost_per_page", Decimal("1e13"), "1E+13 is beyond 1,000,000,000,000"),
        ("cost_per_page", Decimal("1e-31"), "1E-31 has more than 30 decimal places"),
        ("cost_per_hour", True, "True: expected"),
    ],
)
def test_a_row_that_is_not_right_is_refused_by_column(
    external: MakeRow, column: str, value: object, problem: str
) -> None:
    with pytest.raises(InvalidRow) as refused:
        read_rows([external("good"), external("bad") | {column: value}])
    assert (refused.value.index, refused.value.column) == (1, column)
    assert refused.value.problem.startswith(problem)
    assert refused.value.model_id == ("" if column == "model_id" else "bad")


def test_a_self_hosted_model_without_a_thermal_state_is_refused(hosted: MakeRow) -> None:
    with pytest.raises(InvalidRow, match=r"^Row 0 \(m\), column thermal_state: is missing in a self-hosted row\.$"):
        read_rows([hosted("m", thermal_state=None)])


@pytest.mark.parametrize("markup", [Decimal("-1.01"), Decimal("NaN"), Decimal("1e-13")])
def test_a_markup_that_makes_no_price_is_refused(external: MakeRow, markup: Decimal) -> None:
    with pytest.raises(InvalidRow) as refused:
        read_rows([external("m", input_cost_per_1k=1, markup_rate=markup)])
    assert refused.value.column == "markup_rate"


@pytest.mark.parametrize("column", ["provider_id", "thermal_state", "input_cost_per_1k", "health_status", "min_tier"])
def test_a_missing_column_is_refused(external: MakeRow, column: str) -> None:
    row = external("m")
    del row[column]
    with pytest.raises(InvalidRow, match=rf"^Row 0 \(m\), column {column}: is missing\.$"):
        read_rows([row])


def test_something_that_is_no_mapping_is_refused() -> None:
    rows: list[Any] = [[1, 2]]
    with pytest.raises(InvalidRow, match=r"^Row 0: is no mapping of columns but list\.$"):
        read_rows(rows)


def test_the_same_model_of_a_provider_twice_is_refused_and_of_two_providers_not(external: MakeRow) -> None:
    assert len(read_rows([external("m"), external("m", provider_id="q")])) == 2
    with pytest.raises(
        InvalidRow, match=r"^Row 2 \(m\), column model_id: stands in row 0 already, for the same provider"
    ):
        read_rows([external("m"), external("m", provider_id="q"), external("m")])


def test_rows_that_are_not_right_do_not_take_the_others_with_them(external: MakeRow) -> None:
    bad = [external("b", min_tier=9), external("c", cost_per_page=Decimal("1e13")), external("a")]
    candidates, refused = reading.read_rows([external("z"), bad[0], external("a"), bad[1], bad[2], external("m")])
    assert [candidate.model_id for candidate in candidates] == ["a", "m", "z"]
    assert [(error.index, error.model_id, error.column) for error in refused] == [
        (1, "b", "min_tier"),
        (3, "c", "cost_per_page"),
        (4, "a", "model_id"),
    ]


def test_a_selector_of_rows_given_by_hand_raises_and_one_that_follows_keeps_the_rest(external: MakeRow) -> None:
    rows = [external("m"), external("bad", min_tier=9)]
    with pytest.raises(InvalidRow, match=r"^Row 1 \(bad\), column min_tier: 9: expected: 1 to 5\.$"):
        Selector.from_rows(rows)
    index = Selector().build(rows)
    assert [candidate.model_id for candidate in index.candidates] == ["m"]
    assert [error.model_id for error in index.refused] == ["bad"]
