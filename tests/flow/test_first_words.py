"""Guards ask who said otherwise: who has spoken is held to its word, whoever stands beside it or comes later."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from radiant.admin.prices import PriceDecisions
from radiant.sync.pricing import Priced
from tests.flow.conftest import rows_and_their_writers
from tests.flow.price_documents import PROVIDER
from tests.flow.reading_prices import (
    MODEL,
    RUN,
    SILENT,
    Fresh,
    Step,
    cost,
    fresh,
    reasons,
    run,
    shows,
    take,
    told,
    usual,
)

__all__ = ["fresh"]


# What guards are for


@pytest.mark.parametrize("beside", [(), ("models.dev",), ("openrouter",), ("models.dev", "openrouter")])
@pytest.mark.parametrize(
    ("amount", "guard"), [(1000, "unit_suspect"), (3, "rise_above"), (0, "fall_to_free"), (60, "unit_suspect")]
)
async def test_who_was_right_last_week_and_says_otherwise_is_held_whoever_stands_beside(
    fresh: Fresh, beside: Sequence[str], amount: int, guard: str
) -> None:
    """Also where another is right, and what is said now would leave the model without a price."""
    async with fresh() as database:
        await take(database, ("litellm", usual(1)), *((source, usual(2)) for source in beside), RUN)
        before = await cost(database)
        assert before == (1 if len(beside) < 2 and "openrouter" not in beside else 2)
        await take(database, ("litellm", usual(amount)), RUN)
        assert await cost(database) == before
        doubted = amount == 1000 and beside == ("openrouter",)  # each by the other, and no third says which is wrong
        assert await reasons(database) == ([guard] if before == 1 or doubted else [])
        assert await run(database) == Priced()


async def test_who_falls_silent_and_comes_back_has_spoken_before(fresh: Fresh) -> None:
    async with fresh() as database:
        others: list[Step] = [("models.dev", usual("1.2"))]
        await take(database, ("litellm", usual(1)), *others, RUN, ("litellm", SILENT), RUN)
        assert await cost(database) == Decimal("1.2")
        await take(database, ("litellm", usual(12)), RUN)
        await shows(database, Decimal("1.2"), ["rise_above"])


async def test_another_entry_of_who_has_spoken_of_a_model_is_no_first_word(fresh: Fresh) -> None:
    async with fresh() as database:
        await take(database, ("genai-prices", {MODEL: {"output": Decimal(5)}}), ("models.dev", usual(1)), RUN)
        await take(database, ("genai-prices", usual(12)), RUN)
        await shows(database, 1, ["rise_above"])


async def test_what_a_silent_source_said_counts_against_who_comes_later(fresh: Fresh) -> None:
    """Of a model that nobody names any more its price stays, and who then comes with another is held."""
    orders: list[list[Step]] = [
        [("litellm", usual(1)), ("models.dev", usual(5)), RUN, ("litellm", SILENT), RUN],
        [("litellm", usual(1)), RUN, ("models.dev", usual(5)), RUN, ("litellm", SILENT), RUN],
        [("litellm", usual(1)), RUN, ("litellm", SILENT), RUN, ("models.dev", usual(5)), RUN],
    ]
    for steps in orders:
        async with fresh() as database:
            await take(database, *steps)
            await shows(database, 1, ["rise_above"])
            assert await run(database) == Priced()


# A change that waits, and another source that is read before or after it

WAITING: list[Step] = [("models.dev", usual(1)), RUN, ("models.dev", usual(3)), RUN]


@pytest.mark.parametrize(
    ("source", "amount", "holds", "held"),
    [
        ("genai-prices", "2.5", "2.5", []),  # it comes before models.dev, whatever that says
        ("genai-prices", "3", "3", []),
        ("genai-prices", "1", "1", []),
        ("openrouter", "4", "4", []),
        ("genai-prices", "0", "0", []),
    ],
)
async def test_who_speaks_first_of_all_holds_whether_another_waits_or_not(
    fresh: Fresh, source: str, amount: str, holds: str, held: list[str]
) -> None:
    other: Step = (source, usual(amount))
    found = []
    for steps in ([*WAITING[:2], other, RUN, *WAITING[2:]], [other, RUN, *WAITING], [*WAITING, other, RUN]):
        async with fresh() as database:
            await take(database, *steps)
            await shows(database, Decimal(holds), held)
            assert await run(database) == Priced()
            found.append(await told(database))
    assert found[0] == found[1] == found[2]


#: genai-prices says three times what it said; models.dev, which comes after it, is read before or after.
HELD: list[Step] = [("genai-prices", usual(1)), RUN, ("genai-prices", usual(3)), RUN]
BESIDE: Step = ("models.dev", usual("1.5"))
ORDERS: list[list[Step]] = [[BESIDE, RUN, *HELD], [*HELD[:2], BESIDE, RUN, *HELD[2:]], [*HELD, BESIDE, RUN]]


@pytest.mark.parametrize("steps", ORDERS)
@pytest.mark.parametrize(("approve", "holds"), [(True, 3), (False, 1)])
async def test_what_is_held_is_approved_or_refused_in_each_order(
    fresh: Fresh, query: Any, steps: list[Step], approve: bool, holds: int
) -> None:
    async with fresh() as database:
        await take(database, *steps)
        await shows(database, 1, ["rise_above"])
        people = PriceDecisions(database)
        assert await people.decide(["all"], approve=approve, by="ann", reason="read") == [f"{PROVIDER}/{MODEL}"]
        await shows(database, holds, [])
        assert await run(database) == Priced()
        before = rows_and_their_writers(query, database.url)
        assert await run(database) == Priced()
        assert rows_and_their_writers(query, database.url) == before
        for later in (("litellm", usual(9)), ("models.dev", usual(8))):  # who comes after them changes nothing
            await take(database, later, RUN)
            await shows(database, holds, [])


async def test_what_waits_is_held_against_what_counts_also_where_two_are_read_in_one_run(fresh: Fresh) -> None:
    """One who speaks for the first time does not carry in another's rise."""
    async with fresh() as database:
        await take(database, *HELD[:3], ("models.dev", usual("1.5")), RUN)
        await shows(database, 1, ["rise_above"])
    async with fresh() as database:
        await take(database, ("models.dev", usual(1)), RUN)
        await take(database, ("models.dev", usual(9)), ("litellm", {MODEL: {"output": Decimal(5)}}), RUN)
        await shows(database, 1, ["rise_above"])
