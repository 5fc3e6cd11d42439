"""Prices that people write into columns: sheets of an administrator, and what tenants pay until they were told."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.sql.rows import Connection, external
from tests.sql.test_price_sheets import JANUARY, append, item, now, offer_of, price_at


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


@pytest.fixture
def edited(connection: Connection) -> Callable[[str], dict[str, Any]]:
    """Writes a price of input tokens into the column, as a person does; the sheet that follows, with its rise."""
    connection.execute("SET LOCAL radiant.writer = ''")
    external(connection, model_id="m", input_cost_per_1k=Decimal("0.002"))

    def edit(amount: str) -> dict[str, Any]:
        connection.execute("UPDATE models SET input_cost_per_1k = %s WHERE model_id = 'm'", [Decimal(amount)])
        row = connection.execute(
            "SELECT lower(s.valid) AS since, s.sold_from, s.whole, s.minimum,"
            " (SELECT array_agg(data ->> 'factor' ORDER BY position) FROM events"
            " WHERE type = 'radiant.price.rising') AS told"
            " FROM price_sheets s JOIN price_offers o ON o.id = s.offer_id"
            " WHERE o.model_id = 'm' AND s.rank = 1 AND upper_inf(s.known) AND upper_inf(s.valid)"
        ).fetchone()
        assert row is not None
        return row

    return edit


def test_a_rise_that_is_written_into_a_column_is_told_and_reaches_tenants_a_day_later(
    connection: Connection, edited: Callable[[str], dict[str, Any]]
) -> None:
    append(connection, offer_of(connection, "m"), None, None, [item("input_tokens", "2"), item("output_tokens", "8")])
    first = edited("0.003")
    assert first["sold_from"] - first["since"] == dt.timedelta(hours=24)
    assert first["told"] == ["1.5"]
    less = edited("0.0025")
    assert (less["sold_from"], less["told"]) == (first["sold_from"], ["1.5"]), "they were told of more"
    more = edited("0.004")
    assert more["sold_from"] - more["since"] == dt.timedelta(hours=24)
    assert more["told"] == ["1.5", "2"]
    assert edited("0.0022")["sold_from"] is None, "a tenth more than they pay"
    assert edited("0.001")["sold_from"] is None, "a fall"
    connection.execute("SET LOCAL radiant.price_grace = '3 hours'")
    again = edited("0.002")
    assert again["sold_from"] - again["since"] == dt.timedelta(hours=3)
    assert again["told"] == ["1.5", "2", "2"]


def test_a_rise_of_what_was_never_brought_up_to_date_is_told_and_paid_at_once(
    edited: Callable[[str], dict[str, Any]],
) -> None:
    """No sheet would say what tenants pay until then."""
    row = edited("0.003")
    assert (row["sold_from"], row["told"]) == (None, ["1.5"])


def test_an_edit_of_a_whole_sheet_leaves_it_whole_and_its_least_charge(
    connection: Connection, edited: Callable[[str], dict[str, Any]]
) -> None:
    offer = offer_of(connection, "m")
    append(connection, offer, None, None, [item("input_tokens", "2"), item("output_tokens", "8")])
    append(connection, offer, JANUARY, None, [item("input_tokens", "3")], rank=1, whole=True, minimum="0.5")
    row = edited("0.0031")
    assert (row["whole"], row["minimum"], row["sold_from"]) == (True, Decimal("0.5"), None)
    assert price_at(connection, "m", now(connection)) == {"input_tokens": Decimal("0.0031")}


def test_a_price_that_is_handed_back_dearer_reaches_tenants_later(
    connection: Connection, edited: Callable[[str], dict[str, Any]]
) -> None:
    append(connection, offer_of(connection, "m"), None, None, [item("input_tokens", "2")])
    assert edited("0.001")["sold_from"] is None
    connection.execute("DELETE FROM overrides WHERE subject = 'model:openai/m' AND field = 'input_cost_per_1k'")
    assert price_at(connection, "m", now(connection)) == {"input_tokens": 2}, "we pay it at once"
    rows = connection.execute(
        "SELECT s.sold_from, upper(s.valid) AS until, EXISTS (SELECT FROM price_items WHERE sheet_id = s.id) AS says"
        " FROM price_sheets s WHERE s.rank = 1 AND upper_inf(s.known) ORDER BY s.valid"
    ).fetchall()
    assert [it["says"] for it in rows] == [True, False]
    assert rows[1]["sold_from"] == rows[1]["until"] == rows[0]["until"] + dt.timedelta(hours=24)
    row = edited("0.0011")
    assert row["sold_from"] is None, "what is set then holds until further notice"
    assert price_at(connection, "m", now(connection) + dt.timedelta(days=9)) == {"input_tokens": Decimal("0.0011")}


def test_of_two_columns_of_the_same_seconds_one_is_handed_back_and_the_other_stays(connection: Connection) -> None:
    connection.execute("SET LOCAL radiant.writer = ''")
    external(connection, model_id="m", primary_mode="transcription")
    append(connection, offer_of(connection, "m"), None, None, [item("input_tokens", "2")])
    connection.execute("UPDATE models SET cost_per_second = 0.001 WHERE model_id = 'm'")
    connection.execute("UPDATE models SET cost_per_minute = 0.12 WHERE model_id = 'm'")
    connection.execute("DELETE FROM overrides WHERE subject = 'model:openai/m' AND field = 'cost_per_second'")
    (row,) = connection.execute("SELECT cost_per_second, cost_per_minute FROM models WHERE model_id = 'm'").fetchall()
    assert tuple(row.values()) == (None, Decimal("0.12"))
    (price,) = connection.execute("SELECT amount, per FROM price_at('openai', 'm') WHERE rank = 1").fetchall()
    assert tuple(price.values()) == (Decimal("0.12"), 60)
    connection.execute("DELETE FROM overrides WHERE subject = 'model:openai/m'")
    (row,) = connection.execute("SELECT cost_per_second, cost_per_minute FROM models WHERE model_id = 'm'").fetchall()
    assert tuple(row.values()) == (None, None), "no source has a price of seconds"
