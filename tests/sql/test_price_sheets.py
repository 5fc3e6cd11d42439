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
from tests.sql.rows import Connection, external

JANUARY, JUNE, DECEMBER = (dt.datetime(2026, month, 1, tzinfo=dt.UTC) for month in (1, 6, 12))


def item(meter: str, amount: str, per: int = 1_000_000, **more: Any) -> dict[str, Any]:
    return {"meter": meter, "amount": amount, "per": per, **more}


def append(
    connection: Connection, offer: int, since: dt.datetime | None, until: dt.datetime | None,
    items: list[dict[str, Any]] | None, rank: int = 0,
) -> int:  # fmt: skip
    row = connection.execute(
        "SELECT append_sheet(%s, %s::smallint, tstzrange(%s, %s), %s::jsonb, 'test') AS id",
        [offer, rank, since, until, None if items is None else json.dumps(items)],
    ).fetchone()
    assert row is not None
    return int(row["id"] or 0)


def offer_of(connection: Connection, model: str, **more: str) -> int:
    row = connection.execute(
        "SELECT price_offer('openai', %s, p_tenant => %s) AS id", [model, more.get("tenant")]
    ).fetchone()
    assert row is not None
    return int(row["id"])


def price_at(connection: Connection, model: str, at: dt.datetime, **more: Any) -> dict[str, Decimal]:
    rows = connection.execute(
        "SELECT * FROM price_at('openai', %s, %s, coalesce(%s, 'infinity'::timestamptz), p_tenant => %s)",
        [model, at, more.get("known"), more.get("tenant")],
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


def test_a_price_written_into_a_column_is_an_administrators_sheet(connection: Connection) -> None:
    connection.execute("SET LOCAL radiant.writer = ''")
    external(connection, model_id="m", input_cost_per_1k=Decimal("0.0025"), output_cost_per_1k=Decimal("0.01"))
    connection.execute("UPDATE models SET input_cost_per_1k = 0.002 WHERE model_id = 'm'")
    (row,) = connection.execute("SELECT * FROM price_at('openai', 'm')").fetchall()
    assert (row["meter"], row["amount"], row["per"], row["rank"]) == ("input_tokens", Decimal("0.002"), 1000, 1)
    connection.execute("UPDATE models SET cost_per_image = 0.04 WHERE model_id = 'm'")
    assert price_at(connection, "m", now(connection)) == {"images": Decimal("0.04"), "input_tokens": Decimal("0.002")}
    connection.execute("DELETE FROM overrides WHERE subject = 'model:openai/m' AND field = 'input_cost_per_1k'")
    assert price_at(connection, "m", now(connection)) == {"images": Decimal("0.04")}
    connection.execute("UPDATE models SET cost_per_image = NULL WHERE model_id = 'm'")
    assert price_at(connection, "m", now(connection)) == {}


def test_what_the_service_writes_is_no_edit(connection: Connection) -> None:
    external(connection, model_id="m", input_cost_per_1k=Decimal("0.0025"))
    connection.execute("SET LOCAL radiant.writer = 'service'")
    connection.execute("UPDATE models SET input_cost_per_1k = 0.002 WHERE model_id = 'm'")
    assert price_at(connection, "m", now(connection)) == {}


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
