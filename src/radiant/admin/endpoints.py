"""Where self-hosted models run: endpoints made, changed, looked at and looked for."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from radiant.domain.endpoint import Endpoint, Found
from radiant.domain.endpoint_state import (
    EndpointChange,
    EndpointNotFound,
    EndpointState,
    NewEndpoint,
    Offered,
    Scanned,
)
from radiant.domain.errors import RuleViolated
from radiant.names.folding import the_one
from radiant.names.served import served_as
from radiant.providers.places import place, problem_with_base
from radiant.registry import endpoints
from radiant.registry.database import Connection, Database
from radiant.runtimes.aws.deploying import default_name
from radiant.runtimes.http import Client
from radiant.runtimes.roster import RUNTIMES, unknown
from radiant.runtimes.sagemaker import SCHEME as SAGEMAKER
from radiant.runtimes.said import Unanswered

from .own_models import own_model

#: Runtimes of which an endpoint is known by its name alone, and what it is called where nobody says.
NAMED_ONLY: Mapping[str, Callable[[str], str]] = {"sagemaker": default_name}


#: What only says whether it is ready, which many do.
UNTOLD = "http"

#: An id of a self-hosted model has no more characters.
LONGEST_ID = 100


class Endpoints:
    """Reads and writes `endpoints`, and looks at them. Keys are read from the environment and never stored."""

    def __init__(self, database: Database, *, environment: Mapping[str, str]) -> None:
        self._database, self._environment = database, environment

    async def listed(self, model: str | None = None) -> list[EndpointState]:
        """All endpoints, or those of the model of that name. Raises NotSelfHosted and AmbiguousModel."""
        async with self._database.connection() as connection:
            model_id = None if model is None else await own_model(connection, model)
            return await endpoints.listed(connection, model_id=model_id)

    async def of(self, id: int) -> EndpointState:
        """One endpoint. Raises EndpointNotFound."""
        async with self._database.connection() as connection:
            return await _found(connection, id)

    async def add(self, new: NewEndpoint, *, look: bool = True) -> EndpointState:
        """Write an endpoint, and look at it at once unless told otherwise: what was seen is in what is returned.

        Raises NotSelfHosted, AmbiguousModel, and RuleViolated for what cannot be an endpoint or is there already.
        """
        async with self._database.connection() as connection, connection.transaction():
            id = await endpoints.add(connection, await _made(connection, new))
        return await self.test(id) if look and new.enabled else await self.of(id)

    async def change(self, id: int, change: EndpointChange) -> EndpointState:
        """Set what is given. An endpoint that is somewhere else now was not seen yet, and is looked at.

        Raises EndpointNotFound and RuleViolated.
        """
        async with self._database.connection() as connection, connection.transaction():
            await endpoints.hold(connection, id)
            before = _plain(await _found(connection, id))
            after = _checked(_changed(before, change))
            await endpoints.change(connection, after)
        moved = _place(before) != _place(after)
        return await self.test(id) if after.enabled and (moved or not before.enabled) else await self.of(id)

    async def remove(self, id: int) -> EndpointState:
        """Forget an endpoint; what runs there goes on. What it was. Raises EndpointNotFound."""
        async with self._database.connection() as connection, connection.transaction():
            await endpoints.hold(connection, id)
            found = await _found(connection, id)
            await endpoints.remove(connection, id)
            return found

    async def test(self, id: int) -> EndpointState:
        """Look at an endpoint now, which neither wakes its model nor keeps it awake, and write down what was seen.

        Raises EndpointNotFound.
        """
        async with Client(environment=self._environment) as client:
            return await self._seen(id, client)

    async def _seen(self, id: int, client: Client) -> EndpointState:
        endpoint = _plain(await self.of(id))
        runtime = RUNTIMES.get(endpoint.runtime)
        if runtime is None:
            seen = unknown(endpoint.runtime, client.now())
        else:
            seen = await runtime.observe(endpoint, client)
        async with self._database.connection() as connection, connection.transaction():
            await endpoints.note(connection, endpoint, seen)
            return await _found(connection, id)

    async def scan(self, url: str, *, secret_env: str | None = None, add: bool = False) -> Scanned:
        """What runs at a server: each model with that of the registry which it is, and why.

        With `add`, an endpoint is made for each that is one of the registry, and the others wait in review. Raises
        RuleViolated for an address that cannot be looked at.
        """
        at = _scanned_place(url, secret_env)
        try:
            runtime, found = await self._scanned(at)
        except Unanswered as error:
            return Scanned(url=url, runtime=None, problem=error.problem)
        async with self._database.connection() as connection, connection.transaction():
            known = await endpoints.own_models(connection)
            every = await endpoints.listed(connection)
            there = {it.name: it for it in every if (it.runtime, it.url, it.region) == (runtime, at.url, at.region)}
            said: dict[str, Any] = {"runtime": runtime, "url": at.url, "region": at.region, "secret_env": secret_env}
            offered = []
            for it in found:
                model, why = served_as(it.name, known)
                id = there[it.name].id if it.name in there else None
                if id is not None:
                    model, why = there[it.name].model_id, "there is an endpoint"
                elif add and model is not None:
                    id = await endpoints.add(connection, Endpoint(id=0, model_id=model, name=it.name, **said))
                elif add and len(it.name) <= LONGEST_ID:
                    await endpoints.propose(connection, it.name, {**said, "context_window": it.context_window})
                offered.append(_offered(it, model, why, id))
            waiting = await endpoints.in_review(connection)
            offered = [
                msgspec.structs.replace(it, in_review=it.model_id is None and it.name in waiting) for it in offered
            ]
        if add:
            async with Client(environment=self._environment) as client:
                ids = [it.endpoint_id for it in offered if it.endpoint_id is not None]
                await asyncio.gather(*(self._seen(id, client) for id in ids))
        return Scanned(url=url, runtime=runtime, models=tuple(offered))

    async def _scanned(self, at: Endpoint) -> tuple[str, list[Found]]:
        """The first runtime of the roster that recognizes the server, and what it has. Raises Unanswered."""
        tried = [name for name in RUNTIMES if name != UNTOLD and (name in NAMED_ONLY) == (at.url is None)]
        async with Client(environment=self._environment) as client:
            told = await asyncio.gather(*(_tried(name, at, client) for name in tried))
        for name, found in zip(tried, told, strict=True):
            if isinstance(found, list):
                return name, found
        raise _unrecognized(at, tried, [it for it in told if isinstance(it, Unanswered)])


async def _tried(name: str, at: Endpoint, client: Client) -> list[Found] | Unanswered | None:
    try:
        return await RUNTIMES[name].scan(at, client)
    except Unanswered as error:
        return error


def _unrecognized(at: Endpoint, tried: Sequence[str], failed: Sequence[Unanswered]) -> Unanswered:
    """Why nothing was recognized: that it wants a key; what all that were tried say; else which were tried."""
    where = f"{SAGEMAKER}{at.region or ''}" if at.url is None else place(at.url)
    alike = len(failed) == len(tried) and len({it.problem for it in failed}) == 1
    if (one := next((it for it in failed if it.locked), failed[0] if alike else None)) is not None:
        key = "; secret_env names the variable with its key" if one.locked and at.secret_env is None else ""
        return Unanswered(f"what runs at {where} is not known: {one.problem}{key}")
    return Unanswered(f"none of the runtimes known here was recognized at {where}; tried: {', '.join(tried)}")


def _offered(it: Found, model: str | None, why: str, endpoint: int | None) -> Offered:
    return Offered(
        name=it.name,
        state=it.state,
        context_window=it.context_window,
        model_id=model,
        why=why,
        endpoint_id=endpoint,
    )


async def _found(connection: Connection, id: int) -> EndpointState:
    found = await endpoints.listed(connection, id=id)
    if not found:
        raise EndpointNotFound(id, await endpoints.ids(connection))
    return found[0]


async def _made(connection: Connection, new: NewEndpoint) -> Endpoint:
    model = await own_model(connection, new.model_id)
    runtime = _runtime(new.runtime)
    name = new.name or NAMED_ONLY.get(runtime, str)(model)
    given: dict[str, Any] = {**msgspec.structs.asdict(new), "model_id": model, "runtime": runtime, "name": name}
    return _checked(Endpoint(id=0, **given))


def _changed(before: Endpoint, change: EndpointChange) -> Endpoint:
    given = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET}
    if "runtime" in given:
        given["runtime"] = _runtime(given["runtime"])
    if "options" in given:
        given["options"] = _merged(before.options, given["options"])
    return msgspec.structs.replace(before, **given)


def _merged(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given beside what stands there, in an option that has parts as well; null takes away."""
    parts = {
        name: _merged(there, value)
        for name, value in given.items()
        if isinstance(value, dict) and isinstance(there := before.get(name), dict)
    }
    return {name: value for name, value in {**before, **given, **parts}.items() if value is not None}


def _plain(it: EndpointState) -> Endpoint:
    return Endpoint(**{name: getattr(it, name) for name in Endpoint.__struct_fields__})


def _place(it: Endpoint) -> tuple[str | None, ...]:
    return it.runtime, it.url, it.region, it.name


def _runtime(name: str) -> str:
    found = the_one(name, RUNTIMES)
    if found is None:
        raise _wrong("endpoint_runtime", f"No runtime {name!r:.100}; expected one of {', '.join(RUNTIMES)}.")
    return found


def _checked(it: Endpoint) -> Endpoint:
    """The same with its address as it is compared. Raises RuleViolated for what the database cannot know."""
    if it.url is not None:
        return msgspec.structs.replace(it, url=_address(it.url))
    if it.runtime not in NAMED_ONLY:
        example = "http://127.0.0.1:11434"
        raise _wrong("endpoint_url", f"An endpoint of {it.runtime} needs the address of its server, such as {example}.")
    return it


def _scanned_place(url: str, secret_env: str | None) -> Endpoint:
    """What is scanned, as an endpoint without a model: `sagemaker:eu-central-1` has no address. Raises RuleViolated."""
    if url.startswith(SAGEMAKER):
        told: dict[str, Any] = {"region": url.removeprefix(SAGEMAKER) or None}
    else:
        told = {"url": _address(url)}
    return Endpoint(id=0, model_id="", runtime="", name="", secret_env=secret_env, **told)


def _address(url: str) -> str:
    """An address without the slash that may end it: with and without it is one place. Raises RuleViolated."""
    if problem := problem_with_base(url):
        raise _wrong("endpoint_url", f"The address of an endpoint cannot be used: {problem}.")
    return url.rstrip("/")


def _wrong(rule: str, sentence: str) -> RuleViolated:
    return RuleViolated(rule, "invalid", sentence)
