"""After any changes, a snapshot that was given only what changed is the one that is read anew.

RADIANT_SNAPSHOT_CHANGES sets how many transactions (default 200), RADIANT_SNAPSHOT_SEED starts elsewhere.
"""

import os
from functools import partial
from typing import Any

import psycopg
import pytest

from radiant import snapshot
from radiant.registry import snapshots
from radiant.registry.database import Connection, connect
from radiant.selection.answer.index import Index
from radiant.selector import today_utc
from radiant.snapshot import LiveSnapshot
from tests.flow.following import followed, follower
from tests.flow.random_changes import changes
from tests.sql.random_registry import Chance, fill
from tests.waiting import until

CHANGES = int(os.environ.get("RADIANT_SNAPSHOT_CHANGES", "200"))
SEED = int(os.environ.get("RADIANT_SNAPSHOT_SEED", "1"))

VARIABLES = ["KEY_1", "KEY_2", "KEY_3"]


async def test_after_any_changes_it_is_what_is_read_anew(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "PAUSE", 0)
    monkeypatch.setattr(snapshot, "RESTS", 0)
    chance, day = Chance(SEED), today_utc()
    options = {"poll": 600, "variables": VARIABLES, "today": lambda: day}
    committed = 0
    async with connect(database_url) as connection:
        await fill(connection, chance, day)
        with psycopg.connect(database_url, autocommit=True) as writer:
            async with followed(database_url, **options) as (selector, live):
                for number in range(CHANGES):
                    text = changes(chance)
                    committed += done(writer, f"SELECT setseed({number / CHANGES}); {text}")
                    now = await snapshots.fingerprint(connection)
                    await until(partial(has_read, live, now))
                    assert content(selector._index) == await read_anew(connection, database_url, **options), text
    assert committed > CHANGES / 2
    assert live.builds > committed / 2
    assert live.loads < live.builds / 5


def has_read(live: LiveSnapshot, fingerprint: int | None) -> bool:
    """Whether it is as of this fingerprint."""
    return live._mark is not None and live._mark.fingerprint == fingerprint


def done(writer: psycopg.Connection[Any], text: str) -> bool:
    """Whether it could be done."""
    try:
        writer.execute(text.encode())
    except psycopg.IntegrityError:
        writer.execute("ROLLBACK")
        return False
    return True


async def read_anew(connection: Connection, url: str, **options: Any) -> tuple[Any, ...]:
    """What one that only now begins has."""
    selector, live = follower(url, **options)
    await live._load(connection)
    return content(selector._index)


def content(index: Index) -> tuple[Any, ...]:
    """All that an index is made of."""
    refused = sorted((str(error.model_id), str(error.column), error.problem) for error in index.refused)
    rests = index.wakes_at, index.tried
    return list(index.candidates), index.defaults, sorted(index.names.providers), refused, rests
