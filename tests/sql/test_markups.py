"""Markups in the database: one of a scope at a time, a history only appended to, and the columns that follow."""

import datetime as dt
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sql.rows import Connection, external, self_hosted

JANUARY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def append(
    connection: Connection, rate: str | None, *, tenant: str | None = None, hosting: str | None = None,
    provider: str | None = None, model: str | None = None, since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> int:  # fmt: skip
    row = connection.execute(
        "SELECT append_markup(%s, %s, %s, %s, tstzrange(coalesce(%s, clock_timestamp()), %s), %s) AS id",
        [tenant, hosting, provider, model, since, until, rate],
    ).fetchone()
    connection.execute(
        "SELECT project_markups(markup_scope(%s, %s, %s, %s), clock_timestamp())", [tenant, hosting, provider, model]
    )
    assert row is not None
    return int(row["id"] or 0)


def columns(connection: Connection, *models: str) -> list[Decimal]:
    found = [
        connection.execute(
            "SELECT markup_rate FROM unified_model_registry WHERE model_id = %s ORDER BY provider_id", [model]
        ).fetchone()
        for model in models
    ]
    return [row["markup_rate"].normalize() for row in found if row is not None]


def scoped(connection: Connection, **scope: str) -> list[dict[str, Any]]:
    rows = connection.execute("SELECT s.*, m.* FROM markup_scopes s JOIN markups m ON m.scope_id = s.id").fetchall()
    return [row for row in rows if row["rank"] == 1 and all(row[name] == it for name, it in scope.items())]


def by_hand(connection: Connection) -> None:
    connection.execute("SET LOCAL radiant.writer = ''")


def test_what_is_usual_are_40_percent_and_75_of_ones_own(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT s.hosting, m.rate, m.rank FROM markup_scopes s JOIN markups m ON m.scope_id = s.id ORDER BY 1"
    ).fetchall()
    assert [tuple(row.values()) for row in rows] == [
        ("external", Decimal("0.40"), 0), ("self_hosted", Decimal("0.75"), 0),
    ]  # fmt: skip


def test_the_columns_show_the_most_specific_that_somebody_set(connection: Connection) -> None:
    names = [external(connection)["model_id"], external(connection, provider_id="google")["model_id"],
             self_hosted(connection)["model_id"]]  # fmt: skip
    assert columns(connection, *names) == [Decimal("0.4"), Decimal("0.4"), Decimal("0.75")]
    append(connection, "0.5")
    assert columns(connection, *names) == [Decimal("0.5")] * 3, "for everything"
    append(connection, "0.6", hosting="external")
    append(connection, "0.2", provider="openai")
    append(connection, "0.1", provider="openai", model=names[0])
    append(connection, "0.9", tenant="blue")
    assert columns(connection, *names) == [Decimal("0.1"), Decimal("0.6"), Decimal("0.5")]
    append(connection, None, provider="openai", model=names[0])
    assert columns(connection, names[0]) == [Decimal("0.2")]
    append(connection, None, provider="openai")
    append(connection, None, hosting="external")
    append(connection, None)
    assert columns(connection, *names) == [Decimal("0.4"), Decimal("0.4"), Decimal("0.75")]


def test_a_model_that_comes_in_has_what_was_set_for_its_provider(connection: Connection) -> None:
    append(connection, "0.2", provider="openai")
    append(connection, "0.3", hosting="self_hosted")
    names = [external(connection)["model_id"], self_hosted(connection)["model_id"]]
    assert columns(connection, *names) == [Decimal("0.2"), Decimal("0.3")]


def test_a_markup_written_into_a_column_has_a_history_and_ends_with_its_override(connection: Connection) -> None:
    by_hand(connection)
    external(connection, model_id="m")
    own = self_hosted(connection, model_id="own")["model_id"]
    connection.execute("UPDATE models SET markup_rate = 0.1 WHERE model_id = 'm'")
    connection.execute("UPDATE self_hosted_models SET markup_percent = 12.5 WHERE model_id = %s", [own])
    rates = [(row["model_id"], row["rate"], row["set_by"]) for row in scoped(connection)]
    user = connection.info.user
    assert sorted(rates) == [("m", Decimal("0.1000"), user), ("own", Decimal("0.125"), user)]
    append(connection, "0.2", provider="openai")
    assert columns(connection, "m", "own") == [Decimal("0.1"), Decimal("0.125")]
    connection.execute("DELETE FROM overrides WHERE field IN ('markup_rate', 'markup_percent')")
    assert columns(connection, "m", "own") == [Decimal("0.2"), Decimal("0.75")]
    assert len(scoped(connection, model_id="m")) == 2, "one that is believed no more, one until now"


def test_a_least_charge_written_into_a_column_is_one_of_the_models_markup(connection: Connection) -> None:
    by_hand(connection)
    external(connection, model_id="m", primary_mode="rerank", cost_per_request="0.001")
    own = self_hosted(connection, model_id="own", per_request="0.01")["model_id"]
    connection.execute("UPDATE models SET minimum_charge = 0.5 WHERE model_id = 'm'")
    connection.execute("UPDATE self_hosted_models SET minimum_charge = 0.25 WHERE model_id = %s", [own])
    names = ("models", "m"), ("self_hosted_models", "own")
    said = {row["model_id"]: (row["rate"], row["minimum_charge"]) for row in scoped(connection)}
    assert said == {"m": (Decimal("0.4"), Decimal("0.5")), "own": (Decimal("0.75"), Decimal("0.25"))}

    def compared_by() -> set[Decimal]:
        both = [f"SELECT ranking_price AS it FROM {table} WHERE model_id = '{id}'" for table, id in names]
        return {connection.execute(each.encode()).fetchall()[0]["it"] for each in both}

    assert compared_by() == {Decimal("0.5"), Decimal("0.25")}
    connection.execute("DELETE FROM overrides WHERE field = 'minimum_charge'")
    assert compared_by() == {Decimal("0.0014"), Decimal("0.0175")}


def charged(connection: Connection, model: str) -> list[tuple[Any, ...]]:
    """The rate and the least charge of an external model: what its row shows, which choosing reckons with, and what
    rating finds."""
    rows = connection.execute(
        "SELECT m.markup_rate, m.minimum_charge, s.rate, s.minimum_charge AS least FROM models m,"
        " markup_standing('external', m.provider_id, m.model_id, clock_timestamp(), 0) s WHERE m.model_id = %s",
        [model],
    ).fetchall()
    return [tuple(row.values())[:2] for row in rows] + [tuple(row.values())[2:] for row in rows]


def test_choosing_and_rating_know_the_same_least_charge_of_what_is_written_by_hand(connection: Connection) -> None:
    by_hand(connection)
    external(connection, model_id="m")
    connection.execute(
        "SELECT append_markup(NULL, NULL, 'openai', NULL, tstzrange(clock_timestamp(), NULL), 0.7, 0.5);"
        " SELECT project_markups(markup_scope(NULL, NULL, 'openai', NULL), clock_timestamp())"
    )
    assert charged(connection, "m") == [(Decimal("0.7"), Decimal("0.5"))] * 2
    connection.execute("UPDATE models SET markup_rate = 0.9 WHERE model_id = 'm'")
    assert charged(connection, "m") == [(Decimal("0.9"), Decimal("0.5"))] * 2, "who edits the rate leaves the charge"
    connection.execute("UPDATE models SET minimum_charge = NULL WHERE model_id = 'm'")
    assert charged(connection, "m") == [(Decimal("0.9"), None)] * 2


def test_a_model_comes_in_with_the_least_charge_that_rating_has_too(connection: Connection) -> None:
    by_hand(connection)
    external(connection, model_id="plain", minimum_charge="0.3")
    assert charged(connection, "plain") == [(Decimal("0.4"), Decimal("0.3"))] * 2
    append(connection, "0.2", provider="google")
    external(connection, provider_id="google", model_id="covered", minimum_charge="0.3")
    assert charged(connection, "covered") == [(Decimal("0.2"), None)] * 2, "what is set for its provider speaks first"


def test_following_columns_leave_no_override(connection: Connection) -> None:
    by_hand(connection)
    external(connection, model_id="m")
    append(connection, "0.2", provider="openai")
    assert connection.execute("SELECT FROM overrides WHERE field = 'markup_rate'").fetchone() is None


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("SELECT append_markup('t', NULL, NULL, NULL, tstzrange(now(), NULL), -1)", "markup_rate"),
        ("SELECT append_markup('t', NULL, NULL, NULL, tstzrange(now(), NULL), 100)", "markup_rate"),
        ("SELECT append_markup('t', NULL, NULL, NULL, tstzrange(now(), NULL), 0.00001)", "markup_rate"),
        ("SELECT append_markup('t', NULL, NULL, NULL, tstzrange(now(), NULL), 'NaN')", "markup_rate"),
        ("SELECT append_markup(NULL, NULL, NULL, NULL, tstzrange(now(), NULL), -0.1)", "markup_of_all"),
        ("SELECT append_markup(NULL, NULL, NULL, NULL, tstzrange(now(), NULL), 0.1, -1)", "markup_minimum"),
        ("SELECT append_markup(NULL, NULL, NULL, NULL, 'empty', 0.1)", "markup_valid"),
        ("SELECT append_markup(NULL, 'nowhere', NULL, NULL, tstzrange(now(), NULL), 0.1)", "markup_scope_hosting"),
        ("SELECT append_markup(NULL, NULL, NULL, 'm', tstzrange(now(), NULL), 0.1)", "markup_scope_one_thing"),
        ("SELECT append_markup(NULL, 'external', 'p', NULL, tstzrange(now(), NULL), 0.1)", "markup_scope_one_thing"),
        ("SELECT append_markup(' ', NULL, NULL, NULL, tstzrange(now(), NULL), 0.1)", "markup_scope_names"),
        ("UPDATE markups SET rate = 1; SET CONSTRAINTS ALL IMMEDIATE", "price_history_is_kept"),
        ("DELETE FROM markups; SET CONSTRAINTS ALL IMMEDIATE", "price_history_is_kept"),
        ("TRUNCATE markups", "price_history_is_kept"),
    ],
)
def test_what_cannot_be_is_refused_by_name(connection: Connection, statement: str, rule: str) -> None:
    with pytest.raises(psycopg.IntegrityError) as refused:
        connection.execute(statement.encode())
    assert refused.value.diag.constraint_name == rule


DAYS = st.integers(0, 40)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS, st.none() | st.integers(0, 9)), min_size=1, max_size=6))
def test_markups_of_a_scope_never_overlap_and_the_last_word_holds(
    standing_url: str, said: list[tuple[int, int, int | None]]
) -> None:
    with psycopg.connect(standing_url, row_factory=psycopg.rows.dict_row) as connection:
        expected: dict[int, int] = {}
        for start, length, rate in said:
            days = range(start, start + length + 1)
            since, until = (JANUARY + dt.timedelta(days=day) for day in (days.start, days.stop))
            append(connection, None if rate is None else str(rate), tenant="t", since=since, until=until)
            expected = {day: it for day, it in expected.items() if day not in days}
            expected |= {} if rate is None else dict.fromkeys(days, rate)
        rows = [row for row in scoped(connection, tenant_id="t") if row["known"].upper is None]
        found = {
            day: int(row["rate"])
            for day in range(82)
            for row in rows
            if JANUARY + dt.timedelta(days=day, hours=12) in row["valid"]
        }
        assert found == expected
        connection.rollback()


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("first", ["rate", "charge"])
def test_a_rate_and_a_least_charge_are_handed_back_one_by_one(connection: Connection, own: bool, first: str) -> None:
    by_hand(connection)
    if own:
        self_hosted(connection, model_id="m", per_request="0.01")
        table, rate, subject = "self_hosted_models", "markup_percent", "self_hosted:m"
        hosting, usual, edited = "self_hosted", Decimal("0.75"), Decimal("0.9")
    else:
        external(connection, model_id="m", primary_mode="rerank", cost_per_request="0.01")
        table, rate, subject = "models", "markup_rate", "model:openai/m"
        hosting, usual, edited = "external", Decimal("0.4"), Decimal("0.9")
    column = f"{rate} {'/ 100' if own else ''}"
    provider = "self_hosted" if own else "openai"

    def shown() -> tuple[Any, ...]:
        """The rate and the least charge of the row, which rating has as well, and what is remembered of edits."""
        (row,) = connection.execute(
            f"SELECT {column} AS rate, m.minimum_charge AS least, s.rate AS rated, s.minimum_charge AS charged"
            f" FROM {table} m, markup_standing('{hosting}', '{provider}', 'm', clock_timestamp(), 0) s"
            " WHERE m.model_id = 'm'".encode()
        ).fetchall()
        assert (row["rate"], row["least"]) == (row["rated"], row["charged"])
        fields = connection.execute("SELECT field FROM overrides WHERE subject = %s ORDER BY field", [subject])
        return row["rate"], row["least"], [it["field"] for it in fields.fetchall()]

    both = f"{rate} = {edited * (100 if own else 1)}, minimum_charge = 0.5"
    connection.execute(f"UPDATE {table} SET {both} WHERE model_id = 'm'".encode())
    assert shown() == (edited, Decimal("0.5"), sorted([rate, "minimum_charge"]))
    fields = [rate, "minimum_charge"] if first == "rate" else ["minimum_charge", rate]
    connection.execute("DELETE FROM overrides WHERE subject = %s AND field = %s", [subject, fields[0]])
    left = (usual, Decimal("0.5")) if first == "rate" else (edited, None)
    assert shown() == (*left, fields[1:])
    connection.execute("DELETE FROM overrides WHERE subject = %s AND field = %s", [subject, fields[1]])
    assert shown() == (usual, None, [])
