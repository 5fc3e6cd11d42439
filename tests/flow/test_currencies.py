"""A model told in euros: from its file and a rate to sheets, columns and costs; what is unknown, or corrected."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radiant.admin.catalogs import public_source
from radiant.admin.currencies import CurrencyRates
from radiant.catalog.load import Catalog
from radiant.domain.currency import RateSet, RateTerms
from radiant.domain.errors import UsageInvalid
from radiant.domain.external import Price, PriceTier
from radiant.insight.costs import Costs
from radiant.insight.facts import Facts
from radiant.insight.models import Models
from radiant.insight.prices import Prices
from radiant.pricing.guards import GRACE
from radiant.registry.database import Database
from radiant.sync.importing import import_facts
from radiant.sync.pricing import Priced, bring_up_to_date
from radiant.sync.seed import SeedReport
from tests.flow.seeding import MINI, WHERE_MINI, Query, changed, seed

D = Decimal
NAME = "/".join(MINI)
COLUMNS = f"SELECT input_cost_per_1k::text AS input, output_cost_per_1k::text AS output FROM models {WHERE_MINI}"


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def euros(amount: str = "0.5", **more: Any) -> Price:
    tiers = (PriceTier(above_input_tokens=1000, input_per_mtok=D(1)),)
    return Price(**{"currency": "EUR", "input_per_mtok": D(amount), "output_per_mtok": D(2), "tiers": tiers, **more})


async def state(database: Database, usd: str, day: dt.date | None = None, source: str = "ECB") -> RateSet:
    return await CurrencyRates(database).state(RateTerms(currency="EUR", usd=D(usd), source=source, day=day), by="ann")


async def columns(database: Database) -> tuple[str | None, str | None]:
    (row,) = await database.rows(COLUMNS)
    return row["input"], row["output"]


async def cost(database: Database, at: dt.datetime | None = None) -> tuple[str | None, str | None]:
    asked: dict[str, Any] = {"model": NAME, "usage": {"input_tokens": 1000}}
    found = await Costs(database).one(asked | ({} if at is None else {"at": at.isoformat()}))
    return found.usd, found.note


@pytest.fixture
async def european(database: Database, catalog: Catalog) -> Database:
    """A registry that was seeded once more, with a catalog that tells one model in euros and no rate."""
    await seed(database, changed(catalog, MINI, price=euros()))
    return database


async def test_without_a_rate_the_price_is_kept_as_it_was_said_and_unknown_in_the_books(european: Database) -> None:
    assert await columns(european) == (None, None)
    usd, note = await cost(european)
    assert usd is None
    assert note is not None
    assert note.startswith("curated prices it in EUR, and no rate is known: `radiant prices currency EUR ")
    (found,) = await Prices(european, Models(european)).at(NAME)
    assert found.unknown == note
    lines = [line for it in found.sheets for line in it.lines]
    assert {(it.usd, it.currency) for it in lines} == {(None, "EUR")}
    assert [it.quoted for it in lines] == ["0.5", "1", "2"]
    assert await european.rows("SELECT FROM price_at('openai', 'gpt-4o-mini')") == []
    (said,) = await european.rows(
        f"SELECT currency, prices ->> 'input_per_mtok' AS input FROM price_claims {WHERE_MINI} AND upper_inf(seen)"
    )
    assert said == {"currency": "EUR", "input": "0.5"}


async def test_a_rate_makes_it_known_at_once_with_both_amounts(european: Database) -> None:
    done = await state(european, "1.08")
    assert (done.rate.usd, done.rate.set_by, done.told, done.sheets, done.held) == ("1.08", "ann", 1, 1, 0)
    assert await columns(european) == ("0.00054", "0.00216")
    assert await cost(european) == ("0.00054", None)
    (sheet,) = (await Prices(european, Models(european)).at(NAME))[0].sheets
    assert [(it.usd, it.quoted, it.currency, it.above) for it in sheet.lines] == [
        ("0.54", "0.5", "EUR", None), ("1.08", "1", "EUR", 1000), ("2.16", "2", "EUR", None),
    ]  # fmt: skip
    (used,) = sheet.rates
    assert (used.currency, used.usd, used.day, used.source) == ("EUR", "1.08", today(), "ECB")
    (origin,) = await european.rows("SELECT origin, currency FROM price_sheets WHERE id = %s", [sheet.sheet])
    assert origin == {"origin": "derived", "currency": "USD"}


async def test_a_new_rate_is_a_change_from_its_day_on_and_history_stays(european: Database) -> None:
    await state(european, "1.00", ago(5))
    await state(european, "1.08", ago(2))
    noon = dt.datetime.combine(ago(3), dt.time(12), dt.UTC)
    assert await cost(european, noon) == ("0.0005", None)
    assert await cost(european) == ("0.00054", None)
    await state(european, "1.1", ago(5))
    assert await cost(european, noon) == ("0.00055", None), "a rate stated otherwise corrects its days"
    assert await cost(european) == ("0.00054", None)


async def test_the_same_again_writes_nothing_whoever_runs(european: Database, catalog: Catalog) -> None:
    await bring_up_to_date(european, grace=GRACE)
    await state(european, "1.08", ago(2))
    rates, sheets = "SELECT count(*) AS n FROM fx_rates", "SELECT count(*) AS n FROM price_sheets"
    before = [await european.rows(it) for it in (rates, sheets)]
    assert (await state(european, "1.080", ago(2))).sheets == 0
    assert await bring_up_to_date(european, grace=GRACE) == Priced()
    assert await seed(european, changed(catalog, MINI, price=euros())) == SeedReport()
    assert [await european.rows(it) for it in (rates, sheets)] == before


async def test_a_new_price_in_euros_is_taken_over_by_the_seed_that_reads_it(
    european: Database, catalog: Catalog
) -> None:
    await seed(european, changed(catalog, MINI, price=euros("0.6")))
    lines = (await Prices(european, Models(european)).at(NAME))[0].sheets[0].lines
    assert lines[0].quoted == "0.6", "without a rate, too"
    await state(european, "1.5")
    await seed(european, changed(catalog, MINI, price=euros("0.4")))
    assert await columns(european) == ("0.0006", "0.003")
    assert (await cost(european))[0] == "0.0006"


async def test_who_speaks_in_usd_speaks_until_there_is_a_rate(
    european: Database, catalog: Catalog, litellm_body: bytes
) -> None:
    await import_facts(european, public_source("litellm"), litellm_body, today())
    await seed(european, changed(catalog, MINI, price=euros("0.2", output_per_mtok=D("0.7"), tiers=())))
    assert await columns(european) == ("0.00015", "0.0006")
    await state(european, "1.08")
    assert await columns(european) == ("0.000216", "0.000756")
    said = {it.field: it for it in (await Facts(european, Models(european)).claims(NAME))[0][1] if it.holds}
    assert said["price_in_eur.input_per_mtok"].value == D("0.2")
    reckoned = said["price.input_per_mtok"]
    assert (reckoned.value, reckoned.source) == (D("0.216"), "curated")
    assert str(reckoned.reference).endswith(f"1 EUR = 1.08 USD since {today()} (ECB)")


async def test_back_in_usd_the_model_costs_what_it_did(european: Database, catalog: Catalog) -> None:
    await state(european, "1.08")
    await seed(european, catalog)
    assert await columns(european) == ("0.00015", "0.0006")
    assert (await cost(european))[0] == "0.00015"


async def test_a_model_in_euros_that_comes_after_its_rate_has_a_price_at_once(
    database: Database, catalog: Catalog, query: Query
) -> None:
    assert (await state(database, "1.08")).told == 0
    new = ("openai", "euro-1")
    model = catalog.external[MINI]
    euro = msgspec.structs.replace(model, price=euros(), litellm_id=None)
    files = {**catalog.files, ("external", "/".join(new)): catalog.files["external", NAME]}
    await seed(database, msgspec.structs.replace(catalog, external={**catalog.external, new: euro}, files=files))
    asked = {"model": "/".join(new), "usage": {"input_tokens": 1000}}
    assert (await Costs(database).one(asked)).usd == "0.00054"
    assert query(database.url, "SELECT origin, currency FROM price_sheets ORDER BY valid") == [
        {"origin": "sync", "currency": "EUR"},  # since its source was read
        {"origin": "derived", "currency": "USD"},
    ]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"currency": "USD"}, "currency"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "EURO"}, "currency"),
        ({"currency": "E1R"}, "currency"),
        ({"currency": "ЕUR"}, "currency"),
        ({"usd": D(0)}, "usd"),
        ({"usd": D(-1)}, "usd"),
        ({"usd": D("NaN")}, "usd"),
        ({"usd": D("Infinity")}, "usd"),
        ({"usd": D(155)}, "usd"),
        ({"usd": D("1e-999999")}, "usd"),
        ({"usd": D("1.0000000000001")}, "usd"),
        ({"usd": D("0.108")}, "usd"),
        ({"day": dt.date(9999, 1, 1)}, "day"),
        ({"day": dt.date(1900, 1, 1)}, "day"),
    ],
)
async def test_what_can_be_no_rate_is_a_named_problem_and_writes_nothing(
    database: Database, terms: dict[str, Any], field: str
) -> None:
    await state(database, "1.08", ago(30))
    given = {"currency": "EUR", "usd": D("1.1"), "source": "ECB", **terms}
    with pytest.raises(UsageInvalid) as refused:
        await CurrencyRates(database).state(RateTerms(**given), by="ann")
    assert refused.value.field == field
    assert await database.rows("SELECT usd FROM fx_rates") == [{"usd": D("1.08")}]


async def test_what_a_model_cost_before_its_price_in_euros_changed_follows_its_own_amounts(
    european: Database, catalog: Catalog
) -> None:
    changed_at = dt.datetime.now(dt.UTC)
    await seed(european, changed(catalog, MINI, price=euros("0.6")))
    await state(european, "1.5", ago(3))
    assert await cost(european, dt.datetime.combine(ago(2), dt.time(), dt.UTC)) == ("0.00075", None)
    assert await cost(european, changed_at) == ("0.00075", None)
    assert await cost(european) == ("0.0009", None)
    assert await bring_up_to_date(european, grace=GRACE) != Priced(), "the others of the catalog"
    assert await bring_up_to_date(european, grace=GRACE) == Priced()
