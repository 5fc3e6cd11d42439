"""Views and functions are rebuilt whole, with what was granted on them and beside what others made."""

import uuid

import pytest

import radiant.sql
from radiant.registry import migrations
from radiant.registry.database import connect
from radiant.sql import Code
from tests.sql.migrating import Query, acting_as, everything, migrate, pending, refusal


@pytest.fixture
def another_view(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the code carry a unified view with one more column."""

    def changed(part: Code) -> Code:
        if part.file != "views/unified_model_registry":
            return part
        return part._replace(
            text=part.text.replace("AS license_conditions", "AS license_conditions, 1 AS one").replace(
                "s.license_conditions", "s.license_conditions, 1"
            )
        )

    parts = [changed(part) for part in radiant.sql.code()]
    monkeypatch.setattr(radiant.sql, "code", lambda: parts)


@pytest.mark.usefixtures("another_view")
async def test_a_changed_view_is_rebuilt_and_what_was_granted_on_it_survives(
    stranger: str, database_url: str, query: Query
) -> None:
    query(
        database_url,
        f"GRANT SELECT ON unified_model_registry TO {stranger} WITH GRANT OPTION;"
        f"GRANT SELECT ON unified_model_stats TO {stranger}; GRANT SELECT ON registry_statistics TO PUBLIC",
    )
    granted = """
        SELECT relname, grantee, privilege_type, is_grantable FROM pg_class, aclexplode(relacl)
         WHERE relnamespace = 'public'::regnamespace AND grantee <> relowner ORDER BY relname
    """
    before = query(database_url, granted)
    assert await pending(database_url) == ["views and functions"]
    assert await migrate(database_url) == ["views and functions"]
    assert query(database_url, "SELECT DISTINCT one FROM unified_model_registry") == [{"one": 1}]
    assert len(before) == 3
    assert query(database_url, granted) == before
    counted = query(acting_as(stranger, database_url), "SELECT count(*) AS n FROM unified_model_registry")
    assert counted == query(database_url, "SELECT count(*) AS n FROM unified_model_registry")


@pytest.mark.usefixtures("another_view")
async def test_a_view_that_somebody_built_on_ours_is_named_and_kept(database_url: str, query: Query) -> None:
    query(database_url, "CREATE VIEW mine AS SELECT model_id FROM unified_model_registry")
    before = everything(query, database_url)
    assert await refusal(database_url) == (
        "Something of yours is built on a view or function of Radiant that has to be rebuilt: "
        "view mine depends on view unified_model_registry. Drop it, migrate, and create it again."
    )
    assert everything(query, database_url) == before


async def test_a_function_of_ones_own_with_the_same_name_is_no_obstacle(
    empty_database_url: str,
) -> None:
    async with connect(empty_database_url) as connection:
        await migrations.migrate(connection)
        await connection.execute("CREATE FUNCTION select_model(text) RETURNS text LANGUAGE sql AS 'SELECT $1'")
        await connection.execute("UPDATE schema_code SET digest = 'older'")
        assert await migrations.migrate(connection) == ["views and functions"]
        kept = await connection.execute("SELECT select_model('mine') AS answer")
        assert await kept.fetchone() == {"answer": "mine"}


async def test_grants_on_functions_survive_a_rebuild(empty_database_url: str) -> None:
    async with connect(empty_database_url) as connection:
        await migrations.migrate(connection)
        role = f"caller_{uuid.uuid4().hex[:12]}"
        await connection.execute(f"CREATE ROLE {role}".encode())
        try:
            await connection.execute("REVOKE EXECUTE ON FUNCTION request_warmup FROM PUBLIC")
            await connection.execute(f"GRANT EXECUTE ON FUNCTION request_warmup TO {role}".encode())
            await connection.execute("UPDATE schema_code SET digest = 'older'")
            await migrations.migrate(connection)
            found = await connection.execute(
                "SELECT count(*) AS n FROM pg_proc, aclexplode(proacl) a"
                " WHERE proname = 'request_warmup' AND a.grantee = %s::regrole",
                [role],
            )
            assert await found.fetchone() == {"n": 1}
        finally:
            await connection.execute(f"DROP OWNED BY {role}".encode())
            await connection.execute(f"DROP ROLE {role}".encode())


async def test_what_was_granted_on_a_function_holds_for_it_with_other_arguments(
    stranger: str, database_url: str, query: Query
) -> None:
    older = "select_model(text,text[],text[],integer,text,text[],integer,boolean)"
    query(
        database_url,
        "BEGIN; DROP FUNCTION select_model;"
        f"CREATE FUNCTION {older} RETURNS text LANGUAGE sql AS 'SELECT $1';"
        f"UPDATE schema_code SET name = '{older}' WHERE name LIKE 'select_model(%'; UPDATE schema_code SET digest = '';"
        "CREATE FUNCTION forgotten() RETURNS text LANGUAGE sql AS 'SELECT 1::text';"
        "INSERT INTO schema_code (position, kind, name, digest, version)"
        " SELECT 999, 'FUNCTION', 'forgotten()', '', max(version) FROM schema_code;"
        f"GRANT EXECUTE ON FUNCTION {older}, forgotten() TO {stranger}; COMMIT",
    )
    await migrate(database_url)
    found = query(
        database_url,
        "SELECT proname, pronargs FROM pg_proc, aclexplode(proacl) a WHERE a.grantee = %s::regrole",
        stranger,
    )
    assert found == [{"proname": "select_model", "pronargs": 19}]
    left = query(database_url, "SELECT proname FROM pg_proc WHERE proname IN ('select_model', 'forgotten')")
    assert left == [{"proname": "select_model"}]
