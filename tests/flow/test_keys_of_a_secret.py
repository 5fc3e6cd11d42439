"""Keys that a secret has are keys of this process for all who ask for them: choices, states, runs, sinks."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from radiant import serve
from radiant.aws.keys import Keys
from radiant.registry import schedules
from radiant.registry.database import Database
from radiant.settings import Settings
from radiant.sync import service
from radiant.work_beside import Beside
from tests.waiting import until

HIDDEN = "sk-hidden"


@pytest.fixture
def settings(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr(Keys, "_read", lambda _, secret: {"OPENAI_API_KEY": HIDDEN})
    return Settings(home=tmp_path, database_url=database.url, keys_secret="radiant-keys")


async def test_the_names_of_keys_in_a_secret_are_among_the_variables_that_are_set(settings: Settings) -> None:
    known, _ = await serve._knowing_keys(settings)
    assert "OPENAI_API_KEY" in known.variables
    nothing = Settings(home=settings.home)
    assert (await serve._knowing_keys(nothing))[0].variables == frozenset()


@pytest.mark.parametrize("alone", [True, False])
async def test_what_a_model_is_connected_by_is_a_key_of_its_provider_too(settings: Settings, alone: bool) -> None:
    known, keys = await serve._knowing_keys(settings)
    async with AsyncExitStack() as held:
        app, _ = await serve._open(known, keys, held, alone=alone)
        assert (await app.providers.of("openai")).has_key
        assert "openai" in (await app.sources.contacts()).providers
        for it in (app.paid_probes, app.endpoints, app.syncing):
            assert it._environment["OPENAI_API_KEY"] == HIDDEN


async def test_jobs_beside_the_api_run_with_the_keys_of_the_secret(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Mapping[str, str]] = []

    async def run(*_: Any, environment: Mapping[str, str], **__: Any) -> None:
        seen.append(environment)

    monkeypatch.setattr(service, "run", run)
    beside = Beside(database.address, settings, Keys(settings.keys_secret).environment)
    beside.start()
    async with database.connection() as connection:
        await schedules.request(connection, "pricing", "ada")
    await until(lambda: seen)
    await beside.close()
    assert {it["OPENAI_API_KEY"] for it in seen} == {HIDDEN}
