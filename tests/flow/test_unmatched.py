"""Conditions that no price is for, in the ledger: named when a usage is told, and when it is rated again."""

from radiant.registry.database import Database
from tests.flow.telling import DAY, LONG_AGO, NOW, acme, again, good, price, tell, used

__all__ = ["acme"]

#: Names that a list in COPY has to quote.
ODD = {'a"b\\,{c}': "1", "service_tier": "turbo"}


async def test_what_no_price_is_for_is_kept_with_the_rating_and_with_the_next(acme: Database) -> None:
    await tell(acme, used("r4", 4, context=ODD), used("r5", 5, context={"service_tier": "default"}))
    (odd, usual) = await good(acme, used("r4", 4, context=ODD), used("r5", 5, context={"service_tier": "default"}))
    assert (odd.unmatched, usual.unmatched) == (sorted(ODD), [])
    assert (odd.state, odd.run) == ("priced", 0)
    await price(acme, "2", NOW - 6 * DAY, NOW - 3 * DAY)
    done = await again(acme).rerate(LONG_AGO, by="test", apply=True)
    (odd, usual) = await good(acme, used("r4", 4, context=ODD), used("r5", 5, context={"service_tier": "default"}))
    assert (odd.run, odd.unmatched, usual.unmatched) == (done.run, sorted(ODD), [])
