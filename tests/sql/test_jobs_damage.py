"""Damage among the tables of the jobs is told by `db status`, and mended as a whole; what waits goes on waiting."""

import pytest

from radiant.domain.schema import JOBS
from radiant.registry import schedules, schema
from radiant.registry.database import connect
from tests.sql.migrating import Query, migrate
from tests.sql.test_schema_state import check, mend, state

WAITING = "SELECT args ->> 'kind' AS kind, status::text FROM jobs.procrastinate_jobs ORDER BY 1"

DAMAGE = [
    ("DROP TABLE jobs.procrastinate_workers CASCADE", "table jobs.procrastinate_workers is missing", True),
    ("ALTER TABLE jobs.procrastinate_jobs DROP COLUMN worker_id", "column jobs.procrastinate_jobs.worker_id is missing",
     True),
    ("ALTER TABLE jobs.procrastinate_jobs ALTER COLUMN attempts DROP DEFAULT",
     "column jobs.procrastinate_jobs.attempts is altered", True),
    ("DROP FUNCTION jobs.procrastinate_finish_job_v1",
     "function jobs.procrastinate_finish_job_v1(bigint,jobs.procrastinate_job_status,boolean) is missing", True),
    ("DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON jobs.procrastinate_jobs",
     "trigger jobs.procrastinate_jobs.procrastinate_jobs_notify_queue_job_inserted_v1 is missing", True),
    ("ALTER TABLE jobs.procrastinate_jobs DISABLE TRIGGER procrastinate_trigger_delete_jobs_v1",
     "trigger jobs.procrastinate_jobs.procrastinate_trigger_delete_jobs_v1 is altered", True),
    ("DROP INDEX jobs.procrastinate_jobs_queueing_lock_idx_v1",
     "index jobs.procrastinate_jobs.procrastinate_jobs_queueing_lock_idx_v1 is missing", True),
    ("ALTER TYPE jobs.procrastinate_job_status RENAME VALUE 'aborted' TO 'gone'",
     "enum jobs.procrastinate_job_status is altered", True),
    ("DROP TABLE jobs.procrastinate_jobs CASCADE", "table jobs.procrastinate_jobs is missing", False),
    ("DROP SCHEMA jobs CASCADE", "table jobs.procrastinate_jobs is missing", False),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "told", "kept"), DAMAGE, ids=[it[0] for it in DAMAGE])
async def test_damage_of_the_jobs_is_named_and_mended(
    database_url: str, query: Query, damage: str, told: str, kept: bool
) -> None:
    async with connect(database_url) as connection:
        await schedules.request(connection, "full", "ada")
        await schedules.request(connection, "health", "ada")
    taken = "UPDATE procrastinate_jobs SET status = 'doing' WHERE args ->> 'kind' = 'full'"
    query(database_url, f"SET search_path TO jobs; {taken}")
    query(database_url, damage)
    found = await state(database_url)
    assert told in [str(it) for it in found.damage]
    assert (found.pending, found.lost) == ((JOBS,), ())
    await check(database_url)  # who only chooses goes on
    assert await mend(database_url) == [JOBS]
    assert ((await state(database_url)).damage, await mend(database_url)) == ((), [])
    both = [{"kind": "full", "status": "todo"}, {"kind": "health", "status": "todo"}]
    assert query(database_url, WAITING) == (both if kept else [])
    async with connect(database_url) as connection:
        assert await schedules.request(connection, "thermal", "ada")
        assert await schedules.request(connection, "full", "ada") is not kept


async def test_damage_from_before_it_was_on_record_is_mended_with_the_next_migration(
    database_url: str, query: Query
) -> None:
    query(database_url, "DELETE FROM schema_objects WHERE name LIKE 'jobs.%'")
    query(database_url, "DROP FUNCTION jobs.procrastinate_finish_job_v1")
    query(database_url, "DROP FUNCTION select_model")
    assert (await state(database_url)).pending == ("views and functions",)
    await mend(database_url)
    assert (await state(database_url)).damage == ()
    assert query(database_url, "SELECT to_regproc('jobs.procrastinate_finish_job_v1') IS NOT NULL AS there") == [
        {"there": True}
    ]


async def test_what_others_put_there_stays(database_url: str, query: Query) -> None:
    query(database_url, "CREATE TABLE jobs.mine (n integer); INSERT INTO jobs.mine VALUES (1)")
    query(database_url, "DROP FUNCTION jobs.procrastinate_finish_job_v1")
    assert await mend(database_url) == [JOBS]
    assert query(database_url, "SELECT n FROM jobs.mine") == [{"n": 1}]


async def test_a_database_that_was_migrated_step_by_step_is_sound(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    async with connect(empty_database_url) as connection:
        assert (await schema.read_state(connection)).damage == ()
