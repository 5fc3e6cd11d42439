"""Who is told of events: made, stopped, and told again."""

import re
from typing import NamedTuple

from radiant.domain.errors import RuleViolated, SinkNotFound, UnknownFilterValue
from radiant.domain.event import DeadLetter, NewSink, Sink, SinkKind
from radiant.domain.event_kinds import KINDS
from radiant.providers.places import problem_with_url
from radiant.registry import event_sinks
from radiant.registry.database import Connection, Database

#: The name of an environment variable. No secret looks so: base64 has small letters.
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,199}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")
_AWS_NAME = re.compile(r"[A-Za-z0-9/._:-]{1,1600}")

#: What each kind of sink may be given beside name and types.
_FIELDS = {
    SinkKind.WEBHOOK: ("url", "url_env", "secret_env"),
    SinkKind.EVENTBRIDGE: ("bus", "region"),
    SinkKind.LOG: (),
}


class Replayed(NamedTuple):
    """A sink that is told again, and how many dead letters that are; None where it is all from a number on."""

    sink: Sink
    letters: int | None


class EventSinks:
    """Writes `event_sinks`. No secret is ever stored: only the name of the variable that holds it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self) -> list[Sink]:
        """All sinks, by name, with how far each is."""
        async with self._database.connection() as connection:
            return await event_sinks.listed(connection)

    async def add(self, new: NewSink) -> Sink:
        """Make a sink, which is told of what happens from now on.

        Raises RuleViolated for settings that do not fit its kind or a name that is taken, UnknownFilterValue for a
        type of events that there is not.
        """
        check(new)
        settings = {name: value for name in ("url", "url_env", "bus", "region") if (value := getattr(new, name))}
        async with self._database.connection() as connection, connection.transaction():
            await event_sinks.add(connection, new.name, new.kind, settings, new.secret_env, new.types)
            return await _found(connection, new.name)

    async def remove(self, name: str) -> Sink:
        """Delete a sink with its dead letters; what it was. Raises SinkNotFound."""
        async with self._database.connection() as connection, connection.transaction():
            found = await _found(connection, name)
            if not await event_sinks.remove(connection, name):
                return await _found(connection, name)  # which says so: somebody else removed it meanwhile
            return found

    async def set_enabled(self, name: str, enabled: bool) -> Sink:
        """Start or stop telling a sink; what happens meanwhile waits. Raises SinkNotFound."""
        async with self._database.connection() as connection, connection.transaction():
            await _found(connection, name)
            await event_sinks.set_enabled(connection, name, enabled, None if enabled else "an administrator stopped it")
            return await _found(connection, name)

    async def replay(self, name: str, after: int | None = None) -> Replayed:
        """Tell a sink its dead letters again, or with `after` everything from that number on. Raises SinkNotFound."""
        async with self._database.connection() as connection, connection.transaction():
            await _found(connection, name)
            letters = await event_sinks.replay(connection, name, after)
            return Replayed(await _found(connection, name), letters)

    async def dead(self, name: str | None = None) -> list[DeadLetter]:
        """What a sink, or any, did not take after all attempts. Raises SinkNotFound."""
        async with self._database.connection() as connection:
            if name is not None:
                await _found(connection, name)
            return await event_sinks.dead(connection, name)


def check(new: NewSink) -> None:
    """Raises RuleViolated and UnknownFilterValue. What was given for a secret is never repeated."""
    if not _NAME.fullmatch(new.name):
        raise _wrong("name", "The name of a sink has up to 80 lower-case letters, digits, and . _ - after the first.")
    for field in ("url", "url_env", "bus", "region", "secret_env"):
        if getattr(new, field) is not None and field not in _FIELDS[new.kind]:
            takes = ", ".join(_FIELDS[new.kind]) or "none of these"
            raise _wrong(field, f"A sink of kind {new.kind} has no `{field}`; it takes {takes}.")
    for field in ("url_env", "secret_env"):
        if (variable := getattr(new, field)) is not None and not _VARIABLE.fullmatch(variable):
            raise _wrong(
                field,
                f"`{field}` is the name of an environment variable in capital letters, such as OPS_HOOK_SECRET; "
                "what it holds is never stored.",
            )
    if new.kind is SinkKind.WEBHOOK:
        _check_webhook(new)
    for field in ("bus", "region"):
        if (text := getattr(new, field)) is not None and not _AWS_NAME.fullmatch(text):
            raise _wrong(field, f"`{field}` is no name that AWS knows.")
    for type in new.types:
        if type not in KINDS:
            raise UnknownFilterValue("types", type[:200], tuple(KINDS))


def _check_webhook(new: NewSink) -> None:
    if (new.url is None) == (new.url_env is None):
        raise _wrong("url", "A webhook has a `url`, or `url_env`: the variable that holds the address. One of the two.")
    if new.url is None:
        return
    if problem := problem_with_url(new.url):
        raise _wrong("url", f"The `url` of a webhook cannot be used: {problem}.")
    if "?" in new.url or "#" in new.url:
        raise _wrong("url", "The `url` of a webhook has a query, which may be a secret; give it by `url_env` instead.")


def _wrong(field: str, sentence: str) -> RuleViolated:
    return RuleViolated("event_sink_settings", "invalid", sentence, field=field)


async def _found(connection: Connection, name: str) -> Sink:
    known = await event_sinks.listed(connection)
    for sink in known:
        if sink.name == name:
            return sink
    raise SinkNotFound(name, tuple(sink.name for sink in known))
