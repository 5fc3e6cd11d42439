"""What is decided in review holds, and what rules approve is served at once."""

from typing import Any

from radiant.admin.review import Review
from radiant.catalog.load import load_catalog
from radiant.domain.event import Event
from radiant.domain.event_kinds import KINDS
from radiant.domain.sync import ReviewStatus
from radiant.registry import events
from radiant.registry.database import Database
from radiant.sync.telling import as_events
from tests.flow.playing import play
from tests.flow.seeding import seed
from tests.flow.syncing import Syncing

LISTED = [f"m-{n}" for n in range(9)]


async def origins(database: Database, provider: str) -> dict[str, Any]:
    rows = await database.rows("SELECT model_id, origin FROM models WHERE provider_id = %s", [provider])
    return {row["model_id"]: row["origin"] for row in rows}


async def test_rejected_stays_rejected_when_it_vanishes_and_comes_back(database: Database) -> None:
    changes = [{"lists": 1, "remove": ["m-0"]}, {"lists": 2, "add": ["m-0"]}]
    async with play({"id": "acme", "models": LISTED, "changes": changes}) as stage:
        it, review = Syncing(database, stage), Review(database)
        await it.begin()
        await it.one("acme")
        await review.decide(["acme/m-0"], ReviewStatus.REJECTED, by="ada", reason="no")
        await it.one("acme")
        (gone,) = await review.listed("acme", "rejected")
        assert gone.absent_since is not None
        await it.one("acme")
        (back,) = await review.listed("acme", "rejected")
    assert (back.id, back.absent_since, back.decided_by, back.reason) == ("acme/m-0", None, "ada", "no")
    assert it.told.of("model.discovered").count("acme/m-0") == 1
    assert await origins(database, "acme") == {}


async def test_what_is_reopened_is_served_no_more_and_can_be_approved_again(database: Database) -> None:
    async with play({"id": "acme", "models": LISTED}) as stage:
        it, review = Syncing(database, stage), Review(database)
        await it.begin()
        await it.one("acme")
        await review.decide(["acme"], ReviewStatus.APPROVED, by="ada")
        assert await origins(database, "acme") == dict.fromkeys(LISTED, "discovered")
        await review.decide(["acme/m-0"], ReviewStatus.PENDING, by="ada")
        assert await origins(database, "acme") == dict.fromkeys(LISTED[1:], "discovered")
        await review.decide(["acme/m-0"], ReviewStatus.APPROVED, by="ada")
        again = await it.one("acme")
    assert await origins(database, "acme") == dict.fromkeys(LISTED, "discovered")
    assert (again.new, again.changed, again.deprecated) == (0, 0, 0)
    assert await database.rows("SELECT FROM overrides WHERE subject LIKE 'model:acme/%%'") == []


async def told(database: Database, *types: str) -> list[Event]:
    async with database.connection() as connection:
        await events.number(connection)
        found = await events.after(connection, 0, limit=1000)
    return [event for event in found if event.type in types]


async def test_what_a_run_discovers_stands_in_the_outbox(database: Database) -> None:
    async with play({"id": "openai", "models": [{"id": "gpt-7"}]}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        await it.run(tell=as_events)
    (discovered,) = await told(database, "radiant.model.discovered")
    assert discovered.subject == "openai/gpt-7"
    assert discovered.data.keys() == KINDS["radiant.model.discovered"].data.keys()


ALIASED = [{"id": "m-1"}, {"id": "m-1-latest"}, {"id": "m-1-2026-01-01"}]


async def names(database: Database, model: str = "m-1", provider: str = "acme") -> list[str]:
    rows = await database.rows("SELECT aliases FROM models WHERE provider_id = %s AND model_id = %s", [provider, model])
    return [name for row in rows for name in row["aliases"]]


async def test_other_names_in_a_list_become_those_of_the_model_once_it_is_approved(database: Database) -> None:
    async with play({"id": "acme", "models": ALIASED}) as stage:
        it, review = Syncing(database, stage), Review(database)
        await it.begin()
        await it.one("acme")
        (done,) = await review.decide(["acme/m-1"], ReviewStatus.APPROVED, by="ada")
        assert [(member.id, member.kind) for member in done.members] == [("acme/m-1-latest", "alias")]
        assert await origins(database, "acme") == {"m-1": "discovered"}
        assert await names(database) == ["m-1-latest"]
        assert await it.queue("acme") == {"m-1": "approved", "m-1-2026-01-01": "pending", "m-1-latest": "approved"}
        again = await it.one("acme")
        assert (again.new, again.changed) == (0, 0)
        assert await names(database) == ["m-1-latest"]
        await review.decide(["acme/m-1-latest"], ReviewStatus.REJECTED, by="ada")
        assert await names(database) == []
        await review.decide(["acme/m-1"], ReviewStatus.PENDING, by="ada")
        assert await it.queue("acme") == {"m-1": "pending", "m-1-2026-01-01": "pending", "m-1-latest": "rejected"}
        assert await origins(database, "acme") == {}


async def test_what_is_reopened_takes_its_other_names_along(database: Database) -> None:
    async with play({"id": "acme", "models": ALIASED}) as stage:
        it, review = Syncing(database, stage), Review(database)
        await it.begin()
        await it.one("acme")
        await review.decide(["acme"], ReviewStatus.APPROVED, by="ada")
        await review.decide(["acme/m-1"], ReviewStatus.PENDING, by="ada")
        assert set((await it.queue("acme")).values()) == {"pending"}


async def test_another_name_of_a_model_that_the_registry_has_is_a_name_and_no_model(database: Database) -> None:
    async with play({"id": "openai", "models": [{"id": "gpt-4o-mini"}, {"id": "gpt-4o-mini-latest"}]}) as stage:
        it, review = Syncing(database, stage), Review(database)
        await it.begin()
        await it.one("openai")
        before = await names(database, "gpt-4o-mini", "openai")
        await review.decide(["openai/gpt-4o-mini-latest"], ReviewStatus.APPROVED, by="ada")
        assert "gpt-4o-mini-latest" not in await origins(database, "openai")
        assert await names(database, "gpt-4o-mini", "openai") == [*before, "gpt-4o-mini-latest"]
        await seed(database, load_catalog())
        assert await names(database, "gpt-4o-mini", "openai") == [*before, "gpt-4o-mini-latest"]
        await review.decide(["openai/gpt-4o-mini-latest"], ReviewStatus.PENDING, by="ada")
        assert await names(database, "gpt-4o-mini", "openai") == before
    assert await database.rows("SELECT field FROM overrides WHERE subject = 'model:openai/gpt-4o-mini'") == []


DECISIONS = ("radiant.model.approved", "radiant.model.rejected", "radiant.model.reopened")


async def test_each_decision_is_told_with_who_and_why(database: Database) -> None:
    async with play({"id": "acme", "models": LISTED}) as stage:
        it, review = Syncing(database, stage), Review(database)
        await it.begin()
        await it.one("acme")
        await review.decide(["acme/m-0"], ReviewStatus.APPROVED, by="ada", reason="tried")
        await review.decide(["acme/m-0"], ReviewStatus.APPROVED, by="bob")
        await review.decide(["acme/m-0"], ReviewStatus.PENDING, by="cy", reason="too slow")
        await review.decide(["acme/m-1"], ReviewStatus.REJECTED, by="ada")
        await it.one("acme")
    found = await told(database, *DECISIONS)
    assert [
        (event.type.rpartition(".")[2], event.subject, *map(event.data.get, ("decided_by", "reason")))
        for event in found
    ] == [
        ("approved", "acme/m-0", "ada", "tried"),
        ("reopened", "acme/m-0", "cy", "too slow"),
        ("rejected", "acme/m-1", "ada", None),
    ], "what is decided so already is told once"
    assert all(event.data.keys() == KINDS[event.type].data.keys() for event in found)


async def test_a_decision_that_is_rolled_back_was_never_told(database: Database) -> None:
    async with play({"id": "acme", "models": LISTED}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        await it.one("acme")
    async with database.connection() as connection, connection.transaction(force_rollback=True):
        await connection.execute(b"UPDATE discovered_models SET status = 'approved' WHERE model_id = 'm-0'")
    assert await told(database, *DECISIONS) == []
