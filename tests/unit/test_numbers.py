"""Texts that are plainly numbers are read as numbers; whatever may mean something else is not."""

from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.entries import number, whole


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("128000", 128_000),
        ("0.000002", Decimal("0.000002")),
        ("1e-6", Decimal("0.000001")),
        ("3E-5", Decimal("0.00003")),
        ("-1", -1),
        (7, 7),
        (Decimal("0.5"), Decimal("0.5")),
    ],
)
def test_what_is_a_number(raw: Any, said: Any) -> None:
    assert number(raw) == said


@pytest.mark.parametrize(
    "raw", ["128k", "128,000", "0,5", "1_000", "", " ", "$2", "NaN", "1e999", "٣", True, None, [], {}]
)
def test_what_is_none(raw: Any) -> None:
    assert number(raw) is None


@pytest.mark.parametrize(
    ("raw", "said"), [("128,000", 128_000), ("1,048,576", 1_048_576), ("128000", 128_000), ("2e5", 200_000)]
)
def test_a_count_may_have_commas_between_its_thousands(raw: str, said: int) -> None:
    assert whole(raw) == said


@pytest.mark.parametrize("raw", ["128,00", "1,5", "0,500", "12,8000", "128,000.5", "1.5", "128k", ",000", True, None])
def test_no_count(raw: Any) -> None:
    assert whole(raw) is None
