"""The sheets of a model that is told in euros: what is wanted of it, and what has to change where a rate is stated."""

import datetime as dt
from decimal import Decimal

import msgspec

from radiant.catalog.precedence import NO_DOUBTS
from radiant.domain.currency import Rate
from radiant.domain.fact import Fact
from radiant.domain.price_sheet import Sheet
from radiant.domain.vocabulary import Task
from radiant.pricing.currencies import Rates
from radiant.pricing.wanted import Said, Wanted
from radiant.sync.price_plan import Plan, plan
from radiant.sync.rated_anew import overlaid, rated_anew
from radiant.sync.wanted_in_usd import wanted_in_usd

D = Decimal
NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
Told = tuple[str | None, str, str, str, str | None]


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}T00:00:00Z")


def rates(**by_day: str) -> Rates:
    """Euros: `nov_20="1.08"`."""
    months = {"oct": 10, "nov": 11}
    found = []
    for place, (name, usd) in enumerate(by_day.items(), 1):
        day = dt.date(2026, months[name[:3]], int(name[4:]))
        found.append(Rate(currency="EUR", day=day, usd=D(usd), source="ECB", id=place))
    return {"EUR": found}


def fact(field: str, value: object, source: str = "curated:mine", read: str = "2026-11-10") -> Fact:
    return Fact(
        source=source, entry="acme/acme-1", field=field, value=value, provider_id="acme", model_id="acme-1",
        reference=f"https://example.com ({read})" if source.startswith("curated") else None,
        source_date=None if source.startswith("curated") else dt.date.fromisoformat(read), seen_at=day(read),
    )  # fmt: skip


EUROS = fact("price_in_eur.input_per_mtok", D("0.92"))


def wants(known: Rates, *facts: Fact) -> Wanted:
    said = Said(provider_id="acme", model_id="acme-1", task=Task.CHAT, facts=facts or (EUROS,))
    return wanted_in_usd(said, NO_DOUBTS, NOW, known)


def told(sheets: tuple[Sheet, ...] | list[Sheet]) -> list[Told]:
    """From when, the currency, the amount, what was said, by which rate."""
    return [
        (
            None if it.valid_from is None else f"{it.valid_from:%m-%d}",
            it.currency,
            f"{it.prices[0].amount:f}",
            f"{it.prices[0].quoted}",
            None if it.prices[0].rate is None else f"{it.prices[0].rate.usd}",
        )
        for it in sheets
    ]


def change(stored: tuple[Sheet, ...], known: Rates, *facts: Fact) -> Plan:
    wanted = wants(known, *facts)
    return plan(stored, wanted, wanted.sheets, NOW, rated=rated_anew(stored, known))


def test_without_a_rate_the_sheet_is_kept_as_it_was_said() -> None:
    assert told(wants({}).sheets) == [("11-10", "EUR", "0.92", "None", None)]


def test_each_rate_is_a_change_of_price_from_its_day_on() -> None:
    found = wants(rates(oct_01="1.00", nov_20="1.08", nov_25="1.1"))
    assert told(found.sheets) == [
        ("11-10", "USD", "0.92", "0.92", "1.00"),
        ("11-20", "USD", "0.9936", "0.92", "1.08"),
        ("11-25", "USD", "1.012", "0.92", "1.1"),
    ]
    assert [it.valid_to for it in found.sheets] == [day("2026-11-20"), day("2026-11-25"), None]
    assert all(it.derived for it in found.sheets)


def test_before_the_first_rate_no_price_is_known_in_usd() -> None:
    found = wants(rates(nov_20="1.08"))
    assert told(found.sheets) == [
        ("11-10", "EUR", "0.92", "None", None),
        ("11-20", "USD", "0.9936", "0.92", "1.08"),
    ]


def test_a_price_in_usd_of_somebody_else_speaks_until_there_is_a_rate() -> None:
    other = fact("price.input_per_mtok", D(1), "litellm")
    assert told(wants({}, EUROS, other).sheets) == [("11-10", "USD", "1", "None", None)]
    assert told(wants(rates(oct_01="1.08"), EUROS, other).sheets) == [("11-10", "USD", "0.9936", "0.92", "1.08")]


def test_meters_of_two_currencies_stand_in_one_sheet_each_as_it_was_said() -> None:
    other = fact("price.output_per_mtok", D(3), "litellm")
    (found,) = wants(rates(oct_01="1.08"), EUROS, other).sheets
    assert {it.meter: (it.amount, it.quoted) for it in found.prices} == {
        "input_tokens": (D("0.9936"), D("0.92")),
        "output_tokens": (D(3), None),
    }


def test_tiers_batches_and_announced_steps_are_reckoned_as_well() -> None:
    found = wants(
        rates(oct_01="2"),
        EUROS,
        fact("price_in_eur.tiers", [{"above_input_tokens": 5, "input_per_mtok": "1.5"}]),
        fact("price_in_eur.batch_input_per_mtok", D("0.4")),
        fact("price_in_eur.steps", [{"from": "2026-12-01", "input_per_mtok": "1"}]),
    ).sheets
    plain = [it.prices[0] for it in found if not it.context]
    assert [(it.amount, it.quoted, it.tiers[0].amount, it.tiers[0].quoted) for it in plain] == [
        (D("1.84"), D("0.92"), D(3), D("1.5")),
        (D(2), D(1), D(3), D("1.5")),
    ]
    batch = [it.prices[0] for it in found if it.context]
    assert {(it.amount, it.quoted) for it in batch} == {(D("0.8"), D("0.4"))}


def test_a_rate_makes_a_price_known_since_the_day_of_both() -> None:
    stored = wants({}).sheets
    assert told(change(stored, rates(nov_20="1.08")).sheets) == [("11-20", "USD", "0.9936", "0.92", "1.08")]
    assert told(change(stored, rates(oct_01="1.08")).sheets) == [("11-10", "USD", "0.9936", "0.92", "1.08")]


def test_the_same_rates_again_change_nothing() -> None:
    known = rates(nov_20="1.08", nov_25="1.1")
    assert change(wants(known).sheets, known).sheets == ()


def test_a_rate_stated_otherwise_corrects_its_days_and_no_others() -> None:
    stored = wants(rates(nov_12="1.05", nov_20="1.08")).sheets
    last = change(stored, rates(nov_12="1.05", nov_20="1.1")).sheets
    assert told(last) == [("11-20", "USD", "1.012", "0.92", "1.1")], "since its day, not from now on"
    first = change(stored, rates(nov_12="1", nov_20="1.08")).sheets
    assert told(first) == [("11-12", "USD", "0.92", "0.92", "1")]
    assert first[0].valid_to == day("2026-11-20")


def test_what_was_said_before_in_euros_is_reckoned_too_once_its_days_have_a_rate() -> None:
    now = fact("price_in_eur.input_per_mtok", D("0.95"), read="2026-11-22")
    (before,), (after,) = wants({}).sheets, wants({}, now).sheets
    stored = (msgspec.structs.replace(before, valid_to=after.valid_from), after)
    found = change(stored, rates(nov_15="1", nov_18="1.1"), now).sheets
    assert told(found) == [
        ("11-15", "USD", "0.92", "0.92", "1"),
        ("11-18", "USD", "1.012", "0.92", "1.1"),
        ("11-22", "USD", "1.045", "0.95", "1.1"),
    ]


def test_a_guard_compares_in_usd_and_no_bare_numbers() -> None:
    stored = wants({}, fact("price.input_per_mtok", D(1), "litellm")).sheets
    yen = fact("price_in_jpy.input_per_mtok", D(155), "provider:acme", "2026-11-20")
    known = {"JPY": [Rate(currency="JPY", day=dt.date(2026, 11, 1), usd=D("0.0065"), source="BoJ")]}
    assert change(stored, known, yen).reasons == (), "155 yen are a dollar and a cent"
    dear = msgspec.structs.replace(yen, value=D(310))
    (reason,) = change(stored, known, dear).reasons
    assert reason.startswith("rise_above: input_tokens from 1 for 1,000,000 to 2.015 for")
    assert change(wants({}, yen).sheets, known, yen).reasons == (), "of yen without a rate nothing is compared"
    dinar = fact("price_in_kwd.input_per_mtok", D(1), "provider:acme", "2026-11-20")
    dear_dinars = {"KWD": [Rate(currency="KWD", day=dt.date(2026, 11, 1), usd=D("3.25"), source="CBK")]}
    assert change(wants({}, dinar).sheets, dear_dinars, dinar).reasons == (), "1 KWD is no third of 3.25 USD"


def test_a_rate_that_makes_a_price_dear_is_told_and_held_as_another_rise_is() -> None:
    known, later = rates(nov_12="1"), rates(nov_12="1", nov_25="1.2")
    told_to_tenants = change(wants(known).sheets, later)
    assert (told_to_tenants.reasons, told_to_tenants.rise) == ((), D("1.2"))
    assert told_to_tenants.sheets[0].sold_from == NOW + dt.timedelta(hours=24)
    theirs = msgspec.structs.replace(EUROS, source="provider:acme", source_date=dt.date(2026, 11, 10))
    doubled = rates(nov_12="1", nov_25="2.5")
    (reason,) = change(wants(known, theirs).sheets, doubled, theirs).reasons
    assert reason.startswith("rise_above: input_tokens from 0.92 for 1,000,000 to 2.3 for")


def test_another_price_of_the_same_day_is_a_change_from_now_on_and_no_rate_writes_it_into_the_past() -> None:
    now = msgspec.structs.replace(EUROS, value=D("0.95"))
    known = rates(nov_12="1", nov_20="1.1")
    assert told(change(wants(known).sheets, known, now).sheets) == [("11-26", "USD", "1.045", "0.95", "1.1")]
    unrated = change(wants({}).sheets, {}, now).sheets
    assert told(unrated) == [("11-26", "EUR", "0.95", "None", None)]
    stored = overlaid(wants({}).sheets, unrated)
    assert told(change(tuple(stored), known, now).sheets) == [
        ("11-12", "USD", "0.92", "0.92", "1"),
        ("11-20", "USD", "1.012", "0.92", "1.1"),
        ("11-26", "USD", "1.045", "0.95", "1.1"),
    ]
