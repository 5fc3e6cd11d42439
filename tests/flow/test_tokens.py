"""Passwords that expire: each connection of a registry that stays open asks for its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from radiant import app as opening
from radiant.app import App
from radiant.domain.errors import SettingsError
from radiant.registry.address import Address
from radiant.registry.connection import RegistryConnection
from radiant.settings import Settings
from tests.waiting import until

Query = Callable[..., list[dict[str, Any]]]

#: Seconds for which RDS takes a token.
GOOD = 900.0

CUT = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()"""


async def test_connections_made_after_a_token_expired_have_a_fresh_one(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now, given, real = [0.0], [], RegistryConnection.connect

    async def connecting(**parameters: Any) -> Any:
        signed_at = float(parameters["password"])
        given.append(signed_at)
        if now[0] - signed_at >= GOOD:
            raise psycopg.OperationalError("PAM authentication failed for user")
        return await real(**parameters)

    monkeypatch.setattr(RegistryConnection, "connect", connecting)
    monkeypatch.setattr(opening, "address_of", lambda settings, url: Address(url, lambda: str(now[0])))
    settings = Settings(home=tmp_path, database_url=database_url)
    async with await App.open(settings, selecting=True) as app:
        assert await app.database.answers()
        before = len(given)
        assert before >= 3, "the schema was looked at, a pool and a listener were opened"
        now[0] = GOOD + 1
        query(database_url, CUT)
        assert await app.database.answers()
        query(database_url, "UPDATE models SET display_name = 'heard anew' WHERE model_id = 'gpt-4o-mini'")
        await until(lambda: any(it.display_name == "heard anew" for it in app.selector.candidates))
        assert given[before:] and set(given[before:]) == {now[0]}


async def test_a_registry_is_not_opened_with_a_token_for_a_server_that_is_not_verified(
    database_url: str, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path, database_url=database_url, database_iam=True)
    with pytest.raises(SettingsError, match="does not verify its server"):
        await App.open(settings)
