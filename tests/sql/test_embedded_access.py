"""The embedded PostgreSQL is for its owner alone."""

import pwd
from pathlib import Path

import psycopg
import pytest

from radiant.embedded.server import EmbeddedServer
from tests.sql.embedded import NOBODY, ROOT, acting_as, mode, needs_root, query, refusal, value


def test_every_folder_is_closed_to_others(standing: Path) -> None:
    with EmbeddedServer.open(standing):
        passage = 0o710 if ROOT else 0o700
        assert [mode(standing / name) for name in ("", "server", "postgresql", "run")] == [
            passage,
            passage,
            0o700,
            0o700,
        ]
        assert mode(standing / "run/.s.PGSQL.5432") == 0o700
        assert [path for path in standing.glob("server/*") if mode(path) & 0o027] == []


def test_a_parent_of_mode_0700_stays_so(grounds: Path) -> None:
    parent = grounds / "closed"
    parent.mkdir(mode=0o700)
    home = parent / "a" / "b"
    if ROOT:
        message = refusal(home)
        assert f"`radiant`, the account that runs PostgreSQL for root, may not pass through {parent}:" in message
        assert "RADIANT_HOME" in message
        assert list(parent.iterdir()) == []
    else:
        EmbeddedServer.open(home).close()
        assert mode(parent / "a") == 0o700
    assert mode(parent) == 0o700


@needs_root
def test_another_user_neither_sees_nor_connects_even_through_an_open_socket(standing: Path) -> None:
    with EmbeddedServer.open(standing) as server:
        with acting_as(NOBODY):
            with pytest.raises(psycopg.OperationalError, match="Permission denied"):
                query(server.url, "SELECT 1")
            for folder in ("", "postgresql", "run", "server"):
                with pytest.raises(PermissionError):
                    list((standing / folder).iterdir())
            with pytest.raises(PermissionError):
                (standing / "server/pg_ident.conf").read_text()
        for opened, opening in ((standing, 0o755), (standing / "run", 0o755), (standing / "run/.s.PGSQL.5432", 0o777)):
            opened.chmod(opening)
        with (
            acting_as(NOBODY),
            pytest.raises(psycopg.OperationalError, match='Peer authentication failed for user "radiant"'),
        ):
            query(server.url, "SELECT 1")
    standing.chmod(0o710)


@needs_root
def test_the_server_account_may_connect_but_not_read_roots_files_nor_change_who_may_connect(standing: Path) -> None:
    token = standing / "admin-token"
    token.touch(mode=0o600)
    with EmbeddedServer.open(standing) as server, acting_as(pwd.getpwnam("radiant")):
        assert value(server.url, "SELECT current_user::text") == "radiant"
        for refused in (token, standing / "server/start.lock"):
            with pytest.raises(PermissionError):
                refused.read_text()
        for refused in (standing / "server/pg_hba.conf", standing / "server/new", standing / "new"):
            with pytest.raises(PermissionError):
                refused.write_text("local all all trust")


def test_no_other_role_may_log_in(standing: Path) -> None:
    with EmbeddedServer.open(standing) as server:
        query(server.url, "CREATE ROLE guest LOGIN SUPERUSER")
        with pytest.raises(psycopg.OperationalError, match='Peer authentication failed for user "guest"'):
            query(server.url.replace("radiant@", "guest@"), "SELECT 1")
        query(server.url, "DROP ROLE guest")
