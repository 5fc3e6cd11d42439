"""What AWS Lambda calls: `radiant.aws.handlers.handler` for runs, `….migrate` before a new version."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

import msgspec

from radiant import logs
from radiant.admin.event_sinks import EventSinks
from radiant.app import App
from radiant.domain.errors import RadiantError, SettingsError
from radiant.domain.event import NewSink, SinkKind
from radiant.installation.prepare import made_database, prepare
from radiant.registry import roles
from radiant.registry.database import Address, Database, connect
from radiant.settings import Settings

from .asked import asked
from .keys import Keys
from .running import Function

#: The sink that a migration makes of the bus.
SINK: Final = "eventbridge"


class Failed(RuntimeError):
    """What Lambda is told: a sentence for people, without the trace of what is behind it."""


#: The keys of this process: another call of a function finds them read.
_keys: dict[str | None, Keys] = {}


def handler(event: object, context: Any) -> dict[str, Any]:
    """Carry out one run: `{"syncType": "full"}`, the tick of a schedule, or a change that SageMaker tells.

    The answer has `syncType`, and `skipped` with its reason or `syncId`, `status`, `durationMs` and the number of
    `errors`. Raises Failed, whereupon Lambda calls again.
    """
    return _told(_run(event, context))


def migrate(event: object, context: Any) -> dict[str, Any]:
    """Bring schema and catalog to this version; what was applied and written. Raises Failed."""
    return _told(_migrate())


async def _run(event: object, context: Any) -> dict[str, Any]:
    wanted, settings = asked(event), _settings()
    keys = _keys.setdefault(settings.keys_secret, Keys(settings.keys_secret))
    environment = await keys.environment()
    async with await App.open(settings, environment=environment) as app:
        return await Function(
            app.database,
            settings,
            environment,
            name=f"{context.function_name} {context.aws_request_id}",
            remaining=lambda: context.get_remaining_time_in_millis() / 1000,
        ).run(wanted)


async def _migrate() -> dict[str, Any]:
    settings = _settings()
    made = await _roles(settings)
    async with made_database(settings) as address:
        prepared = await prepare(settings, address, homeless=True)
        async with connect(address) as connection:
            await roles.grant(connection)
        sink = await _sink(settings, address)
    return {
        "roles": made,
        "applied": list(prepared.applied),
        "seeded": msgspec.to_builtins(prepared.seeded),
        "lost": prepared.lost,
        "sink": sink,
    }


async def _sink(settings: Settings, address: Address) -> str | None:
    """Have the bus of the settings told of events; the name of the sink where it is new. One that was stopped stays."""
    if settings.event_bus is None:
        return None
    async with await Database.open(address) as database:
        sinks = EventSinks(database)
        if any(it.name == SINK for it in await sinks.listed()):
            return None
        return (await sinks.add(NewSink(name=SINK, kind=SinkKind.EVENTBRIDGE, bus=settings.event_bus))).name


async def _roles(settings: Settings) -> list[str]:
    """Make the roles that are missing, where it is said who may; the new ones."""
    if settings.master_secret is None or settings.database_url is None:
        return []
    master = await Keys(settings.master_secret, environment={}).environment()
    address = roles.as_user(settings.database_url, master.get("username", ""), master.get("password", ""))
    async with connect(address) as connection:
        return await roles.ensure(connection)


def _settings() -> Settings:
    settings = Settings.from_environment()
    if settings.database_url is None:
        raise SettingsError("RADIANT_DATABASE_URL", "is not set, and a function has no database of its own")
    return settings


def _told(work: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    logs.configure()
    try:
        return asyncio.run(work)
    except RadiantError as error:
        raise Failed(str(error)) from None
