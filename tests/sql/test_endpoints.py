"""The state of a self-hosted model is the best of its endpoints', however they change."""

import threading
from typing import Any

import psycopg
import pytest

from radiant.runtimes.roster import RUNTIMES
from tests.sql.rows import Connection, endpoint, self_hosted, thermal

STATES = "SELECT * FROM endpoints_now WHERE model_id = 'sam-2' ORDER BY id"


def seen(connection: Connection, id: int, state: str | None, **values: Any) -> None:
    given = {"state": state, "observed_at": "now", **values}
    changes = ", ".join(f"{name} = %s" for name in given)
    connection.execute(f"UPDATE endpoint_states SET {changes} WHERE endpoint_id = %s".encode(), [*given.values(), id])


def shown(connection: Connection, model_id: str = "sam-2") -> dict[str, Any]:
    rows = connection.execute("SELECT * FROM unified_model_registry WHERE model_id = %s", [model_id]).fetchall()
    (row,) = rows
    return row


def test_a_model_without_an_endpoint_is_off_whatever_its_default(connection: Connection) -> None:
    assert thermal(connection, "sam-2")["current_state"] == "OFF"
    name = self_hosted(connection, default_thermal_state="WARM")["model_id"]
    assert thermal(connection, name)["current_state"] == "OFF"


@pytest.mark.parametrize(
    ("default", "may_create", "state"),
    [("COLD", False, "COLD"), ("WARM", False, "WARM"), ("OFF", False, "OFF"), ("OFF", True, "COLD")],
)
def test_the_default_holds_from_the_first_endpoint_on_until_somebody_looks(
    connection: Connection, default: str, may_create: bool, state: str
) -> None:
    connection.execute("UPDATE self_hosted_models SET default_thermal_state = %s WHERE model_id = 'sam-2'", [default])
    id = endpoint(connection, may_create=may_create)
    row = thermal(connection, "sam-2")
    assert (row["current_state"], row["endpoint_id"], row["is_transitioning"]) == (state, id, False)


@pytest.mark.parametrize(
    ("state", "may_create", "counts"),
    [("HOT", False, "HOT"), ("COLD", False, "COLD"), ("OFF", False, "OFF"), ("OFF", True, "COLD"),
     (None, False, "OFF"), (None, True, "COLD")],
)  # fmt: skip
def test_what_was_seen_counts_and_nothing_seen_is_off_unless_it_may_be_created(
    connection: Connection, state: str | None, may_create: bool, counts: str
) -> None:
    id = endpoint(connection, may_create=may_create)
    seen(connection, id, state, problem=None if state else "no connection", instances=2)
    row = thermal(connection, "sam-2")
    assert (row["current_state"], row["instance_count"]) == (counts, 2)
    assert row["error_message"] == (None if state else "no connection")
    assert row["last_state_change"] is not None


def test_the_best_of_several_endpoints_is_the_models_and_the_one_to_call(connection: Connection) -> None:
    first, second, third = (endpoint(connection, url=f"http://gpu-{n}:8000", name="sam") for n in range(3))
    seen(connection, first, "COLD", instances=0)
    seen(connection, second, "WARM", instances=1)
    seen(connection, third, "HOT", instances=3)

    def best() -> tuple[Any, ...]:
        row = thermal(connection, "sam-2")
        return row["current_state"], row["endpoint_id"], row["is_transitioning"]

    assert best() == ("HOT", third, False)
    assert thermal(connection, "sam-2")["instance_count"] == 4
    seen(connection, third, None, problem="no connection")
    assert best() == ("WARM", second, False)
    seen(connection, third, "WARM")
    assert best() == ("WARM", second, False), "of two alike it stays with the first"
    seen(connection, second, "WARM", is_transitioning=True)
    assert best() == ("WARM", third, False), "who is up and does not move comes first"
    connection.execute("UPDATE endpoints SET enabled = false WHERE id = %s", [third])
    assert best() == ("WARM", second, True)
    connection.execute("DELETE FROM endpoints WHERE id = %s", [second])
    assert best() == ("COLD", first, False)
    connection.execute("UPDATE endpoints SET enabled = true WHERE id = %s", [third])
    seen(connection, third, "COLD", is_transitioning=True)
    assert best() == ("COLD", third, True), "who is on its way up comes before who sleeps"
    connection.execute("DELETE FROM endpoints WHERE model_id = 'sam-2'")
    assert best() == ("OFF", None, False)


def test_an_endpoint_that_becomes_another_place_was_not_seen_yet(connection: Connection) -> None:
    id = endpoint(connection)
    seen(connection, id, "HOT", phase="warming", attempt=3, problem="x", progress=0.5)
    connection.execute("UPDATE endpoints SET max_instances = 9, options = '{\"a\": 1}' WHERE id = %s", [id])
    assert thermal(connection, "sam-2")["current_state"] == "HOT"
    connection.execute("UPDATE endpoints SET url = 'http://elsewhere:1' WHERE id = %s", [id])
    (row,) = connection.execute(STATES).fetchall()
    assert [row[it] for it in ("state", "phase", "attempt", "problem", "progress", "observed_at", "generation")] == [
        "COLD", "idle", 0, None, None, None, 1,
    ]  # fmt: skip
    assert thermal(connection, "sam-2")["current_state"] == "COLD"


def test_an_endpoint_that_moves_to_another_model_takes_its_state_along(connection: Connection) -> None:
    id = endpoint(connection)
    seen(connection, id, "HOT")
    connection.execute("UPDATE endpoints SET model_id = 'medsam' WHERE id = %s", [id])
    assert [thermal(connection, it)["current_state"] for it in ("sam-2", "medsam")] == ["OFF", "HOT"]


def test_a_default_that_changes_counts_where_nobody_looked_and_leaves_what_a_person_wrote(
    connection: Connection,
) -> None:
    endpoint(connection)
    connection.execute("UPDATE thermal_states SET current_state = 'HOT' WHERE model_id = 'medsam'")
    connection.execute("UPDATE self_hosted_models SET default_thermal_state = 'WARM'")
    assert [thermal(connection, it)["current_state"] for it in ("sam-2", "medsam")] == ["WARM", "HOT"]


def test_a_model_that_goes_takes_its_endpoints_along_and_tells_no_state(connection: Connection) -> None:
    seen(connection, endpoint(connection), "HOT")
    before = connection.execute("SELECT count(*) AS n FROM events WHERE type LIKE 'radiant.thermal%'").fetchone()
    connection.execute("DELETE FROM self_hosted_models WHERE model_id = 'sam-2'")
    after = connection.execute("SELECT count(*) AS n FROM events WHERE type LIKE 'radiant.thermal%'").fetchone()
    assert (before, connection.execute(STATES).fetchall()) == (after, [])


def test_emptying_the_table_of_endpoints_leaves_every_model_off(connection: Connection) -> None:
    seen(connection, endpoint(connection), "HOT")
    connection.execute("TRUNCATE endpoints CASCADE")
    row = thermal(connection, "sam-2")
    assert (row["current_state"], row["endpoint_id"]) == ("OFF", None)


def test_of_two_that_see_two_endpoints_at_once_none_is_forgotten(database_url: str) -> None:
    """One saw the best fall asleep, the other saw the second best wake: each alone would leave the model COLD, or call
    the one that sleeps."""
    with psycopg.connect(database_url, autocommit=True, row_factory=psycopg.rows.dict_row) as setting:
        first, second = (endpoint(setting, url=f"http://gpu-{n}:8000") for n in range(2))
        seen(setting, first, "WARM")
        seen(setting, second, "COLD")
        with (
            psycopg.connect(database_url, row_factory=psycopg.rows.dict_row) as one,
            psycopg.connect(database_url, row_factory=psycopg.rows.dict_row) as other,
            psycopg.Connection.connect(database_url, autocommit=True) as watch,
        ):
            seen(one, first, "COLD")
            late = threading.Thread(target=seen, args=(other, second, "WARM"))
            late.start()
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            while watch.execute(waiting).fetchone() == (0,):
                pass
            one.commit()
            late.join()
            other.commit()
        row = thermal(setting, "sam-2")
        assert (row["current_state"], row["endpoint_id"]) == ("WARM", second)


@pytest.mark.parametrize(
    ("runtime", "name", "called"),
    [("ollama", "mistral:7b", "ollama/mistral:7b"), ("vllm", "org/m", "hosted_vllm/org/m"), ("new", "m", None)],
)
def test_litellm_calls_a_model_as_its_best_endpoint_is_called(
    connection: Connection, runtime: str, name: str, called: str | None
) -> None:
    assert (shown(connection)["litellm_id"], shown(connection)["endpoint_id"]) == ("sagemaker/sam-2", None)
    id = endpoint(connection, runtime=runtime, name=name, url="http://gpu:1")
    row = shown(connection)
    assert (row["litellm_id"], row["endpoint_id"], row["endpoint_url"]) == (called, id, "http://gpu:1")


def test_sql_and_the_drivers_name_the_same_prefix_of_each_runtime(connection: Connection) -> None:
    for name, runtime in RUNTIMES.items():
        row = connection.execute("SELECT endpoint_litellm_id(%s, 'm') AS id", [name]).fetchone()
        assert row == {"id": f"{runtime.litellm_prefix}/m"}, name


def test_a_model_is_known_by_what_litellm_calls_it_at_each_enabled_endpoint(connection: Connection) -> None:
    endpoint(connection, runtime="ollama", name="sam:2")
    endpoint(connection, runtime="vllm", name="org/sam")
    off = endpoint(connection, runtime="tgi", name="sam")
    connection.execute("UPDATE endpoints SET enabled = false WHERE id = %s", [off])
    row = shown(connection)
    assert (row["litellm_id"], row["aliases"]) == ("ollama/sam:2", ["hosted_vllm/org/sam", "sagemaker/sam-2"])
    names = connection.execute(
        "SELECT self_hosted_names(s) AS names FROM self_hosted_models s WHERE model_id = 'sam-2'"
    ).fetchone()
    assert names is not None
    python = {row["model_id"], f"self_hosted/{row['model_id']}", row["id"], row["litellm_id"], *row["aliases"]}
    assert set(names["names"]) == python
    assert shown(connection, "medsam")["aliases"] == []


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"url": "ftp://gpu"}, "endpoint_url"),
        ({"url": "http://user:word@gpu:1"}, "endpoint_url"),
        ({"url": "http://gpu:1/?key=x"}, "endpoint_url"),
        ({"url": "http://169.254.169.254/latest"}, "endpoint_url"),
        ({"url": "http://[fe80::1]:8000"}, "endpoint_url"),
        ({"url": "http://[fd00:ec2::254]"}, "endpoint_url"),
        ({"runtime": "Ollama"}, "endpoint_runtime"),
        ({"secret_env": "lower"}, "endpoint_secret_env"),
        ({"min_instances": 2, "max_instances": 1}, "endpoint_instances"),
        ({"name": " "}, "endpoint_names"),
        ({"name": "x" * 601}, "endpoint_texts"),
        ({"options": "[]"}, "endpoint_options"),
    ],
)
def test_what_is_no_endpoint_is_refused(connection: Connection, values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation) as caught:
        endpoint(connection, **values)
    assert caught.value.diag.constraint_name == constraint


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:11434", "https://[::1]:8000/v1", "http://10.0.0.7/models/"])
def test_a_place_has_one_endpoint_and_may_be_private_or_have_no_address(
    connection: Connection, url: str | None
) -> None:
    endpoint(connection, url=url, region="eu-central-1")
    endpoint(connection, url=url)
    with pytest.raises(psycopg.errors.UniqueViolation):
        endpoint(connection, url=url)
