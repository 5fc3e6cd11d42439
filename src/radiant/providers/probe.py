"""One cheap request that proves a provider alive, and what its answer says. It costs nothing and makes nothing."""

import asyncio
import datetime as dt
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from radiant.domain.json_text import mended
from radiant.domain.observation import Observation, Source

from . import failures, observing
from .decoding import NotDecoded, is_error, json_of
from .failures import Failed
from .http import Answer, Client
from .keys import Account, signer
from .lister import Lister, Request, address, no_key
from .paging import Cursor, Link, Numbered, Paging
from .places import place

#: Seconds that a probe may take in all.
LIMIT: Final = 5.0

#: Bytes of an answer that are read: enough to see that it is JSON.
BEGINNING: Final = 64 * 1024


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """How one provider is asked whether it is alive: a GET, as a path below its base URL.

    Without a `path`, or without a key where the list needs none, its list of models is asked for, one model long where
    the list has pages. `host` is what in the host of the base URL is replaced by what, `hosts` the same by region; with
    `keys_apart` a key may open one region alone. `refuses` are members of an answer that are true where the key serves
    no longer. `silent` says why it is never asked.
    """

    path: str | None = None
    host: tuple[str, str] | None = None
    hosts: Mapping[str, tuple[str, str]] = MappingProxyType({})
    keys_apart: bool = False
    refuses: tuple[str, ...] = ()
    silent: str | None = None


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One provider in one region, as it is asked from here."""

    probe: Probe
    lister: Lister
    account: Account
    region: str

    def request(self, *, keyed: bool) -> Request | None:
        """What is asked for; None where nothing can be, as without a key."""
        path = self.probe.path if keyed else None
        if path is None and (keyed or self.lister.keyless) and self.lister.lists_models:
            first = self.lister.requests[0]
            return msgspec.structs.replace(first, host=self.host or first.host, paging=_of_one(first.paging))
        return None if path is None else Request(path=path, host=self.own_host)

    @property
    def host(self) -> tuple[str, str] | None:
        return self.probe.hosts.get(self.region)

    @property
    def own_host(self) -> tuple[str, str] | None:
        """Of what is asked for in place of a list."""
        return self.host or self.probe.host


async def probe(
    target: Target, client: Client, environment: Mapping[str, str], *, at: dt.datetime, limit: float | None = None
) -> Observation:
    """What the provider answers within `limit` seconds, `LIMIT` where none is given.

    Raises Failed where it cannot even be asked from here: without a key, with settings that lead nowhere, or at an
    address that may not be asked.
    """
    limit = LIMIT if limit is None else limit
    sign = signer(target.account, environment)
    request = target.request(keyed=sign is not None)
    if request is None:
        raise no_key(target.account)
    url = request.paging.first(address(target.lister, request, target.account))
    secret = sign(url) if sign else {}
    began = time.perf_counter()
    try:
        async with asyncio.timeout(limit):
            answer = await client.get(
                url, limit=BEGINNING, secret=secret, headers=target.account.auth.headers, beginning=True
            )
    except TimeoutError:
        slow = Failed(place(url), failures.Reason.SLOW, f"it took longer than {limit:g} seconds")
        return _failed(target, slow, at)
    except Failed as failure:
        if failure.reason is failures.Reason.ADDRESS:
            raise
        return _failed(target, failure, at)
    took = (time.perf_counter() - began) * 1000
    if (problem := _unreadable(answer)) is not None:
        return _failed(target, Failed(place(url), failures.Reason.UNREADABLE, problem), at)
    if _is_error(answer):
        # Some gateways say so of what their upstream answered, some servers of a path that they do not know.
        key = failures.speaks_of_keys(answer.body)
        problem = "it answered 200 with an error" + (" that speaks of the key" if key else "")
        reason = failures.Reason.KEY if key else failures.Reason.UNREADABLE
        return _failed(target, Failed(place(url), reason, problem), at)
    if (said := _refusal(target.probe, answer)) is not None:
        return _failed(target, Failed(place(url), failures.Reason.KEY, f"it does not serve this key: {said}"), at)
    return observing.answered(target.account.id, target.region, at, took, source=Source.PROBE)


def _failed(target: Target, failure: Failed, at: dt.datetime) -> Observation:
    return observing.failed(target.account.id, target.region, at, failure, source=Source.PROBE)


def _unreadable(answer: Answer) -> str | None:
    """Why what came with status 200 is no answer of an API, or None; of a long one only the beginning is known."""
    body = mended(answer.body).lstrip(b" \t\r\n")
    if body[:1] not in (b"{", b"["):
        return "what came is a web page, not JSON" if body[:1] == b"<" else "what came is not JSON"
    if len(answer.body) < BEGINNING:
        try:
            json_of(body)
        except NotDecoded:
            return "what came is not valid JSON, or cut off"
    return None


def _is_error(answer: Answer) -> bool:
    """Whether what came with status 200 is an error and nothing besides."""
    return len(answer.body) < BEGINNING and is_error(json_of(answer.body))


def _refusal(probe: Probe, answer: Answer) -> str | None:
    """What in an answer with status 200 says that the key serves no longer, or None."""
    told = json_of(answer.body) if probe.refuses and len(answer.body) < BEGINNING else None
    return next((it for it in probe.refuses if told.get(it) is True), None) if isinstance(told, dict) else None


def _of_one(paging: Paging) -> Paging:
    """The same with pages of one model, where their size can be said."""
    if isinstance(paging, Cursor | Link | Numbered):
        return msgspec.structs.replace(paging, size=(paging.size[0], 1))
    return paging
