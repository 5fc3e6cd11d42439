"""Answers that are hardly HTTP, or hardly JSON: one problem each, in time, and no key where it does not belong."""

import asyncio
import datetime as dt
import gzip
import json
import time
from typing import Any

import pytest

from radiant.domain.observation import Reason as Seen
from radiant.providers.completion import complete, style
from radiant.providers.failures import Reason
from radiant.providers.http import Client, Patience
from radiant.providers.lister import list_models
from radiant.providers.listing import Listing
from radiant.providers.probe import Probe, Target, probe
from radiant.providers.roster import LISTERS, lister
from radiant.providers.status_page import read_page
from tests.flow.raw import KEY, OK, PACKED, Raw, Reply, poured, raw, said

BRIEF = Patience(connect=1.0, read=1.0, answer=2.0, pages=3.0)
CHUNKED = "Transfer-Encoding: chunked"
LIST = b'{"data": [{"id": "m"}]}'
CHUNK = b"%x\r\n%s\r\n" % (len(LIST), LIST)


async def ask(server: Raw, provider: str = "acme") -> Listing:
    async with Client(private=True, patience=BRIEF) as client:
        return await list_models(lister(provider), server.account, client, {"ACME_API_KEY": KEY})


BREAKS: dict[str, tuple[Reply, Reason]] = {
    "nothing": (poured(b""), Reason.UNREACHABLE),
    "no http": (poured(b"220 mail.example.com ESMTP\r\n\r\n"), Reason.UNREACHABLE),
    "no status": (poured(b"HTTP/1.1 OK\r\n\r\n"), Reason.UNREACHABLE),
    "a header of 10 MB": (poured(OK + b"X: " + b"x" * 10_000_000 + b"\r\n\r\n"), Reason.UNREACHABLE),
    "headers without end": (poured(OK, b"X-Header: x\r\n" * 1000), Reason.UNREACHABLE),
    "headers drop by drop": (poured(OK + b"X: ", b"x", pause=0.2), Reason.SLOW),
    "100 Continue without end": (poured(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, pause=0.001), Reason.SLOW),
    "trailers without end": (said(CHUNK + b"0\r\n" + b"T: t\r\n" * 100_000, CHUNKED), Reason.UNREACHABLE),
    "a chunk that is none": (said(b"zz\r\n" + LIST, CHUNKED), Reason.UNREACHABLE),
    "a chunk of 2 EB": (said(b"1fffffffffffffff\r\n" + LIST, CHUNKED), Reason.UNREACHABLE),
    "too long a length": (said(LIST, "Content-Length: 100000"), Reason.UNREACHABLE),
    "too short a length": (said(LIST, "Content-Length: 10"), Reason.UNREADABLE),
    "two lengths": (said(LIST, "Content-Length: 23", "Content-Length: 5"), Reason.UNREACHABLE),
    "a negative length": (said(LIST, "Content-Length: -1"), Reason.UNREACHABLE),
    "an encoding we did not ask for": (said(LIST, "Content-Encoding: br"), Reason.UNREADABLE),
    "no gzip": (said(LIST, "Content-Encoding: gzip"), Reason.UNREADABLE),
    "half a gzip": (said(PACKED[:-9], "Content-Encoding: gzip"), Reason.UNREADABLE),
    "a thousand gzips": (said(PACKED * 1_000, "Content-Encoding: gzip"), Reason.UNREADABLE),
    "gzip and more": (said(PACKED + b"more", "Content-Encoding: gzip"), Reason.UNREADABLE),
    "gzip and more without end": (
        poured(OK + b"Content-Encoding: gzip\r\n\r\n" + PACKED, b"x" * 2**16),
        Reason.UNREADABLE,
    ),
    "an error without end": (poured(b"HTTP/1.1 500 Oh\r\n\r\n", b"x" * 2**16), Reason.FAILING),
    "a redirect to nowhere": (said(b"", "Location: http://", status="302 Found"), Reason.MOVED),
    "a redirect to a file": (said(b"", "Location: file:///etc/passwd", status="302 Found"), Reason.MOVED),
    "a redirect without a place": (said(b"", status="302 Found"), Reason.MOVED),
    "nested bodies": (said(b"[" * 200_000), Reason.UNREADABLE),
    "nested objects": (said(b'{"data":' * 200_000), Reason.UNREADABLE),
    "UTF-16": (said(LIST.decode().encode("utf-16")), Reason.UNREADABLE),
    "bytes that are no UTF-8": (said(b'{"data": [{"id": "m\xff\xfe"}]}'), Reason.ENTRIES),
    "half a character": (said(b'{"data": [{"id": "m\\ud800"}]}'), Reason.ENTRIES),
    "NaN": (said(b'{"data": NaN}'), Reason.UNREADABLE),
    "a number": (said(b"1e999999"), Reason.UNREADABLE),
    "nothing with 200": (said(b""), Reason.UNREADABLE),
    "no content": (poured(b"HTTP/1.1 204 No Content\r\n\r\n"), Reason.REFUSED),
}


@pytest.mark.parametrize("name", BREAKS)
async def test_what_is_hardly_an_answer_is_one_problem_in_time(name: str) -> None:
    reply, reason = BREAKS[name]
    async with raw(reply) as server:
        began = time.monotonic()
        listing = await ask(server)
        took = time.monotonic() - began
    assert [it.reason for it in listing.problems] == [reason], listing.problems
    assert (listing.models, listing.complete) == ((), False)
    assert took < BRIEF.answer + 1
    assert KEY not in repr(listing)


async def test_what_is_unusual_and_allowed_is_read() -> None:
    ways = {
        "trailers": said(CHUNK + b"0\r\nT: t\r\n\r\n", CHUNKED),
        "no length": poured(OK + b"\r\n" + LIST),
        "chunks of one byte": said(b"".join(b"1\r\n%c\r\n" % it for it in LIST) + b"0\r\n\r\n", CHUNKED),
        "two members": said(_two_members(), "Content-Encoding: gzip"),
        "a continue before it": poured(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"\r\n" + LIST),
        "a header that is no ASCII": said(LIST, "X-Name: Zürich"),
    }
    for name, reply in ways.items():
        async with raw(reply) as server:
            listing = await ask(server)
        assert ([it.id for it in listing.models], listing.problems) == (["m"], ()), name


def _two_members() -> bytes:
    return gzip.compress(LIST[:9]) + gzip.compress(LIST[9:])


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"a":' * 12_000, b'{"a": "\xff"}', b"{"])
async def test_what_cannot_be_read_is_one_problem_of_whoever_asks(body: bytes) -> None:
    """A status page, a completion, a probe."""
    keys, now = {"ACME_API_KEY": KEY}, dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    async with raw(said(body)) as server, Client(private=True, patience=BRIEF) as client:
        page = await read_page("groq", server.url, client, at=now)
        how = style("acme")
        assert page is not None and how is not None
        completed = await complete(how, server.account, "m", client, keys, region="global", at=now)
        asked = Target(probe=Probe(), lister=lister("acme"), account=server.account, region="global")
        seen = await probe(asked, client, keys, at=now)
    assert page.problem == "what came is no status page as it is documented"
    assert [(it.ok, it.reason) for it in (completed.seen, seen)] == [(False, Seen.UNREADABLE)] * 2


ODD = ["a\x00b", "a\nb", "\x7f", "\u202eevil", "x" * 10_000, "", "  ", 7, None, {"a": 1}, [], True, 1e300]


async def test_ids_that_are_none_cost_their_entry_alone() -> None:
    entries: list[Any] = [{"id": id} for id in ODD] + [{"id": "good"}, None, "text", [], 7]
    async with raw(said(json.dumps({"data": entries}).encode())) as server:
        listing = await ask(server)
    (problem,) = listing.problems
    assert problem.reason is Reason.ENTRIES
    assert str(problem).isprintable() and len(str(problem)) < 400
    assert ([it.id for it in listing.models], listing.complete) == (["good"], False)


async def test_the_first_that_is_told_is_one_that_is_lost_and_none_that_only_lacks_a_fact() -> None:
    """Groq tells how long a context is; an entry of which that cannot be read is read all the same."""
    entries: list[Any] = [{"id": "good", "context_window": "long"}, {"name": "nobody"}, 7]
    async with raw(said(json.dumps({"data": entries}).encode())) as server:
        listing = await ask(server, "groq")
    (problem,) = listing.problems
    assert [it.id for it in listing.models] == ["good"]
    assert listing.refused[0].entry == "good"
    assert problem.problem.startswith("2 of 3 entries cannot be read; the first: data[1]:"), problem


NUMBERS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1e400",
    "1e-400",
    "9" * 5_000,
    "0." + "1" * 5_000,
    "1e99999999999",
]


@pytest.mark.parametrize("provider", ["groq", "openrouter", "together", "mistral", "xai", "sambanova", "google"])
async def test_numbers_that_are_none_cost_their_fact_alone(provider: str) -> None:
    how = LISTERS[provider].requests[0].shape
    paths = sorted({*how.facts.values(), *how.prices.values(), "created", "pricing.prompt"})
    entries = []
    for at, number in enumerate(NUMBERS):
        entry: dict[str, Any] = dict.fromkeys(how.id, f"{how.strip}m{at}")
        for path in paths:
            *above, last = path.split(".")
            inner = entry
            for name in above:
                inner = inner.setdefault(name, {}) if isinstance(inner.get(name, {}), dict) else {}
            inner.setdefault(last, "@")
        entries.append(json.dumps(entry).replace('"@"', number))
    body = f'{{"{how.arrays[0]}": [{",".join(entries)}]}}'.encode()
    async with raw(said(body)) as server:
        listing = await ask(server, provider)
    known = [it for it in listing.problems if it.reason not in (Reason.UNREADABLE, Reason.NOT_THERE)]
    assert known == []
    assert len(listing.models) in (len(NUMBERS), 0) and (listing.models or listing.problems)
    for model in listing.models:
        assert all(0 <= value < 10**12 for value in model.facts.values() if not isinstance(value, str | list))


async def test_a_value_that_is_nested_too_deeply_costs_its_entry_alone() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    async with raw(said(f'{{"data": [{{"id": "deep", "x": {deep}}}, {{"id": "good"}}]}}'.encode())) as server:
        listing = await ask(server)
    assert len(listing.problems) == 1
    assert listing.complete is False


@pytest.mark.parametrize("provider", ["cohere", "anthropic", "google", "replicate", "openrouter", "dashscope"])
@pytest.mark.parametrize("deep", [900, 5_000, 100_000])
async def test_a_cursor_that_is_nested_too_deeply_ends_the_list_with_one_problem(provider: str, deep: int) -> None:
    nested = "[" * deep + "]" * deep
    request = LISTERS[provider].requests[0]
    keys = ["next_page_token", "nextPageToken", "last_id", "next", "has_more"]
    body = f'{{"{request.shape.arrays[0]}": [], {", ".join(f"{json.dumps(key)}: {nested}" for key in keys)}, ' + (
        f'"links": {{"next": {nested}}}, "output": {{"models": [], "total": {nested}}}}}'
    )
    async with raw(said(body.encode())) as server:
        listing = await ask(server, provider)
    assert len(listing.problems) == 1
    assert not listing.complete


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("cohere", b'{"models": [], "next_page_token": "\xff"}'),
        ("cohere", b'{"models": [], "next_page_token": {"\xff": 1}}'),
        ("anthropic", b'{"data": [], "has_more": true, "last_id": "\xff"}'),
        ("replicate", b'{"results": [], "next": "\xff"}'),
        ("cohere", b'{"models": [], "next_page_token": "\\ud800"}'),
        ("cohere", b'{"models": [], "next_page_token": "\\u0000"}'),
        ("replicate", b'{"results": [], "next": "http://[::1"}'),
        ("replicate", b'{"results": [], "next": "http://host:99999/"}'),
    ],
)
async def test_a_cursor_that_is_no_text_ends_the_list_with_one_problem(provider: str, body: bytes) -> None:
    async with raw(said(body)) as server:
        listing = await ask(server, provider)
    assert len(listing.problems) == 1
    assert not listing.complete


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_redirect_takes_no_key_to_another_host(status: str) -> None:
    async with raw(said(LIST)) as thief:
        there = thief.url.replace("127.0.0.1", "localhost")
        for to in (f"{there}/v1/models", f"{thief.url}/v1/models", f"//localhost:{thief.url.rpartition(':')[2]}/x"):
            async with raw(said(b"", f"Location: {to}", status=status)) as server:
                listing = await ask(server)
            (problem,) = listing.problems
            assert problem.reason is Reason.MOVED
            assert f"Bearer {KEY}".encode() in server.asked[0]
        assert thief.asked == []


async def test_a_page_that_is_on_another_host_is_not_asked_with_the_key() -> None:
    async with raw(said(LIST)) as thief:
        body = json.dumps(
            {"results": [{"owner": "a", "name": "m"}], "next": f"{thief.url}/v1/models?cursor=x"}
        ).encode()
        async with raw(said(body)) as server:
            listing = await ask(server, "replicate")
        assert [it.reason for it in listing.problems] == [Reason.PAGING]
        assert thief.asked == []


async def test_many_hostile_providers_at_once_keep_no_good_one_waiting() -> None:
    bad = poured(OK + b"\r\n", b" ", pause=0.05)
    async with raw(bad) as hostile, raw(said(LIST)) as good, Client(private=True, patience=BRIEF) as client:
        environment = {"ACME_API_KEY": KEY}
        slow = [
            asyncio.create_task(list_models(lister("acme"), hostile.account, client, environment)) for _ in range(40)
        ]
        await asyncio.sleep(0.2)
        async with asyncio.timeout(1):
            listing = await list_models(lister("acme"), good.account, client, environment)
        found = await asyncio.gather(*slow)
    assert listing.complete
    assert [[it.reason for it in one.problems] for one in found] == [[Reason.SLOW]] * 40
