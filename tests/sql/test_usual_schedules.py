"""A new registry runs by the timetable that the program knows, and that deployments are made from."""

import psycopg

from radiant.timetable import USUAL


def test_the_schedules_of_a_new_registry_are_the_usual_ones(connection: psycopg.Connection[dict[str, str]]) -> None:
    rows = connection.execute("SELECT kind, cron FROM schedules WHERE enabled").fetchall()
    assert {row["kind"]: row["cron"] for row in rows} == dict(USUAL)
