"""What AWS Lambda calls: `radiant.aws.handlers.handler` for runs, `….migrate` before a new version."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import msgspec

from radiant import logs
from radiant.app import App
from radiant.domain.errors import RadiantError, SettingsError
from radiant.installation.prepare import made_database, prepare
from radiant.settings import Settings

from .asked import asked
from .keys import Keys
from .running import Function


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
    async with await App.open(settings) as app:
        return await Function(
            app.database,
            settings,
            environment,
            name=f"{context.function_name} {context.aws_request_id}",
            remaining=lambda: context.get_remaining_time_in_millis() / 1000,
        ).run(wanted)


async def _migrate() -> dict[str, Any]:
    settings = _settings()
    async with made_database(settings) as address:
        prepared = await prepare(settings, address, homeless=True)
    return {"applied": list(prepared.applied), "seeded": msgspec.to_builtins(prepared.seeded), "lost": prepared.lost}


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
