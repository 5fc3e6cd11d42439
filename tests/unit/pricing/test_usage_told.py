"""What callers tell of usage: its form, the digest by which it is known again, and what was consumed."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant.domain.errors import RadiantError, UsageInvalid
from radiant.pricing.usage_told import AHEAD, Read, consumption, read

from .sheets import NOON

GOOD: dict[str, Any] = {"request_id": "r1", "model": "acme/m", "usage": {"input_tokens": 10}}


def good(told: Any) -> Read:
    found = read(told, NOON)
    assert isinstance(found, Read), found
    return found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"request_id": ""}, "The usage: "),
        ({"request_id": " \t"}, "request_id: is no text"),
        ({"request_id": "a\0b"}, "request_id: is no text"),
        ({"request_id": "x" * 201}, "The usage: "),
        ({"request_id": None}, "The usage: "),
        ({"tenant": "a\nb"}, "tenant: is no text"),
        ({"tenant": "\u202ea"}, "tenant: is no text"),
        ({"context": {"processing": "\0"}}, "context.processing: is no text"),
        ({"context": {f"c{n}": "x" for n in range(21)}}, "context: has 21 conditions; expected at most 20."),
        ({"usage": None}, "usage: names neither usage nor response; one of them is expected."),
        ({"response": {}}, "usage: names both usage and response; one of them is expected."),
        ({"usage": {}}, "usage: names no meter"),
        ({"at": "2026-11-26T12:00:00"}, "at: '2026-11-26T12:00:00' has no time zone"),
        ({"at": "yesterday"}, "at: 'yesterday' is no moment"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at: '0001-01-01T00:00:00+14:00' is out of reach"),
        ({"at": "9999-12-31T23:59:59-12:00"}, "at: '9999-12-31T23:59:59-12:00' is out of reach"),
        ({"at": (NOON + AHEAD + dt.timedelta(seconds=1)).isoformat()}, "at: 2026-11-26T12:10:01+00:00 is to come"),
        ({"reported_cost": "-0.1"}, "reported_cost: is -0.1; expected 0 to"),
        ({"reported_cost": "NaN"}, "reported_cost: is NaN; expected 0 to"),
        ({"reported_cost": "a lot"}, "reported_cost: is 'a lot'; expected an amount of USD"),
        ({"reported_cost": "1e-99999"}, "reported_cost: is 1e-99999; expected at most 30 decimal places"),
        ({"reported_cost": 10**400}, "reported_cost: is larger than anything that is counted"),
        ({"reported_cost": True}, "The usage: "),
        ({"cost": 1}, "The usage: "),
    ],
)
def test_what_has_not_the_form_is_a_sentence(change: dict[str, Any], said: str) -> None:
    found = read({**GOOD, **change}, NOON)
    assert isinstance(found, UsageInvalid) and str(found).startswith(said), found


@pytest.mark.parametrize("told", [None, 1, "x", [], {}, {"request_id": 1}])
def test_what_is_no_usage_at_all_is_a_sentence_too(told: Any) -> None:
    assert isinstance(read(told, NOON), RadiantError)


def test_the_same_content_has_the_same_digest_however_it_is_written() -> None:
    first = good({**GOOD, "reported_cost": 2, "context": {"a": "1", "b": "2"}})
    again = good(dict(reversed({**GOOD, "reported_cost": 2.0, "context": {"b": "2", "a": "1"}}.items())))
    assert first.digest == again.digest
    for more in (
        {"tenant": "t"},
        {"usage": {"input_tokens": 11}},
        {"at": "2026-11-26T11:00:00Z"},
        {"reported_cost": 3},
    ):
        assert good({**GOOD, **more}).digest != first.digest, more


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        ({"input_tokens": -1}, "input_tokens: is -1; expected 0 to"),
        ({"input_tokens": 1.5}, "input_tokens: is 1.5; a part of one makes no sense"),
        ({"input_tokens": 10**40}, "input_tokens: is "),
        ({"input_token": 1}, "input_token: is no meter"),
    ],
)
def test_quantities_that_cannot_be_are_named(usage: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageInvalid) as caught:
        consumption(good({**GOOD, "usage": usage}), "acme")
    assert str(caught.value).startswith(said)


def test_a_response_says_what_was_consumed_under_what_conditions_and_for_how_much() -> None:
    response = {"usage": {"prompt_tokens": 10, "completion_tokens": 2, "cost": 0.5}, "service_tier": "priority"}
    told = {**GOOD, "usage": None, "response": response, "context": {"region": "eu"}}
    usage, context, reported, _ = consumption(good(told), "openrouter")
    assert (dict(usage), dict(context)) == (
        {"input_tokens": 10, "output_tokens": 2}, {"service_tier": "priority", "region": "eu"},
    )  # fmt: skip
    assert reported == Decimal("0.5")
    assert consumption(good({**told, "reported_cost": "0.25"}), "openrouter")[2] == Decimal("0.25")


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ({"service_tier": "x\0"}, "context.service_tier: is no text of 1 to 200"),
        ({"service_tier": "x" * 201}, "context.service_tier: is no text of 1 to 200"),
        ({"service_tier": "\u0130" * 150}, "context.service_tier: is no text of 1 to 200"),  # two in lower case
    ],
)
def test_conditions_of_a_response_are_looked_at_as_those_of_a_caller_are(response: dict[str, Any], said: str) -> None:
    told = {**GOOD, "usage": None, "response": {"usage": {"prompt_tokens": 1}, **response}}
    with pytest.raises(UsageInvalid, match=f"^{said}"):
        consumption(good(told), "acme")


def test_a_piece_of_a_stream_is_not_recorded_since_what_is_recorded_stays() -> None:
    last = {"type": "message_delta", "usage": {"output_tokens": 42}}
    told = good({"request_id": "r1", "model": "acme/m", "response": last})
    with pytest.raises(UsageInvalid, match=r"^response: is not complete\. The response is a piece of a stream"):
        consumption(told, "anthropic")
