"""Sheets in the database: meters equal to ours, what holds at two moments, a history that is only appended to."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiant.domain.meter import DIMENSIONS, METERS
from radiant.domain.price_sheet import Price, Sheet
from radiant.pricing.timeline import Timeline
from tests.sql.rows import Connection

JANUARY, JUNE, DECEMBER = (dt.datetime(2026, month, 1, tzinfo=dt.UTC) for month in (1, 6, 12))


def item(meter: str, amount: str, per: int = 1_000_000, **more: Any) -> dict[str, Any]:
    return {"meter": meter, "amount": amount, "per": per, **more}


def append(
    connection: Connection, offer: int, since: dt.datetime | None, until: dt.datetime | None,
    items: list[dict[str, Any]] | None, rank: int = 0, **more: Any,
) -> int:  # fmt: skip
    row = connection.execute(
        "SELECT append_sheet(%s, %s::smallint, tstzrange(%s, %s), %s::jsonb, 'test', p_sold_from => %s,"
        " p_minimum => %s, p_whole => %s) AS id",
        [
            offer,
            rank,
            since,
            until,
            None if items is None else json.dumps(items),
            more.get("sold_from"),
            more.get("minimum"),
            more.get("whole", False),
        ],
    ).fetchone()
    assert row is not None
    return int(row["id"] or 0)


def offer_of(connection: Connection, model: str, **more: Any) -> int:
    row = connection.execute(
        "SELECT price_offer('openai', %s, %s::jsonb, p_tenant => %s) AS id",
        [model, json.dumps(more.get("context", {})), more.get("tenant")],
    ).fetchone()
    assert row is not None
    return int(row["id"])


def price_at(connection: Connection, model: str, at: dt.datetime, **more: Any) -> dict[str, Decimal]:
    rows = connection.execute(
        "SELECT * FROM price_at('openai', %s, %s, coalesce(%s, 'infinity'::timestamptz), %s, %s::jsonb)",
        [model, at, more.get("known"), more.get("tenant"), json.dumps(more.get("context", {}))],
    ).fetchall()
    return {row["meter"]: row["amount"] for row in rows}


def now(connection: Connection) -> dt.datetime:
    row = connection.execute("SELECT clock_timestamp() AS now").fetchone()
    assert row is not None
    moment: dt.datetime = row["now"]
    return moment


def test_the_meters_of_the_database_are_those_of_the_program(connection: Connection) -> None:
    rows = connection.execute("SELECT * FROM meters").fetchall()
    ours = [{"name": it.name, "per": it.per, **{of: getattr(it, of) for of in DIMENSIONS}} for it in METERS.values()]
    assert sorted(rows, key=lambda row: row["name"]) == sorted(ours, key=lambda row: str(row["name"]))


def test_a_change_holds_from_its_instant_and_before_the_first_price_nothing_is_known(connection: Connection) -> None:
    offer = offer_of(connection, "m")
    append(connection, offer, JANUARY, None, [item("input_tokens", "2.5")])
    append(connection, offer, JUNE, None, [item("input_tokens", "5")])
    moment = dt.timedelta(microseconds=1)
    assert price_at(connection, "m", JANUARY - moment) == {}
    assert price_at(connection, "m", JUNE - moment) == {"input_tokens": Decimal("2.5")}
    assert price_at(connection, "m", JUNE) == {"input_tokens": Decimal(5)}


def test_a_correction_says_what_is_known_now_and_what_was_believed_then(connection: Connection) -> None:
    offer = offer_of(connection, "m")
    append(connection, offer, JANUARY, None, [item("input_tokens", "25")])
    then = now(connection)
    append(connection, offer, JANUARY, JUNE, [item("input_tokens", "2.5")])
    assert price_at(connection, "m", JANUARY) == {"input_tokens": Decimal("2.5")}
    assert price_at(connection, "m", JANUARY, known=then) == {"input_tokens": Decimal(25)}
    assert price_at(connection, "m", JUNE) == {"input_tokens": Decimal(25)}
    assert price_at(connection, "m", JUNE, known=JANUARY) == {}


def test_a_sheet_is_whole_so_that_no_old_tier_outlives_it(connection: Connection) -> None:
    offer = offer_of(connection, "m")
    tiered = [item("input_tokens", "3"), item("input_tokens", "6", above=200_000)]
    append(connection, offer, JANUARY, None, tiered)
    append(connection, offer, JUNE, None, [item("input_tokens", "3")])
    rows = connection.execute("SELECT above FROM price_at('openai', 'm', %s)", [DECEMBER]).fetchall()
    assert [row["above"] for row in rows] == [-1]


def test_a_partial_sheet_speaks_first_for_what_it_names_and_leaves_the_rest(connection: Connection) -> None:
    offer = offer_of(connection, "m")
    append(connection, offer, JANUARY, None, [item("input_tokens", "2.5"), item("output_tokens", "10")])
    append(connection, offer, JUNE, DECEMBER, [item("input_tokens", "0")], rank=1)
    assert price_at(connection, "m", JUNE) == {"input_tokens": 0, "output_tokens": 10}
    assert price_at(connection, "m", DECEMBER) == {"input_tokens": Decimal("2.5"), "output_tokens": 10}


def test_a_contract_is_of_its_tenant_alone(connection: Connection) -> None:
    append(connection, offer_of(connection, "m"), JANUARY, None, [item("input_tokens", "2.5")])
    append(connection, offer_of(connection, "m", tenant="acme"), JANUARY, None, [item("input_tokens", "2")], rank=2)
    assert price_at(connection, "m", JUNE, tenant="acme") == {"input_tokens": 2}
    assert price_at(connection, "m", JUNE, tenant="other") == {"input_tokens": Decimal("2.5")}


def test_a_whole_sheet_is_all_that_is_charged(connection: Connection) -> None:
    batch = {"processing": "batch"}
    offer, in_batches = offer_of(connection, "m"), offer_of(connection, "m", context=batch)
    append(connection, offer, None, None, [item("input_tokens", "2"), item("output_tokens", "8")])
    append(connection, in_batches, None, None, [item("input_tokens", "1")])
    assert price_at(connection, "m", JUNE, context=batch) == {"input_tokens": 1, "output_tokens": 8}
    append(connection, offer, JANUARY, DECEMBER, [item("input_tokens", "3")], rank=1, whole=True)
    assert price_at(connection, "m", JUNE) == price_at(connection, "m", JUNE, context=batch) == {"input_tokens": 3}
    assert price_at(connection, "m", DECEMBER, context=batch) == {"input_tokens": 1, "output_tokens": 8}


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE price_sheets SET source = 'x'",
        "UPDATE price_sheets SET known = tstzrange(now() - interval '1 day', now())",
        "DELETE FROM price_sheets",
        "UPDATE price_items SET amount = 1",
        "DELETE FROM price_items",
        "TRUNCATE price_items, price_sheets, price_proposals",
    ],
)
def test_the_history_of_prices_cannot_be_edited(connection: Connection, edit: str) -> None:
    append(connection, offer_of(connection, "m"), JANUARY, None, [item("input_tokens", "2.5")])
    with pytest.raises(psycopg.IntegrityError, match=r"only appended to|still referenced"):
        connection.execute(edit.encode())


def test_two_sheets_cannot_hold_and_be_believed_at_once(connection: Connection) -> None:
    offer = offer_of(connection, "m")
    append(connection, offer, JANUARY, None, [item("input_tokens", "2.5")])
    with pytest.raises(psycopg.errors.ExclusionViolation):
        connection.execute(
            "INSERT INTO price_sheets (offer_id, valid, source) VALUES (%s, tstzrange(%s, NULL), 'x')", [offer, JUNE]
        )


DAYS = st.integers(0, 60)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS, st.integers(0, 9)), min_size=1, max_size=8))
def test_changes_and_corrections_never_overlap_and_the_last_word_holds(
    standing_url: str, said: list[tuple[int, int, int]]
) -> None:
    with psycopg.connect(standing_url, row_factory=psycopg.rows.dict_row) as connection:
        offer = offer_of(connection, "m")
        expected: dict[int, int] = {}
        for start, length, amount in said:
            days = range(start, start + length + 1)
            since, until = (JANUARY + dt.timedelta(days=day) for day in (days.start, days.stop))
            append(connection, offer, since, until, [item("input_tokens", str(amount))])
            expected |= dict.fromkeys(days, amount)
        found = {
            day: price_at(connection, "m", JANUARY + dt.timedelta(days=day, hours=12)).get("input_tokens")
            for day in range(121)
        }
        assert found == {day: expected.get(day) for day in range(121)}
        connection.rollback()


KINDS = [{}, {"processing": "batch"}, {"region": "eu"}, {"processing": "batch", "region": "eu"}]
AMOUNTS = st.dictionaries(st.sampled_from(["input_tokens", "output_tokens", "images"]), st.integers(0, 9), min_size=1)
SHEETS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.booleans(), AMOUNTS), max_size=6)


@settings(max_examples=60, deadline=None)
@given(SHEETS, st.sampled_from(KINDS))
def test_sql_and_rating_ask_the_same_sheets(
    standing_url: str, said: list[tuple[dict[str, str], int, bool, dict[str, int]]], context: dict[str, str]
) -> None:
    with psycopg.connect(standing_url, row_factory=psycopg.rows.dict_row) as connection:
        sheets = {}
        for of, rank, whole, amounts in said:
            offer = offer_of(connection, "m", context=of)
            append(
                connection,
                offer,
                None,
                None,
                [item(it, str(amount)) for it, amount in amounts.items()],
                rank=rank,
                whole=whole,
            )
            prices = tuple(Price(meter=meter, amount=Decimal(it), per=1) for meter, it in amounts.items())
            sheets[offer, rank] = Sheet(
                provider_id="openai", model_id="m", prices=prices, source="x", context=of, rank=rank, whole=whole
            )
        plan = Timeline([sheets[it] for it in sorted(sheets)]).plan(JUNE, context)
        assert price_at(connection, "m", JUNE, context=context) == {
            it: price.amount for it, (price, _) in plan.prices.items()
        }
        connection.rollback()
