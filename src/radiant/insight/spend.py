"""What was spent: sums of the ledger of usage."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from radiant.domain.cost import known
from radiant.domain.errors import UnknownFilterValue, UsageInvalid
from radiant.domain.usage import Spend, SpendReport
from radiant.pricing.plan import EXACT
from radiant.registry import spend
from radiant.registry import usage as ledger
from radiant.registry.database import Database

#: What sums can be asked by.
BY: Final = ("tenant", "provider", "model", "day", "month")

#: Rows of one answer.
MOST: Final = 10_000

_COUNTS: Final = ("requests", "unpriced", "partly_priced", "free", "sold", "corrections")
_AMOUNTS: Final = ("usd", "sale_usd", "corrections_usd", "corrections_sale_usd")


class Spending:
    """Reads what the ledger sums up to. Each rating counts when it is booked, so that what was closed stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by(
        self, names: Sequence[str], since: dt.datetime | None = None, until: dt.datetime | None = None
    ) -> SpendReport:
        """Spend by some of `BY`, in a span of time; days and months are UTC.

        Raises UnknownFilterValue for what sums cannot be asked by, UsageInvalid where the answer has too many rows.
        """
        for name in names:
            if name not in BY:
                raise UnknownFilterValue("by", name, BY)
        if since is not None and until is not None and until <= since:
            raise UsageInvalid("to", f"is {until.isoformat()}, not after {since.isoformat()}")
        async with self._database.connection() as connection:
            rows = await spend.spent(connection, names, since, until, limit=MOST + 1)
            closed = await ledger.closed(connection)
        if len(rows) > MOST:
            raise UsageInvalid("by", f"gives more than {MOST:,} rows; ask by less, or of a shorter time")
        return SpendReport(
            by=list(names),
            since=since,
            until=until,
            closed_until=closed[-1] if closed else None,
            rows=[_told(row) for row in rows],
            total=_told(_total(rows)),
        )


def _total(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = dict.fromkeys(BY)
    total |= {name: sum(row[name] for row in rows) for name in _COUNTS}
    for name in _AMOUNTS:
        amounts = [row[name] for row in rows if row[name] is not None]
        total[name] = None
        if amounts:
            total[name] = Decimal(0)
            for amount in amounts:
                total[name] = EXACT.add(total[name], amount)
    return total


def _told(row: dict[str, Any]) -> Spend:
    amounts = {name: known(row[name]) for name in _AMOUNTS}
    # What was taken back to unknown is no zero.
    for name, priced in (("usd", row["requests"] - row["unpriced"]), ("sale_usd", row["sold"])):
        if not priced and not row["corrections"]:
            amounts[name] = None
    return Spend(**{name: it for name, it in (row | amounts).items() if name != "sold"})
