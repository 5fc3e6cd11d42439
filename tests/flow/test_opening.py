"""Opening a registry writes nothing: no schema, no models, no tokens, whoever opens it and with whatever rights."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg.rows import DictRow

from radiant.app import App
from radiant.domain.errors import DatabaseUnusable, NoRegistry
from radiant.domain.registry_model import ModelFilter
from radiant.installation.prepare import prepare
from radiant.settings import Secret, Settings
from tests.flow.conftest import rows_and_their_writers

Query = Callable[..., list[DictRow]]

CHAT: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}


@pytest.fixture
def role(server_url: str, database_url: str, query: Query) -> Iterator[str]:
    """The address of the registry for a role that may do nothing but read."""
    name = f"radiant_reader_{uuid.uuid4().hex[:12]}"
    query(database_url, f"CREATE ROLE {name} LOGIN PASSWORD 'reading'")
    query(database_url, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
    query(database_url, f"ALTER ROLE {name} SET default_transaction_read_only = on")
    yield name
    query(database_url, f"DROP OWNED BY {name}")
    query(server_url, f"DROP ROLE {name}")


async def test_everything_can_be_read_with_a_role_that_may_only_read(
    role: str, database_url: str, tmp_path: Path, query: Query
) -> None:
    before = rows_and_their_writers(query, database_url)
    url = f"{database_url}{'&' if '?' in database_url else '?'}options=-c%20role%3D{role}"
    async with await App.open(Settings(home=tmp_path / "home", database_url=url), selecting=True) as app:
        assert query(url, "SELECT current_user::text AS who") == [{"who": role}]
        assert len(await app.models.listed(ModelFilter())) > 200
        assert (await app.models.statistics())["self_hosted_count"] == 56
        assert await app.facts.claims("gpt-6-luna")
        assert await app.facts.conflicts() == []
        assert len(await app.runs.newest()) == 1
        assert app.selector.select(**CHAT) is not None
        assert await app.access.role_of("nobody's") is None
    assert rows_and_their_writers(query, database_url) == before
    assert not (tmp_path / "home").exists()


async def test_who_opens_with_another_catalog_folder_changes_nothing(
    database_url: str, tmp_path: Path, query: Query
) -> None:
    before = rows_and_their_writers(query, database_url)
    for name in ("one", "other"):
        settings = Settings(home=tmp_path / name, database_url=database_url, catalog=tmp_path)
        async with await App.open(settings, selecting=True) as app:
            assert await app.models.statistics()
    assert rows_and_their_writers(query, database_url) == before


async def test_a_database_without_a_registry_is_told_apart_from_an_old_one(
    empty_database_url: str, database_url: str, tmp_path: Path, query: Query
) -> None:
    with pytest.raises(NoRegistry, match="There is no registry in the database"):
        await App.open(Settings(home=tmp_path, database_url=empty_database_url))
    query(database_url, "DELETE FROM schema_migrations WHERE version = '045'")
    with pytest.raises(DatabaseUnusable, match=r"lacks 045_catalogs\. Bring it up to date with `radiant db migrate`"):
        await App.open(Settings(home=tmp_path, database_url=database_url))


async def test_a_home_that_makes_a_new_token_gives_up_its_old_one(
    database_url: str, tmp_path: Path, query: Query
) -> None:
    settings = Settings(home=tmp_path, database_url=database_url)
    for _ in range(3):
        settings.token_file("admin").unlink(missing_ok=True)
        settings.token_file("reader").unlink(missing_ok=True)
        await prepare(settings, database_url)
        await prepare(settings, database_url)
    await prepare(Settings(home=tmp_path / "another", database_url=database_url), database_url)
    rows = query(
        database_url, "SELECT name, role, count(*) AS n FROM access_tokens WHERE revoked_at IS NULL GROUP BY 1, 2"
    )
    assert sorted((row["role"], row["n"]) for row in rows) == [("admin", 1), ("admin", 1), ("reader", 1), ("reader", 1)]
    async with await App.open(settings) as app:
        assert await app.access.role_of((tmp_path / "admin-token").read_text().strip()) == "admin"


async def test_a_token_of_the_environment_lets_in_and_stands_nowhere(
    database_url: str, tmp_path: Path, query: Query
) -> None:
    given = Secret("given-by-the-environment-of-this-machine")
    settings = Settings(
        home=tmp_path / "home", database_url=database_url, admin_token=given, reader_token=Secret("r" * 40)
    )
    await prepare(settings, database_url)
    assert query(database_url, "SELECT FROM access_tokens") == []
    assert not (tmp_path / "home").exists()
    async with await App.open(settings) as app:
        assert await app.access.role_of(given) == "admin"
        assert await app.access.role_of("r" * 40) == "reader"
        assert await app.access.role_of("r" * 41) is None
    assert given not in repr(settings)
