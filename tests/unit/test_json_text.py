"""What is wrong with a text that is no JSON: said of what was sent, not of what a reader stumbled over."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.json_text import fault_of_json, lone_surrogate, whole_numbers


def test_numbers_that_are_whole_are_ints_however_deep_they_stand_and_what_is_too_deep_stays() -> None:
    assert repr(whole_numbers({"a": [2.0, {"b": 1e300}], "c": 2.5})) == repr({"a": [2, {"b": int(1e300)}], "c": 2.5})
    deep: list[object] = [2.0]
    for _ in range(100_000):
        deep = [deep]
    assert whole_numbers(deep) is deep


@pytest.mark.parametrize(
    ("text", "half"),
    [
        (r'{"task": "\ud800"}', r"\ud800"),
        (r'{"task": "\ud800 and on and on"}', r"\ud800"),
        (r'{"task": "\uDE00"}', r"\uDE00"),
        (r'{"task": "\ud83d\ud83d\ude00"}', r"\ud83d"),
        (r'{"task": "\ud83d\ude00\ude00"}', r"\ude00"),
        (r'{"task": "\ud83d\n\ude00"}', r"\ud83d"),
        (r'["\\\ud800"]', r"\ud800"),
    ],
)
def test_half_a_character_is_named(text: str, half: str) -> None:
    for given_as in (text, text.encode()):
        with pytest.raises(msgspec.DecodeError) as caught:
            msgspec.json.decode(given_as)
        assert fault_of_json(given_as, caught.value) == f"it holds {half}, which is half of a character"


@pytest.mark.parametrize("text", [r'"\ud83d\ude00"', r'"\\ud800"', r'"\u00e9\n\t"', '"😀"', '{"cut'])
def test_whole_characters_are_none(text: str) -> None:
    assert lone_surrogate(text) is None


def test_what_else_is_wrong_is_said_by_the_reader() -> None:
    assert fault_of_json(b'{"a": 1', ValueError("Input data was truncated")) == "Input data was truncated"


@given(st.text())
def test_text_as_json_writes_it_holds_no_half(text: str) -> None:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert lone_surrogate(json.dumps(whole)) is None
