"""Many sheets appended at once are as if appended one by one, also those that are inserted without a look at others."""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sql.rows import Connection

JANUARY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def row(model: str, since: int | None, until: int | None, amount: int | None, **more: Any) -> dict[str, Any]:
    """A sheet as `append_sheets` takes it, valid from one day of the year until another."""
    moments = [None if it is None else (JANUARY + it * DAY).isoformat() for it in (since, until)]
    item = {"meter": "input_tokens", "amount": str(amount), "per": 1000}
    items = None if amount is None else [item, {**item, "above": 200, "inclusive": True, "source": "b"}]
    of: dict[str, Any] = {
        "offer": None,
        "provider_id": "openai",
        "model_id": model,
        "context": {},
        "book": "purchase",
        "tenant_id": None,
    }
    times = {"valid_from": moments[0], "valid_to": moments[1], "sold_from": moments[0]}
    said = {"source": "test", "said": "date", "source_url": "https://x.example", "clocks": [{"name": "night"}]}
    return {
        **of,
        "rank": 0,
        **times,
        "items": items,
        **said,
        "minimum": "0.5",
        "origin": "sync",
        "reason": "r",
        "whole": True,
        **more,
    }


def append(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[int | None]:
    found = connection.execute("SELECT * FROM append_sheets(%s::jsonb) ORDER BY place", [json.dumps(rows)]).fetchall()
    assert [it["place"] for it in found] == list(range(1, len(rows) + 1))
    return [it["id"] for it in found]


def stored(connection: Connection, model: str) -> list[dict[str, Any]]:
    """Every sheet of a model, believed or not, but for its number and the clock of the server."""
    return connection.execute(
        "SELECT o.context, o.book, o.tenant_id, s.rank, s.valid, upper_inf(s.known) AS believed, s.sold_from, s.said,"
        " s.currency, s.source, s.source_url, s.clocks, s.minimum, s.origin, s.reason, s.set_by, s.whole,"
        " items.of AS items"
        " FROM price_sheets s JOIN price_offers o ON o.id = s.offer_id LEFT JOIN LATERAL ("
        " SELECT jsonb_agg(to_jsonb(i) - 'sheet_id' ORDER BY i.meter, i.above) AS of FROM price_items i"
        " WHERE i.sheet_id = s.id) items ON true"
        " WHERE o.model_id = %s ORDER BY o.book, o.tenant_id, s.rank, s.valid, 6, items.of::text",
        [model],
    ).fetchall()


def test_the_first_sheets_of_many_offers_are_whole_and_their_ids_in_order(connection: Connection) -> None:
    contract = {"book": "sale", "tenant_id": "blue", "rank": 2, "context": {"processing": "batch"}}
    rows = [row("b", 5, None, 2), row("a", None, 9, 1), row("b", None, 5, 3), row("a", 1, 2, 4, **contract)]
    ids = append(connection, rows)
    found = connection.execute(
        "SELECT s.id, o.model_id, o.tenant_id, s.valid, s.minimum, s.set_by, i.amount, i.above FROM price_sheets s"
        " JOIN price_offers o ON o.id = s.offer_id JOIN price_items i ON i.sheet_id = s.id WHERE s.id = ANY(%s)"
        " ORDER BY array_position(%s, s.id), i.above", [ids, ids],
    ).fetchall()  # fmt: skip
    assert [(it["model_id"], it["tenant_id"], it["amount"], it["above"]) for it in found] == [
        (model, tenant, Decimal(amount), above)
        for model, tenant, amount in (("b", None, 2), ("a", None, 1), ("b", None, 3), ("a", "blue", 4))
        for above in (-1, 200)
    ]
    assert {it["minimum"] for it in found} == {Decimal("0.5")} and None not in {it["set_by"] for it in found}
    assert [it["valid"].lower for it in found][::2] == [JANUARY + 5 * DAY, None, None, JANUARY + DAY]


def test_a_sheet_that_replaces_another_of_the_same_call_leaves_it_in_the_history(connection: Connection) -> None:
    before, after = append(connection, [row("a", None, None, 1), row("a", 5, None, 2)])
    rows = connection.execute(
        "SELECT s.id, upper_inf(s.known) AS believed FROM price_sheets s JOIN price_offers o ON o.id = s.offer_id"
        " WHERE o.model_id = 'a' ORDER BY s.id"
    ).fetchall()
    assert [it["believed"] for it in rows] == [False, True, True], "the first is what was believed; its rest goes on"
    assert (rows[0]["id"], rows[2]["id"]) == (before, after)
    assert append(connection, [row("a", None, None, None)]) == [None], "nothing is known any more"
    assert not any(it["believed"] for it in stored(connection, "a"))


def test_what_cannot_be_is_refused_and_nothing_of_the_call_stays(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
        append(connection, [row("a", None, None, 1), row("b", None, None, -1)])
    assert not stored(connection, "a")


DAYS = st.none() | st.integers(0, 9)


@st.composite
def batches(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    found = []
    for _ in range(draw(st.integers(1, 3))):
        rows = []
        for _ in range(draw(st.integers(1, 5))):
            since, until = draw(DAYS), draw(DAYS)
            if since is not None and until is not None and until <= since:
                since, until = until, since + 1
            rank, tenant = draw(st.sampled_from([(0, None), (0, None), (1, None), (2, "blue")]))
            amount = draw(st.none() | st.integers(0, 3))
            rows.append(
                row("m", since, until, amount, rank=rank, tenant_id=tenant, whole=draw(st.none() | st.booleans()))
            )
        found.append(rows)
    return found


@settings(max_examples=40, deadline=None)
@given(batches())
def test_many_at_once_are_as_one_by_one(standing_url: str, said: list[list[dict[str, Any]]]) -> None:
    with psycopg.connect(standing_url, row_factory=psycopg.rows.dict_row) as connection:
        for rows in said:
            append(connection, [{**it, "model_id": "many"} for it in rows])
            for it in rows:
                connection.execute(
                    "SELECT append_sheet(price_offer('openai', 'single', '{}', 'purchase', i.tenant_id), i.rank,"
                    " i.valid, i.items, i.source, i.said, i.source_url, i.clocks, i.minimum, i.origin, i.reason,"
                    " i.set_by, i.sold_from, i.currency, i.whole) FROM sheets_said(%s::jsonb) i",
                    [json.dumps([it])],
                )
        assert stored(connection, "many") == stored(connection, "single")
        connection.rollback()
