"""What is in force, held and in conflict depends on what sources say, not on the order they were read in."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import permutations
from random import Random

import pytest

from radiant.insight.costs import Costs
from radiant.pricing.guards import GRACE
from radiant.sync.pricing import Priced, bring_up_to_date
from tests.flow.price_documents import PROVIDER, Prices, Said
from tests.flow.reading_prices import (
    MODEL,
    RUN,
    SOURCES,
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


# Random documents

#: By what a source's price differs from the others', so that each guard has its say: a rise, a unit, free and not.
FACTORS = [Decimal(it) for it in ("1", "1", "1", "1.5", "3", "0.3", "60", "1000", "0.001", "0")]


def prices_of(chance: Random) -> Prices:
    """What a source says of a model: tokens with their parts, tiers and batches, or requests."""
    if chance.random() < 0.08:
        return {"request": Decimal(1 + chance.randrange(3)) / 100}
    factor = chance.choice(FACTORS)
    found = {"input": factor * Decimal(2), "output": factor * Decimal(10)}
    if chance.random() < 0.3:
        found["output"] = chance.choice(FACTORS) * Decimal(10)
    for key, share in (("cache_read", "0.1"), ("long_input", "2"), ("batch_input", "0.5")):
        if chance.random() < 0.3:
            found[key] = found["input"] * Decimal(share)
    if chance.random() < 0.1:
        del found["input" if "long_input" not in found else "output"]
    return found


def documents(chance: Random, models: Sequence[str]) -> dict[str, Said]:
    return {source: {model: prices_of(chance) for model in models if chance.random() < 0.8} for source in SOURCES}


def otherwise(chance: Random, said: Said) -> Said:
    """What a source says next: of some models something else, of some nothing."""
    next_ = {model: prices_of(chance) if chance.random() < 0.5 else prices for model, prices in said.items()}
    return {model: prices for model, prices in next_.items() if chance.random() < 0.9}


def in_some_order(chance: Random, said: Mapping[str, Said], runs: float) -> list[Step]:
    """Each document once, and a run after some of them and after the last."""
    steps: list[Step] = []
    for source in chance.sample(sorted(said), len(said)):
        steps += [(source, said[source])] + [RUN] * (chance.random() < runs)
    return [*steps, RUN]


#: Forty models of which some have namesakes, which speak for and against each other's numbers.
MODELS = [f"{maker}/m-{number}" for number in range(20) for maker in ("one", f"two-{number % 3}")]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2, 3))])
async def test_of_random_documents_the_order_of_imports_and_of_runs_between_is_irrelevant(
    fresh: Fresh, seed: int
) -> None:
    """All at once, and in some orders with runs between; then one source says otherwise."""
    chance = Random(seed)  # noqa: S311
    said = documents(chance, MODELS)
    changing = chance.choice(SOURCES)
    change = {source: otherwise(chance, it) if source == changing else it for source, it in said.items()}
    ways: list[list[Step]] = [[*said.items(), RUN], *(in_some_order(chance, said, runs) for runs in (1, 1, 0.5))]
    found = []
    for steps in ways:
        async with fresh(MODELS) as database:
            await take(database, *steps)
            first = await told(database)
            assert not any(key.startswith("held") for key in first), "nobody said otherwise"
            await take(database, *in_some_order(chance, change, 0.5))
            found.append((first, await told(database)))
            assert await run(database) == Priced(), "a second run writes nothing"
    (first, then), *others = found
    assert sum(key.startswith("in force") for key in first) >= len(MODELS) / 2
    assert sum(key.startswith("held") for key in then) > 0
    for one, other in others:
        assert {
            key: (first.get(key), one.get(key)) for key in first.keys() | one if first.get(key) != one.get(key)
        } == {}
        assert {
            key: (then.get(key), other.get(key)) for key in then.keys() | other if then.get(key) != other.get(key)
        } == {}


# Two sources that disagree, one by one


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        (1, 3, 3),  # more than double
        (3, 1, 1),
        (1, 60, 60),  # a unit; below what is in doubt
        (1, 0, 0),  # free
        (0, 1, 1),
        (1, 1000, None),  # each is in doubt by the other, and nobody else says which is wrong
        (1000, 1, None),
    ],
)
async def test_of_two_who_disagree_the_same_one_holds_in_either_order(
    fresh: Fresh, one: int, other: int, holds: int | None
) -> None:
    """models.dev says one price, genai-prices, which comes before it, another."""
    said: list[Step] = [("models.dev", usual(one)), ("genai-prices", usual(other))]
    found = []
    for steps in ([*said, RUN], [said[0], RUN, said[1], RUN], [said[1], RUN, said[0], RUN]):
        async with fresh() as database:
            await take(database, *steps)
            assert await cost(database) == holds
            assert await reasons(database) == []
            found.append(await told(database))
            assert await run(database) == Priced()
    assert found[0] == found[1] == found[2]
    assert f"conflict: {MODEL} price.input_per_mtok" in found[0]


async def test_a_rise_by_who_speaks_for_the_first_time_is_told_and_reaches_tenants_later(fresh: Fresh) -> None:
    async with fresh() as database:
        await take(database, ("models.dev", usual(1)), RUN, ("genai-prices", usual(3)), RUN)
        (event,) = await database.rows("SELECT data FROM events WHERE type = 'radiant.price.rising'")
        assert event["data"]["factor"] == "3"
        paid = await Costs(database).one(
            {"provider": PROVIDER, "model": MODEL, "usage": {"input_tokens": 1_000_000}, "tenant": "blue"}
        )
        assert Decimal(paid.usd or -1) == Decimal("1.4")


async def test_two_runs_at_once_take_over_what_one_does(fresh: Fresh) -> None:
    for order in permutations([("models.dev", usual(1)), ("genai-prices", usual(3)), ("litellm", usual("0.9"))]):
        async with fresh() as database:
            await take(database, order[0], RUN, *order[1:])
            done = await asyncio.gather(run(database), run(database))
            assert Priced() in done
            await shows(database, 3, [])


async def test_a_run_over_one_provider_leaves_what_others_are_told_of_for_the_first_time(fresh: Fresh) -> None:
    async with fresh() as database:
        await take(database, ("models.dev", usual(1)), RUN, ("genai-prices", usual(3)))
        await bring_up_to_date(database, grace=GRACE, provider="acme")
        assert await cost(database) == 1
        assert await reasons(database) == []
        await run(database)
        await shows(database, 3, [])
