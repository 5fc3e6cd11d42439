"""A response may be anything: it is read, or refused in words; what is read can be rated, or is refused so."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.errors import UsageInvalid
from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed

from .sheets import NOON, price, sheet

PRICES = sheet(price("input_tokens", "1"), price("output_tokens", "2"), price("requests", "1", 1))

FILES = sorted((Path(__file__).parent / "responses").glob("*.json"))
RESPONSES: list[dict[str, Any]] = [json.loads(file.read_text())["response"] for file in FILES]
PROVIDERS = sorted({json.loads(file.read_text())["provider"] for file in FILES})

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 10),
    st.sampled_from([10**16, 10**400, -(10**30), "", "9", "1e5", "NaN", "\0", "\ud800", [], {}, [{}], [[]], {"": 1}]),
    st.sampled_from([float("nan"), float("inf"), -0.0, 1e308, 0.5, Decimal("0.1"), Decimal("sNaN"), Decimal("1e999")]),
    st.sampled_from([{"type": {}}, [{"type": []}], {"total": None}, ["message"], [None, 1, "x", {"type": "search"}]]),
)


def _names(it: Any) -> set[str]:
    if isinstance(it, dict):
        return {*it, *(name for value in it.values() for name in _names(value))}
    return {name for value in it for name in _names(value)} if isinstance(it, list) else set()


NAMES = sorted({name for response in RESPONSES for name in _names(response)})


def _spoiled(it: Any, draw: st.DrawFn) -> Any:
    """The same with something odd in some place, or something of another response beside."""
    if isinstance(it, dict):
        found = {name: _spoiled(value, draw) for name, value in it.items()}
        if draw(st.integers(0, 7)) == 0:
            found[draw(st.sampled_from(NAMES))] = draw(ODD)
        return found
    if isinstance(it, list):
        return [_spoiled(value, draw) for value in it]
    return draw(ODD) if draw(st.integers(0, 5)) == 0 else it


@st.composite
def responses(draw: st.DrawFn) -> dict[str, Any]:
    spoiled: dict[str, Any] = _spoiled(draw(st.sampled_from(RESPONSES)), draw)
    return {**spoiled, **draw(st.dictionaries(st.sampled_from(NAMES), ODD, max_size=2))}


@given(responses(), st.sampled_from([None, *PROVIDERS]))
def test_it_is_read_or_refused_in_words(response: dict[str, Any], provider: str | None) -> None:
    try:
        found = consumed(response, provider)
        rating = rate(PRICES, found.usage, NOON)
    except UsageInvalid as error:
        assert str(error)
        return
    assert all(it.isprintable() and it for it in found.unread)
    assert rating.total is None or rating.total >= 0
