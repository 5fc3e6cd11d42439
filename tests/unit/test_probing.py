"""Who is probed, where, and why the others are not."""

import datetime as dt
from typing import Any

import pytest

from radiant.domain.observation import Observation, Reason, Source
from radiant.health.standing import LASTS, PROBE_LASTS
from radiant.providers.lister import address
from radiant.sync.probing import FRESH, news_of_no_key, not_reached, plan

AT = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
KEYS = {"GROQ_API_KEY": "k", "AWS_BEARER_TOKEN_BEDROCK": "k", "ASSEMBLYAI_API_KEY": "k", "LUMA_AGENTS_API_KEY": "k"}


def row(id: str = "groq", **changes: Any) -> dict[str, Any]:
    usual = {
        "groq": ("https://api.groq.com/openai/v1", ["GROQ_API_KEY"], ["global"]),
        "bedrock": ("https://bedrock-runtime.{region}.amazonaws.com", ["AWS_BEARER_TOKEN_BEDROCK"], ["us-east-1"]),
        "assemblyai": ("https://api.assemblyai.com", ["ASSEMBLYAI_API_KEY"], ["us", "eu"]),
        "elevenlabs": ("https://api.elevenlabs.io", ["GROQ_API_KEY"], ["global", "eu"]),
        "deepgram": ("https://api.deepgram.com", ["GROQ_API_KEY"], ["global", "eu"]),
        "luma": ("https://agents.lumalabs.ai/v1", ["LUMA_AGENTS_API_KEY"], ["global"]),
        "openrouter": ("https://openrouter.ai/api/v1", ["OPENROUTER_API_KEY"], ["global"]),
        "acme": ("https://llm.acme.example/v1", [], ["global"]),
    }
    url, variables, regions = usual[id]
    found = {"id": id, "api_base_url": url, "key_variables": variables, "regions": regions, "auth": {}}
    return {**found, "enabled": True, "contact": False, **changes}


def asked(id: str, environment: dict[str, str] | None = None, **changes: Any) -> dict[str, str]:
    """By region, the address that is asked for."""
    found = plan(row(id, **changes), {}, KEYS if environment is None else environment, AT)
    urls = {}
    for target in found.targets:
        keyed = target.account.has_key(KEYS if environment is None else environment)
        request = target.request(keyed=keyed)
        assert request is not None
        urls[target.region] = request.paging.first(address(target.lister, request, target.account))
    return urls


def skipped(
    id: str, last: dict[str, Any] | None = None, environment: dict[str, str] | None = None, **changes: Any
) -> Any:
    known = {(id, "global"): last or {}}
    return plan(row(id, **changes), known, KEYS if environment is None else environment, AT).skipped


def test_whoever_has_a_key_is_asked_in_every_region_that_has_an_address() -> None:
    assert asked("groq") == {"global": "https://api.groq.com/openai/v1/models"}
    assert asked("assemblyai") == {
        "us": "https://api.assemblyai.com/v2/transcript?limit=1",
        "eu": "https://api.eu.assemblyai.com/v2/transcript?limit=1",
    }
    regions = ["us-east-1", "eu-west-1"]
    assert asked("bedrock", regions=regions) == {
        region: f"https://bedrock.{region}.amazonaws.com/foundation-models" for region in regions
    }


def test_the_region_that_is_set_here_stands_for_the_only_one() -> None:
    assert asked("bedrock", {**KEYS, "AWS_REGION": "eu-west-3"}) == {
        "us-east-1": "https://bedrock.eu-west-3.amazonaws.com/foundation-models"
    }


def test_without_a_key_only_whoever_was_enabled_by_hand_and_needs_none_is_asked() -> None:
    assert asked("groq", {}) == {}
    assert asked("groq", {}, contact=True) == {}
    assert asked("openrouter", {}) == {}
    assert asked("openrouter", {}, contact=True) == {
        "global": "https://openrouter.ai/api/v1/models?output_modalities=all"
    }
    assert asked("openrouter", {"OPENROUTER_API_KEY": "k"}) == {"global": "https://openrouter.ai/api/v1/key"}
    assert asked("acme", {}) == {}
    assert asked("acme", {}, contact=True) == {"global": "https://llm.acme.example/v1/models"}


@pytest.mark.parametrize(
    ("id", "changes", "why"),
    [
        ("groq", {"enabled": False}, "it is disabled"),
        ("groq", {"api_base_url": None}, "it has no base URL; set one with `radiant providers set`"),
        ("luma", {}, "no request to it is known that costs nothing"),
    ],
)
def test_why_somebody_is_not_asked_is_told(id: str, changes: dict[str, Any], why: str) -> None:
    assert skipped(id, **changes) == {"global": why}


def test_a_region_with_a_host_that_is_not_known_is_not_asked() -> None:
    found = plan(row("elevenlabs"), {}, KEYS, AT)
    assert [it.region for it in found.targets] == ["global"]
    assert found.skipped == {"eu": "its keys are others there; only the first of its regions is asked"}
    found = plan(row("deepgram"), {}, KEYS, AT)
    assert [it.region for it in found.targets] == ["global"]
    assert found.skipped == {"eu": "it has a host of its own there, which is not probed"}


def test_whoever_asked_to_wait_is_left_alone_until_then() -> None:
    later = AT + dt.timedelta(seconds=90)
    assert skipped("groq", {"retry_at": later}) == {"global": "it asked to be left alone until 12:01:30 UTC"}
    assert skipped("groq", {"retry_at": AT}) == {}


@pytest.mark.parametrize("wrote", ["retry_at", "last_traffic_at"])
def test_what_a_clock_ahead_wrote_keeps_no_probe_from_being_made(wrote: str) -> None:
    """Nobody asks to be left alone for a year, and no traffic succeeded in a year from now."""
    assert skipped("groq", {wrote: AT + dt.timedelta(minutes=1)}) != {}, "clocks may differ a little"
    assert skipped("groq", {wrote: AT + dt.timedelta(days=365)}) == {}


def test_fresh_traffic_stands_for_a_probe() -> None:
    assert skipped("groq", {"last_traffic_at": AT - FRESH / 2}) == {"global": "real requests to it have just succeeded"}
    assert skipped("groq", {"last_traffic_at": AT - FRESH}) == {}


def test_traffic_before_a_failure_or_of_whom_nobody_is_sent_to_stands_for_nothing() -> None:
    served = {"last_traffic_at": AT - FRESH / 2}
    assert skipped("groq", {**served, "last_failure_at": AT - FRESH / 3}) == {}
    assert skipped("groq", {**served, "last_failure_at": AT - FRESH}) != {}
    assert skipped("groq", {**served, "status": "unhealthy"}) == {}


def test_that_a_key_is_missing_is_news_once_and_never_where_others_have_one() -> None:
    found = plan(row(), {}, {}, AT)
    (news,) = news_of_no_key(found, {}, AT)
    assert (news.reason, news.ok) == (Reason.NO_KEY, False)
    known: dict[tuple[str, str], Any] = {("groq", "global"): {"reason": "no key"}}
    assert news_of_no_key(found, known, AT) == []
    assert news_of_no_key(plan(row(), {}, KEYS, AT), {}, AT) == []


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ({"last_check_at": AT - LASTS}, False),
        ({"last_check_at": AT - 1.1 * LASTS}, True),
        ({"last_check_at": AT - 2 * LASTS, "probed_at": AT - PROBE_LASTS}, False),
        ({"last_check_at": AT - 2 * PROBE_LASTS, "probed_at": AT - 1.1 * PROBE_LASTS}, True),
    ],
)
def test_whoever_saw_something_lately_has_a_key(seen: dict[str, Any], told: bool) -> None:
    found = plan(row(), {}, {}, AT)
    assert bool(news_of_no_key(found, {("groq", "global"): {"status": "healthy", **seen}}, AT)) is told


def test_that_a_key_is_missing_is_news_of_whom_nobody_knows_how_to_ask_too() -> None:
    assert [it.reason for it in news_of_no_key(plan(row("luma"), {}, {}, AT), {}, AT)] == [Reason.NO_KEY]
    assert news_of_no_key(plan(row("luma"), {}, KEYS, AT), {}, AT) == []
    assert news_of_no_key(plan(row("luma", enabled=False), {}, {}, AT), {}, AT) == []


def seen(provider: str, reason: Reason | None) -> Observation:
    return Observation(provider_id=provider, source=Source.PROBE, at=AT, ok=reason is None, reason=reason)


@pytest.mark.parametrize(
    ("reasons", "routed", "offline"),
    [
        ((), True, False),
        ((), False, False),
        ((Reason.DNS,), True, False),
        ((Reason.DNS,), False, True),
        ((Reason.TIMEOUT, Reason.DNS), True, True),
        ((Reason.TIMEOUT, None), True, False),
        ((Reason.TIMEOUT, None), False, False),
        ((Reason.TIMEOUT, Reason.KEY), True, False),
        ((Reason.TIMEOUT, Reason.RATE_LIMITED), False, False),
        ((Reason.SERVER,), False, False),
        ((Reason.SERVER, Reason.NOT_FOUND), True, False),
    ],
)
def test_this_host_seems_offline_when_nobody_answers(
    reasons: tuple[Reason | None, ...], routed: bool, offline: bool
) -> None:
    observations = [seen(f"provider-{number}", reason) for number, reason in enumerate(reasons)]
    lost = not_reached(observations, {}, AT, routed=routed)
    assert lost == ({it.provider_id for it in observations} if offline else set())


def test_whoever_is_served_meanwhile_rules_that_out_but_not_where_there_is_no_route() -> None:
    observations = [seen("one", Reason.DNS), seen("another", Reason.TIMEOUT)]
    served: dict[tuple[str, str], Any] = {("third", "global"): {"last_traffic_at": AT - FRESH / 2}}
    assert not not_reached(observations, served, AT, routed=True)
    assert not_reached(observations, served, AT, routed=False) == {"one", "another"}
    served["third", "global"]["last_failure_at"] = AT - FRESH / 3
    assert not_reached(observations, served, AT, routed=True) == {"one", "another"}


@pytest.mark.parametrize("nearby", [None, Reason.REFUSED, Reason.KEY, Reason.SERVER, Reason.TIMEOUT])
def test_without_a_route_who_answers_from_nearby_does_not_make_the_others_down(nearby: Reason | None) -> None:
    """A refused connection and a time-out of a server nearby are its own, so long as another answers."""
    far = [seen("dns", Reason.DNS), seen("far", Reason.UNREACHABLE)]
    near = [seen("here", None), seen("near", nearby)]
    assert not_reached([*far, *near], {}, AT, routed=False) == {"dns", "far"}
    assert not_reached([*far, *near], {}, AT, routed=True) == set()
    regions = [seen("dns", Reason.DNS), seen("dns", Reason.SERVER)]
    assert not_reached([*regions, *near], {}, AT, routed=False) == set()
