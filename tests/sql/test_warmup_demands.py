"""Who may have a model brought up, and that a demand begins once however many ask."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from psycopg import errors
from psycopg.rows import DictRow, dict_row

from tests.sql.rows import Connection, endpoint

Query = Callable[..., list[DictRow]]


@pytest.fixture
def connection(connection: Connection) -> Connection:
    """Sam sleeps at an endpoint."""
    endpoint(connection)
    return connection


def ask(connection: Connection, model_id: str = "sam-2", by: str = "ada") -> bool:
    row = connection.execute("SELECT request_warmup(%s, %s) AS it", [model_id, by]).fetchone()
    assert row is not None
    return bool(row["it"])


def demands(connection: Connection) -> list[tuple[str, str, float]]:
    """Model, who asked, and minutes from the first request to the end."""
    rows = connection.execute(
        "SELECT model_id, requested_by, extract(epoch FROM until - requested_at)::float8 / 60 AS minutes"
        " FROM warmup_demands"
    ).fetchall()
    return [(row["model_id"], row["requested_by"], round(row["minutes"], 1)) for row in rows]


def age(connection: Connection, minutes: int) -> None:
    connection.execute(
        "UPDATE warmup_demands SET requested_at = requested_at - make_interval(mins => %s),"
        " until = until - make_interval(mins => %s)",
        [minutes, minutes],
    )


def test_a_demand_begins_once_and_leaves_the_operators_target_alone(connection: Connection) -> None:
    assert [ask(connection, by=name) for name in ("ada", "bob", "eve")] == [True, False, False]
    assert demands(connection) == [("sam-2", "ada", 15)]
    row = connection.execute(
        "SELECT target_state, current_state, updated_by FROM thermal_states WHERE model_id = 'sam-2'"
    ).fetchone()
    assert row == {"target_state": "AUTOMATIC", "current_state": "COLD", "updated_by": "registry"}


def test_who_asks_in_the_second_half_extends_the_demand_without_beginning_one(connection: Connection) -> None:
    ask(connection)
    age(connection, 5)
    assert not ask(connection, by="bob")
    assert demands(connection) == [("sam-2", "ada", 15)]
    age(connection, 5)
    assert not ask(connection, by="bob")
    assert demands(connection) == [("sam-2", "ada", 25)]


def test_when_a_demand_is_over_the_next_one_begins(connection: Connection) -> None:
    ask(connection)
    age(connection, 16)
    assert [ask(connection, by="bob"), ask(connection, by="eve")] == [True, False]
    assert demands(connection) == [("sam-2", "bob", 15)]


@pytest.mark.parametrize(
    "held",
    [
        "UPDATE thermal_states SET target_state = 'COLD' WHERE model_id = 'sam-2'",
        "UPDATE thermal_states SET target_state = 'OFF' WHERE model_id = 'sam-2'",
        "UPDATE thermal_states SET target_state = 'WARM' WHERE model_id = 'sam-2'",
        "UPDATE thermal_states SET current_state = 'OFF' WHERE model_id = 'sam-2'",
        "UPDATE thermal_states SET current_state = 'WARM' WHERE model_id = 'sam-2'",
        "UPDATE self_hosted_models SET enabled = false WHERE model_id = 'sam-2'",
        "UPDATE providers SET enabled = false WHERE id = 'self_hosted'",
        "DELETE FROM self_hosted_models WHERE model_id = 'sam-2'",
    ],
)
def test_a_model_that_is_held_off_up_already_disabled_or_gone_is_not_started(connection: Connection, held: str) -> None:
    connection.execute(held.encode())
    assert not ask(connection)
    assert demands(connection) == []


def test_a_demand_holds_for_at_most_a_day(connection: Connection) -> None:
    with pytest.raises(errors.InvalidParameterValue, match="a demand cannot hold for 25:00:00; expected up to a day"):
        connection.execute("SELECT request_warmup('sam-2', 'ada', '25 hours')")


def test_of_forty_callers_at_once_one_begins_the_demand(database_url: str) -> None:
    with psycopg.connect(database_url, row_factory=dict_row) as setting:
        endpoint(setting)
    told: list[bool] = []
    start = threading.Barrier(8)

    def caller() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            start.wait()
            for _ in range(5):
                row = connection.execute("SELECT request_warmup('sam-2')").fetchone()
                told.append(bool(row and row[0]))

    callers = [threading.Thread(target=caller) for _ in range(8)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    assert sorted(told) == [False] * 39 + [True]
