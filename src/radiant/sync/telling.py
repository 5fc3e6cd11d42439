"""Who is told of changes, in the transaction of the change, and of the steps of a run."""

from collections.abc import Awaitable, Callable, Sequence

from radiant.domain.event_kinds import KINDS
from radiant.domain.sync import Step
from radiant.registry import events
from radiant.registry.database import Connection
from radiant.registry.events import News

#: Connection, and what happened that no trigger of the database can see, each under the type of its event without
#: `radiant.`; of every other change a trigger writes the event.
Tell = Callable[[Connection, Sequence[News]], Awaitable[None]]

#: Told each step of a run.
Watch = Callable[[Step], None]


async def as_events(connection: Connection, news: Sequence[News]) -> None:
    """Write what a run finds into the outbox, in the transaction of the change."""
    await events.emit_all(connection, [_as_event(it) for it in news])


def _as_event(news: News) -> News:
    kind = KINDS[f"radiant.{news.type}"]
    return News(kind.type, news.subject, {name: news.data.get(name) for name in kind.data})
