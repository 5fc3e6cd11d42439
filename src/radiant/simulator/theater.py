"""The fake providers of a script as one ASGI application: each below a path of its own, `/openai/v1/models`.

Fake public catalogs are below `/catalogs/`, fake runtimes below `/runtimes/`.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import msgspec

from radiant.catalog.load import load_provider
from radiant.domain.external import Auth, AuthScheme
from radiant.providers import bedrock
from radiant.providers.completion import style
from radiant.providers.keys import Account, credential
from radiant.providers.lister import Lister, Request, address
from radiant.providers.probe_roster import probing
from radiant.providers.roster import lister

from .answers import Answer, completion, misbehave, refused_key, spoiled, status_page, unanswered
from .catalogs import published
from .entries import entry
from .machines import RUNTIMES, Machines
from .pages import Place, page, size_of, start_of
from .script import WAIT, Behavior, Provider, Script
from .stage import Stage

Scope = MutableMapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

#: Below which fake public catalogs are.
CATALOGS: Final = "/catalogs/"

_NOTHING_HERE: Final = Answer.json(404, {"error": {"message": "There is nothing here.", "type": "not_found"}})

#: What placeholders of base URLs stand for here.
_VALUES: Final = {"region": "us-east-1", "resource": "simulated", "account_id": "simulated", "workspace": "simulated"}


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """One provider on the stage: how it is asked, at which paths its lists are, and at which it says that it lives.

    To `completions` is posted.
    """

    provider: Provider
    stage: Stage
    lister: Lister
    account: Account
    key: str
    paths: Mapping[str, Request]
    accounts: frozenset[str]
    completions: frozenset[str] = frozenset()

    @property
    def status_page(self) -> str:
        return f"/{self.account.id}/api/v2/status.json"

    def answers(self, method: str, path: str) -> bool:
        if method != "GET":
            return method == "POST" and path in self.completions
        return path in self.paths or path in self.accounts or path == self.status_page


class Theater:
    """Answers for all providers of a script, reachable at `root` once it is served."""

    def __init__(self, script: Script, root: str = "", *, clock: Callable[[], float] = time.monotonic) -> None:
        self._script, self._began, self._clock = script, clock(), clock
        self.roles: dict[str, Role] = {}
        self.catalogs: dict[str, Stage] = {}
        self.open_at(root)

    def open_at(self, root: str) -> None:
        """Say where it is served; begins anew."""
        self._root, self._began = root, self._clock()
        self.roles = {provider.id: self._role(provider) for provider in self._script.providers}
        self.catalogs = {
            it.id: Stage(it, self._script.seed, lambda: self._clock() - self._began) for it in self._script.catalogs
        }
        self.runtimes = Machines(self._script.runtimes, root, lambda: self._clock() - self._began)

    def catalog_url(self, id: str) -> str:
        """Where a fake public catalog is."""
        return f"{self._root}{CATALOGS}{id}"

    def _role(self, provider: Provider) -> Role:
        how = lister(provider.id)
        known = load_provider(provider.id)
        path = urlsplit(known.api_base_url).path if known else "/v1"
        account = Account(
            id=provider.id,
            base_url=f"{self._root}/{provider.id}{path}",
            auth=known.auth if known else Auth(scheme=AuthScheme.BEARER),
            key_variables=known.key_variables if known else (f"{provider.id.upper().replace('-', '_')}_API_KEY",),
            values=_VALUES,
        )
        stage = Stage(provider, self._script.seed, lambda: self._clock() - self._began)
        return Role(
            provider=provider,
            stage=stage,
            lister=how,
            account=account,
            key=provider.key or f"simulated-{provider.id}",
            paths={_path(how, request, account): request for request in how.requests} if self._root else {},
            accounts=self._paths(how, account, probing(provider.id).path),
            completions=self._paths(how, account, asked.path if (asked := style(provider.id)) else None),
        )

    def _paths(self, how: Lister, account: Account, path: str | None) -> frozenset[str]:
        return frozenset({_path(how, Request(path=path), account)} if path and self._root else ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("a provider answers HTTP")
        if scope["path"].startswith(RUNTIMES):
            await self.runtimes(scope, receive, send)
            return
        answer = await self._answer(scope)
        if answer is None:
            await unanswered(receive)
            return
        await answer(send)

    async def _answer(self, scope: Scope) -> Answer | None:
        path = scope["path"]
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if path.startswith(CATALOGS) and scope["method"] == "GET":
            return await self._catalog(path.removeprefix(CATALOGS), headers)
        role = self.roles.get(path.split("/")[1] if path.count("/") > 1 else "")
        if role is None or not role.answers(scope["method"], path):
            return _NOTHING_HERE
        if path == role.status_page:
            return status_page(role.stage.status_page)
        return await self._provider(role, scope, headers)

    async def _provider(self, role: Role, scope: Scope, headers: Mapping[str, str]) -> Answer | None:
        path = scope["path"]
        parameters = dict(parse_qsl(scope["query_string"].decode("ascii", "replace"), keep_blank_values=True))
        place = Place(url=f"{self._root}{path}", parameters=parameters)
        request = role.paths.get(path)
        size = start = 0
        if request is not None:
            size = size_of(request, place, role.provider.page_size)
            start = start_of(request, place, size)
        role.stage.asked(first_page=request is not None and start == 0 and request is role.lister.requests[0])
        await asyncio.sleep(role.stage.latency)
        bad = _refused(role, headers)
        if bad is not None or role.stage.behavior is Behavior.SILENT:
            return bad
        if path in role.completions:
            return completion(role.account.id)
        if request is None:
            return Answer.json(200, {"id": role.account.id})
        return self._page(role, request, place, start, size)

    async def _catalog(self, id: str, headers: Mapping[str, str]) -> Answer | None:
        stage = self.catalogs.get(id)
        if stage is None:
            return _NOTHING_HERE
        stage.asked(first_page=True)
        await asyncio.sleep(stage.latency)
        if stage.behavior is Behavior.LOCKED:
            return refused_key(id)
        bad = _spoilt(stage, WAIT)
        if bad is not None or stage.behavior is Behavior.SILENT:
            return bad
        return published(id, stage.listed(), headers)

    def _page(self, role: Role, request: Request, place: Place, start: int, size: int) -> Answer:
        behavior, now = role.stage.behavior, dt.datetime.now(dt.UTC)
        listed = role.stage.listed()
        if role.account.id == "bedrock":
            listed = [model for model in listed if (request.shape is bedrock.PROFILES) == (model.of is not None)]
        created = role.stage.created(now)
        made = [entry(role.account.id, request.shape, model, created) for model in listed]
        following: int | None = start + size if start + size < len(made) else None
        if behavior is Behavior.CYCLE:
            following = 0
        overlap = 1 if behavior is Behavior.REPEATS and start else 0
        found = spoiled(behavior, made[start - overlap : start + size])
        told = page(role.account.id, request, place, found, following=following, size=size, total=len(made))
        answer = Answer.json(200, told.body, told.headers)
        return answer.elsewhere(self._root) if behavior is Behavior.ELSEWHERE else answer


def _path(how: Lister, request: Request, account: Account) -> str:
    return urlsplit(address(how, request, account)).path


def _refused(role: Role, headers: Mapping[str, str]) -> Answer | None:
    """What comes in place of what was asked for, or None."""
    if not _opens(role, headers) or role.stage.behavior is Behavior.LOCKED:
        return refused_key(role.account.id)
    return _spoilt(role.stage, role.provider.retry_after)


def _spoilt(stage: Stage, retry_after: float) -> Answer | None:
    """What comes in place of what was asked for because the stage plays so, or None."""
    if stage.fails():
        return Answer.json(500, {"error": {"message": "The simulation fails this request."}})
    return misbehave(stage.behavior, retry_after=retry_after)


def _opens(role: Role, headers: Mapping[str, str]) -> bool:
    """Whether the key is right; a list that needs none takes any."""
    auth, key = role.account.auth, role.key
    said = headers.get(auth.header.lower(), "")
    if auth.scheme is AuthScheme.SIGV4 and said.startswith(f"AWS4-HMAC-SHA256 Credential={key}/"):
        return "Signature=" in said
    return said == credential(auth, key) or (role.lister.keyless and not said)
