"""Work in a thread, one piece ahead: in order, never further ahead, and no thread is left behind."""

import threading
from collections.abc import Iterator
from contextlib import aclosing
from functools import partial

import pytest

from radiant.sync.ahead import ahead
from tests.waiting import until


async def test_results_come_in_order_and_the_next_is_made_meanwhile() -> None:
    begun: list[int] = []

    def work(piece: int) -> int:
        begun.append(piece)
        return piece * 2

    found = []
    async for made in ahead(work, range(4)):
        found.append(made)
        reached = min(len(found) + 1, 4)
        await until(partial(lambda it: len(begun) == it, reached))
    assert (found, begun) == ([0, 2, 4, 6], [0, 1, 2, 3])
    assert [it async for it in ahead(work, ())] == []
    assert [it async for it in ahead(work, (7,))] == [14]


async def test_what_fails_fails_in_its_place_and_who_stops_waits_for_what_is_being_made() -> None:
    found = []
    with pytest.raises(ZeroDivisionError):
        async for made in ahead(lambda it: 6 // it, (3, 2, 0, 1)):
            found.append(made)
    assert found == [2, 3]

    go, done = threading.Event(), []

    def work(piece: int) -> int:
        if piece:
            assert go.wait(10)
        done.append(piece)
        return piece

    def pieces() -> Iterator[int]:
        yield from (0, 1, 2)

    async with aclosing(ahead(work, pieces())) as results:
        assert await anext(results) == 0
        threading.Timer(0.01, go.set).start()
    assert done == [0, 1]
