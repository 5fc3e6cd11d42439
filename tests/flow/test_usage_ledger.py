"""The ledger of usage: each request once, rated at once, judged for itself; spend is the sum of ratings."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from radiant.domain.errors import ModelNotFound, RadiantError, RuleViolated, UnknownFilterValue, UsageInvalid
from radiant.domain.price_sheet import RatingState
from radiant.domain.usage import UsageConflict, UsageRecorded
from radiant.insight.spend import Spending
from radiant.registry.database import Database
from tests.flow.conftest import rows_and_their_writers
from tests.flow.telling import DAY, LONG_AGO, NOW, PERIODS, acme, again, contract, good, ledger, price, tell, used

__all__ = ["acme"]


async def test_a_usage_is_rated_when_it_is_told_and_told_again_it_is_the_same(acme: Database, query: Any) -> None:
    (first,) = await good(acme, used("r1", tenant="blue"))
    assert (first.provider, first.model, first.usd, first.sale_usd, first.state, first.run) == (
        "acme", "acme-1", "3", "4.2", "priced", 0,
    )  # fmt: skip
    assert [(it.meter, it.quantity, it.usd) for it in first.lines] == [("input_tokens", 1_000_000, "3")]
    before = rows_and_their_writers(query, acme.url)
    taken = await tell(acme, used("r1", tenant="blue"))
    assert (taken.answers, taken.recorded, taken.repeated) == ((first,), 0, 1)
    assert rows_and_their_writers(query, acme.url) == before


async def test_another_content_under_the_same_id_is_a_conflict_and_changes_nothing(acme: Database) -> None:
    await good(acme, used("r1"))
    taken = await tell(acme, used("r1", usage={"input_tokens": 1}), used("r2"))
    conflict, other = taken.answers
    assert isinstance(conflict, UsageConflict) and "'r1' was told already" in str(conflict)
    assert isinstance(other, UsageRecorded) and (taken.recorded, taken.refused) == (1, 1)
    assert await acme.rows("SELECT sum(purchase_usd) AS usd FROM ratings") == [{"usd": Decimal(6)}]


async def test_of_a_hundred_that_tell_the_same_at_once_one_counts(acme: Database) -> None:
    async with Database(acme.url) as other:
        books = [ledger(acme), ledger(other)]
        taken = await asyncio.gather(*(books[place % 2].record([used("r1"), used("r2")]) for place in range(100)))
    assert sum(it.recorded for it in taken) == 2
    assert all(it.answers == taken[0].answers for it in taken)
    rows = await acme.rows("SELECT count(*) AS ratings, count(DISTINCT usage_id) AS usages FROM ratings")
    assert rows == [{"ratings": 2, "usages": 2}]


async def test_of_a_hundred_that_tell_something_else_under_one_id_one_counts(acme: Database) -> None:
    told = [used("r1", usage={"input_tokens": place}) for place in range(100)]
    taken = await asyncio.gather(*(ledger(acme).record([it]) for it in told))
    good = [it.answers[0] for it in taken if isinstance(it.answers[0], UsageRecorded)]
    assert len(good) == 1 and sum(isinstance(it.answers[0], UsageConflict) for it in taken) == 99


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (used("bad", usage={"input_tokens": -1}), "input_tokens: is -1"),
        (used("bad", usage={"input_tokens": 1, "cache_read_tokens": 2}), "cache_read_tokens: 2 is more than 1"),
        (used("bad", usage={"prompt_tokens": 1}), "prompt_tokens: is no meter"),
        (used("bad", at="2026-01-01T00:00:00"), "at: '2026-01-01T00:00:00' has no time zone"),
        (used("bad", at="0001-01-01T00:00:00Z"), "at: '0001-01-01T00:00:00Z' is out of reach"),
        (used("bad", at="9999-12-31T00:00:00Z"), "at: '9999-12-31T00:00:00Z' is out of reach"),
        (used("bad", usage=None, response={"usage": "none"}), "response: has no usage that is known here"),
        (used("bad", model="acme/acme-3"), "No model 'acme/acme-3' in the registry"),
        (used("b\0d"), "request_id: is no text"),
        ("nonsense", "The usage: "),
    ],
)
async def test_one_that_is_not_right_leaves_the_others_alone(acme: Database, wrong: Any, said: str) -> None:
    before, problem, after = (await tell(acme, used("r1"), wrong, used("r2"))).answers
    assert isinstance(problem, RadiantError) and str(problem).startswith(said), problem
    assert isinstance(before, UsageRecorded) and isinstance(after, UsageRecorded)
    rows = await acme.rows("SELECT request_id FROM usage_records ORDER BY 1")
    assert [row["request_id"] for row in rows] == ["r1", "r2"]


async def test_a_model_that_there_is_not_can_be_told_again_once_it_is_there(acme: Database) -> None:
    (refused,) = (await tell(acme, used("r1", model="acme/acme-3"))).answers
    assert isinstance(refused, ModelNotFound)
    await acme.rows("UPDATE models SET model_id = 'acme-3' WHERE model_id = 'acme-2' RETURNING id")
    assert (await good(acme, used("r1", model="acme/acme-3")))[0].model == "acme-3"


async def test_what_the_provider_reports_stands_beside_and_is_told_once_a_day(acme: Database) -> None:
    taken = await tell(
        acme, used("r1", reported_cost="3.06"), used("r2", reported_cost=3.07), used("r3", reported_cost="1"),
        used("r4", 2, reported_cost="1"), used("r5", model="acme/acme-2", reported_cost="1"),
    )  # fmt: skip
    await tell(acme, used("r6", reported_cost="9"), used("r2", reported_cost=3.07))
    answers = [it for it in taken.answers if isinstance(it, UsageRecorded)]
    assert [it.reported_differs for it in answers] == [False, True, True, True, None]
    assert [it.usd for it in answers] == ["3", "3", "3", "3", None] and taken.differing == 3
    events = await acme.rows(
        "SELECT subject, data FROM events WHERE type = 'radiant.usage.cost_differs' ORDER BY position"
    )
    assert {it["subject"] for it in events} == {"acme/acme-1"}
    told = {(it["data"]["request_id"], it["data"]["reported_usd"], it["data"]["computed_usd"]) for it in events}
    assert told == {("r2", "3.07", "3"), ("r4", "1", "3")} and len(events) == 2, "of each day the first"


async def test_a_contract_is_paid_by_its_tenant_alone(acme: Database) -> None:
    await price(acme, "1", **contract("blue"))
    blue, red = await good(acme, used("r1", tenant="blue"), used("r2", tenant="red"))
    assert (blue.usd, blue.sale_usd, red.usd, red.sale_usd) == ("3", "1", "3", "4.2")


# Spend


async def test_spend_is_the_sum_of_ratings_and_unknown_is_no_zero(acme: Database) -> None:
    await tell(
        acme,
        used("r1", 1, tenant="blue"),
        used("r2", 1, tenant="blue"),
        used("r3", 2, tenant="red", usage={"input_tokens": 7}),
        used("r4", 1, model="acme/acme-2"),
        used("r5", 1, usage={"input_tokens": 1, "output_tokens": 1}),
    )
    found = await Spending(acme).by(["tenant", "model", "day"])
    today, before = (NOW - DAY).date(), (NOW - 2 * DAY).date()
    assert [(it.tenant, it.model, it.day, it.requests, it.unpriced, it.usd, it.sale_usd) for it in found.rows] == [
        (None, "acme/acme-1", today, 1, 0, "0.000003", "0.0000042"),
        (None, "acme/acme-2", today, 1, 1, None, None),
        ("blue", "acme/acme-1", today, 2, 0, "6", "8.4"),
        ("red", "acme/acme-1", before, 1, 0, "0.000021", "0.0000294"),
    ]
    (sums,) = await acme.rows("SELECT sum(purchase_usd) AS usd, sum(sale_usd) AS sale FROM ratings")
    assert (found.total.usd, found.total.sale_usd) == ("6.000024", "8.4000336")
    assert (Decimal(found.total.usd or 0), Decimal(found.total.sale_usd or 0)) == (sums["usd"], sums["sale"])
    assert (found.total.requests, found.total.unpriced, found.total.partly_priced) == (5, 1, 1)


async def test_spend_is_asked_of_a_span_and_by_what_there_is(acme: Database) -> None:
    await tell(acme, used("r1", 1), used("r2", 40))
    spending = Spending(acme)
    (recent,) = (await spending.by([], NOW - 2 * DAY)).rows
    assert (recent.requests, recent.usd, recent.tenant, recent.day) == (1, "3", None, None)
    months = [it.month for it in (await spending.by(["month", "provider"])).rows]
    assert months == sorted({(NOW - DAY).date().replace(day=1), (NOW - 40 * DAY).date().replace(day=1)})
    assert (await spending.by(["tenant"], until=LONG_AGO)).total.usd is None
    with pytest.raises(UnknownFilterValue, match="by 'colour' is unknown; expected one of: tenant, provider, model"):
        await spending.by(["colour"])
    with pytest.raises(UsageInvalid, match="to: is"):
        await spending.by([], NOW, NOW)


# Closed periods


async def test_what_is_told_of_a_closed_period_is_booked_later_and_its_totals_stay(acme: Database) -> None:
    await tell(acme, used("r1", 10, tenant="blue"), used("r2", 10, model="acme/acme-2"), used("r3", 1))
    end = NOW - 5 * DAY
    period = await again(acme).close(end, by="test")
    assert (period.since, period.until, period.requests, period.unpriced, period.usd, period.sale_usd) == (
        None, end, 2, 1, "3", "4.2",
    )  # fmt: skip
    (late,) = await good(acme, used("r4", 8))
    assert late.at == NOW - 8 * DAY and late.booked_at >= NOW
    closed = (await Spending(acme).by([], until=end)).total
    assert (closed.requests, closed.usd, closed.corrections) == (2, "3", 0)
    whole = await Spending(acme).by([], since=end)
    assert (whole.total.usd, whole.total.corrections, whole.total.corrections_usd) == ("6", 1, "3")
    assert whole.closed_until == end
    following = await again(acme).close(NOW - 2 * DAY, by="test")
    assert (following.since, following.requests) == (end, 0)
    assert len(await acme.rows(PERIODS)) == 2


async def test_a_usage_that_is_told_while_a_period_is_closed_is_before_or_behind_it(acme: Database) -> None:
    end = NOW - 5 * DAY
    told = [ledger(acme).record([used(f"r{place}", 8)]) for place in range(40)]
    closing = asyncio.create_task(again(acme).close(end, by="test"))
    await asyncio.gather(*told)
    period = await closing
    closed = (await Spending(acme).by([], until=end)).total
    assert (closed.requests, closed.usd) == (period.requests, period.usd)
    assert (await Spending(acme).by([])).total.usd == "120"


async def test_only_what_is_over_and_open_can_be_closed(acme: Database) -> None:
    await again(acme).close(NOW - DAY, by="test")
    for until, said in ((NOW + DAY, "which is to come"), (NOW - DAY, "already|are closed"), (NOW - 2 * DAY, "closed")):
        with pytest.raises(UsageInvalid, match=said):
            await again(acme).close(until, by="test")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ratings SET purchase_usd = 0 RETURNING 1", "DELETE FROM ratings RETURNING 1",
        "UPDATE usage_records SET quantities = '{}' RETURNING 1", "DELETE FROM usage_records RETURNING 1",
        "UPDATE closed_periods SET purchase_usd = 1 RETURNING 1", "DELETE FROM rating_runs RETURNING 1",
        "INSERT INTO ratings (usage_id, run_id, booked_at, state, stored, basis, lines)"
        " SELECT 1000000, 0, '2001-01-01Z', 'unpriced', false, 0, '[]' RETURNING 1",
    ],
)  # fmt: skip
async def test_the_ledger_is_only_appended_to(acme: Database, statement: str) -> None:
    await tell(acme, used("r1", 10))
    await again(acme).close(NOW - DAY, by="test")
    with pytest.raises(RuleViolated) as caught:
        await acme.rows(statement)
    assert caught.value.rule == "ledger_is_kept"


async def test_a_state_is_one_of_those_that_a_rating_has(acme: Database) -> None:
    rows = await good(acme, used("r1"), used("r2", usage={"input_tokens": 0}), used("r3", model="acme/acme-2"))
    assert [it.state for it in rows] == [RatingState.PRICED, RatingState.FREE, RatingState.UNPRICED]
