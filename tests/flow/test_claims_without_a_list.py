"""A provider without a list is checked against what public catalogs claim, and a claim is less than a list."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from radiant.admin.providers import Providers
from radiant.admin.review import Review
from radiant.domain.sync import ProviderResult, ReviewStatus
from radiant.providers.roster import lister
from radiant.registry.database import Database
from tests.flow.conftest import rows_and_their_writers
from tests.flow.playing import play
from tests.flow.syncing import START, Syncing

KEY = {"VOYAGE_API_KEY": "k"}


def entry(id: str, **more: Any) -> dict[str, Any]:
    return {
        "provider": "voyage",
        "id": id,
        "task": "embedding",
        "context_window": 32_000,
        "input_per_mtok": 0.1,
        **more,
    }


def catalog(*models: dict[str, Any], id: str = "litellm", **more: Any) -> dict[str, Any]:
    return {"id": id, "models": list(models), **more}


@asynccontextmanager
async def syncing(database: Database, *catalogs: dict[str, Any]) -> AsyncIterator[Syncing]:
    async with play(catalogs=catalogs) as stage:
        it = Syncing(database, stage)
        it.environment = KEY
        await it.enable()
        yield it


async def voyage(it: Syncing, **how: Any) -> ProviderResult:
    return await it.one("voyage", **how)


def test_the_provider_of_these_tests_has_no_list() -> None:
    assert not lister("voyage").lists_models


async def test_what_is_new_goes_to_review_with_who_claims_it(database: Database) -> None:
    async with syncing(database, catalog(entry("voyage-9")), catalog(entry("voyage-9"), id="models.dev")) as it:
        result = await voyage(it)
        assert (result.new, result.deprecated, result.complete, result.errors) == (1, 0, False, ())
        assert result.note is not None
        assert result.note.startswith("it has no list and is checked against what litellm, models.dev claim")
        review = Review(database)
        (found,) = await review.listed("voyage")
        assert (found.id, found.status, found.claimed_by) == ("voyage/voyage-9", "pending", ("litellm", "models.dev"))
        assert (found.proposed["task"], found.missing) == ("embedding", ())
        (told,) = [data for type, _, data in it.told.events if type == "model.discovered"]
        assert (told["model_id"], told["claimed_by"]) == ("voyage-9", ["litellm", "models.dev"])
        assert await database.rows("SELECT id FROM models WHERE model_id = 'voyage-9'") == []
        await review.decide(["voyage/voyage-9"], ReviewStatus.APPROVED, by="ada")
        again = await voyage(it)
        assert (again.new, again.changed) == (0, 0)
        (found,) = await review.listed("voyage", "approved")
        assert found.absent_since is None
    (row,) = await database.rows("SELECT origin FROM models WHERE provider_id = 'voyage' AND model_id = 'voyage-9'")
    assert row["origin"] == "discovered"


async def test_the_same_claims_again_write_nothing(database: Database, query: Callable[..., Any]) -> None:
    async with syncing(database, catalog(entry("voyage-9"))) as it:
        await voyage(it)
        before = rows_and_their_writers(query, database.url)
        await voyage(it)
        after = rows_and_their_writers(query, database.url)
    runs = {"events", "registry_sync_log", "sync_results", "source_results"}
    assert {table for table in before if before[table] != after[table]} <= runs


async def test_what_nobody_claims_any_more_deprecates_nothing(database: Database) -> None:
    change = {"lists": 1, "remove": ["voyage/voyage-9"]}
    filler = [entry(f"filler-{n}") for n in range(9)]
    async with syncing(database, catalog(entry("voyage-9"), *filler, changes=[change])) as it:
        await voyage(it)
        await Review(database).decide(["voyage/*"], ReviewStatus.APPROVED, by="ada")
        results = [await voyage(it) for _ in range(4)]
        assert results[-1].missing >= 1
        assert await it.deprecated("voyage") == set()
    assert await database.rows("SELECT what FROM model_evidence WHERE provider_id = 'voyage'") == []


async def test_a_claim_that_vanishes_before_a_decision_is_shown_as_gone(database: Database) -> None:
    change = {"lists": 1, "remove": ["voyage/voyage-9"]}
    filler = [entry(f"filler-{n}") for n in range(9)]
    async with syncing(database, catalog(entry("voyage-9"), *filler, changes=[change])) as it:
        await voyage(it)
        await voyage(it)
        gone = {found.model_id for found in await Review(database).listed("voyage") if found.absent_since is not None}
    assert gone == {"voyage-9"}


@pytest.mark.parametrize("ended", [{"retires": START.date() - dt.timedelta(days=1)}, {"deprecated": True}])
async def test_what_is_claimed_to_have_ended_is_not_proposed(database: Database, ended: dict[str, Any]) -> None:
    source = "models.dev" if "deprecated" in ended else "litellm"
    async with syncing(database, catalog(entry("voyage-0", **ended), entry("voyage-9"), id=source)) as it:
        await voyage(it)
        assert [found.model_id for found in await Review(database).listed("voyage")] == ["voyage-9"]


async def test_a_provider_that_nobody_uses_here_is_not_looked_at(database: Database) -> None:
    async with syncing(database, catalog(entry("voyage-9"))) as it:
        result = await voyage(it, environment={})
        assert result.skipped == "it documents no list of models"
        assert await it.queue("voyage") == {}
        state = await Providers(database, environment=KEY).of("voyage")
        assert state.status == "skipped: it documents no list of models; it is checked against public catalogs"
        await Providers(database, environment=KEY).change("voyage", enabled=True)
        assert (await voyage(it, environment={})).new == 1


async def test_without_an_imported_catalog_it_is_skipped_and_says_so(database: Database) -> None:
    async with syncing(database) as it:
        result = await voyage(it)
    assert result.skipped == ("it documents no list of models, and no public catalog that was imported speaks of it")


async def test_what_was_only_claimed_is_no_model_listed_before(database: Database) -> None:
    """A provider whose list begins to be read: what catalogs claimed and it never listed proves nothing."""
    names = [f"acme-{n}" for n in range(10)]
    async with play({"id": "acme", "models": names}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        await database.rows(
            "INSERT INTO discovered_models (provider_id, model_id, status, family, claimed_by)"
            " VALUES ('acme', 'ghost', 'approved', 'ghost', '{litellm}') RETURNING model_id"
        )
        await database.rows(
            "INSERT INTO models (provider_id, model_id, name, display_name, origin)"
            " VALUES ('acme', 'ghost', 'g', 'G', 'discovered') RETURNING model_id"
        )
        results = [await it.one("acme") for _ in range(4)]
    assert (results[-1].missing, await it.deprecated("acme")) == (0, set())
