"""The ledger of usage: what callers tell, what it costs, what rating it again would change, and what was spent."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from .cost import CostLine, Name
from .errors import RadiantError
from .price_sheet import RatingState

#: How many usages one request may tell.
LARGEST_BATCH = 1000

_Id = Annotated[str, Meta(min_length=1, max_length=200)]


class UsageTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one request consumed: `usage`, by the names of meters, or the `response` object of its provider.

    The same `request_id` counts once. `at` is a moment with a zone (RFC 3339), now where it is left out. `context` are
    conditions such as `{"processing": "batch"}`, beside those a response states. `reported_cost` is what the provider
    says it cost, in USD; where it is left out, what the response says.
    """

    request_id: _Id
    model: Name
    provider: Name | None = None
    usage: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    at: str | None = None
    tenant: _Id | None = None
    context: dict[str, str] = {}
    reported_cost: str | int | float | None = None


class UsageRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """A usage as it stands in the ledger: `usd` is what we pay, the exact sum of `lines`, `sale_usd` what tenants pay.

    Both are null where nothing of it has a price; `unpriced` are meters without one, `unmatched` conditions that no
    price was for: it was charged as without them, `unread` numbers of the response that may cost something and that no
    rule reads. `run` is the run that rated it, 0 when it was told. `booked_at` is
    when it counts: at its moment, or later where that was closed already. `reported_differs` says whether the provider
    reports a cost that is more than a fiftieth off; null where it cannot be compared.
    """

    request_id: str
    provider: str
    model: str
    at: dt.datetime
    booked_at: dt.datetime
    tenant: str | None
    context: dict[str, str]
    usage: dict[str, int | str]
    state: RatingState
    usd: str | None
    sale_usd: str | None
    markup: str | None
    lines: list[CostLine]
    unpriced: list[str]
    unmatched: list[str]
    unread: list[str]
    reported_usd: str | None
    reported_differs: bool | None
    run: int


class RatedAgain(msgspec.Struct, frozen=True, kw_only=True):
    """The usages of one tenant and model that cost something else by the prices that are believed now.

    Amounts are USD, null where nothing had a price; `corrections` counts usages of closed periods, of which the
    difference is booked now.
    """

    tenant: str | None
    model: str
    rows: int
    corrections: int
    old_usd: str | None
    new_usd: str | None
    difference_usd: str
    old_sale_usd: str | None
    new_sale_usd: str | None
    difference_sale_usd: str


class Rerating(msgspec.Struct, frozen=True, kw_only=True):
    """What rating again found, and wrote where `run` is a number: `rows` usages were looked at, `changed` of them cost
    something else. `kept` were rated by prices that nothing is stored of, and stay; so do `failed`, which the prices of
    now cannot rate, `why` says of the first. `groups` are the changed ones, the largest difference first."""

    run: int | None
    since: dt.datetime
    until: dt.datetime | None
    rows: int
    changed: int
    kept: int
    failed: int
    why: str | None
    difference_usd: str
    difference_sale_usd: str
    groups: list[RatedAgain]


class Spend(msgspec.Struct, frozen=True, kw_only=True):
    """What was spent by one tenant, provider, model, day or month (null where it is not asked by, or has none).

    `usd` is what we pay and `sale_usd` what tenants pay, exact, null where nothing had a price. `unpriced` of the
    `requests` have none and are in neither sum; of `partly_priced` something is missing. `corrections` ratings belong
    to periods that were closed before, and are in the sums with `corrections_usd`.
    """

    tenant: str | None
    provider: str | None
    model: str | None
    day: dt.date | None
    month: dt.date | None
    requests: int
    unpriced: int
    partly_priced: int
    free: int
    usd: str | None
    sale_usd: str | None
    corrections: int
    corrections_usd: str | None
    corrections_sale_usd: str | None


class SpendReport(msgspec.Struct, frozen=True, kw_only=True):
    """Spend by what was asked, and in all. The books are closed until `closed_until`."""

    by: list[str]
    since: dt.datetime | None = msgspec.field(name="from")
    until: dt.datetime | None = msgspec.field(name="to")
    closed_until: dt.datetime | None
    rows: list[Spend]
    total: Spend


class ClosedPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """A span of time of which the books are closed, with its totals, which never change."""

    since: dt.datetime | None
    until: dt.datetime
    requests: int
    unpriced: int
    usd: str | None
    sale_usd: str | None


class UsageConflict(RadiantError):
    """Another usage was told under the same id of a request."""

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        super().__init__(
            f"{request_id!r:.100} was told already, with another content; what was told first stays. "
            "Each request has an id of its own."
        )


class RatingGoesOn(RadiantError):
    """Somebody rates usages again, or closes a period, and is not done."""

    def __init__(self) -> None:
        super().__init__(
            "Usages are being rated again or a period is being closed already. Nothing was written; say it again when "
            "that is done."
        )
