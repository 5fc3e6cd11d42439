"""What comes in place of a catalog: every source refuses it whole, with a sentence."""

import re
import tracemalloc

import pytest

from radiant.claims.document import MAX_BYTES, MAX_CONTAINERS, document
from radiant.domain.errors import SourceUnreadable
from radiant.public_catalogs.roster import SOURCES, PublicSource

every_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)

GOOD = {
    "litellm": b'{"m": {"litellm_provider": "openai", "mode": "chat"}}',
    "models.dev": b'{"openai": {"models": {"m": {"name": "M"}}}}',
    "openrouter": b'{"data": [{"id": "a/m", "name": "M"}]}',
    "genai-prices": b'[{"id": "openai", "models": [{"id": "m", "name": "M", "match": {"equals": "m"}}]}]',
}


def problem(source: PublicSource, body: bytes) -> str:
    with pytest.raises(SourceUnreadable) as raised:
        source.read(body, None)
    assert raised.value.source == source.id
    assert str(raised.value) == f"Nothing was read from {source.id}: what came {raised.value.problem}."
    return raised.value.problem


@every_source
def test_the_smallest_catalog_is_read(source: PublicSource) -> None:
    reading = source.read(GOOD[source.id], None)
    assert (len(reading.claims), reading.refusals, reading.source) == (1, (), source.id)


@every_source
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"<!doctype html><html>", "is a web page, not JSON"),
        (b"{", "ends in the middle (line 1, column 2); it was cut off"),
        (b'{"a": {"b"', "ends in the middle (line 1, column 11); it was cut off"),
        (b'{"a": "b', "ends in the middle (line 1, column 7); it was cut off"),
        (b'{"a": 1,}', "is not valid JSON (line 1, column 9): expecting property name enclosed in double quotes"),
        (b'{"a":\n 01}', "is not valid JSON (line 2, column 3): expecting ',' delimiter"),
        (b"\xef\xbb\xbf{}", "begins with a byte order mark; save it as UTF-8 without one"),
        ("{}".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ("{}".encode("utf-32"), "is UTF-32; save it as UTF-8"),
        ("{}".encode("utf-16-le"), "is UTF-16, UTF-32 or no text at all; save it as UTF-8"),
        (b'{\n"a": "\xe9"}', "is not UTF-8 (line 2, byte 8)"),
        (b"[" * 100_000, "is nested too deeply for a catalog"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(source: PublicSource, body: bytes, sentence: str) -> None:
    assert problem(source, body) == sentence


@every_source
@pytest.mark.parametrize("body", [b"null", b"true", b"7", b'"text"'])
def test_a_document_of_another_kind_is_refused(source: PublicSource, body: bytes) -> None:
    assert "; expected " in problem(source, body)


@pytest.mark.parametrize(
    ("id", "body", "sentence"),
    [
        ("litellm", b"[]", "is a list; expected an object with one entry per model"),
        ("litellm", b"{}", "holds no model"),
        ("litellm", b'{"sample_spec": {}}', "holds no model"),
        (
            "litellm",
            GOOD["models.dev"],
            "holds no model; the first problem: openai: `litellm_provider` is null; expected the name of a provider",
        ),
        ("models.dev", b"[]", "is a list; expected an object with one entry per provider"),
        ("models.dev", b"{}", "holds no model"),
        ("models.dev", GOOD["litellm"], "holds no model; the first problem: m: `models` is null; expected an object"),
        ("openrouter", b"[]", 'is a list; expected an object with a list of models under "data"'),
        ("openrouter", b"{}", 'is an object; expected an object with a list of models under "data"'),
        ("openrouter", b'{"data": {}}', 'is an object; expected an object with a list of models under "data"'),
        ("openrouter", b'{"data": []}', "holds no model"),
        ("genai-prices", b"{}", "is an object; expected a list of providers"),
        ("genai-prices", b"[]", "holds no model"),
    ],
)
def test_json_that_is_not_the_catalog_is_refused(id: str, body: bytes, sentence: str) -> None:
    assert problem(next(source for source in SOURCES if source.id == id), body) == sentence


@every_source
def test_a_body_beyond_the_limit_is_refused_unread(source: PublicSource) -> None:
    assert problem(source, b" " * (MAX_BYTES + 1)) == "is 64 MiB large; at most 64 MiB are read"


@pytest.mark.parametrize("body", [b"[" + b"{}," * MAX_CONTAINERS + b"{}]", b"[" + b"1," * 1_500_001 + b"1]"])
def test_a_document_that_would_fill_the_memory_is_refused_before_it_is_read(body: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(SourceUnreadable, match="more objects and values than a catalog of models can have"):
            document("litellm", body)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_a_file_that_is_wrong_throughout_is_given_up() -> None:
    body = b"{" + b",".join(b'"m%d": 1' % number for number in range(30_000)) + b"}"
    (litellm,) = (source for source in SOURCES if source.id == "litellm")
    assert problem(litellm, body) == "has more than 20,000 mistakes; the first: m0: is 1; expected an object"


def test_numbers_are_exact_and_odd_ones_are_marked() -> None:
    read = document("litellm", b"[0.1, 2.5e-06, 7, NaN, -Infinity, 1e999999999, 1e9999999999999999999, 0e-999999]")
    assert [repr(number) for number in read] == [
        "Decimal('0.1')",
        "Decimal('0.0000025')",
        "7",
        "'NaN'",
        "'-Infinity'",
        "'1e999999999'",
        "'1e9999999999999999999'",
        "Decimal('0')",
    ]
    assert document("litellm", b"[" + b"9" * 5_000 + b"]") == ["9" * 5_000]


BAD_IDS = [
    ("", "has an empty id"),
    ("   ", "has an empty id"),
    ("a\\u0000b", "has control characters in its id"),
    ("a\\nb", "has control characters in its id"),
    ("\\ud800", "has control characters in its id"),
    ("x" * 513, "has an id of 513 characters; at most 512 are read"),
    ("x" * 2000, "has an id of 2,000 characters; at most 512 are read"),
]


@every_source
@pytest.mark.parametrize(("id", "sentence"), BAD_IDS)
def test_an_id_that_cannot_be_one_costs_only_its_entry(source: PublicSource, id: str, sentence: str) -> None:
    in_list = f'{{"id": "{id}", "name": "N"}}, {{"id": "m", "name": "M"}}'
    in_object = f'"{id}": {{"litellm_provider": "x", "name": "N"}}, "m": {{"litellm_provider": "x", "name": "M"}}'
    body = {
        "litellm": f"{{{in_object}}}",
        "models.dev": f'{{"openai": {{"models": {{{in_object}}}}}}}',
        "openrouter": f'{{"data": [{in_list}]}}',
        "genai-prices": f'[{{"id": "openai", "models": [{in_list}]}}]',
    }[source.id]
    reading = source.read(body.encode(), None)
    assert [claim.entry.rpartition("/")[2] for claim in reading.claims] == ["m"]
    (refusal,) = reading.refusals
    assert refusal.problem == sentence
    assert len(refusal.entry) <= 60 and refusal.entry.isprintable()


def test_an_id_of_512_characters_is_read() -> None:
    body = f'{{"{"x" * 512}": {{"litellm_provider": "openai", "mode": "chat"}}}}'
    (litellm,) = (source for source in SOURCES if source.id == "litellm")
    assert litellm.read(body.encode(), None).claims[0].model_id == "x" * 512


@every_source
@pytest.mark.parametrize("twice", [("1", "1"), ("1", "2")], ids=["alike", "different"])
def test_an_entry_that_stands_twice_is_reported(source: PublicSource, twice: tuple[str, str]) -> None:
    """Of two alike one is read; of two that differ neither is believed."""
    first, second = (
        {
            "litellm": f'"a": {{"litellm_provider": "openai", "max_input_tokens": {window}}}',
            "models.dev": f'"a": {{"limit": {{"context": {window}}}}}',
            "openrouter": f'{{"id": "a", "context_length": {window}}}',
            "genai-prices": f'{{"id": "a", "context_window": {window}}}',
        }[source.id]
        for window in twice
    )
    body = {
        "litellm": f'{{{first}, {second}, "b": {{"litellm_provider": "openai", "max_input_tokens": 3}}}}',
        "models.dev": f'{{"openai": {{"models": {{{first}, {second}, "b": {{"limit": {{"context": 3}}}}}}}}}}',
        "openrouter": f'{{"data": [{first}, {second}, {{"id": "b", "context_length": 3}}]}}',
        "genai-prices": f'[{{"id": "openai", "models": [{first}, {second}, {{"id": "b", "context_window": 3}}]}}]',
    }[source.id]
    reading = source.read(body.encode(), None)
    (refusal,) = reading.refusals
    found = {re.sub(r".*/", "", claim.entry): claim.facts["context_window"] for claim in reading.claims}
    if twice[0] == twice[1]:
        assert found == {"a": 1, "b": 3}
        assert refusal.problem == "stands more than once, with the same value; read once"
    else:
        assert found == {"b": 3}
        assert refusal.problem == "stands more than once with different values; none was read"


def test_a_fact_that_stands_twice_costs_only_itself() -> None:
    (litellm,) = (source for source in SOURCES if source.id == "litellm")
    reading = litellm.read(
        b'{"m": {"litellm_provider": "openai", "mode": "chat", "max_output_tokens": 5,'
        b' "input_cost_per_token": 1e-6, "input_cost_per_token": 2e-6}}',
        None,
    )
    assert "price.input_per_mtok" not in reading.claims[0].facts
    assert reading.claims[0].facts["max_output"] == 5
    assert [str(refusal) for refusal in reading.refusals] == [
        "m: `input_cost_per_token` stands more than once with different values; none was read"
    ]


def test_two_entries_of_one_name_do_not_collide() -> None:
    (models_dev,) = (source for source in SOURCES if source.id == "models.dev")
    reading = models_dev.read(
        b'{"a": {"models": {"b/c": {"name": "1"}}}, "a/b": {"models": {"c": {"name": "2"}}}}', None
    )
    assert [(claim.entry, claim.facts["display_name"]) for claim in reading.claims] == [("a/b/c", "1")]
    assert [str(refusal) for refusal in reading.refusals] == ["a/b/c: is the name of two entries; the first was read"]
