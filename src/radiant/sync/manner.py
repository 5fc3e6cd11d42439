"""What an installation decides about all of its runs."""

import datetime as dt
from typing import Final, Self

import msgspec

from radiant.settings import ABSENCE_INTERVAL, PRICE_GRACE, Settings


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How runs are made: lists that are `interval` seconds apart count as evidence of absence; with `online` all public
    catalogs are fetched, as if they were enabled; with `status_pages` status pages are read; rises of prices reach
    tenants after `grace`."""

    interval: float = ABSENCE_INTERVAL
    online: bool = False
    status_pages: bool = False
    grace: dt.timedelta = PRICE_GRACE

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings of an installation say."""
        return cls(
            interval=settings.absence_interval,
            online=settings.online,
            status_pages=settings.status_pages,
            grace=settings.price_grace,
        )


#: Where nothing else is set.
USUAL: Final = Manner()
