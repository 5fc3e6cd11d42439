"""The sale book from end to end: what tenants are charged, what the columns show, what is sold below its cost."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant import Selector
from radiant.admin.markups import Markups
from radiant.admin.overrides import Overrides
from radiant.admin.prices import PriceDecisions
from radiant.domain.errors import ModelNotFound, ProviderNotFound, RadiantError, UsageInvalid
from radiant.domain.markups import MarkupNotFound, MarkupTerms
from radiant.domain.prices import SetPrices
from radiant.insight.costs import Costs
from radiant.insight.models import Models
from radiant.insight.prices import Prices
from radiant.pricing.guards import GRACE
from radiant.registry.database import Database
from radiant.sync import pricing
from radiant.sync.pricing import bring_up_to_date, take_effect
from tests.flow.test_price_sync import acme, genai, genai_of, sync, take

__all__ = ["acme"]

USAGE = {"input_tokens": 1_000_000}
NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def terms(rate: str, **more: Any) -> MarkupTerms:
    return MarkupTerms(rate=Decimal(rate), reason="agreed", **more)


async def sale(database: Database, tenant: str | None = None, **more: Any) -> Decimal:
    asked = {"provider": "acme", "model": "acme-1", "usage": USAGE, "book": "sale", "tenant": tenant, **more}
    found = await Costs(database).one({name: it for name, it in asked.items() if it is not None})
    assert found.usd is not None
    return Decimal(found.usd)


async def column(database: Database, model: str = "acme-1") -> Decimal:
    (row,) = await database.rows("SELECT markup_rate FROM unified_model_registry WHERE model_id = %s", [model])
    rate: Decimal = row["markup_rate"]
    return rate


async def told(database: Database, type: str) -> list[dict[str, Any]]:
    return [row["data"] for row in await database.rows("SELECT data FROM events WHERE type = %s ORDER BY id", [type])]


@pytest.fixture
async def priced(acme: Database) -> Database:
    """A model at 10 USD for a million."""
    await take(acme, genai((None, {"input_mtok": 10})))
    await sync(acme)
    return acme


async def test_a_tenant_pays_by_the_most_specific_markup_alone(priced: Database) -> None:
    book = Markups(priced)
    assert await sale(priced, "blue") == 14
    before = dt.datetime.now(dt.UTC)
    await book.set(terms("0.5"), by="ann")
    assert await sale(priced, "blue") == 15, "for everything, before what is usual"
    await book.set(terms("0.6", hosting="external"), by="ann")
    await book.set(terms("0.7", provider="acme"), by="ann")
    await book.set(terms("0.8", model="acme/acme-1"), by="ann")
    assert await sale(priced, "blue") == 18
    await book.set(terms("0.1", tenant="blue"), by="ann")
    assert (await sale(priced, "blue"), await sale(priced, "red")) == (Decimal(11), Decimal(18))
    assert await column(priced) == Decimal("0.8")
    await book.set(terms("0.2", tenant="blue", hosting="external"), by="ann")
    assert await sale(priced, "blue") == 12
    made = await book.set(terms("-0.1", tenant="blue", model="acme-1", minimum_charge=Decimal(20)), by="ann")
    assert await sale(priced, "blue") == 20
    assert made.whom == "tenant blue, acme/acme-1"
    assert await sale(priced, at=before.isoformat()) == 14, "last month is billed at last month's markup"
    ended = await book.unset(made.id, by="ann")
    assert (ended.id, await sale(priced, "blue")) == (made.id, Decimal(12))
    with pytest.raises(MarkupNotFound, match="No markup"):
        await book.unset(made.id, by="ann")


async def test_a_markup_holds_for_its_period_and_is_announced(priced: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    since, until = now + HOUR, now + 2 * HOUR
    await Markups(priced).set(terms("1", since=since, until=until), by="ann")
    moments = [now, since, until - dt.timedelta(microseconds=1), until]
    assert [await sale(priced, at=it.isoformat()) for it in moments] == [14, 20, 20, 14]
    found = await Costs(priced).one({"model": "acme/acme-1", "usage": USAGE, "book": "sale"})
    assert [(it.at, it.usd) for it in found.announced] == [(since, "20")]
    assert found.valid_until == since
    assert await column(priced) == Decimal("0.4")
    assert await take_effect(priced, now, since) > 0
    assert await column(priced) == 1
    assert await sale(priced) == 14, "the column is ahead of the clock, and says nothing of its own"
    assert await take_effect(priced, since, until) > 0
    assert await column(priced) == Decimal("0.4")


async def test_choosing_reckons_with_what_tenants_pay(database: Database) -> None:
    asked: dict[str, Any] = {"task": "chat", "only_providers": ["openai"]}
    asked |= {"input_modalities": ["text"], "output_modalities": ["text"]}

    async def costs() -> dict[str, Decimal | None]:
        async with await Selector.connect(database.url) as selector:
            ranked = selector.rank(limit=1000, **asked, tenant_tier=5, usage={"input_tokens": 1000, "output_tokens": 0})
        return {it.model_id: it.estimated_cost for it in ranked}

    before = await costs()
    await Markups(database).set(terms("0.1", provider="openai"), by="ann")
    after = await costs()
    assert before
    assert after == {
        name: None if cost is None else cost / Decimal("1.4") * Decimal("1.1") for name, cost in before.items()
    }
    await Markups(database).set(terms("0.1", provider="openai", minimum_charge=Decimal("0.5")), by="ann")
    assert {it for it in (await costs()).values() if it is not None} == {Decimal("0.5")}
    asked |= {"usage": {"input_tokens": 1000, "output_tokens": 0}, "max_cost_per_request": "0.49", "tenant_tier": 5}
    async with await Selector.connect(database.url) as selector:
        assert selector.select(**asked) is None
        reasons = {it.reason for it in selector.explain(**asked).refused if it.criterion == "cost"}
    assert "a request costs more than 0.49 USD" in reasons


async def test_who_ended_a_markup_and_why_stays_in_its_history(acme: Database) -> None:
    book = Markups(acme)
    made = await book.set(terms("0.5", tenant="blue"), by="setter")
    await book.unset(made.id, by="ender", reason="END")
    found = [it for it in await book.listed(ever=True) if not it.usual]
    gone, past = sorted(found, key=lambda it: it.known_to is None)
    assert (gone.set_by, gone.reason, gone.ended_by, gone.ended_because) == ("setter", "agreed", "ender", "END")
    assert (past.valid_to is not None, past.known_to, past.ended_by) == (True, None, None)


async def test_setting_a_markup_otherwise_forgets_what_was_written_into_the_column(priced: Database) -> None:
    await priced.rows("UPDATE models SET markup_rate = 0.3 WHERE model_id = 'acme-1' RETURNING id")
    assert await sale(priced) == 13
    later = dt.datetime.now(dt.UTC) + HOUR
    await Markups(priced).set(terms("0.1", model="acme-1", since=later), by="ann")
    assert (await sale(priced), await sale(priced, at=later.isoformat())) == (Decimal(13), Decimal(11))
    assert await Overrides(priced).listed("acme/acme-1") == []


async def test_dropping_the_override_hands_the_markup_back(priced: Database) -> None:
    await priced.rows("UPDATE models SET markup_rate = 0.3 WHERE model_id = 'acme-1' RETURNING id")
    await Overrides(priced).drop("acme/acme-1", "markup_rate")
    assert (await sale(priced), await column(priced)) == (Decimal(14), Decimal("0.4"))


@pytest.mark.parametrize(
    ("wanted", "kind", "problem"),
    [
        (terms("-1", tenant="t"), UsageInvalid, "rate: is -1; a markup is above -1 and below 100"),
        (terms("NaN"), UsageInvalid, "rate: is NaN"),
        (terms("-0.1"), UsageInvalid, "only one tenant can have less"),
        (terms("0.00001"), UsageInvalid, "more than 4 decimal places"),
        (terms("0.4", minimum_charge=Decimal(-1)), UsageInvalid, "minimum_charge: is -1"),
        (terms("0.4", minimum_charge=Decimal("1e99")), UsageInvalid, "minimum_charge: is beyond"),
        (terms("0.4", hosting="moon"), UsageInvalid, "expected external or self_hosted"),
        (terms("0.4", hosting="external", provider="acme"), UsageInvalid, "name one of them"),
        (terms("0.4", hosting="external", model="acme-1"), UsageInvalid, "name one of them"),
        (terms("0.4", until=NOW), UsageInvalid, "not after it begins"),
        (terms("0.4", since=dt.datetime(1, 1, 1, tzinfo=dt.UTC)), UsageInvalid, "since: is out of reach"),
        (terms("0.4", until=dt.datetime(9999, 1, 1, tzinfo=dt.UTC)), UsageInvalid, "until: is out of reach"),
        (terms("0.4", model="no-such"), ModelNotFound, "no-such"),
        (terms("0.4", provider="no-such"), ProviderNotFound, "no-such"),
        (terms("0.4", tenant=" "), RadiantError, "A name says something"),
    ],
)  # fmt: skip
async def test_what_cannot_be_a_markup_is_named_and_writes_nothing(
    acme: Database, wanted: MarkupTerms, kind: type[RadiantError], problem: str
) -> None:
    with pytest.raises(kind, match=problem):
        await Markups(acme).set(wanted, by="ann")
    assert [it.usual for it in await Markups(acme).listed(ever=True)] == [True, True]


async def rise(database: Database, to: float, grace: dt.timedelta = GRACE) -> dt.datetime:
    await take(database, genai((None, {"input_mtok": to})))
    now = dt.datetime.now(dt.UTC)
    await bring_up_to_date(database, now=lambda: now, grace=grace, provider="acme")
    return now


async def test_a_rise_reaches_tenants_after_the_grace_period_of_the_settings(priced: Database) -> None:
    now = await rise(priced, 12, grace=HOUR)
    late = now + HOUR
    assert await sale(priced, at=now.isoformat()) == 14
    assert await sale(priced, at=(late - dt.timedelta(microseconds=1)).isoformat()) == 14
    assert await sale(priced, at=late.isoformat()) == Decimal("16.8")
    bought = await Costs(priced).one({"model": "acme/acme-1", "usage": USAGE})
    assert bought.usd == "12", "what we pay follows at once"
    assert await told(priced, "radiant.price.below_cost") == []


async def test_a_fall_and_a_small_rise_reach_tenants_at_once(priced: Database) -> None:
    await rise(priced, 5)
    assert await sale(priced) == 7
    await rise(priced, 5.5)
    assert await sale(priced) == Decimal("7.7")


async def test_a_rise_beyond_the_markup_is_told_and_shown_as_sold_below_cost(priced: Database) -> None:
    now = await rise(priced, 16)
    (event,) = await told(priced, "radiant.price.below_cost")
    until = now + dt.timedelta(hours=24)
    assert (event["provider_id"], event["model_id"], event["tenant"]) == ("acme", "acme-1", None)
    assert event["meters"] == {"input_tokens": {"purchase": "16", "sale": "14", "per": 1_000_000}}
    assert dt.datetime.fromisoformat(event["until"]) == until
    (shown,) = await Prices(priced, Models(priced)).at("acme/acme-1")
    assert (shown.markup, shown.markup_source) == ("0.4", "markup of external")
    (loss,) = shown.below_cost
    assert (loss.meter, loss.purchase, loss.sale, loss.until) == ("input_tokens", "16", "14", until)
    (later,) = await Prices(priced, Models(priced)).at("acme/acme-1", until)
    assert later.below_cost == ()
    await sync(priced)
    assert len(await told(priced, "radiant.price.below_cost")) == 1, "once"


async def test_of_many_rises_the_largest_are_told_and_what_is_sold_below_its_cost_by_them(
    priced: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pricing, "_TOLD", 2)
    models = {"acme-1": 1.2, "acme-2": 1.9, "acme-3": 1.3, "acme-4": 1.8}
    for id in [*models][1:]:
        await priced.rows(
            "INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, origin)"
            " VALUES ('acme', %s, %s, %s, 'chat', 'adopted') RETURNING id",
            [id, id, id],
        )
    await take(priced, genai_of(dict.fromkeys(models, 10.0)))
    await sync(priced)
    await take(priced, genai_of({id: 10 * factor for id, factor in models.items()}))
    await sync(priced)
    for type in ("radiant.price.rising", "radiant.price.below_cost"):
        assert {it["model_id"] for it in await told(priced, type)} == {"acme-2", "acme-4"}, "in whatever order"


async def test_an_approved_rise_reaches_tenants_a_grace_period_after_its_approval(priced: Database) -> None:
    await rise(priced, 30)
    now = dt.datetime.now(dt.UTC)
    people = PriceDecisions(priced, lambda: now, grace=2 * HOUR)
    await people.decide(["all"], approve=True, by="ann")
    assert [await sale(priced, at=it.isoformat()) for it in (now, now + 2 * HOUR)] == [14, 42]
    (event,) = await told(priced, "radiant.price.rising")
    assert (event["factor"], dt.datetime.fromisoformat(event["sold_from"])) == ("3", now + 2 * HOUR)
    assert [it["tenant"] for it in await told(priced, "radiant.price.below_cost")] == [None]


async def test_a_contract_below_cost_is_told_when_it_is_set(priced: Database) -> None:
    wanted = SetPrices(prices={"input_tokens": Decimal(9)}, reason="contract 7", tenant="blue")
    (edit,) = await PriceDecisions(priced).set("acme/acme-1", wanted, by="ann")
    assert [(it.purchase, it.sale) for it in edit.below_cost] == [("10", "9")]
    assert [it["tenant"] for it in await told(priced, "radiant.price.below_cost")] == ["blue"]
    (shown,) = await Prices(priced, Models(priced)).at("acme/acme-1", tenant="blue")
    assert [it.sale for it in shown.below_cost] == ["9"]
