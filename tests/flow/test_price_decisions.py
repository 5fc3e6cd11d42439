"""What people decide about prices: held changes taken over or refused, prices of their own, contracts of tenants."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant.admin.prices import PriceDecisions
from radiant.domain.errors import ModelNotFound, UsageInvalid
from radiant.domain.prices import NothingHeld, NothingSet, SetPrices
from radiant.insight.costs import Costs
from radiant.insight.models import Models
from radiant.insight.own_costs import OwnCosts
from radiant.insight.prices import Prices
from radiant.pricing.own_hardware import Hardware
from radiant.registry.database import Database
from radiant.sync.pricing import Priced, take_effect
from tests.flow.test_price_sync import acme, genai, sync, take

__all__ = ["acme"]

USAGE = {"input_tokens": 1_000_000}


async def cost(database: Database, **more: Any) -> Decimal | None:
    found = await Costs(database).one({"provider": "acme", "model": "acme-1", "usage": USAGE, **more})
    return None if found.usd is None else Decimal(found.usd)


async def column(database: Database) -> Decimal:
    (row,) = await database.rows("SELECT input_cost_per_1k FROM models WHERE model_id = 'acme-1'")
    amount: Decimal = row["input_cost_per_1k"]
    return amount


@pytest.fixture
async def held(acme: Database) -> Database:
    """A model at 1 USD for a million, of which a source says 1,000 now."""
    await take(acme, genai((None, {"input_mtok": 1})))
    await sync(acme)
    await acme.rows(
        "WITH it AS (SELECT set_config('radiant.writer', 'service', false))"
        " UPDATE models SET input_cost_per_1k = 0.001,"
        " price_details = '{\"input_per_mtok\": \"1\"}' FROM it WHERE model_id = 'acme-1' RETURNING models.id"
    )
    await take(acme, genai((None, {"input_mtok": 1000})))
    assert (await sync(acme)).held == 1
    return acme


async def test_a_held_price_is_listed_with_what_it_was_and_would_be(held: Database) -> None:
    (it,) = await Prices(held, Models(held)).held()
    assert (it.model, it.before, it.after) == (
        "acme/acme-1", {"input_tokens": "1 / 1,000,000"}, {"input_tokens": "1000 / 1,000,000"},
    )  # fmt: skip
    assert it.reasons[0].startswith("unit_suspect: input_tokens from 1 for 1,000,000 to 1000 for 1,000,000")
    assert await cost(held) == 1


async def test_what_was_held_is_withdrawn_once_sources_say_the_old_price_again(held: Database) -> None:
    await take(held, genai((None, {"input_mtok": 1})))
    assert await sync(held) == Priced()
    assert await Prices(held, Models(held)).held() == []
    with pytest.raises(NothingHeld):
        await PriceDecisions(held).decide(["acme/acme-1"], approve=True, by="ann")
    assert await cost(held) == 1


async def test_a_pattern_that_names_a_provider_is_of_its_models_alone(database: Database) -> None:
    """Groq and DeepInfra have models whose own ids begin with openai/."""
    people, wanted = PriceDecisions(database), SetPrices(prices={"input_tokens": Decimal(1)}, reason="r")
    edits = await people.set("openai/gpt*", wanted, by="ann", dry_run=True)
    assert edits and {it.model.partition("/")[0] for it in edits} == {"openai"}
    anywhere = await people.set("*gpt-oss*", wanted, by="ann", dry_run=True)
    assert {"groq", "deepinfra"} <= {it.model.partition("/")[0] for it in anywhere}


async def test_own_hardware_costs_the_hourly_rate_that_holds_whoever_says_it(database: Database) -> None:
    model, now = "self_hosted/sam-2", dt.datetime.now(dt.UTC)

    async def hourly(later: int) -> str:
        then = now + dt.timedelta(hours=later)
        costs = OwnCosts(database, Costs(database, lambda: then), lambda: then)
        return (await costs.of(model, Hardware(hourly=Decimal(0)))).hourly

    usual = await hourly(0)
    since, until = now + dt.timedelta(hours=1), now + dt.timedelta(hours=3)
    people = PriceDecisions(database)
    terms = SetPrices(prices={"instance_seconds": Decimal("7.5")}, reason="rented", since=since, until=until)
    await people.set(model, terms, by="ann")
    contract = SetPrices(prices={"instance_seconds": Decimal(1)}, reason="theirs", tenant="blue")
    await people.set(model, contract, by="ann")
    assert [await hourly(it) for it in (0, 2, 4)] == [usual, "7.5", usual]


async def test_what_is_approved_holds_from_then_on(held: Database) -> None:
    before = dt.datetime.now(dt.UTC)
    assert await PriceDecisions(held).decide(["acme/acme-1"], approve=True, by="ann") == ["acme/acme-1"]
    assert (await cost(held), await column(held)) == (Decimal(1000), Decimal(1))
    assert await cost(held, at=before.isoformat()) == 1
    assert await sync(held) == Priced()


async def test_what_is_refused_is_not_proposed_again_and_no_writer_takes_it_over(held: Database) -> None:
    await PriceDecisions(held).decide(["all"], approve=False, by="ann", reason="a factor of a thousand")
    assert await sync(held) == Priced()
    assert await Prices(held, Models(held)).held() == []
    (it,) = await Prices(held, Models(held)).held(decided=True)
    assert (it.verdict, it.decided_by, it.reason) == ("refused", "ann", "a factor of a thousand")
    assert (await cost(held), await column(held)) == (Decimal(1), Decimal("0.001"))


async def test_what_was_held_is_withdrawn_once_sources_say_again_what_was_refused(held: Database) -> None:
    await PriceDecisions(held).decide(["all"], approve=False, by="ann", reason="a factor of a thousand")
    await take(held, genai((None, {"input_mtok": 500})))
    assert (await sync(held)).held == 1
    await take(held, genai((None, {"input_mtok": 1000})))
    assert await sync(held) == Priced()
    assert await Prices(held, Models(held)).held() == []
    assert sorted(it.verdict for it in await Prices(held, Models(held)).held(decided=True)) == ["refused", "withdrawn"]


async def test_nothing_is_decided_under_a_name_that_nothing_waits_under(acme: Database) -> None:
    with pytest.raises(NothingHeld, match="waits for approval"):
        await PriceDecisions(acme).decide(["acme/acme-1"], approve=True, by="ann")


async def test_a_price_that_is_set_speaks_before_all_sources_until_it_is_unset(held: Database) -> None:
    people = PriceDecisions(held)
    await people.set("acme/acme-1", SetPrices(prices={"input_tokens": Decimal(3)}, reason="deal"), by="ann")
    assert (await cost(held), await column(held)) == (Decimal(3), Decimal("0.003"))
    assert await sync(held) == Priced()
    assert await column(held) == Decimal("0.003")
    (found,) = await Prices(held, Models(held)).at("acme/acme-1")
    assert [(it.rank, it.reason) for it in found.sheets] == [(0, None), (1, "deal")]
    assert [it.model for it in await people.unset("acme/acme-1", by="ann")] == ["acme/acme-1"]
    assert (await cost(held), await column(held)) == (Decimal(1), Decimal("0.001"))
    with pytest.raises(NothingSet):
        await people.unset("acme/acme-1", by="ann")


async def test_a_price_written_by_psql_is_set_otherwise_and_unset_like_any_other(held: Database) -> None:
    people = PriceDecisions(held)
    await held.rows("SELECT set_config('radiant.writer', '', false)")
    await held.rows("UPDATE models SET input_cost_per_1k = 0.005 WHERE model_id = 'acme-1' RETURNING id")
    assert (await cost(held), await column(held)) == (Decimal(5), Decimal("0.005"))
    (found,) = await Prices(held, Models(held)).at("acme/acme-1")
    assert [(it.rank, it.source) for it in found.sheets] == [(0, "genai-prices"), (1, "administrator")]
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    wanted = SetPrices(prices={"input_tokens": Decimal(4)}, reason="deal", since=later)
    await people.set("acme/acme-1", wanted, by="ann")
    assert (await cost(held), await cost(held, at=later.isoformat())) == (Decimal(5), Decimal(4))
    await people.set("acme/acme-1", SetPrices(prices={"input_tokens": Decimal(3)}, reason="deal"), by="ann")
    assert (await cost(held), await column(held)) == (Decimal(3), Decimal("0.003"))
    await people.unset("acme/acme-1", by="ann")
    assert (await cost(held), await column(held)) == (Decimal(1), Decimal("0.001"))
    assert await sync(held) == Priced()


async def test_a_price_set_for_a_period_leaves_the_column_when_it_ends(held: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    until = now + dt.timedelta(hours=1)
    await PriceDecisions(held).set(
        "acme/acme-1", SetPrices(prices={"input_tokens": Decimal(5)}, reason="campaign", until=until), by="ann"
    )
    assert await column(held) == Decimal("0.005")
    assert await take_effect(held, now, until - dt.timedelta(seconds=1)) == 0
    assert await take_effect(held, until - dt.timedelta(seconds=1), until) == 1
    assert await column(held) == Decimal("0.001")


async def test_a_price_can_be_set_for_a_period(held: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    since, until = now + dt.timedelta(days=1), now + dt.timedelta(days=2)
    wanted = SetPrices(prices={"input_tokens": Decimal(5)}, reason="campaign", since=since, until=until)
    await PriceDecisions(held).set("acme/acme-1", wanted, by="ann")
    days = [now, since, until - dt.timedelta(microseconds=1), until]
    assert [await cost(held, at=it.isoformat()) for it in days] == [1, 5, 5, 1]


async def test_a_contract_is_what_its_tenant_pays_without_markup_and_nobody_else(held: Database) -> None:
    wanted = SetPrices(prices={"input_tokens": Decimal("0.5")}, reason="contract 7", tenant="blue")
    await PriceDecisions(held).set("acme/acme-1", wanted, by="ann")
    assert await cost(held, tenant="blue") == Decimal("0.5")
    assert await cost(held, tenant="red") == Decimal("1.4")
    assert await cost(held) == 1


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (
            SetPrices(prices={"input_token": Decimal(1)}, reason="x"),
            "input_token: is no meter; did you mean input_tokens",
        ),
        (SetPrices(prices={"images": Decimal(-1)}, reason="x"), "images: is -1; a price is a finite amount from 0"),
        (SetPrices(prices={"images": Decimal("NaN")}, reason="x"), "a finite amount"),
        (SetPrices(prices={}, reason="x"), "names no meter"),
    ],
)
async def test_what_cannot_be_a_price_is_named(acme: Database, wanted: SetPrices, problem: str) -> None:
    with pytest.raises(UsageInvalid, match=problem.replace("(", r"\(")):
        await PriceDecisions(acme).set("acme/acme-1", wanted, by="ann")


async def test_a_preview_writes_nothing(held: Database) -> None:
    wanted = SetPrices(prices={"input_tokens": Decimal(3)}, reason="deal")
    await PriceDecisions(held).set("acme/acme-1", wanted, by="ann", dry_run=True)
    assert (await cost(held), await column(held)) == (Decimal(1), Decimal("0.001"))


async def test_what_was_believed_then_is_told_as_of_then(held: Database) -> None:
    then = dt.datetime.now(dt.UTC)
    wanted = SetPrices(
        prices={"input_tokens": Decimal(2)}, reason="it was always 2", since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    await PriceDecisions(held).set("acme/acme-1", wanted, by="ann")
    reads = Prices(held, Models(held))
    when = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    (now,), (before,) = await reads.at("acme-1", when), await reads.at("acme-1", when, then)
    assert [line.usd for sheet in now.sheets for line in sheet.lines] == ["2"]
    assert before.sheets == ()
    with pytest.raises(ModelNotFound):
        await reads.at("acme-9")


async def test_who_put_another_price_in_place_of_one_and_why_stays_in_its_history(acme: Database) -> None:
    people = PriceDecisions(acme)
    for by, why, amount in (("ann", "deal", "3"), ("bob", "better deal", "2")):
        terms = SetPrices(prices={"input_tokens": Decimal(amount)}, reason=why)
        await people.set("acme/acme-1", terms, by=by)
    (found,) = await Prices(acme, Models(acme)).history("acme/acme-1", ever=True)
    ended = [it for it in found.sheets if it.known_to is not None]
    assert [(it.reason, it.ended_by, it.ended_because) for it in ended] == [("deal", "bob", "better deal")]


async def test_what_ended_while_it_was_held_is_approved_without_an_effect(held: Database) -> None:
    before = await cost(held)
    await held.rows(
        "UPDATE price_proposals SET wanted = jsonb_set(jsonb_set(wanted, '{0,said}', 'null'), '{0,valid_to}',"
        " to_jsonb(%s::text)) WHERE verdict = 'held' RETURNING id",
        [dt.datetime.now(dt.UTC).isoformat()],
    )
    assert await PriceDecisions(held).decide(["all"], approve=True, by="ann") == ["acme/acme-1"]
    assert await cost(held) == before


async def test_a_price_is_set_beside_a_row_whose_change_was_before_it_was_known(acme: Database) -> None:
    await acme.rows(
        "WITH it AS (SELECT set_config('radiant.writer', 'service', false))"
        " UPDATE models SET input_cost_per_1k = 0.001, price_details ="
        ' \'{"input_per_mtok": "1", "steps": [{"from": "2020-01-01", "input_per_mtok": "2"}]}\''
        " FROM it WHERE model_id = 'acme-1' RETURNING models.id"
    )
    terms = SetPrices(prices={"output_tokens": Decimal(9)}, reason="deal")
    await PriceDecisions(acme).set("acme/acme-1", terms, by="ann")
    assert await cost(acme) == 2
