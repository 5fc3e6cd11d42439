"""Probes of fake providers: what each answer means, within bounds, and no key in any message."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import msgspec
import pytest

from radiant.domain.observation import Observation, Reason
from radiant.health.effect import Effect, effect_on_provider
from radiant.providers.failures import Failed
from radiant.providers.http import Client
from radiant.providers.probe import Target, probe
from radiant.providers.probe_roster import PROBES, probing
from radiant.providers.roster import LISTERS, lister
from tests.flow.encrypted import certificate, encrypted
from tests.flow.playing import SHORT, Play, play
from tests.flow.syncing import START
from tests.flow.test_client import says, server

#: What each behavior is told as.
TOLD = {
    "well": None,
    "broken": Reason.UNREADABLE,
    "html": Reason.UNREADABLE,
    "cut": Reason.UNREACHABLE,
    "silent": Reason.TIMEOUT,
    "drip": Reason.TIMEOUT,
    "throttled": Reason.RATE_LIMITED,
    "failing": Reason.SERVER,
    "locked": Reason.KEY,
    "not_found": Reason.ADDRESS,
    "redirect": Reason.UNREADABLE,
}


def target(stage: Play, provider: str, **changes: Any) -> Target:
    role = stage.theater.roles[provider]
    account = msgspec.structs.replace(role.account, **changes)
    return Target(probe=probing(provider), lister=lister(provider), account=account, region="global")


async def probed(stage: Play, provider: str, *, limit: float | None = None, **changes: Any) -> Observation:
    keys = stage.environment(provider)
    return await probe(target(stage, provider, **changes), stage.client, keys, at=START, limit=limit)


@pytest.mark.parametrize("behavior", TOLD)
async def test_every_answer_has_its_reason(behavior: str) -> None:
    async with play({"id": "groq", "count": 3, "behavior": behavior}) as stage:
        seen = await probed(stage, "groq", limit=0.5)
    assert seen.reason is TOLD[behavior], seen.message
    assert seen.ok == (behavior == "well")
    assert (seen.latency_ms is None) == (behavior != "well")
    assert (seen.retry_after == 17) == (behavior == "throttled")
    assert "simulated-groq" not in str(seen), "the key"


@pytest.mark.parametrize("provider", sorted({*LISTERS} - {it for it in LISTERS if probing(it).silent}))
async def test_every_provider_is_alive_with_its_key_and_refuses_another(provider: str) -> None:
    async with play({"id": provider, "count": 30}) as stage:
        seen = await probed(stage, provider)
        wrong = dict.fromkeys(stage.environment(provider), "wrong")
        refused = await probe(target(stage, provider), stage.client, wrong, at=START)
    assert (seen.ok, seen.reason) == (True, None), seen.message
    assert refused.reason is Reason.KEY


async def test_a_list_is_asked_for_one_model_long() -> None:
    async with play({"id": "anthropic", "count": 30}) as stage:
        assert (await probed(stage, "anthropic")).ok
        role = stage.theater.roles["anthropic"]
        assert role.stage.requests == 1


async def test_what_never_ends_is_alive_after_its_beginning() -> None:
    async with play({"id": "groq", "behavior": "endless"}) as stage:
        seen = await probed(stage, "groq")
    assert (seen.ok, seen.reason) == (False, Reason.UNREADABLE), "blanks are no JSON"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"error": {"message": "upstream is gone"}}', Reason.UNREADABLE),
        ('{"error": "Unexpected endpoint or method. (GET /models)"}', Reason.UNREADABLE),
        ('{"success": false, "message": ""}', Reason.UNREADABLE),
        ('{"error": {"code": "invalid_api_key"}}', Reason.KEY),
        ('{"success": false, "message": "", "data": null}', Reason.UNREADABLE),
        ('{"error": {"message": "upstream is gone"}, "data": []}', Reason.UNREADABLE),
        ('{"error": null, "data": []}', None),
        ('{"error": "one of two hosts is gone", "data": [{"id": "a"}]}', None),
        ('{"success": true, "result": []}', None),
        ("[]", None),
    ],
)
async def test_an_error_that_comes_with_status_200_is_one(body: str, reason: Reason | None) -> None:
    told = says(f"HTTP/1.1 200 OK\nContent-Length: {len(body)}\nConnection: close\n\n{body}")
    async with play({"id": "groq"}) as stage, server(told) as (url, _):
        seen = await probed(stage, "groq", base_url=url)
    assert (seen.ok, seen.reason) == (reason is None, reason)


@pytest.mark.parametrize(
    "body", ['\ufeff{"data": [{"id": "a"}]}', r'{"data": [{"id": "a", "name": "\ud83d"}]}', "\ufeff[]"]
)
async def test_what_a_list_is_read_from_is_a_sign_of_life(body: str) -> None:
    told = says(f"HTTP/1.1 200 OK\nContent-Length: {len(body.encode())}\nConnection: close\n\n{body}")
    async with play({"id": "groq"}) as stage, server(told) as (url, _):
        assert (await probed(stage, "groq", base_url=url)).ok


@pytest.mark.parametrize(
    "body",
    [
        "Content-Length: 5000\n\n{",
        "Transfer-Encoding: chunked\n\n1\n{\nno chunk",
        "Content-Encoding: br\nContent-Length: 2\n\nxx",
        "Content-Encoding: gzip\nContent-Length: 2\n\nxx",
    ],
)
async def test_a_refusal_holds_whatever_becomes_of_its_body(body: str) -> None:
    told = says(f"HTTP/1.1 429 Too Many Requests\nRetry-After: 1152\nConnection: close\n{body}")
    async with play({"id": "groq"}) as stage, server(told) as (url, _):
        seen = await probed(stage, "groq", base_url=url)
    assert (seen.reason, seen.retry_after) == (Reason.RATE_LIMITED, 1152)


async def test_a_key_that_may_not_read_the_list_is_no_wrong_key() -> None:
    body = '{"error": {"message": "You have insufficient permissions. Missing scopes: api.model.read."}}'
    told = says(f"HTTP/1.1 403 Forbidden\nContent-Length: {len(body)}\nConnection: close\n\n{body}")
    async with play({"id": "groq"}) as stage, server(told) as (url, _):
        seen = await probed(stage, "groq", base_url=url)
    assert (seen.reason, effect_on_provider(seen)) == (Reason.CLIENT, Effect.ALIVE)
    assert seen.message is not None and seen.message.endswith(
        "it answered 403: it knows the key, which may not ask for this"
    )


@pytest.mark.parametrize(
    "said",
    [
        b'HTTP/1.1 401 Unauthorized\r\nContent-Length: 5000\r\n\r\n{"error": ',
        b'HTTP/1.1 429 X\r\nContent-Length: 5000\r\n\r\n{"error": {"code": "insufficient_quota",',
    ],
    ids=["by its status", "by what it said until then"],
)
async def test_a_refusal_whose_body_never_ends_is_waited_for_no_longer_than_it_explains(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radiant.providers.bodies.EXPLAINED", 0.05)
    ended = asyncio.Event()

    async def stalls(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await ended.wait()

    async with play({"id": "groq"}) as stage, server(stalls) as (url, _):
        seen = await probed(stage, "groq", base_url=url)
        ended.set()
    assert seen.reason is Reason.KEY


async def test_a_server_that_is_slow_beyond_the_limit_is_a_timeout() -> None:
    async with play({"id": "groq", "latency": 0.4}) as stage:
        assert (await probed(stage, "groq", limit=0.1)).reason is Reason.TIMEOUT
        slow = await probed(stage, "groq")
    assert slow.ok
    assert slow.latency_ms is not None
    assert slow.latency_ms >= 400


async def test_nobody_listening_and_no_such_name_have_reasons_of_their_own() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        async with play({"id": "groq"}) as stage:
            refused = await probed(stage, "groq", base_url=f"http://127.0.0.1:{port}/v1")
            unknown = await probed(stage, "groq", base_url="http://no-such-host.invalid/v1")
    assert (refused.ok, refused.reason) == (False, Reason.REFUSED)
    assert (unknown.ok, unknown.reason) == (False, Reason.DNS)


async def test_a_private_address_is_not_asked_where_that_is_not_allowed() -> None:
    async with play({"id": "groq"}) as stage, Client(patience=SHORT) as strict:
        with pytest.raises(Failed, match="RADIANT_ALLOW_PRIVATE_NETWORKS=1"):
            await probe(target(stage, "groq"), strict, stage.environment("groq"), at=START)
        assert stage.theater.roles["groq"].stage.requests == 0


async def test_without_a_key_nobody_is_asked_who_wants_one() -> None:
    async with play({"id": "groq"}, {"id": "openrouter", "count": 3}) as stage:
        with pytest.raises(Failed, match="it has no key here; set GROQ_API_KEY"):
            await probe(target(stage, "groq"), stage.client, {}, at=START)
        assert (await probe(target(stage, "openrouter"), stage.client, {}, at=START)).ok
        assert stage.theater.roles["groq"].stage.requests == 0


async def test_a_changed_certificate_is_a_fault_of_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, other = certificate(tmp_path, "trusted"), certificate(tmp_path, "other")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with play({"id": "groq"}) as stage:
        seen = []
        for file in (trusted, other):
            async with encrypted(file) as url, Client(private=True, patience=SHORT) as client:
                asked = target(stage, "groq", base_url=url)
                seen.append(await probe(asked, client, stage.environment("groq"), at=START))
    assert [it.reason for it in seen] == [None, Reason.TLS], seen
    assert "its certificate is not accepted: self-signed certificate" in str(seen[1].message)


def test_the_roster_names_providers_that_there_are() -> None:
    assert set(PROBES) <= set(LISTERS)
    assert [it for it in LISTERS if probing(it).silent and LISTERS[it].lists_models] == []
