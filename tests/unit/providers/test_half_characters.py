"""Half a character in a list of models costs the entry it stands in, or less, and never the list."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiant.providers.decoding import json_of
from radiant.providers.envelope import entries
from radiant.providers.roster import lister
from radiant.providers.shape import Page, read

SHAPE = lister("groq").requests[0].shape


def page(*ids: str) -> Page:
    """As a provider sends them; `json` writes halves as escapes."""
    return read(SHAPE, json.dumps({"object": "list", "data": [{"id": id} for id in ids]}).encode(), "it")


@pytest.mark.parametrize(
    "half", ["\ud800", "\udfff", "\ud800\ud800", "\udc00\ud800", "\\\ud800", "\\\\\udc00\U0001f600"]
)
def test_it_is_one_entry_among_the_errors_and_the_others_are_read(half: str) -> None:
    found = page("first", f"m{half}", "last", "\U0001f600")
    assert [it.id for it in found.models] == ["first", "last", "\U0001f600"]
    assert (len(found.refused), found.lost) == (1, 1)


def test_in_another_field_it_costs_the_fact_alone() -> None:
    body = b'{"data": [{"id": "a", "owned_by": "\\ud800"}, {"id": "b", "context_window": "\\ud800"}, {"id": "c"}]}'
    found = read(SHAPE, body, "it")
    assert ([it.id for it in found.models], found.lost) == (["a", "b", "c"], 0)


def test_a_list_without_an_envelope_is_mended_alike() -> None:
    found = entries("it", b'[{"id": "a"}, {"id": "\\uDBFF"}]', ("data",), absent_is_empty=False)
    assert [json.loads(bytes(raw)) for _, raw in found] == [{"id": "a"}, {"id": "\uffff"}]


def test_a_mark_of_the_byte_order_is_read_over() -> None:
    body = b'\xef\xbb\xbf{"data": [{"id": "a"}]}'
    assert [it.id for it in read(SHAPE, body, "it").models] == ["a"]
    assert json_of(body) == {"data": [{"id": "a"}]}


def test_half_a_character_costs_no_answer_of_a_model() -> None:
    """Sixteen tokens may end in the middle of one."""
    answer = rb'{"choices": [{"message": {"content": "OK \ud83d"}}], "usage": {"completion_tokens": 16}}'
    assert json_of(answer)["usage"] == {"completion_tokens": 16}


@given(st.lists(st.text(st.characters(codec=None)), max_size=5))
def test_whole_characters_are_left_as_they_are(texts: list[str]) -> None:
    body = json.dumps(texts).encode()
    found = [json.loads(bytes(raw)) for _, raw in entries("it", body, ("data",), absent_is_empty=False)]
    assert [it for it in found if "\uffff" not in it] == [it for it in texts if whole(it)]


def whole(text: str) -> bool:
    return "\uffff" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
