"""Hand-overs on their way to the registry: together, all of them, and for a moment only at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, cast

import pytest

from radiant import warmups
from radiant.domain.errors import DatabaseUnreachable
from radiant.registry import thermal
from radiant.warmups import WarmupRequests
from tests.waiting import HANG

Written = list[tuple[str, int, int, Decimal]]


class Registry:
    """Where they are written; each time after `before` was done."""

    def __init__(self, before: Any = None) -> None:
        self._before = before

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Registry"]:
        if self._before is not None:
            await self._before()
        yield self

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        yield


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    found: Written = []

    async def count(_: Any, *row: Any) -> None:
        found.append(cast("tuple[str, int, int, Decimal]", row))

    monkeypatch.setattr(thermal, "count_handovers", count)
    monkeypatch.setattr(warmups, "GATHERED", 3600.0)
    return found


async def test_they_gather_and_the_end_does_not_wait_for_more(written: Written) -> None:
    it = WarmupRequests(cast("Any", Registry()))
    for cost in (Decimal("0.1"), None, Decimal("0.2")):
        it.count("own", cost)
    await it.close()
    assert written == [("own", 3, 2, Decimal("0.3"))]
    await it.close()
    assert len(written) == 1


async def test_what_comes_while_others_are_written_is_written_too(written: Written) -> None:
    async def another() -> None:
        if not written:
            it.count("other", Decimal(1))

    it = WarmupRequests(cast("Any", Registry(another)))
    it.count("own", None)
    await it.close()
    assert written == [("own", 1, 0, Decimal(0)), ("other", 1, 1, Decimal(1))]


async def test_a_registry_that_is_away_holds_up_no_end(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs() -> None:
        await asyncio.sleep(3600)

    async def fails() -> None:
        raise DatabaseUnreachable("away")

    monkeypatch.setattr(warmups, "LAST", 0.02)
    for before in (hangs, fails):
        it = WarmupRequests(cast("Any", Registry(before)))
        it.count("own", None)
        async with asyncio.timeout(HANG):
            await it.close()
    assert written == []
