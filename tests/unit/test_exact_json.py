"""Numbers keep every digit on their way into the database and back."""

from decimal import Decimal
from typing import Any

import pytest

from radiant.registry.batches import ROWS, batches
from radiant.registry.exact_json import as_json, from_json


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.1000000000000000000000000000001"),
        Decimal("-0.075"),
        123456789012345678901234567890,
        {"price.input": Decimal("1.50"), "tiers": [{"above": 128_000}], "name": None, "open": True},
    ],
)
def test_what_is_written_is_read_again(value: Any) -> None:
    assert from_json(as_json(value)) == value


def test_a_price_is_no_float() -> None:
    found = from_json("[1.50, 2, 3e2]")
    assert [(type(it), str(it)) for it in found] == [(Decimal, "1.50"), (int, "2"), (Decimal, "3E+2")]


def test_batches_hold_all_rows_once_and_in_order() -> None:
    rows = range(2 * ROWS + 1)
    parts = list(batches(rows))
    assert [len(it) for it in parts] == [ROWS, ROWS, 1]
    assert [number for part in parts for number in part] == list(rows)
    assert list(batches([])) == []
