"""Where self-hosted models run: endpoints made, changed, looked at and looked for."""

import asyncio
from collections.abc import Callable, Mapping
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
from radiant.domain.errors import ModelNotFound, RuleViolated
from radiant.names.folding import the_one
from radiant.names.known import KnownNames
from radiant.names.served import served_as
from radiant.providers.places import place, problem_with_base
from radiant.registry import endpoints
from radiant.registry.database import Connection, Database
from radiant.runtimes.aws.deploying import default_name
from radiant.runtimes.http import Client
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.sagemaker import SCHEME as SAGEMAKER

#: Runtimes of which an endpoint is known by its name alone, and what it is called where nobody says.
NAMED_ONLY: Mapping[str, Callable[[str], str]] = {"sagemaker": default_name}


#: An id of a self-hosted model has no more characters.
LONGEST_ID = 100


class Endpoints:
    """Reads and writes `endpoints`, and looks at them. Keys are read from the environment and never stored."""

    def __init__(self, database: Database, *, environment: Mapping[str, str]) -> None:
        self._database, self._environment = database, environment

    async def listed(self, model: str | None = None) -> list[EndpointState]:
        """All endpoints, or those of the model of that name. Raises ModelNotFound and AmbiguousModel."""
        async with self._database.connection() as connection:
            model_id = None if model is None else await _model(connection, model)
            return await endpoints.listed(connection, model_id=model_id)

    async def of(self, id: int) -> EndpointState:
        """One endpoint. Raises EndpointNotFound."""
        async with self._database.connection() as connection:
            return await _found(connection, id)

    async def add(self, new: NewEndpoint, *, look: bool = True) -> EndpointState:
        """Write an endpoint, and look at it at once unless told otherwise: what was seen is in what is returned.

        Raises ModelNotFound, AmbiguousModel, and RuleViolated for what cannot be an endpoint or is there already.
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
        seen = await RUNTIMES[endpoint.runtime].observe(endpoint, client)
        async with self._database.connection() as connection, connection.transaction():
            await endpoints.note(connection, endpoint, seen)
            return await _found(connection, id)

    async def scan(self, url: str, *, secret_env: str | None = None, add: bool = False) -> Scanned:
        """What runs at a server: each model with that of the registry which it is, and why.

        With `add`, an endpoint is made for each that is one of the registry, and the others wait in review. Raises
        RuleViolated for an address that cannot be looked at.
        """
        place_of = _scanned_place(url)
        runtime, found = await self._scanned(url)
        if runtime is None:
            tried = ", ".join(name for name in RUNTIMES if name != "http")
            problem = f"none of the runtimes known here was recognized at {place(url)}; tried: {tried}"
            return Scanned(url=url, runtime=None, problem=problem)
        async with self._database.connection() as connection, connection.transaction():
            known = await endpoints.own_models(connection)
            every = await endpoints.listed(connection)
            there = {it.name: it for it in every if (it.runtime, it.url, it.region) == (runtime, *place_of.values())}
            offered = []
            for it in found:
                model, why = served_as(it.name, known)
                id = there[it.name].id if it.name in there else None
                if id is not None:
                    model, why = there[it.name].model_id, "there is an endpoint"
                elif add and model is not None:
                    said = {"runtime": runtime, **place_of, "secret_env": secret_env}
                    new = _checked(Endpoint(id=0, model_id=model, name=it.name, **said))
                    id = await endpoints.add(connection, new)
                elif add and len(it.name) <= LONGEST_ID:
                    said = {"runtime": runtime, **place_of, "secret_env": secret_env}
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

    async def _scanned(self, url: str) -> tuple[str | None, list[Found]]:
        """The first runtime of the roster that recognizes the server, and what it has."""
        async with Client(environment=self._environment) as client:
            told = await asyncio.gather(*(runtime.scan(url, client) for runtime in RUNTIMES.values()))
        recognized = [(name, found) for name, found in zip(RUNTIMES, told, strict=True) if found is not None]
        return recognized[0] if recognized else (None, [])


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


async def _model(connection: Connection, name: str) -> str:
    """The id of the self-hosted model of that name. Raises ModelNotFound and AmbiguousModel."""
    known = await endpoints.own_models(connection)
    if any(it.model_id == name for it in known):
        return name
    if not known:
        raise ModelNotFound(name)
    return KnownNames(known).find(name)[0].model_id


async def _made(connection: Connection, new: NewEndpoint) -> Endpoint:
    model = await _model(connection, new.model_id)
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
    """Raises RuleViolated for what the database cannot know."""
    if it.url is not None:
        _check_url(it.url)
    elif it.runtime not in NAMED_ONLY:
        example = "http://127.0.0.1:11434"
        raise _wrong("endpoint_url", f"An endpoint of {it.runtime} needs the address of its server, such as {example}.")
    return it


def _scanned_place(url: str) -> dict[str, Any]:
    """Address and region of what is scanned: `sagemaker:eu-central-1` has no address. Raises RuleViolated."""
    if url.startswith(SAGEMAKER):
        return {"url": None, "region": url.removeprefix(SAGEMAKER) or None}
    _check_url(url)
    return {"url": url, "region": None}


def _check_url(url: str) -> None:
    if problem := problem_with_base(url):
        raise _wrong("endpoint_url", f"The address of an endpoint cannot be used: {problem}.")


def _wrong(rule: str, sentence: str) -> RuleViolated:
    return RuleViolated(rule, "invalid", sentence)
