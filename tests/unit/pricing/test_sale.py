"""What a tenant pays: one markup, the most specific; contracts; a least charge."""

from decimal import Decimal

import pytest

from radiant.domain.price_sheet import Book
from radiant.pricing.rating import rate
from radiant.pricing.sale import Markup, Scope, markup_for

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
