"""Whatever a provider makes of its own answer, reading gives a listing: no exception, no fact that was not said."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from radiant.claims.entries import LONGEST_ID
from radiant.domain.errors import SourceUnreadable
from radiant.providers.lister import Fetched, read
from radiant.providers.listing import Listing
from radiant.providers.roster import lister
from tests.examples import examples
from tests.unit.providers.recorded import Recorded, recorded

RECORDED = recorded()
HUGE = ["x" * 100_000, 10**30, -(10**30), 1e300, "9" * 5000, [[]] * 1000, {"a": {"b": {}}}, 10**400]
NONSENSE: list[Any] = [None, 7, "m", [], [{}], {}, {"id": None}, {"id": ""}, {"id": "a\0"}]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from([*HUGE, "", "0", "-1", "2027-02-30", "2027-01-31T00:00:00+99:00", "ft:", "../..", "\0", "\ud800"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)


def listing_of(answer: Recorded, body: bytes) -> Listing:
    """The pages are read; what comes can be compared, stored and shown."""
    fetched = Fetched(pages=answer.pages(body), problems=())
    listing = read(lister(answer.provider), answer.provider, fetched)
    assert len(listing.digest) == 64
    for model in listing.models:
        assert model.id.strip() and model.id.isprintable() and len(model.id) <= LONGEST_ID
        for value in model.facts.values():
            assert isinstance(value, str | int | Decimal | bool | list)
            assert type(value) is not Decimal or (value.is_finite() and value >= 0)
    told = [*map(str, listing.problems), *map(str, listing.refused)]
    assert all(text.isprintable() and len(text) < 2_000 for text in told)
    assert not any("Error)" in text for text in told), "a shape expects whatever may come"
    return listing


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a value."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for key, item in below for inner in places(item, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    """The value with something else at a place."""
    if not path:
        return to
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], to)
    return copy


@settings(max_examples=examples(1_000), deadline=None)
@given(data=st.data(), answer=st.sampled_from(RECORDED))
def test_a_changed_place_costs_at_most_its_entry(data: st.DataObject, answer: Recorded) -> None:
    path = data.draw(st.sampled_from(places(answer.answer)))
    mutated = changed(answer.answer, path, data.draw(VALUES))
    listing = listing_of(answer, json.dumps(mutated).encode())
    whole = {model["id"] for model in answer.expected}
    if not whole <= {model.id for model in listing.models}:
        changed_id = path and path[-1] in answer.asked.shape.id
        assert not listing.complete or changed_id, "what is missing is told, or goes by another id now"


@settings(max_examples=examples(200), deadline=None)
@given(answer=st.sampled_from(RECORDED), cut=st.floats(0, 1), noise=st.binary(max_size=20))
def test_a_torn_or_garbled_body_is_one_problem(answer: Recorded, cut: float, noise: bytes) -> None:
    at = int(len(answer.body) * cut)
    listing = listing_of(answer, answer.body[:at] + noise)
    assert len(listing.problems) <= 1
    assert listing.models or listing.problems


@settings(max_examples=examples(200), deadline=None)
@given(answer=st.sampled_from(RECORDED), document=VALUES)
def test_any_json_at_all_is_read_or_refused(answer: Recorded, document: Any) -> None:
    listing_of(answer, json.dumps(document).encode())


@given(answer=st.sampled_from(RECORDED), document=VALUES)
def test_a_cursor_of_any_kind_leads_on_or_is_refused(answer: Recorded, document: Any) -> None:
    paging = answer.asked.paging
    first = paging.first("https://api.example.com/v1/models")
    for path in places(answer.answer):
        if path and not isinstance(path[-1], int) and len(path) <= 2:
            body = json.dumps(changed(answer.answer, path, document)).encode()
            try:
                to = paging.next("here", first, body, {"link": str(document)})
            except SourceUnreadable:
                continue
            assert to is None or isinstance(to, str)


@settings(max_examples=examples(500), deadline=None)
@given(data=st.data(), answer=st.sampled_from(RECORDED), byte=st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused_and_a_list_that_lost_by_it_is_not_whole(
    data: st.DataObject, answer: Recorded, byte: int
) -> None:
    at = data.draw(st.integers(0, len(answer.body) - 1))
    body = answer.body[:at] + bytes([byte]) + answer.body[at + 1 :]
    listing = listing_of(answer, body)
    paging = answer.asked.paging
    try:
        paging.next("here", paging.first("https://api.example.com/v1/models"), body, {})
    except SourceUnreadable:
        return
    ids = {model.id for model in listing.models}
    lost = [model["id"] for model in answer.expected if model["id"] not in ids]
    # One byte within an id makes it another id; one within a key or a bracket must be noticed.
    assert len(lost) <= 1 or not listing.complete


@settings(max_examples=examples(300), deadline=None)
@given(data=st.data(), answer=st.sampled_from(RECORDED))
def test_a_list_that_lost_an_entry_to_nonsense_is_not_whole(data: st.DataObject, answer: Recorded) -> None:
    """Entries that are no objects, or whose id is none: whatever they were, the list is not whole without them."""
    lists = [path for path in places(answer.answer) if path and path[-1] == 0 and _is_entry(answer, path)]
    path = data.draw(st.sampled_from(lists))
    nonsense: Any = data.draw(st.sampled_from(NONSENSE))
    listing = listing_of(answer, json.dumps(changed(answer.answer, path, nonsense)).encode())
    assert listing.problems
    assert not listing.complete or not answer.asked.exists


def _is_entry(answer: Recorded, path: tuple[Any, ...]) -> bool:
    """Whether an entry of the list stands at a place."""
    above = ".".join(str(key) for key in path[:-1])
    return above in answer.asked.shape.arrays or len(path) == 1
