"""Whatever comes, a source gives a reading or says why not, and never a claim that cannot be stored."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from radiant.claims.reading import Reading
from radiant.domain.errors import SourceUnreadable
from radiant.public_catalogs.roster import SOURCES
from tests.examples import examples

ON = dt.date(2026, 11, 23)

KNOWN = """
    id name data models litellm_provider mode max_input_tokens input_cost_per_token output_cost_per_image
    input_cost_per_token_above_200k_tokens tiered_pricing range supports_vision supported_modalities
    deprecation_date metadata original_pricing_per_minute limit context output cost input tiers tier type size
    modalities release_date last_updated status env api architecture output_modalities pricing prompt completion
    overrides min_prompt_tokens top_provider supported_parameters expiration_date alias_target slug match equals
    or and regex starts_with prices constraint start_date start_time base start price price_variants when
    processing input_mtok context_window
"""
KEYS = st.sampled_from(KNOWN.split())
WORDS = st.sampled_from(
    ["openai", "aws", "azure", "chat", "text", "image", "batch", "context", "2026-01-01", "-1", "1e-6"]
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([0, 1, -1, 1e-6, 1e300, 10**30]))
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, WORDS, st.text(max_size=8))
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(KEYS, WORDS, st.text(max_size=4)), inner, max_size=6)
    ),
    max_leaves=40,
)


def checked(reading: Reading) -> None:
    assert reading.claims
    for claim in reading.claims:
        assert claim.facts and claim.entry.isprintable()
        for value in claim.facts.values():
            assert isinstance(value, str | int | Decimal | bool | list)
            if type(value) is Decimal:
                assert value.is_finite() and value >= 0
            json.dumps(value, default=str).encode()


def read_by_all(document: Any) -> None:
    body = json.dumps(document).encode()
    for source in SOURCES:
        try:
            checked(source.read(body, ON))
        except SourceUnreadable as error:
            assert error.source == source.id
            assert str(error).isprintable()


@settings(max_examples=examples(150), derandomize=True, deadline=None)
@given(JSON)
def test_any_document(document: Any) -> None:
    read_by_all(document)


@settings(max_examples=examples(150), derandomize=True, deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=12))
def test_any_entry_where_one_is_expected(entry: dict[str, Any]) -> None:
    named = {**entry, "id": "m"}
    read_by_all({"m": {"litellm_provider": "openai", **entry}})
    read_by_all({"openai": {"models": {"m": entry}}})
    read_by_all({"data": [named]})
    read_by_all([{"id": "openai", "models": [named]}])


@settings(max_examples=examples(150), derandomize=True, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes(body: bytes) -> None:
    for source in SOURCES:
        try:
            checked(source.read(body, ON))
        except SourceUnreadable as error:
            assert error.source == source.id
