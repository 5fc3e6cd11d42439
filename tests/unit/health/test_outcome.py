"""What callers call errors."""

import datetime as dt

import pytest

from radiant.catalog.load import Catalog
from radiant.domain.observation import LONGEST_MESSAGE, Reason, Source
from radiant.domain.outcome import Outcome
from radiant.health.outcome import observed, plain, reason_of
from radiant.providers import observing
from radiant.providers.failures import of_status


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (200, None), (302, None), (400, Reason.CLIENT), (401, Reason.KEY), (403, Reason.KEY), (404, Reason.NOT_FOUND),
        (408, Reason.TIMEOUT), (410, Reason.NOT_FOUND), (429, Reason.RATE_LIMITED), (500, Reason.SERVER),
        (499, Reason.CANCELLED), ("canceled", Reason.CANCELLED), ("cancelled", Reason.CANCELLED),
        (504, Reason.TIMEOUT), (529, Reason.RATE_LIMITED), ("timeout", Reason.TIMEOUT),
        ("Rate-Limited", Reason.RATE_LIMITED),
        ("rate limited", Reason.RATE_LIMITED), ("model_not_found", Reason.NOT_FOUND), ("server_error", Reason.SERVER),
    ],
)  # fmt: skip
def test_statuses_and_words(error: str | int, reason: Reason | None) -> None:
    assert reason_of(error) is reason


@pytest.mark.parametrize("status", [400, 401, 402, 403, 409, 412, 422, 429, 500, 502, 503, 529])
def test_a_status_speaks_as_an_outcome_as_it_does_to_a_probe(status: int) -> None:
    at = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    seen = observing.failed("openai", "global", at, of_status("it", status, b"", {}, now=at), source=Source.PROBE)
    assert reason_of(status) is seen.reason


def test_404_is_the_model_of_a_request_and_the_address_of_a_probe() -> None:
    at = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    seen = observing.failed("openai", "global", at, of_status("it", 404, b"", {}, now=at), source=Source.PROBE)
    assert (reason_of(404), seen.reason) == (Reason.NOT_FOUND, Reason.ADDRESS)


NO_COPY = "Inference Component has no capacity to process this request."
LOADS = "ModelNotReadyException: the model is not ready"


@pytest.mark.parametrize(
    ("provider", "error", "message", "reason"),
    [
        ("self_hosted", 400, NO_COPY, Reason.COLD),
        ("self_hosted", "client_error", f"BadRequestError: SagemakerException - {NO_COPY}", Reason.COLD),
        ("self_hosted", 429, LOADS, Reason.COLD),
        ("self_hosted", "cold", None, Reason.COLD),
        ("self_hosted", 400, "1 validation error detected", Reason.CLIENT),
        ("self_hosted", 400, None, Reason.CLIENT),
        ("self_hosted", 500, NO_COPY, Reason.SERVER),
        ("openai", 400, NO_COPY, Reason.CLIENT),
    ],
)
def test_a_model_of_which_nothing_runs_is_cold_and_did_not_fail(
    provider: str, error: str | int, message: str | None, reason: Reason
) -> None:
    told = Outcome(error=error, message=message)
    seen = observed(told, provider, "m", dt.datetime(2031, 5, 6, tzinfo=dt.UTC))
    assert (seen.ok, seen.reason) == (False, reason)


@pytest.mark.parametrize(
    ("error", "message", "reason"),
    [
        (429, "You exceeded your current quota, ... 'type': 'insufficient_quota'", Reason.KEY),
        ("rate_limited", "RateLimitError: insufficient_quota", Reason.KEY),
        (429, "Your access was terminated due to violation of our policies", Reason.KEY),
        (400, "Your credit balance is too low to access the Anthropic API.", Reason.KEY),
        ("client_error", "API key not valid. Please pass a valid API key.", Reason.KEY),
        (429, "You exceeded your current quota, please check your plan and billing details", Reason.RATE_LIMITED),
        (429, "Rate limit reached for gpt-4o-mini: Limit 30000, Used 29999", Reason.RATE_LIMITED),
        (400, "messages[0].content speaks of credentials", Reason.CLIENT),
        (500, "insufficient_quota", Reason.SERVER),
    ],
)
def test_an_account_of_which_nothing_is_left_is_no_limit_to_wait_for(
    error: str | int, message: str, reason: Reason
) -> None:
    told = Outcome(error=error, message=message)
    assert observed(told, "openai", "m", dt.datetime(2031, 5, 6, tzinfo=dt.UTC)).reason is reason


@pytest.mark.parametrize("error", ["sadness", "no_key", "no key", "this host seems offline", ""])
def test_no_caller_can_say_what_is_ours_to_say(error: str) -> None:
    with pytest.raises(
        ValueError, match="expected a status of HTTP or one of: auth, canceled, cancelled, client_error"
    ):
        reason_of(error)


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("Incorrect API key provided: sk-proj-Abc_123-xyz0987", "Incorrect API key provided: …"),
        ("Authorization: Bearer abcdefghijklmnop", "Authorization: …"),
        ("key=AIzaSyD-abcdefghijk rejected", "… rejected"),
        ("AIzaSyD-abcdefghijk is none, nor is AQ.Ab8RN6Kabcdefghijk", "… is none, nor is …"),
        *(
            (f"{prefix}Abcdefghijkl012345 is none", "… is none")
            for prefix in ("sk_", "csk-", "fw_", "pplx-", "tvly-", "nvapi-", "luma-api-", "al-")
        ),
        ("the key is wrong", "the key is wrong"),
        ("two\nlines\tand \x00 none", "two lines and none"),
    ],
)
def test_messages_have_no_keys_and_stand_on_one_line(message: str, kept: str) -> None:
    assert plain(message) == kept
    assert len(plain(message * 100)) <= LONGEST_MESSAGE


def test_no_model_that_a_message_names_is_taken_for_a_key(catalog: Catalog) -> None:
    names = [f"{name} is unknown" for _, name in catalog.external]
    assert [name for name in names if plain(name) != name] == []
