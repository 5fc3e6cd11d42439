"""Prices that were said in another currency than USD, reckoned in USD at the rate of a day. Pure and exact."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from radiant.domain.currency import Rate, currency_of, usual_field
from radiant.domain.fact import Fact
from radiant.domain.units import BY_KEY

from .plan import EXACT

#: By currency, its rates in the order of their days.
Rates = Mapping[str, Sequence[Rate]]


class Unrated(msgspec.Struct, frozen=True):
    """That `source` tells a model's prices in `currency`, which has a rate from `since` on; None is never."""

    source: str
    currency: str
    since: dt.datetime | None


def why_unknown(told: Iterable[Unrated], at: dt.datetime) -> str | None:
    """Why a price may be unknown at a moment, in sentences: it is told in a currency that had no rate then."""
    return " ".join(_sentence(it) for it in told if it.since is None or at < it.since) or None


def _sentence(it: Unrated) -> str:
    known = "no rate is known" if it.since is None else f"no rate is known before {it.since:%Y-%m-%d}"
    command = f"`radiant prices currency {it.currency} RATE --source WHERE`"
    return f"{it.source} prices it in {it.currency}, and {known}: {command} states one."


def first_rate(rates: Rates, currency: str) -> dt.datetime | None:
    """From when on a rate of a currency is known."""
    return min((it.since for it in rates.get(currency, ())), default=None)


def rate_at(rates: Rates, currency: str, at: dt.datetime) -> Rate | None:
    """The rate of a currency that holds at a moment: that of the last day until then."""
    begun = [it for it in rates.get(currency, ()) if it.since <= at]
    return max(begun, key=lambda it: it.day, default=None)


def in_usd(value: Any, rate: Rate, key: str = "") -> Any:
    """What a price of a catalog file, or a table or list of such, is in USD; what is no amount of money stays."""
    if isinstance(value, Mapping):
        return {name: in_usd(it, rate, name) for name, it in value.items()}
    if isinstance(value, list | tuple):
        return [in_usd(it, rate) for it in value]
    if key not in BY_KEY or value is None:
        return value
    amount = usd(Decimal(str(value)), rate)
    return f"{amount:f}" if isinstance(value, str) else amount


def usd(amount: Decimal, rate: Rate) -> Decimal:
    """An amount of the rate's currency in USD, to the last digit and without trailing zeros."""
    found = EXACT.multiply(amount, rate.usd)
    text = f"{found:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def said_in_usd(said: Mapping[str, Any], rates: Rates, at: dt.datetime) -> dict[str, Any]:
    """Facts of one model by field, those in other currencies as prices in USD where a rate holds at `at`; where none
    does they are left out."""
    found = {}
    for field, value in said.items():
        currency = currency_of(field)
        rate = None if currency is None else rate_at(rates, currency, at)
        if currency is None:
            found[field] = value
        elif rate is not None:
            usual = usual_field(field)
            found[usual] = in_usd(value, rate, usual.partition(".")[2])
    return found


def facts_in_usd(facts: Iterable[Fact], rates: Rates, at: dt.datetime) -> list[Fact]:
    """The same of facts as they are kept. Of a source that says a field in USD as well, that is its word."""
    facts = tuple(facts)
    plain = [fact for fact in facts if currency_of(fact.field) is None]
    said = {(fact.source, fact.entry, fact.field) for fact in plain}
    for fact in facts:
        currency = currency_of(fact.field)
        rate = None if currency is None else rate_at(rates, currency, at)
        usual = usual_field(fact.field)
        if rate is not None and (fact.source, fact.entry, usual) not in said:
            value = in_usd(fact.value, rate, usual.partition(".")[2])
            plain.append(msgspec.structs.replace(fact, field=usual, value=value, rate=rate))
    return plain


def said_in(facts: Iterable[Fact], currency: str) -> list[Fact]:
    """What is said in one currency, under the usual fields."""
    return [
        msgspec.structs.replace(fact, field=usual_field(fact.field))
        for fact in facts
        if currency_of(fact.field) == currency
    ]


def currencies(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The currencies other than USD in which facts tell prices, in their order by name."""
    named = {currency_of(fact.field) for fact in facts if usual_field(fact.field).partition(".")[2] in BY_KEY}
    return tuple(sorted(it for it in named if it is not None))


def quoted(amount: Decimal, rate: Rate) -> Decimal:
    """What an amount that `usd` made was in the rate's currency: a quotient without rest."""
    return EXACT.divide(amount, rate.usd).normalize(EXACT)
