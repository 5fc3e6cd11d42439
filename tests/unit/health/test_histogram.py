"""Percentiles from buckets against those of the values themselves."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiant.health.histogram import LONGEST, RELATIVE_ERROR, SHORTEST, Histogram, merged

latencies = st.lists(st.floats(min_value=SHORTEST, max_value=LONGEST), min_size=1, max_size=300)
few = st.lists(st.floats(min_value=0, max_value=1e6), max_size=30)


def exact(values: list[float], share: float) -> float:
    """The quantile by nearest rank."""
    return sorted(values)[max(1, math.ceil(share * len(values))) - 1]


@given(latencies, st.sampled_from([0.0, 0.01, 0.5, 0.9, 0.95, 0.99, 1.0]))
def test_a_quantile_is_off_by_less_than_a_twentieth(values: list[float], share: float) -> None:
    assert RELATIVE_ERROR < 0.05
    assert Histogram.of(values).quantile(share) == pytest.approx(exact(values, share), rel=RELATIVE_ERROR + 1e-9)


@given(st.lists(few, max_size=6), st.randoms(use_true_random=False))
def test_parts_merge_to_the_same_in_any_order_and_any_grouping(parts: list[list[float]], chance: random.Random) -> None:
    whole = Histogram.of(value for part in parts for value in part)
    made = [Histogram.of(part) for part in parts]
    while len(made) > 1:
        chance.shuffle(made)
        made = [merged(made[:2]), *made[2:]]
    found = merged(made)
    assert found == whole
    assert found.encode() == whole.encode()
    assert found.total == sum(map(len, parts))


@given(few)
def test_what_is_stored_is_what_comes_back(values: list[float]) -> None:
    made = Histogram.of(values)
    assert Histogram.decode(made.encode()) == made


def test_a_minute_of_usual_traffic_takes_few_bytes() -> None:
    chance = random.Random(1)  # noqa: S311
    assert len(Histogram.of(chance.lognormvariate(6, 0.7) for _ in range(10_000)).encode()) < 300


def test_of_nothing_there_is_no_quantile() -> None:
    assert Histogram().quantile(0.95) is None
    assert Histogram().encode() == b"\x90"  # the default of the column
