"""What the type checker says becomes a sentence for people, with the place and what is allowed."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from radiant import wording
from radiant.domain.outcome import REGION


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    share: Decimal | float = 0.0


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    size: Size
    count: Annotated[int, Meta(ge=0, le=1000)] = 0
    price: Decimal | None = None
    names: tuple[str, ...] = ()
    since: dt.date | None = None
    at: dt.datetime | None = None
    place: Annotated[str, Meta(pattern=REGION)] | None = None
    word: Annotated[str, Meta(pattern="^[a-z]$")] | None = None
    sort: Literal["b", "a"] = "a"
    on: bool = False
    inner: Inner | None = None


@pytest.mark.parametrize(
    ("data", "field", "problem", "allowed"),
    [
        ({"size": "huge"}, "size", "unknown value 'huge'", ("small", "large")),
        ({"size": "small", "count": -1}, "count", "expected a whole number at least 0", ("0 to 1,000",)),
        ({"size": "small", "count": "1"}, "count", "expected a whole number, got text", ("0 to 1,000",)),
        ({"size": "small", "price": "dear"}, "price", "is not a number", ()),
        ({"size": "small", "price": True}, "price", "expected a number, got true or false", ()),
        ({"size": "small", "names": ["a", 1]}, "names[1]", "expected text, got a whole number", ()),
        ({"size": "small", "names": "a"}, "names", "expected a list, got text", ()),
        ({"size": "small", "since": "soon"}, "since", "is not a date such as 2026-01-31", ()),
        ({"size": "small", "at": "soon"}, "at", "is not a date with a time such as 2026-01-31T09:30:00Z", ()),
        ({"size": "small", "place": " "}, "place", "is blank, or has a character that cannot stand in it", ()),
        ({"size": "small", "word": "A"}, "word", "expected text matching regex '^[a-z]$'", ()),
        ({"size": "small", "sort": "c"}, "sort", "unknown value 'c'", ("a", "b")),
        ({"size": "small", "on": "yes"}, "on", "expected true or false, got text", ("true", "false")),
        ({"size": "small", "inner": 3}, "inner", "expected a mapping, got a whole number", ()),
        ({"size": "small", "inner": {"share": None}}, "inner.share", "expected a number, got nothing", ()),
        ({"size": "small", "inner": {"part": 1}}, "inner.part", "is unknown", ("share",)),
        ({}, "size", "is required and missing", ()),
        ([], "", "expected a mapping, got a list", ()),
    ],
)
def test_a_complaint_has_place_problem_and_what_is_allowed(
    data: Any, field: str, problem: str, allowed: tuple[str, ...]
) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.convert(data, Thing)
    found = wording.complaint(raised.value, Thing)
    assert (found.field, found.problem, found.allowed) == (field, problem, allowed)
    assert (found.missing, found.unknown) == ("missing" in problem, problem == "is unknown")
    assert wording.sentence(raised.value) == (f"{field}: {problem}" if field else problem)


def test_a_file_in_toml_hears_of_tables_and_arrays() -> None:
    for data, problem in (
        ({"size": "small", "names": "a"}, "expected an array, got text"),
        ({"size": "small", "inner": 3}, "expected a table, got a whole number"),
        ({"size": "small", "price": "dear"}, "expected a number such as 0.15"),
    ):
        with pytest.raises(msgspec.ValidationError) as raised:
            msgspec.convert(data, Thing)
        assert wording.complaint(raised.value, Thing, words=wording.TOML).problem == problem


def test_what_is_no_complaint_of_the_type_checker_stays_as_it_is() -> None:
    assert wording.sentence(ValueError("'x' is not a valid Task")) == "'x' is not a valid Task"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"size": "huge"}, "size: unknown value 'huge'; expected one of: small, large"),
        ({"size": "small", "sort": "c"}, "sort: unknown value 'c'; expected one of: a, b"),
        ({"size": "small", "inner": {"part": 1}}, "inner.part: is unknown; expected one of: share"),
        ({"size": "small", "count": -1}, "count: expected a whole number at least 0"),
        ({"size": "small", "on": "yes"}, "on: expected true or false, got text"),
        ([], "expected a mapping, got a list"),
    ],
)
def test_a_sentence_has_the_words_that_may_stand_there(data: Any, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(data, Thing)
    assert wording.sentence(refused.value, Thing) == said


@pytest.mark.parametrize("data", [{"size": "s" * 10**6}, {"size": "small", "s" * 10**6: 1}])
def test_a_sentence_repeats_little_of_what_was_sent(data: Any) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(data, Thing)
    assert "s" * 150 in wording.sentence(refused.value, Thing)
    assert len(wording.sentence(refused.value, Thing)) < 400
