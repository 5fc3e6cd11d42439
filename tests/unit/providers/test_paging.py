"""Each style of paging: where it starts, where it goes on, where it ends."""

import json
from typing import Any

import pytest

from radiant.domain.errors import SourceUnreadable
from radiant.providers.paging import Cursor, Link, Next, Numbered, Paging, Single, with_parameters

URL = "https://api.example.com/api/v1/models?a=b"
CURSOR = Cursor(field="next", parameter="page", size=("size", 100))
AFTER = Cursor(field="last_id", parameter="after_id", size=("limit", 100), more="has_more")
NUMBERED = Numbered(page="page_no", size=("page_size", 20), sized="output.page_size", total="output.total")


def follow(paging: Paging, body: Any, headers: dict[str, str] | None = None, url: str = URL) -> str | None:
    return paging.next("the list", url, json.dumps(body).encode(), headers or {})


def test_the_first_page_says_how_many_it_wants_and_keeps_what_else_was_asked() -> None:
    assert CURSOR.first(URL) == f"{URL}&size=100"
    assert NUMBERED.first(URL) == f"{URL}&page_no=1&page_size=20"
    assert Single().first(URL) == Next(url="next").first(URL) == URL


def test_a_token_is_encoded_and_replaces_the_one_before() -> None:
    second = follow(CURSOR, {"next": "AB/x+y=="})
    assert second == f"{URL}&page=AB%2Fx%2By%3D%3D"
    assert follow(CURSOR, {"next": "C&D"}, url=second) == f"{URL}&page=C%26D"


@pytest.mark.parametrize("body", [{}, {"next": ""}, {"next": None}, [], None, {"data": []}])
def test_no_token_is_the_end(body: Any) -> None:
    assert follow(CURSOR, body) is None


def test_an_empty_page_with_a_token_is_not_the_end() -> None:
    assert follow(CURSOR, {"models": [], "next": "t"}) is not None


@pytest.mark.parametrize("token", [7, True, [], {}, ["t"], "t" * 5_000])
def test_a_token_that_is_none_is_refused(token: Any) -> None:
    with pytest.raises(SourceUnreadable):
        follow(CURSOR, {"next": token})


def test_a_boolean_says_whether_more_follows() -> None:
    assert follow(AFTER, {"has_more": True, "last_id": "m"}) == f"{URL}&after_id=m"
    for body in ({"has_more": False, "last_id": "m"}, {"last_id": "m"}, {"has_more": None, "last_id": "m"}):
        assert follow(AFTER, body) is None
    others: tuple[Any, ...] = ("true", "false", 1, 0, [], {}, "")
    for said in others:
        with pytest.raises(SourceUnreadable, match="expected true or false"):
            follow(AFTER, {"has_more": said, "last_id": "m"})
    with pytest.raises(SourceUnreadable, match="says that more follows"):
        follow(AFTER, {"has_more": True, "last_id": None})


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("https://api.example.com/v1/models?cursor=x", "https://api.example.com/v1/models?cursor=x"),
        ("/api/v1/models?offset=500", "https://api.example.com/api/v1/models?offset=500"),
        ("?offset=500", "https://api.example.com/api/v1/models?offset=500"),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
        (None, None),
        ("", None),
    ],
)
def test_an_address_in_the_answer_may_begin_at_the_root(to: str | None, expected: str | None) -> None:
    assert follow(Next(url="links.next"), {"links": {"next": to}}) == expected


@pytest.mark.parametrize("to", [7, {}, [], "https://[", "/" * 5_000])
def test_an_address_that_is_none_is_refused(to: Any) -> None:
    with pytest.raises(SourceUnreadable):
        follow(Next(url="next"), {"next": to})


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('<https://api.example.com/b?cursor=2>; rel="next"', "https://api.example.com/b?cursor=2"),
        ('</b>; rel="first", </c?x=1,2>; rel="next"', "https://api.example.com/c?x=1,2"),
        ("</b>; rel=next", "https://api.example.com/b"),
        ('</b>; rel="prev"', None),
        ('</b>; title="rel=next"', None),
        ("", None),
        ("<<<>;;,", None),
    ],
)
def test_a_header_names_the_next_page(header: str, expected: str | None) -> None:
    assert follow(Link(size=("limit", 10)), [], {"link": header}) == expected


def test_pages_by_number_end_with_the_total() -> None:
    first = NUMBERED.first(URL)
    assert follow(NUMBERED, {"output": {"total": 41, "page_size": 20}}, url=first) == f"{URL}&page_no=2&page_size=20"
    assert follow(NUMBERED, {"output": {"total": 20, "page_size": 20}}, url=first) is None
    assert follow(NUMBERED, {"output": {"total": 15, "page_size": 10}}, url=first) is not None, "fewer than were wanted"
    for total in (None, "many", -1):
        with pytest.raises(SourceUnreadable):
            follow(NUMBERED, {"output": {"total": total}}, url=first)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b'{"next": "a"', b"\xff\xfe"])
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(SourceUnreadable):
        CURSOR.next("the list", URL, body, {})


def test_parameters_are_put_in_place_of_those_of_the_same_name() -> None:
    assert with_parameters("https://e.com/a?x=1&y=", {"x": "2", "z": "ü"}) == "https://e.com/a?x=2&y=&z=%C3%BC"
