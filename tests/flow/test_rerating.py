"""Rating again by the prices that are believed now: a plan, then one run for exactly what costs something else."""

import asyncio
import sys
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from radiant.domain.errors import DatabaseError, UsageInvalid
from radiant.domain.usage import RatingGoesOn, Rerating
from radiant.insight.spend import Spending
from radiant.registry import usage
from radiant.registry.database import Database
from tests.flow.conftest import rows_and_their_writers
from tests.flow.telling import DAY, LONG_AGO, NOW, PERIODS, acme, again, contract, good, price, tell, used
from tests.waiting import until

__all__ = ["acme"]

RUNS = "SELECT run_id, count(*) AS ratings FROM ratings GROUP BY 1 ORDER BY 1"


async def runs(database: Database) -> dict[int, int]:
    return {row["run_id"]: row["ratings"] for row in await database.rows(RUNS)}


async def test_a_correction_changes_exactly_the_usages_in_its_interval(acme: Database, query: Any) -> None:
    await tell(acme, *(used(f"r{days}", days, tenant="blue" if days % 2 else "red") for days in range(1, 11)))
    await price(acme, "2", NOW - 6 * DAY, NOW - 3 * DAY)
    before = rows_and_their_writers(query, acme.url)
    plan = await again(acme).rerate(LONG_AGO, by="test")
    assert rows_and_their_writers(query, acme.url) == before
    assert (plan.run, plan.rows, plan.changed, plan.difference_usd, plan.difference_sale_usd) == (
        None,
        10,
        3,
        "-3",
        "-4.2",
    )
    assert [(it.tenant, it.model, it.rows, it.old_usd, it.new_usd, it.difference_usd) for it in plan.groups] == [
        ("red", "acme/acme-1", 2, "6", "4", "-2"), ("blue", "acme/acme-1", 1, "3", "2", "-1"),
    ]  # fmt: skip
    done = await again(acme).rerate(LONG_AGO, by="test", apply=True)
    assert done.run is not None and done.groups == plan.groups
    rows = await acme.rows(
        "SELECT u.request_id FROM ratings r JOIN usage_records u ON u.id = r.usage_id WHERE r.run_id > 0 ORDER BY u.at"
    )
    assert [row["request_id"] for row in rows] == ["r6", "r5", "r4"]
    (stands,) = await good(acme, used("r4", 4, tenant="red"))
    assert (stands.usd, stands.sale_usd, stands.run) == ("2", "2.8", done.run)
    total = (await Spending(acme).by([])).total
    assert (total.requests, total.usd, total.sale_usd, total.corrections) == (10, "27", "37.8", 0)
    before = rows_and_their_writers(query, acme.url)
    assert (await again(acme).rerate(LONG_AGO, by="test", apply=True)).run is None, "a second time nothing is written"
    assert rows_and_their_writers(query, acme.url) == before
    (event,) = await acme.rows("SELECT data FROM events WHERE type = 'radiant.usage.rerated'")
    assert (event["data"]["changed"], event["data"]["difference_usd"], event["data"]["models"]) == (
        3,
        "-3",
        ["acme/acme-1"],
    )


async def test_only_usages_of_the_span_are_looked_at(acme: Database) -> None:
    await tell(acme, *(used(f"r{days}", days) for days in range(1, 11)))
    await price(acme, "2")
    some = await again(acme).rerate(NOW - 5 * DAY, NOW - 2 * DAY, by="test", apply=True)
    assert (some.rows, some.changed) == (3, 3), "from five days ago until just before two days ago"
    assert (await again(acme).rerate(LONG_AGO, by="test")).changed == 7
    with pytest.raises(UsageInvalid, match="until: is"):
        await again(acme).rerate(NOW, NOW, by="test")


async def test_a_closed_period_gets_corrections_that_are_booked_now(acme: Database) -> None:
    await tell(acme, used("r1", 10), used("r2", 1))
    await again(acme).close(NOW - 5 * DAY, by="test")
    closed = await acme.rows(PERIODS)
    await price(acme, "2")
    done = await again(acme).rerate(LONG_AGO, by="test", apply=True)
    assert (done.changed, done.groups[0].corrections) == (2, 1)
    assert await acme.rows(PERIODS) == closed
    assert (await Spending(acme).by([], until=NOW - 5 * DAY)).total.usd == "3", "as it was closed"
    rows = await acme.rows(
        "SELECT booked_at, corrects, purchase_change FROM ratings WHERE run_id > 0 ORDER BY usage_id"
    )
    assert (rows[0]["corrects"], rows[0]["purchase_change"]) == (NOW - 5 * DAY, -1) and rows[0]["booked_at"] >= NOW
    assert (rows[1]["corrects"], rows[1]["booked_at"]) == (None, NOW - DAY)
    total = (await Spending(acme).by([])).total
    assert (total.usd, total.requests, total.corrections, total.corrections_usd) == ("4", 2, 1, "-1")
    newest = await acme.rows("SELECT DISTINCT ON (usage_id) purchase_usd FROM ratings ORDER BY usage_id, run_id DESC")
    assert sum(row["purchase_usd"] for row in newest) == Decimal(total.usd or 0)


async def test_a_usage_that_is_told_after_its_period_was_closed_stays_a_correction_of_it(acme: Database) -> None:
    await tell(acme, used("r1", 10), used("r2", 1))
    await again(acme).close(NOW - 5 * DAY, by="test")
    await tell(acme, used("late", 10))
    first = (await Spending(acme).by([])).total
    assert (first.corrections, first.corrections_usd) == (1, "3")
    await price(acme, "4", NOW - 20 * DAY)
    done = await again(acme).rerate(LONG_AGO, by="test", apply=True)
    assert (done.changed, done.groups[0].corrections) == (3, 2)
    ratings = await acme.rows(
        "SELECT u.request_id, r.corrects, r.booked_at = u.booked_at AS at_once FROM ratings r"
        " JOIN usage_records u ON u.id = r.usage_id WHERE r.run_id > 0 ORDER BY u.id"
    )
    assert [(it["request_id"], it["corrects"], it["at_once"]) for it in ratings] == [
        ("r1", NOW - 5 * DAY, False), ("r2", None, True), ("late", NOW - 5 * DAY, True),
    ]  # fmt: skip
    total = (await Spending(acme).by([])).total
    assert (total.usd, total.corrections_usd, total.unpriced, total.requests) == ("12", "5", 0, 3)


async def test_a_late_usage_that_loses_its_price_is_counted_once_as_unpriced(acme: Database) -> None:
    await tell(acme, used("r1", 10))
    await again(acme).close(NOW - 5 * DAY, by="test")
    await tell(acme, used("late", 10, model="acme/acme-2"))
    assert (await Spending(acme).by([])).total.unpriced == 1
    await price(acme, "1", model_id="acme-2")
    await again(acme).rerate(LONG_AGO, by="test", apply=True)
    assert (await Spending(acme).by([])).total.unpriced == 0
    found = await again(acme).close(NOW, by="test")
    assert (found.requests, found.unpriced, found.usd) == (0, 0, None)


async def test_what_was_taken_back_to_unknown_is_no_zero_in_either_book(acme: Database) -> None:
    await tell(acme, used("r1", 3, tenant="blue"), used("r2", 2))
    await price(acme, None)
    await again(acme).rerate(LONG_AGO, by="test", apply=True)
    total = (await Spending(acme).by([])).total
    assert (total.usd, total.sale_usd, total.unpriced) == (None, None, 2)
    await price(acme, "1", **contract("blue"))
    await again(acme).rerate(LONG_AGO, by="test", apply=True)
    rows = (await Spending(acme).by(["tenant"])).rows
    assert [(it.tenant, it.usd, it.sale_usd) for it in rows] == [(None, None, None), ("blue", None, "1")]
    closed = await again(acme).close(NOW - DAY, by="test")
    assert (closed.unpriced, closed.usd, closed.sale_usd) == (2, None, "1")


async def test_what_had_no_price_is_priced_later_and_what_lost_it_is_unknown(acme: Database) -> None:
    await tell(acme, used("r1"), used("r2", model="acme/acme-2"))
    await price(acme, "1", model_id="acme-2")
    await again(acme).rerate(LONG_AGO, by="test", apply=True)
    total = (await Spending(acme).by([])).total
    assert (total.usd, total.unpriced) == ("4", 0)
    await price(acme, None)
    await again(acme).rerate(LONG_AGO, by="test", apply=True)
    rows = (await Spending(acme).by(["model"])).rows
    assert [(it.model, it.usd, it.unpriced) for it in rows] == [("acme/acme-1", None, 1), ("acme/acme-2", "1", 0)]


async def test_what_was_rated_by_the_row_of_a_model_is_not_rated_by_todays(acme: Database) -> None:
    """A column that is edited tomorrow says nothing of yesterday."""
    await tell(acme, {"request_id": "r1", "model": "openai/gpt-4o-mini", "usage": {"input_tokens": 1_000_000}})
    (before,) = await acme.rows("SELECT purchase_usd, stored FROM ratings")
    assert before["purchase_usd"] is not None and before["stored"] is False
    await acme.rows("UPDATE models SET input_cost_per_1k = 9 WHERE model_id = 'gpt-4o-mini' RETURNING id")
    found = await again(acme).rerate(LONG_AGO, by="test", apply=True)
    assert (found.run, found.changed) == (None, 0)


async def test_a_contract_that_is_found_later_changes_what_its_tenant_pays(acme: Database) -> None:
    await tell(acme, used("r1", tenant="blue"), used("r2", tenant="red"))
    await price(acme, "1", **contract("blue"))
    found = await again(acme).rerate(LONG_AGO, by="test", apply=True)
    (group,) = found.groups
    assert (group.tenant, group.difference_usd, group.difference_sale_usd) == ("blue", "0", "-3.2")
    assert (await good(acme, used("r1", tenant="blue")))[0].sale_usd == "1"


async def test_pages_make_no_difference(acme: Database) -> None:
    await tell(acme, *(used(f"r{place}", 1 + place % 3) for place in range(20)))
    await price(acme, "2", NOW - 2 * DAY)
    whole = await again(acme).rerate(LONG_AGO, by="test")
    assert await again(acme, page=1).rerate(LONG_AGO, by="test") == whole
    done = await again(acme, page=3).rerate(LONG_AGO, by="test", apply=True)
    assert (done.changed, done.groups) == (whole.changed, whole.groups)
    assert await runs(acme) == {0: 20, done.run: whole.changed}


async def test_of_many_that_apply_at_once_one_writes_and_no_other_waits(acme: Database) -> None:
    """More than there are connections, of which a run needs two."""
    await tell(acme, *(used(f"r{place}") for place in range(10)))
    await price(acme, "2")
    asked = (again(acme, page=2).rerate(LONG_AGO, by="test", apply=True) for _ in range(20))
    found = await asyncio.gather(*asked, return_exceptions=True)
    done = [it for it in found if isinstance(it, Rerating)]
    assert sum(it.changed for it in done) == 10
    assert {type(it) for it in found if not isinstance(it, Rerating)} == {RatingGoesOn}
    assert list((await runs(acme)).values()) == [10, 10]


async def test_while_usages_are_rated_again_who_would_write_as_well_is_refused(acme: Database) -> None:
    await tell(acme, used("r1", 3))
    with psycopg.connect(acme.url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [usage._RERATING])
        with pytest.raises(RatingGoesOn, match="Nothing was written"):
            await asyncio.wait_for(again(acme).rerate(LONG_AGO, by="test", apply=True), 30)
        with pytest.raises(RatingGoesOn):
            await asyncio.wait_for(again(acme).close(NOW - DAY, by="test"), 30)
        assert (await again(acme).rerate(LONG_AGO, by="test")).rows == 1, "a plan is for everybody"
        assert (await tell(acme, used("r2"))).recorded == 1, "and so is telling"
    await again(acme).close(NOW - DAY, by="test")


#: What `radiant prices rerate --apply` does, page by page.
CHILD = """
import asyncio, datetime as dt, sys
from radiant.admin.rerating import Reratings
from radiant.registry.database import Database

async def main():
    database = await Database.open(sys.argv[1])
    await Reratings(database, page=2).rerate(dt.datetime.fromisoformat(sys.argv[2]), by="child", apply=True)

asyncio.run(main())
"""

#: Ratings of a run that has written them all and waits to tell of it.
WAITING = (
    "SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)

#: Locks that say that somebody rates again.
STILL_AT_IT = (
    "SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database"
    " WHERE locktype = 'advisory' AND datname = current_database()"
)


async def test_a_run_that_is_killed_at_its_end_has_written_nothing(acme: Database, query: Any) -> None:
    await tell(acme, *(used(f"r{place}") for place in range(10)))
    await price(acme, "2")
    with psycopg.connect(acme.url) as holding:
        holding.execute("LOCK TABLE events IN SHARE MODE")
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, acme.url, LONG_AGO.isoformat())
        await until(lambda: query(acme.url, WAITING)[0]["waiting"])
        child.kill()
        await child.wait()
    await until(lambda: not query(acme.url, STILL_AT_IT))  # the server notices only when it next speaks to it
    assert await runs(acme) == {0: 10}
    assert (await Spending(acme).by([])).total.usd == "30"
    done = await again(acme).rerate(LONG_AGO, by="test", apply=True)
    assert await runs(acme) == {0: 10, done.run: 10}


async def test_a_run_that_loses_its_connection_in_the_middle_has_written_nothing(acme: Database, query: Any) -> None:
    await tell(acme, *(used(f"r{place}") for place in range(10)))
    await price(acme, "2")
    before = rows_and_their_writers(query, acme.url)
    with psycopg.connect(acme.url) as holding:
        holding.execute("LOCK TABLE ratings IN SHARE MODE")
        run = asyncio.create_task(again(acme, page=2).rerate(LONG_AGO, by="test", apply=True))
        await until(lambda: query(acme.url, WAITING)[0]["waiting"])
        query(
            acme.url,
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        with pytest.raises(DatabaseError):
            await run
    assert rows_and_their_writers(query, acme.url) == before
