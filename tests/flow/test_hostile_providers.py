"""Providers that lie, stall or break: one problem each, within bounds of time and size, and nothing else happens."""

import time

import pytest

from radiant.providers.failures import Reason
from radiant.providers.http import Client
from radiant.providers.lister import list_models
from radiant.providers.places import origin
from tests.flow.playing import SHORT, play

PAGED = ("anthropic", "google", "cohere", "fireworks", "replicate", "openrouter")

#: What each behavior is told as.
TOLD = {
    "broken": (Reason.UNREADABLE, "cut off"),
    "html": (Reason.UNREADABLE, "a web page"),
    "empty": (Reason.EMPTY, "no model at all"),
    "wrong_types": (Reason.ENTRIES, "4 of 12 entries cannot be read"),
    "duplicates": (Reason.ENTRIES, "4 ids stand more than once and differ"),
    "endless": (Reason.TOO_LARGE, "larger than 64 MiB"),
    "drip": (Reason.SLOW, "took longer than 3 seconds"),
    "bomb": (Reason.TOO_LARGE, "larger than 64 MiB"),
    "cut": (Reason.UNREACHABLE, "breaks off"),
    "silent": (Reason.SLOW, "did not answer in time"),
    "throttled": (Reason.THROTTLED, "asks to wait 17 s"),
    "failing": (Reason.FAILING, "503"),
    "not_found": (Reason.NOT_THERE, "404"),
    "redirect": (Reason.MOVED, "169.254.169.254"),
}


@pytest.mark.parametrize("behavior", TOLD)
async def test_a_hostile_answer_is_one_problem_within_bounds(behavior: str) -> None:
    patience = SHORT if behavior != "endless" else type(SHORT)(answer=60.0)
    async with play({"id": "groq", "count": 12, "behavior": behavior}, patience=patience) as stage:
        began = time.monotonic()
        listing = await stage.ask("groq")
        took = time.monotonic() - began
    reason, words = TOLD[behavior]
    (problem,) = listing.problems
    assert problem.reason is reason
    assert words in str(problem)
    assert took < patience.answer + 1
    assert listing.complete == (behavior == "duplicates"), "contradicting entries leave no doubt of what is there"
    assert len(listing.models) == {"wrong_types": 8, "duplicates": 12}.get(behavior, 0)


async def test_a_fact_on_which_two_entries_of_an_id_differ_is_left_out() -> None:
    async with play({"id": "groq", "count": 12, "behavior": "duplicates"}) as stage:
        listing = await stage.ask("groq")
    known = [model.facts.get("context_window") for model in listing.models]
    assert known.count(None) == 4
    assert set(known) == {None, 128_000}


async def test_how_long_a_provider_asks_to_wait_is_kept() -> None:
    async with play({"id": "groq", "count": 3, "behavior": "throttled"}) as stage:
        (problem,) = (await stage.ask("groq")).problems
    assert problem.retry_after == 17.0


def paged(behavior: str) -> list[dict[str, object]]:
    return [{"id": id, "count": 30, "page_size": 10, "behavior": behavior} for id in PAGED]


async def test_pages_that_lead_in_a_circle_are_left() -> None:
    async with play(*paged("cycle")) as stage:
        found = {id: await stage.ask(id) for id in PAGED}
        requests = {id: stage.theater.roles[id].stage.requests for id in PAGED}
    for id, listing in found.items():
        (problem,) = listing.problems
        assert (id, problem.reason) == (id, Reason.PAGING)
        assert "leads back to a page read before" in str(problem)
        assert (id, len(listing.models)) == (id, 10), "what was read stands"
        assert requests[id] <= 3


async def test_models_that_stand_on_two_pages_are_one_and_no_complaint() -> None:
    async with play(*paged("repeats")) as stage:
        found = {id: await stage.ask(id) for id in PAGED}
    assert {id: (len(it.models), it.problems) for id, it in found.items()} == dict.fromkeys(PAGED, (30, ()))


@pytest.mark.parametrize("provider", ["replicate", "huggingface"])
async def test_a_page_on_another_host_is_not_asked(provider: str) -> None:
    async with play({"id": provider, "count": 30, "page_size": 10, "behavior": "elsewhere"}) as stage:
        listing = await stage.ask(provider)
    (problem,) = listing.problems
    assert (problem.reason, "another host" in str(problem)) == (Reason.PAGING, True)
    assert listing.models and not listing.complete


async def test_a_failing_page_leaves_the_pages_before_it() -> None:
    script = {"id": "cohere", "count": 30, "page_size": 10}
    async with play(script) as stage:
        role = stage.theater.roles["cohere"]
        role.stage.fails = lambda: role.stage.requests == 3  # type: ignore[method-assign]
        listing = await stage.ask("cohere")
    assert len(listing.models) == 20
    assert [problem.reason for problem in listing.problems] == [Reason.FAILING]
    assert not listing.complete


async def test_a_list_without_end_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiant.providers.lister.MOST_PAGES", 5)
    async with play({"id": "replicate", "count": 100, "page_size": 10}) as stage:
        listing = await stage.ask("replicate")
    assert len(listing.models) == 50
    assert [problem.reason for problem in listing.problems] == [Reason.PAGING]


async def test_a_list_of_very_many_models_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiant.providers.lister.MOST_MODELS", 50)
    async with play({"id": "openai", "count": 60}) as stage:
        listing = await stage.ask("openai")
    assert len(listing.models) == 50
    assert [problem.reason for problem in listing.problems] == [Reason.TOO_LARGE]


async def test_pages_that_take_too_long_together_are_left() -> None:
    patience = type(SHORT)(connect=2.0, read=2.0, answer=3.0, pages=2.0)
    async with play({"id": "cohere", "count": 100, "page_size": 5, "latency": 0.3}, patience=patience) as stage:
        listing = await stage.ask("cohere")
    assert [problem.reason for problem in listing.problems] == [Reason.SLOW]
    assert 0 < len(listing.models) < 100


async def test_a_provider_at_a_private_address_is_not_asked_unless_that_is_allowed() -> None:
    async with play({"id": "openai", "count": 3}) as stage, Client(patience=SHORT) as public:
        role = stage.theater.roles["openai"]
        listing = await list_models(role.lister, role.account, public, stage.environment("openai"))
        requests = role.stage.requests
    (problem,) = listing.problems
    assert (problem.reason, requests) == (Reason.ADDRESS, 0)
    assert "RADIANT_ALLOW_PRIVATE_NETWORKS=1" in str(problem)
    assert origin(role.account.base_url)[1] == "127.0.0.1"
