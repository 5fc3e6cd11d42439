"""Many endpoints at once: one list tells which of them changed, and only those are described."""

import asyncio
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import msgspec

from radiant.domain.endpoint import Endpoint
from radiant.runtimes.driver import Condition, Seen
from radiant.runtimes.said import Unanswered

from .account import Account, NotThere
from .reading import SETTLED, missing
from .strategy import Strategy

#: Seconds after which what did not change is described again all the same: nobody promises that it is a modification
#: when auto scaling changes a count.
_AGE: Final = 600.0

#: Seconds for one list with all its pages, and for all descriptions that follow.
_PATIENCE: Final = 60.0

_MOST_REMEMBERED: Final = 20_000


class Known(msgspec.Struct, frozen=True):
    """What a description said, and the status and time of modification that the list had of it."""

    stamp: tuple[Any, Any]
    seen: Seen
    at: dt.datetime


class Memory:
    """What was described by this process. Another one describes for itself."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Known] = {}

    async def look(
        self,
        account: Account,
        strategy: Strategy,
        endpoints: Sequence[Endpoint],
        now: dt.datetime,
        *,
        anew: Collection[int] = (),
    ) -> dict[int, Seen]:
        """What is seen of endpoints of one region and strategy, by their ids; those in `anew` are described in any
        case."""
        for it in endpoints:
            if it.id in anew:
                self._known.pop(_key(strategy, it), None)
        operation, member, name, status = strategy.lists
        try:
            async with asyncio.timeout(_PATIENCE):
                listed = {it[name]: it for it in await account.listed(operation, member)}
                seen = await asyncio.gather(
                    *(self._one(account, strategy, it, listed.get(it.name), status, now) for it in endpoints)
                )
        except Unanswered as error:
            return {it.id: unseen(error) for it in endpoints}
        except TimeoutError:
            slow = Unanswered(f"AWS did not answer within {_PATIENCE:g} seconds")
            return {it.id: unseen(slow) for it in endpoints}
        return dict(zip((it.id for it in endpoints), seen, strict=True))

    async def _one(
        self,
        account: Account,
        strategy: Strategy,
        endpoint: Endpoint,
        entry: Mapping[str, Any] | None,
        status: str,
        now: dt.datetime,
    ) -> Seen:
        key = _key(strategy, endpoint)
        if entry is None:
            self._known.pop(key, None)
            return absent(strategy, endpoint)
        stamp = (entry.get(status), entry.get("LastModifiedTime"))
        known = self._known.get(key)
        if known is not None and known.stamp == stamp and _rests(known, now):
            return known.seen
        try:
            seen = strategy.read(await strategy.describe(account, endpoint), may_create=endpoint.may_create)
        except NotThere:
            self._known.pop(key, None)
            return absent(strategy, endpoint)
        except Unanswered as error:
            return unseen(error)
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = Known(stamp, seen, now)
        return seen


def _key(strategy: Strategy, endpoint: Endpoint) -> tuple[object, ...]:
    return strategy.what, endpoint.region, endpoint.url, endpoint.name, endpoint.may_create


def absent(strategy: Strategy, endpoint: Endpoint) -> Seen:
    """What is seen of one that does not exist."""
    return missing(may_create=endpoint.may_create, what=strategy.what, lacks=strategy.lacks(endpoint))


def unseen(error: Unanswered) -> Seen:
    """What is seen where AWS does not answer."""
    return Seen(
        condition=Condition.UNSEEN,
        problem=error.problem,
        retry_after=error.retry_after,
        permanent=error.permanent,
    )


def _rests(known: Known, now: dt.datetime) -> bool:
    """Whether nothing was going on when it was described, a while ago at most."""
    going_on = known.seen.moving or known.seen.condition is Condition.LOADING or known.stamp[0] not in SETTLED
    return not going_on and (now - known.at).total_seconds() < _AGE
