"""Rating again: exactly what costs something else is written, and what is written adds up."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.cost import plain
from radiant.domain.price_sheet import Book, Sheet
from radiant.pricing.charged import Charging
from radiant.pricing.rerating import Again, Counting
from radiant.pricing.sale import Markup, Scope
from radiant.pricing.timeline import Timeline

from .sheets import NOON, price, sheet

DAY = dt.timedelta(days=1)
RATE = Decimal("0.4")
MARKUP = Markup(scope=Scope(), rate=RATE)
#: The columns of a new rating, as COPY reads them.
COLUMNS = (
    "usage_id", "booked_at", "corrects", "was", "state", "purchase_usd", "sale_usd", "purchase_change", "sale_change",
    "markup", "minimum_charge", "stored", "basis", "unpriced", "unmatched", "lines", "sale_lines",
)  # fmt: skip


def at(amount: str, **more: Any) -> Sheet:
    return sheet(price("input_tokens", amount), id="1", **more)


def counting(id: int, quantity: int, moment: dt.datetime, *sheets: Sheet, **more: Any) -> Counting:
    """A usage as it was rated by sheets."""
    prices = Timeline(sheets)
    found = Charging().charge(prices, prices, {"input_tokens": quantity}, moment, {}, MARKUP)
    rated = (RATE, None, found.stored, found.basis)
    told = Counting(
        id, "acme", "m", moment, moment, None, {}, {"input_tokens": quantity}, found.state, found.purchase, found.sale,
        *rated,
    )  # fmt: skip
    return Counting(*({name: getattr(told, name) for name in Counting.__struct_fields__} | more).values())


def judged(again: Again, *rows: Counting) -> list[dict[str, str | None]]:
    found = [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in again.judge(rows)]
    return [{name: None if it == "\\N" else _plain(name, it) for name, it in row.items()} for row in found]


def _plain(name: str, text: str) -> str:
    return plain(Decimal(text)) if name.endswith(("_usd", "_change")) else text


def test_a_correction_changes_exactly_the_rows_in_its_interval() -> None:
    old = at("3", valid_from=NOON - 10 * DAY)
    new = [
        at("3", valid_from=NOON - 10 * DAY, valid_to=NOON - 5 * DAY),
        at("2", valid_from=NOON - 5 * DAY, valid_to=NOON - 3 * DAY),
        at("3", valid_from=NOON - 3 * DAY),
    ]
    again = Again({("acme", "m"): new}, [], NOON)
    rows = [counting(days, 1_000_000, NOON - days * DAY, old) for days in range(1, 10)]
    found = judged(again, *rows)
    assert [it["usage_id"] for it in found] == ["4", "5"], "from its beginning until just before its end"
    assert {(it["purchase_usd"], it["purchase_change"], it["sale_change"]) for it in found} == {("2", "-1", "-1.4")}
    assert (again.rows, again.changed, again.difference()) == (9, 2, ("-2", "-2.8"))
    (group,) = again.groups()
    assert (group.model, group.rows, group.old_usd, group.new_usd, group.difference_usd) == (
        "acme/m",
        2,
        "6",
        "4",
        "-2",
    )


def test_what_belongs_to_a_closed_period_is_booked_now_and_names_it() -> None:
    ends = [NOON - 20 * DAY, NOON - 4 * DAY]
    again = Again({("acme", "m"): [at("2")]}, ends, NOON)
    rows = [counting(days, 1_000_000, NOON - days * DAY, at("3")) for days in (3, 4, 5, 21)]
    found = judged(again, *rows)
    booked = [tuple(it[name] and dt.datetime.fromisoformat(str(it[name])) for name in COLUMNS[1:3]) for it in found]
    assert booked == [(NOON - 3 * DAY, None), (NOON - 4 * DAY, None), (NOON, ends[1]), (NOON, ends[0])]
    assert again.groups()[0].corrections == 2


def test_what_was_rated_by_a_row_stays_until_the_history_has_all_of_its_prices() -> None:
    by_row = counting(1, 1_000_000, NOON, sheet(price("input_tokens", "3")))
    for sheets in ([], [sheet(price("output_tokens", "3"), id="1")]):
        again = Again({("acme", "m"): sheets}, [], NOON)
        assert (judged(again, by_row), again.kept) == ([], 1)
    again = Again({("acme", "m"): [at("2")]}, [], NOON)
    assert ([it["purchase_usd"] for it in judged(again, by_row)], again.kept) == (["2"], 0)


def test_a_price_that_was_stored_and_is_believed_no_longer_is_unknown() -> None:
    again = Again({}, [], NOON)
    (found,) = judged(again, counting(1, 1_000_000, NOON, at("3")))
    assert (found["was"], found["state"], found["purchase_usd"], found["purchase_change"]) == (
        "priced", "unpriced", None, "-3",
    )  # fmt: skip
    assert found["unpriced"] == '{"input_tokens"}'
    assert again.groups()[0].new_usd is None


def test_what_was_unknown_can_be_priced_later() -> None:
    again = Again({("acme", "m"): [at("3")]}, [], NOON)
    (found,) = judged(again, counting(1, 1_000_000, NOON))
    assert (found["was"], found["state"], found["purchase_change"]) == ("unpriced", "priced", "3")
    assert (again.groups()[0].old_usd, again.difference()[0]) == (None, "3")


def test_a_contract_of_then_is_for_its_tenant_alone() -> None:
    contract = at("1", book=Book.SALE, tenant_id="blue", rank=2)
    again = Again({("acme", "m"): [at("3"), contract]}, [], NOON)
    rows = [counting(place, 1_000_000, NOON, at("3"), tenant_id=it) for place, it in enumerate([None, "red", "blue"])]
    (found,) = judged(again, *rows)
    assert (found["usage_id"], found["purchase_change"], found["sale_usd"], found["sale_change"]) == (
        "2",
        "0",
        "1",
        "-3.2",
    )
    assert found["sale_lines"] is not None


def test_a_usage_that_the_prices_of_now_cannot_rate_stays_and_is_told() -> None:
    tiers = sheet(price("cache_read_tokens", "1"), id="1", minimum=Decimal(1))
    row = counting(1, 5, NOON, at("3"), quantities={"input_tokens": 5, "cache_read_tokens": 6})
    again = Again({("acme", "m"): [tiers, at("2")]}, [], NOON)
    assert (judged(again, row), again.failed, again.changed) == ([], 1, 0)
    assert again.why is not None and again.why.startswith("acme/m: cache_read_tokens: 6 is more than 5")


def test_what_a_source_is_called_does_not_break_a_line() -> None:
    again = Again({("acme", "m"): [at("2", source='a\\b"\tc\nd')]}, [], NOON)
    (line,) = again.judge([counting(1, 1_000_000, NOON, at("3"))])
    assert len(line.split("\t")) == len(COLUMNS) and "\n" not in line


amounts = st.none() | st.decimals(min_value=0, max_value=100, places=4)


@given(st.lists(st.tuples(st.integers(0, 10**9), amounts), max_size=20), amounts)
def test_changes_add_up_and_a_second_look_finds_nothing(
    told: list[tuple[int, Decimal | None]], now: Decimal | None
) -> None:
    believed = [] if now is None else [at(str(now))]
    again = Again({("acme", "m"): believed}, [], NOON)
    rows = [
        counting(place, quantity, NOON, *([] if amount is None else [at(str(amount))]))
        for place, (quantity, amount) in enumerate(told)
    ]
    written = {int(it["usage_id"] or 0): it for it in judged(again, *rows)}
    changes = [Decimal(it["purchase_change"] or 0) for it in written.values()]
    assert sum(changes, Decimal(0)) == Decimal(again.difference()[0])
    for row in rows:
        if new := written.get(row.id):
            assert Decimal(new["purchase_usd"] or 0) == (row.purchase or 0) + Decimal(new["purchase_change"] or 0)
    after = [
        counting(row.id, int(row.quantities["input_tokens"]), NOON, *believed) for row in rows if row.id in written
    ]
    assert Again({("acme", "m"): believed}, [], NOON).judge(after) == []
