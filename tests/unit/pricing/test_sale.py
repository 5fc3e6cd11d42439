"""What a tenant pays: one markup, the most specific; contracts; a least charge."""

from decimal import Decimal

import pytest

from radiant.domain.price_sheet import Book
from radiant.pricing.rating import rate
from radiant.pricing.sale import Markup, Scope, markup_for, with_column
from radiant.pricing.selling import rate_sold
from radiant.pricing.timeline import Timeline

from .sheets import NOON, day, price, sheet

WHOM = Scope(tenant_id="t1", hosting="external", provider_id="openai", model_id="gpt-5")


def scoped(rate: str, **scope: str) -> Markup:
    return Markup(scope=Scope(**scope), rate=Decimal(rate))


#: From the most specific to the least.
IN_ORDER = (
    scoped("0.01", tenant_id="t1", provider_id="openai", model_id="gpt-5"),
    scoped("0.02", tenant_id="t1", provider_id="openai"),
    scoped("0.03", tenant_id="t1", hosting="external"),
    scoped("0.04", tenant_id="t1"),
    scoped("0.05", provider_id="openai", model_id="gpt-5"),
    scoped("0.06", provider_id="openai"),
    scoped("0.07", hosting="external"),
    scoped("0.08"),
)


@pytest.mark.parametrize("place", range(len(IN_ORDER)))
def test_the_most_specific_markup_counts_alone(place: int) -> None:
    found = markup_for(reversed(IN_ORDER[place:]), WHOM, NOON)
    assert found is IN_ORDER[place]


def test_a_markup_for_others_or_for_another_time_does_not_count() -> None:
    december = day("2026-12-01")
    others = (
        scoped("1", tenant_id="t2"),
        scoped("1", hosting="self_hosted"),
        Markup(scope=Scope(), rate=Decimal(1), valid_from=december),
        Markup(scope=Scope(), rate=Decimal(1), valid_to=NOON),
    )
    assert markup_for(others, WHOM, NOON) is None
    assert markup_for(others, WHOM, december) is others[2]


TEXT = sheet(price("input_tokens", "2"), price("output_tokens", "10"), valid_to=day("2026-12-01"))
LATER = sheet(price("input_tokens", "4"), price("output_tokens", "20"), valid_from=day("2026-12-01"))


@pytest.mark.parametrize(
    ("markup", "usage", "lines", "total"),
    [
        # 1,000 × 2 + 100 × 10 per million, and 40 % on it.
        (scoped("0.4"), {"input_tokens": 1000, "output_tokens": 100}, {"markup": "0.0012"}, "0.0042"),
        (scoped("0"), {"input_tokens": 1000}, {}, "0.002"),
        (scoped("-0.5"), {"input_tokens": 1000}, {"markup": "-0.001"}, "0.001"),
        (
            Markup(scope=Scope(), rate=Decimal("0.4"), minimum_charge=Decimal("0.001")),
            {"input_tokens": 100},
            {"markup": "0.00008", "minimum": "0.00072"},
            "0.001",
        ),
    ],
)
def test_a_markup_is_on_every_meter(markup: Markup, usage: dict[str, int], lines: dict[str, str], total: str) -> None:
    found = rate(TEXT, usage, NOON, markup=markup)
    more = {line.meter: line.usd for line in found.lines if line.meter in ("markup", "minimum")}
    assert more == {name: Decimal(usd) for name, usd in lines.items()}
    assert found.total == Decimal(total) == sum((line.usd for line in found.lines), Decimal(0))


def test_a_contract_is_what_it_says_and_the_rest_is_marked_up() -> None:
    contract = sheet(price("input_tokens", "1"), rank=2, book=Book.SALE, tenant_id="t1", source="contract")
    found = rate(
        (TEXT, contract, LATER), {"input_tokens": 1_000_000, "output_tokens": 1_000_000}, NOON, markup=scoped("0.4")
    )
    assert found.total == 1 + 10 + 4
    # What is announced is what the tenant will pay: the contract goes on.
    assert [it.total for it in found.announced] == [1 + 20 + 8]


def test_what_has_no_price_has_none_with_a_markup_either() -> None:
    found = rate(
        sheet(), {"input_tokens": 1}, NOON, markup=Markup(scope=Scope(), rate=Decimal(1), minimum_charge=Decimal(1))
    )
    assert (found.total, found.lines) == (None, ())


USUAL = Markup(scope=Scope(hosting="external"), rate=Decimal("0.4"), usual=True)
MODEL = Scope(hosting="external", provider_id="openai", model_id="gpt-5")


def test_what_is_usual_speaks_after_whatever_somebody_set() -> None:
    assert markup_for((USUAL, scoped("0.1")), WHOM, NOON) == scoped("0.1")
    assert markup_for((USUAL,), WHOM, NOON) is USUAL


@pytest.mark.parametrize(
    ("markups", "column", "rate"),
    [
        ((USUAL,), "0.4", "0.4"),
        ((USUAL,), "0.6", "0.6"),  # a catalog file says so
        ((USUAL, scoped("0.1")), "0.1", "0.1"),
        ((USUAL, scoped("0.1")), "0.6", "0.1"),  # what somebody set speaks before it
        ((USUAL, Markup(scope=Scope(), rate=Decimal("0.1"), valid_to=NOON)), "0.1", "0.4"),  # it shows what ended
        ((USUAL, scoped("0.2", tenant_id="t1")), "0.6", "0.2"),
    ],
)
def test_a_column_says_something_where_it_shows_none_of_the_markups(
    markups: tuple[Markup, ...], column: str, rate: str
) -> None:
    found = markup_for(with_column(markups, MODEL, Decimal(column)), WHOM, NOON)
    assert found is not None
    assert found.rate == Decimal(rate)


def test_markups_of_other_models_are_left_out() -> None:
    others = (scoped("1", provider_id="google"), scoped("1", hosting="self_hosted"), scoped("2", tenant_id="t9"))
    assert with_column(others, MODEL, None) == others[2:]


def test_a_contract_for_all_that_was_used_has_no_least_charge_of_a_markup() -> None:
    contract = sheet(price("input_tokens", "1"), rank=2, book=Book.SALE, tenant_id="t1", source="contract")
    least = Markup(scope=Scope(), rate=Decimal("0.4"), minimum_charge=Decimal(1))
    assert rate((TEXT, contract), {"input_tokens": 1000}, NOON, markup=least).total == Decimal("0.001")
    assert rate((TEXT, contract), {"input_tokens": 1000, "output_tokens": 1}, NOON, markup=least).total == 1


def test_a_contract_has_a_least_charge_of_its_own() -> None:
    contract = sheet(
        price("input_tokens", "1"), rank=2, book=Book.SALE, tenant_id="t1", source="contract", minimum=Decimal("0.01")
    )
    found = rate((TEXT, contract), {"input_tokens": 1000}, NOON, markup=scoped("0.4"))
    assert [(it.meter, it.usd) for it in found.lines] == [
        ("input_tokens", Decimal("0.001")), ("minimum", Decimal("0.009")),
    ]  # fmt: skip


def test_a_contract_says_its_least_charge_of_what_it_does_not_price_as_well_and_no_markup_is_on_it() -> None:
    contract = sheet(
        price("web_searches", "1", 1), rank=2, book=Book.SALE, tenant_id="t1", id="8", minimum=Decimal("0.5")
    )
    found = rate((TEXT, contract), {"input_tokens": 1000}, NOON, markup=scoped("0.4"))
    assert [(it.meter, it.usd, it.sheet, it.sold) for it in found.lines] == [
        ("input_tokens", Decimal("0.002"), None, False),
        ("markup", Decimal("0.0008"), None, False),
        ("minimum", Decimal("0.4972"), "8", True),
    ]
    assert found.total == Decimal("0.5")


def test_our_own_least_charge_is_marked_up_as_all_that_we_pay() -> None:
    least = sheet(*TEXT.prices, minimum=Decimal("0.5"), id="3")
    found = rate(least, {"input_tokens": 1000}, NOON, markup=scoped("0.4"))
    assert [(it.meter, it.usd, it.sheet) for it in found.lines] == [
        ("input_tokens", Decimal("0.002"), "3"), ("minimum", Decimal("0.498"), "3"), ("markup", Decimal("0.2"), None),
    ]  # fmt: skip


def test_a_contract_that_says_our_price_is_announced_since_no_markup_is_on_it() -> None:
    contract = sheet(*TEXT.prices, rank=2, book=Book.SALE, tenant_id="t1", valid_from=day("2026-12-01"))
    forever = sheet(*TEXT.prices)
    found = rate((forever, contract), {"input_tokens": 1_000_000}, NOON, markup=scoped("0.4"))
    assert (found.total, [it.total for it in found.announced]) == (Decimal("2.8"), [Decimal(2)])


def test_a_markup_that_changes_is_announced_beside_changes_of_price() -> None:
    later = Markup(scope=Scope(tenant_id="t1"), rate=Decimal("0.1"), valid_from=day("2026-12-05"), id="7")
    usage = {"input_tokens": 1_000_000}
    found = rate_sold(Timeline((TEXT, LATER)), usage, NOON, {}, markups=(USUAL, later), whom=WHOM)
    assert (found.total, found.valid_until) == (Decimal("2.8"), day("2026-12-01"))
    assert [(it.at, it.total) for it in found.announced] == [
        (day("2026-12-01"), Decimal("5.6")),
        (day("2026-12-05"), Decimal("4.4")),
    ]
    assert (found.announced[1].source, found.announced[1].sheet) == ("markup", "7")
    soon = Markup(scope=Scope(tenant_id="t1"), rate=Decimal("0.1"), valid_to=day("2026-11-27"))
    ends = rate_sold(Timeline((TEXT, LATER)), usage, NOON, {}, markups=(USUAL, soon), whom=WHOM)
    assert (ends.total, ends.valid_until) == (Decimal("2.2"), day("2026-11-27"))
    assert [it.total for it in ends.announced] == [Decimal("2.8"), Decimal("5.6")]
