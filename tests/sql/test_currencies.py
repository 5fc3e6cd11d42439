"""Rates and what was said in other currencies, in the database: kept beside USD, never mistaken for it."""

import json
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.sql.rows import Connection
from tests.sql.test_price_sheets import DECEMBER, JANUARY, JUNE, item, offer_of, price_at

D = Decimal


def state(connection: Connection, usd: str = "1.08", day: str = "2026-01-01", currency: str = "EUR") -> int:
    row = connection.execute(
        "INSERT INTO fx_rates (currency, day, usd, source) VALUES (%s, %s, %s, 'a test') RETURNING id",
        [currency, day, usd],
    ).fetchone()
    assert row is not None
    return int(row["id"])


def append(connection: Connection, model: str, **more: Any) -> int:
    said = {
        "provider_id": "openai", "model_id": model, "context": {}, "book": "purchase", "rank": 0, "source": "s",
        "clocks": [], "origin": "sync", "valid_from": JANUARY.isoformat(), "items": [item("input_tokens", "0.92")],
        **more,
    }  # fmt: skip
    row = connection.execute("SELECT id FROM append_sheets(%s::jsonb)", [json.dumps([said])]).fetchone()
    assert row is not None
    return int(row["id"])


def stored(connection: Connection, id: int) -> dict[str, Any]:
    row = connection.execute(
        "SELECT s.currency, s.origin, i.amount, i.quoted, i.fx_rate_id AS rate FROM price_sheets s"
        " JOIN price_items i ON i.sheet_id = s.id WHERE s.id = %s",
        [id],
    ).fetchone()
    assert row is not None
    return dict(row)


def test_a_sheet_in_another_currency_is_stored_as_it_is_and_is_no_price_in_usd(connection: Connection) -> None:
    id = append(connection, "euros", currency="EUR")
    assert stored(connection, id) == {
        "currency": "EUR", "origin": "sync", "amount": D("0.92"), "quoted": None, "rate": None,
    }  # fmt: skip
    assert price_at(connection, "euros", JUNE) == {}
    assert stored(connection, append(connection, "dollars"))["currency"] == "USD"
    assert price_at(connection, "dollars", JUNE) == {"input_tokens": D("0.92")}


def test_a_derived_sheet_keeps_both_amounts_also_where_a_later_one_shortens_it(connection: Connection) -> None:
    rate = state(connection)
    items = [item("input_tokens", "0.9936", quoted="0.92", fx_rate_id=rate)]
    append(connection, "derived", items=items, origin="derived")
    append(connection, "derived", valid_from=DECEMBER.isoformat())
    assert price_at(connection, "derived", JUNE) == {"input_tokens": D("0.9936")}
    rows = connection.execute(
        "SELECT i.quoted, i.fx_rate_id AS rate, s.origin FROM price_sheets s JOIN price_items i ON i.sheet_id = s.id"
        " WHERE s.offer_id = %s AND upper_inf(s.known) ORDER BY s.valid",
        [offer_of(connection, "derived")],
    ).fetchall()
    assert [(row["quoted"], row["rate"], row["origin"]) for row in rows] == [
        (D("0.92"), rate, "derived"), (None, None, "sync"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("currency", "'eur'", "fx_rate_currency"),
        ("currency", "'EURO'", "fx_rate_currency"),
        ("currency", "'USD'", "fx_rate_currency"),
        ("usd", "0", "fx_rate_usd"),
        ("usd", "-1", "fx_rate_usd"),
        ("usd", "10.1", "fx_rate_usd"),
        ("usd", "'NaN'", "fx_rate_usd"),
        ("usd", "'Infinity'", "fx_rate_usd"),
        ("usd", "1.0000000000001", "fx_rate_usd"),
        ("day", "'1969-12-31'", "fx_rate_day"),
        ("day", "'infinity'", "fx_rate_day"),
        ("source", "' '", "fx_rate_texts"),
    ],
)
def test_what_can_be_no_rate_is_refused(connection: Connection, column: str, value: str, rule: str) -> None:
    said = {"currency": "'EUR'", "day": "'2026-01-01'", "usd": "1.08", "source": "'ECB'"} | {column: value}
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        connection.execute(f"INSERT INTO fx_rates ({', '.join(said)}) VALUES ({', '.join(said.values())})".encode())
    assert refused.value.diag.constraint_name == rule


def test_of_a_day_one_rate_is_believed(connection: Connection) -> None:
    state(connection)
    state(connection, day="2026-01-02")
    state(connection, currency="CHF")
    with pytest.raises(psycopg.errors.UniqueViolation):
        state(connection, usd="1.1")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE fx_rates SET usd = 2",
        "UPDATE fx_rates SET known = tstzrange(now() - interval '1 day', now())",
        "DELETE FROM fx_rates",
        "TRUNCATE fx_rates CASCADE",
    ],
)
def test_the_history_of_rates_is_kept(connection: Connection, change: str) -> None:
    state(connection)
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(psycopg.errors.IntegrityError) as refused:
        connection.execute(change.encode())
    assert refused.value.diag.constraint_name == "price_history_is_kept"


def test_an_item_has_what_was_said_and_its_rate_or_neither(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        append(connection, "half", items=[item("input_tokens", "1", quoted="0.92")])


def test_conflicts_are_told_within_one_currency(connection: Connection) -> None:
    fact = (
        "INSERT INTO facts (source, entry, field, value, provider_id, model_id) VALUES (%s, 'e', %s, %s, 'openai', 'm')"
    )
    for source, field, value in (
        ("litellm", "price.input_per_mtok", "1"),
        ("curated:mine", "price_in_eur.input_per_mtok", "0.92"),
        ("provider:openai", "price_in_eur.input_per_mtok", "0.95"),
    ):
        connection.execute(fact, [source, field, value])
    rows = connection.execute("SELECT field, is_price, said FROM fact_conflicts WHERE model_id = 'm'").fetchall()
    assert [(row["field"], row["is_price"], row["said"]) for row in rows] == [
        ("price_in_eur.input_per_mtok", True, {"curated:mine": 0.92, "provider:openai": 0.95})
    ]


def test_a_rate_holds_until_it_is_closed_and_stays_in_the_history(connection: Connection) -> None:
    id = state(connection)
    connection.execute("UPDATE fx_rates SET known = tstzrange(lower(known), lower(known) + interval '1 second')")
    other = state(connection, usd="1.1")
    rows = connection.execute("SELECT id, upper_inf(known) AS believed FROM fx_rates ORDER BY id").fetchall()
    assert [(row["id"], row["believed"]) for row in rows] == [(id, False), (other, True)]
