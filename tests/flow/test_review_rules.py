"""Rules approve what providers list, only what they say, and say that they did."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from radiant.admin.review import Review
from radiant.admin.review_rules import ReviewRules, terms_of
from radiant.domain.errors import ProviderNotFound, RuleViolated, UnknownFilterValue
from radiant.domain.event import Event
from radiant.domain.review_rule import RuleNotFound, RuleTerms
from radiant.domain.sync import ReviewStatus
from radiant.registry import events
from radiant.registry.database import Database
from tests.flow.playing import play
from tests.flow.syncing import Syncing

#: Of each listed model, what a public catalog says of its price.
PRICES = {"m-cheap": "1", "m-dear": "9", "other": "1", "m-unknown": None}

KNOWN = {"task": '"chat"', "input_modalities": '["text"]', "output_modalities": '["text"]'}

CHEAP = RuleTerms(provider_id="acme", pattern="m-*", most_input_per_mtok=Decimal(5))


@asynccontextmanager
async def listing(
    database: Database, prices: Mapping[str, str | None] = PRICES, *changes: Mapping[str, Any]
) -> AsyncIterator[Syncing]:
    async with play({"id": "acme", "models": [*prices], "changes": changes}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        for model, price in prices.items():
            said = KNOWN if price is None else {**KNOWN, "price.input_per_mtok": price}
            for field, value in said.items():
                await database.rows(
                    "INSERT INTO facts (source, entry, field, value, provider_id, model_id)"
                    " VALUES ('litellm', %s, %s, %s::jsonb, 'acme', %s) RETURNING field",
                    [model, field, value, model],
                )
        yield it


async def test_a_rule_approves_at_once_only_what_it_says_and_is_shown_and_told(database: Database) -> None:
    rules = ReviewRules(database)
    async with listing(database) as it:
        rule = await rules.add(CHEAP, by="ada")
        await it.one("acme")
        assert await it.queue("acme") == {
            "m-cheap": "approved",
            "m-dear": "pending",
            "m-unknown": "pending",
            "other": "pending",
        }
        (approved,) = await Review(database).listed("acme", "approved")
        (again,) = [await it.one("acme")]
    why = "provider acme, pattern m-*, input up to USD 5"
    assert (approved.rule_id, approved.decided_by, approved.reason) == (rule.id, f"review rule {rule.id}", why)
    (served,) = await database.rows("SELECT model_id, origin FROM models WHERE provider_id = 'acme'")
    assert served == {"model_id": "m-cheap", "origin": "discovered"}
    assert (again.new, again.changed) == (0, 0)
    told = await approvals(database)
    assert [(it.subject, it.data["rule_id"], it.data["reason"]) for it in told] == [("acme/m-cheap", rule.id, why)]
    assert (await rules.of(rule.id)).approved == 1


async def approvals(database: Database) -> list[Event]:
    async with database.connection() as connection:
        await events.number(connection)
        return [it for it in await events.after(connection, 0, limit=999) if it.type == "radiant.model.approved"]


#: A model, another name of it, and a snapshot, which is a model of its own.
ALIASED = {"m-1": "1", "m-1-latest": None, "m-1-2026-01-01": None}


async def test_a_rule_approves_other_names_with_their_model_and_tells_it(database: Database) -> None:
    rules = ReviewRules(database)
    async with listing(database, ALIASED) as it:
        await it.one("acme")
        (previewed,) = await rules.preview(CHEAP)
        assert (previewed.id, [(member.id, member.kind) for member in previewed.members]) == (
            "acme/m-1",
            [("acme/m-1-latest", "alias")],
        )
        rule = await rules.add(CHEAP, by="ada")
        await it.one("acme")
        queue = {"m-1": "approved", "m-1-2026-01-01": "pending", "m-1-latest": "approved"}
        assert await it.queue("acme") == queue
        again = await it.one("acme")
        assert (again.new, again.changed, await it.queue("acme")) == (0, 0, queue)
    (served,) = await database.rows("SELECT model_id, aliases FROM models WHERE provider_id = 'acme'")
    assert served == {"model_id": "m-1", "aliases": ["m-1-latest"]}
    told = [(it.subject, *map(it.data.get, ("kind", "family", "rule_id"))) for it in await approvals(database)]
    assert sorted(told) == [("acme/m-1", "model", "m-1", rule.id), ("acme/m-1-latest", "alias", "m-1", rule.id)]
    assert {it.reason for it in await Review(database).listed("acme", "approved")} == {str(CHEAP)}


async def test_another_name_that_comes_later_is_approved_by_the_rule_that_approved_its_model(
    database: Database,
) -> None:
    rules = ReviewRules(database)
    change = {"lists": 1, "add": ["m-1-latest"]}
    async with listing(database, {"m-1": "1"}, change) as it:
        rule = await rules.add(CHEAP, by="ada")
        await it.one("acme")
        assert await it.queue("acme") == {"m-1": "approved"}
        await it.one("acme")
        queue = {"m-1": "approved", "m-1-latest": "approved"}
        assert await it.queue("acme") == queue
        again = await it.one("acme")
        assert (again.new, again.changed, await it.queue("acme")) == (0, 0, queue)
    (served,) = await database.rows("SELECT model_id, aliases FROM models WHERE provider_id = 'acme'")
    assert served == {"model_id": "m-1", "aliases": ["m-1-latest"]}
    told = [(it.subject, it.data["rule_id"]) for it in await approvals(database)]
    assert told == [("acme/m-1", rule.id), ("acme/m-1-latest", rule.id)]


async def test_one_that_comes_after_the_rule_has_gone_waits(database: Database) -> None:
    rules = ReviewRules(database)
    async with listing(database, {"m-1": "1"}, {"lists": 1, "add": ["m-1-latest"]}) as it:
        rule = await rules.add(CHEAP, by="ada")
        await it.one("acme")
        await rules.remove(rule.id)
        await it.one("acme")
        assert await it.queue("acme") == {"m-1": "approved", "m-1-latest": "pending"}


async def test_what_is_said_of_a_model_that_waits_is_shown_as_it_is_said_now(database: Database) -> None:
    review = Review(database)
    async with listing(database) as it:
        await it.one("acme")
        assert (await review.of("acme/m-unknown")).missing == ("price",)
        await database.rows(
            "INSERT INTO facts (source, entry, field, value, provider_id, model_id)"
            " VALUES ('litellm', 'm-unknown', 'price.input_per_mtok', '3', 'acme', 'm-unknown') RETURNING field"
        )
        listed = {found.model_id: found for found in await review.listed("acme")}
        for shown in (await review.of("acme/m-unknown"), listed["m-unknown"]):
            assert (shown.missing, shown.proposed["price.input_per_mtok"]) == ((), 3)


async def test_another_name_that_a_person_reopened_no_rule_approves_with_its_model(database: Database) -> None:
    rules, review = ReviewRules(database), Review(database)
    async with listing(database, ALIASED) as it:
        await it.one("acme")
        await review.decide(["acme/m-1-latest"], ReviewStatus.REJECTED, by="ada")
        await review.decide(["acme/m-1-latest"], ReviewStatus.PENDING, by="ada")
        assert [found.members for found in await rules.preview(CHEAP)] == [()]
        await rules.add(CHEAP, by="ada")
        await it.one("acme")
        assert await it.queue("acme") == {"m-1": "approved", "m-1-2026-01-01": "pending", "m-1-latest": "pending"}


async def test_a_preview_names_what_the_next_list_then_approves(database: Database) -> None:
    rules = ReviewRules(database)
    async with listing(database) as it:
        await it.one("acme")
        everything = RuleTerms(pattern="*")
        assert [found.id for found in await rules.preview(CHEAP)] == ["acme/m-cheap"]
        assert {found.model_id for found in await rules.preview(everything)} == {"m-cheap", "m-dear", "other"}
        assert set((await it.queue("acme")).values()) == {"pending"}
        assert await rules.listed() == []
        await rules.add(everything, by="ada")
        await it.one("acme")
        assert {id for id, status in (await it.queue("acme")).items() if status == "approved"} == {
            "m-cheap",
            "m-dear",
            "other",
        }


NO_WINDOW = (
    "INSERT INTO facts (source, entry, field, value, provider_id, model_id)"
    " VALUES ('litellm', 'm-cheap', 'context_window', '\"wide\"', 'acme', 'm-cheap') RETURNING field"
)


async def test_what_cannot_be_a_model_waits_on_with_the_reason_until_it_can(database: Database) -> None:
    rules, review = ReviewRules(database), Review(database)
    async with listing(database) as it:
        await database.rows(NO_WINDOW)
        assert await rules.preview(CHEAP) == []
        rule = await rules.add(CHEAP, by="ada")
        ran = await it.one("acme")
        (waits,) = [found for found in await review.listed("acme") if found.model_id == "m-cheap"]
        assert (waits.status, waits.decided_by, waits.rule_id) == ("pending", None, None)
        assert (waits.reason or "").startswith("it cannot be a model of the registry: context_window: ")
        assert ran.errors == (f"acme/m-cheap: {waits.reason}",)
        # A person is told the same, of this one among others.
        held, done = await review.decide(
            ["acme/m-cheap", "acme/m-dear"], ReviewStatus.APPROVED, by="ada", reason="tried"
        )
        assert (held.id, held.status, held.reason, held.decided_by) == ("acme/m-cheap", "pending", waits.reason, None)
        assert (done.id, done.status, done.reason) == ("acme/m-dear", "approved", "tried")
        assert [found.subject for found in await approvals(database)] == ["acme/m-dear"]
        await database.rows("DELETE FROM facts WHERE field = 'context_window' AND provider_id = 'acme' RETURNING field")
        assert (await it.one("acme")).errors == ()
        now = await review.of("acme/m-cheap")
        assert (now.status, now.rule_id, now.reason) == ("approved", rule.id, str(CHEAP))
    served = await database.rows("SELECT model_id FROM models WHERE provider_id = 'acme' ORDER BY 1")
    assert served == [{"model_id": "m-cheap"}, {"model_id": "m-dear"}]


async def test_another_name_of_what_cannot_be_a_model_waits_with_it(database: Database) -> None:
    rules, review = ReviewRules(database), Review(database)
    async with listing(database, ALIASED) as it:
        await database.rows(NO_WINDOW.replace("m-cheap", "m-1"))
        await rules.add(CHEAP, by="ada")
        await it.one("acme")
        (held,) = await review.decide(["acme/m-1"], ReviewStatus.APPROVED, by="ada")
        assert (held.status, held.members) == ("pending", ())
        assert set((await it.queue("acme")).values()) == {"pending"}
    assert await database.rows("SELECT FROM models WHERE provider_id = 'acme'") == []


async def test_what_a_person_decided_or_reopened_no_rule_decides(database: Database) -> None:
    rules, review = ReviewRules(database), Review(database)
    async with listing(database) as it:
        await rules.add(RuleTerms(pattern="*"), by="ada")
        await it.one("acme")
        await review.decide(["acme/m-cheap"], ReviewStatus.PENDING, by="ada")
        await review.decide(["acme/m-dear"], ReviewStatus.REJECTED, by="ada")
        assert await rules.preview(RuleTerms(pattern="*")) == []
        await it.one("acme")
        queue = await it.queue("acme")
        assert (queue["m-cheap"], queue["m-dear"]) == ("pending", "rejected")
        await review.decide(["acme/m-cheap"], ReviewStatus.APPROVED, by="ada")
        assert (await review.of("acme/m-cheap")).status == "approved"


async def test_a_removed_rule_approves_nothing_more_and_what_it_approved_stays(database: Database) -> None:
    rules = ReviewRules(database)
    async with listing(database) as it:
        rule = await rules.add(RuleTerms(pattern="m-cheap"), by="ada")
        await it.one("acme")
        await rules.remove(rule.id)
        await it.one("acme")
    (approved,) = await Review(database).listed("acme", "approved")
    assert (approved.id, approved.rule_id, approved.decided_by) == ("acme/m-cheap", None, f"review rule {rule.id}")
    with pytest.raises(RuleNotFound):
        await rules.remove(rule.id)


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        (RuleTerms(pattern="*", provider_id="nosuch"), ProviderNotFound),
        (RuleTerms(pattern=""), RuleViolated),
        (RuleTerms(pattern="a\nb"), RuleViolated),
        (RuleTerms(pattern="*", most_input_per_mtok=Decimal("NaN")), RuleViolated),
        (RuleTerms(pattern="*", most_input_per_mtok=Decimal(-1)), RuleViolated),
        (RuleTerms(pattern="*", most_output_per_mtok=Decimal("1e-40")), RuleViolated),
        (RuleTerms(pattern="*", most_output_per_mtok=Decimal("1e99999")), RuleViolated),
    ],
)
async def test_a_rule_that_cannot_be_is_refused(database: Database, terms: RuleTerms, error: type[Exception]) -> None:
    rules = ReviewRules(database)
    with pytest.raises(error):
        await rules.add(terms, by="ada")
    assert await rules.listed() == []


def test_a_task_there_is_none_of_is_refused() -> None:
    with pytest.raises(UnknownFilterValue):
        terms_of({"pattern": "*", "task": "juggling"})
