"""How a selector follows its registry: what of it is told of changes, and of quiet."""

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any, Protocol

from radiant.domain.choice import Freshness
from radiant.registry.address import Address
from radiant.selection.answer.index import Index
from radiant.snapshot import LiveSnapshot


class Follower(Protocol):
    """What is kept equal to a registry; `Selector` is one. `freshness` is that of the index that answers now."""

    @property
    def freshness(self) -> Freshness: ...

    def build(self, *rows: Any, **options: Any) -> Index: ...

    def build_changed(self, index: Index, *changed: Any, **options: Any) -> Index: ...

    def build_turned(self, index: Index) -> Index: ...

    def swap(self, index: Index) -> None: ...


async def follow(
    follower: Follower,
    url: str | Address,
    *,
    clock: Callable[[], float],
    today: Callable[[], dt.date],
    on_change: Callable[[], None],
    variables: Collection[str],
) -> LiveSnapshot:
    """Load the registry at `url` into `follower` and keep it there until the snapshot is closed.

    `variables` are the names of the environment variables that are set, `on_change` is called after each swap.
    Raises DatabaseError.
    """

    def take_over(index: Index) -> None:
        follower.swap(index)
        on_change()

    live = LiveSnapshot(
        url,
        build=follower.build,
        change=follower.build_changed,
        turn=follower.build_turned,
        publish=take_over,
        confirm=lambda at: follower.freshness.confirm(at),  # of the index that is there by then
        clock=clock,
        today=today,
        variables=variables,
    )
    await live.start()
    return live
