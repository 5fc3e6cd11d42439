"""`radiant cost`: what a usage costs, typed."""

import json

import pytest

from tests.faces.conftest import Program


@pytest.mark.usefixtures("standing")
def test_the_command_shows_items_and_what_is_announced(radiant: Program) -> None:
    at = "2026-11-30T00:00:00Z"
    code, out, err = radiant("cost", "google/gemini-4-argon", "--input", "1000", "--output", "500", "--at", at)
    told = " ".join(out.split())
    assert (code, err) == (0, "")
    assert "input_tokens 1,000 2 1,000,000 0.002" in told and "output_tokens 500 10 1,000,000 0.005" in told
    assert "0.007 USD is what we pay for this with google/gemini-4-argon at 2026-11-30 00:00 UTC." in told
    assert "Announced: 0.014 USD from 2026-12-01 00:00 UTC on" in told


@pytest.mark.usefixtures("standing")
def test_the_command_takes_any_meter_a_context_and_a_tenant(radiant: Program) -> None:
    more = ["--at", "2026-11-30T00:00:00Z", "--context", "processing=batch", "--tenant", "t1", "--json"]
    found = json.loads(radiant("cost", "google/gemini-4-argon", "-u", "input_tokens=1000000", *more).out)
    assert (found["usd"], found["book"]) == ("1.4", "sale")


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["openai/gpt-4o-mini", "--input", "-5"], 2, "radiant: --input: is -5; expected 0 to"),
        (["openai/gpt-4o-mini", "-u", "images=-2"], 2, "radiant: --use images: is -2; expected 0 to"),
        (["openai/gpt-4o-mini", "--input", "1", "--cached", "2"], 2, "radiant: --cached: 2 is more than 1"),
        (
            ["openai/gpt-4o-mini", "--input", "1", "--at", "2026-12-01"],
            2,
            "radiant: --at: '2026-12-01' has no time zone",
        ),
        (["openai/gpt-4o-mini", "-u", "images"], 2, "'images' is no pair; expected such as name=value"),
        (["openai/gpt-4o-mini"], 2, "say how much"),
        (["openai/gpt-99", "--input", "1"], 1, "radiant: No model 'openai/gpt-99' in the registry."),
    ],
)
def test_the_command_refuses_in_a_sentence(radiant: Program, arguments: list[str], code: int, said: str) -> None:
    found = radiant("cost", *arguments)
    assert found.code == code and said in found.err and "Traceback" not in found.err


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--input", "1", "-u", "input_tokens=5"], "says input_tokens, which --input says too; say it once"),
        (["-u", "images=1", "-u", "images=2"], "says 'images' twice; say it once"),
        (["--input", "1", "--context", "a=1", "--context", "a=2"], "says 'a' twice; say it once"),
        (["--input", "1", "--book", "purchase", "--tenant", "t1"], "--tenant: is named with the purchase book"),
    ],
)
def test_what_is_said_twice_or_says_nothing_is_refused(radiant: Program, arguments: list[str], said: str) -> None:
    found = radiant("cost", "openai/gpt-4o-mini", *arguments)
    assert found.code == 2 and said in " ".join(found.err.split()), found


@pytest.mark.usefixtures("standing")
def test_the_command_names_a_condition_that_no_price_is_for(radiant: Program) -> None:
    found = radiant("cost", "openai/gpt-4o-mini", "--input", "9", "--context", "service_tier=turbo")
    told = " ".join(found.out.split())
    assert "No price is for service_tier=turbo; this is what it costs without." in told


@pytest.mark.usefixtures("standing")
def test_the_command_tells_a_moment_of_any_zone_in_utc(radiant: Program) -> None:
    code, out, _ = radiant("cost", "google/gemini-4-argon", "--input", "1000", "--at", "2026-11-30T23:30:00-05:00")
    assert (code, "at 2026-12-01 04:30 UTC" in " ".join(out.split())) == (0, True), out
