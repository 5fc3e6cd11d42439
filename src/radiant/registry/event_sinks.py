"""Who is told of events, how far each is, and what could not be delivered.

Whoever delivers claims a sink for a while: one at a time, across machines. A claim that runs out (its holder died) is
free again, and what was sent but not noted is sent again.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec

from radiant.domain.event import DeadLetter, Event, Sink
from radiant.sql import queries

from .database import Connection

#: Dead letters that are shown at once.
MOST = 1000

_SQL = queries("event_sinks")


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A sink that is ours to deliver to. `through` and `beyond` are what is done already."""

    id: UUID
    name: str
    kind: str
    settings: dict[str, str]
    secret_env: str | None
    types: list[str]
    through: int
    beyond: list[int]
    attempts: int
    failures: int


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch. `pause` are the seconds until the next try, `took` whether any event was delivered."""

    delivered: Sequence[int]
    dead: Mapping[int, str]
    through: int
    beyond: Sequence[int]
    attempts: int
    failures: int
    pause: float
    error: str | None
    why_disabled: str | None = None


async def listed(connection: Connection, name: str | None = None) -> list[Sink]:
    """All sinks, or the one of that name."""
    rows = await (await connection.execute(_SQL["listed"], {"name": name})).fetchall()
    return [msgspec.convert(row, Sink) for row in rows]


async def add(
    connection: Connection,
    name: str,
    kind: str,
    settings: Mapping[str, str],
    secret_env: str | None,
    types: Sequence[str],
) -> None:
    """Make a sink that is told of what happens from now on. Raises RuleViolated where the name is taken."""
    given = {"name": name, "kind": kind, "secret_env": secret_env, "types": list(types)}
    await connection.execute(_SQL["number"])
    await connection.execute(_SQL["add"], {**given, "settings": msgspec.json.encode(settings).decode()})


async def remove(connection: Connection, name: str) -> bool:
    """Delete a sink with its dead letters; whether there was one."""
    return (await connection.execute(_SQL["remove"], {"name": name})).rowcount > 0


async def set_enabled(connection: Connection, name: str, enabled: bool, why: str | None) -> bool:
    """Whether there is such a sink."""
    given = {"name": name, "enabled": enabled, "why": why}
    found = (await connection.execute(_SQL["set_enabled"], given)).rowcount > 0
    await connection.execute(_SQL["announce"])
    return found


async def replay(connection: Connection, name: str, after: int | None) -> int | None:
    """Deliver the dead letters of a sink again, or everything after a number; how many dead letters that were, None
    for everything."""
    count = None
    if after is None:
        count = (await connection.execute(_SQL["replay_dead"], {"name": name})).rowcount
        await connection.execute(_SQL["try_now"], {"name": name})
    else:
        await connection.execute(_SQL["rewind"], {"name": name, "after": after})
        await connection.execute(_SQL["replay_dead"], {"name": name})
    await connection.execute(_SQL["announce"])
    return count


async def dead(connection: Connection, sink: str | None) -> list[DeadLetter]:
    """The oldest dead letters of a sink, or of all."""
    rows = await (await connection.execute(_SQL["dead"], {"sink": sink, "limit": MOST})).fetchall()
    return [DeadLetter(**row) for row in rows]


async def due(connection: Connection) -> list[str]:
    """The sinks that may be delivered to now and that nobody delivers to."""
    return [row["name"] for row in await (await connection.execute(_SQL["due"])).fetchall()]


async def claim(connection: Connection, name: str, seconds: float) -> Claim | None:
    """Take a sink for so long; None where somebody else has it, or it is not its time."""
    id = uuid4()
    row = await (await connection.execute(_SQL["claim"], {"name": name, "claim": id, "seconds": seconds})).fetchone()
    return Claim(id=id, name=name, **row) if row else None


async def batch(connection: Connection, held: Claim, limit: int) -> list[Event]:
    """The next events of a sink, in order."""
    given: dict[str, Any] = {"name": held.name, "through": held.through, "beyond": held.beyond, "types": held.types}
    rows = await (await connection.execute(_SQL["batch"], {**given, "limit": limit})).fetchall()
    return [Event(**row) for row in rows]


async def release(connection: Connection, held: Claim, done: Delivered) -> bool:
    """Note what became of a batch and let go of the sink; False, and nothing is noted, where the claim ran out."""
    ours = {"name": held.name, "claim": held.id}
    async with connection.transaction():
        if await (await connection.execute(_SQL["hold"], ours)).fetchone() is None:
            return False
        for seq, error in done.dead.items():
            await connection.execute(_SQL["bury"], {"name": held.name, "seq": seq, "error": error})
        await connection.execute(_SQL["revive"], {"name": held.name, "delivered": list(done.delivered)})
        given = {
            name: getattr(done, name) for name in ("through", "attempts", "failures", "pause", "error", "why_disabled")
        }
        await connection.execute(
            _SQL["release"], {**ours, **given, "beyond": list(done.beyond), "took": bool(done.delivered)}
        )
        return True
