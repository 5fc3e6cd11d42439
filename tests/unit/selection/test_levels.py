"""A measured provider's models find their places by numbers; keys decide among equals."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiant import Selector
from radiant.selection.order.levels import Levels
from radiant.selection.order.order import RememberedKeys
from radiant.selection.sequence import Chunked
from tests.examples import examples
from tests.unit.selection.test_changed import a_selector

MakeRow = Callable[..., dict[str, Any]]

#: Name, provider, level, and what decides among equal levels.
Item = tuple[str, bool, float, int]


def key(item: Any) -> tuple[float, int, str]:
    return item[2], item[3], item[0]


def level_of(item: Any) -> float:
    return float(item[2])


@settings(max_examples=examples(200), deadline=None)
@given(
    items=st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=30),
    shift=st.sampled_from([0, 0, 1, 2, -1, -3, 0.5]),
    common=st.integers(0, 9),
)
def test_places_are_those_of_an_order_made_anew(items: list[tuple[bool, int, int]], shift: float, common: int) -> None:
    """Those of the provider have one number in common, which decides among equals; it becomes another one, too."""
    theirs_before = items[0][2]
    before: list[Any] = [
        (str(at), theirs, float(level), theirs_before if theirs else own)
        for at, (theirs, level, own) in enumerate(items)
    ]
    before.sort(key=key)
    ranks = [rank for rank, it in enumerate(before) if it[1]]
    measured: Any = [(name, theirs, level + shift, common) for name, theirs, level, _ in map(before.__getitem__, ranks)]
    levels = Levels.of(before, level_of)
    places = levels.places(ranks, shift, Chunked.of(before), Chunked.of(measured), key)
    made = list(Chunked.of(before).edited(ranks, places, measured))
    anew = sorted([it for it in before if not it[1]] + measured, key=key)
    assert made == anew
    assert list(levels.shifted(ranks, shift)._numbers) == [it[2] for it in anew]


@pytest.mark.parametrize("profile", ["cheapest", "balanced"])
def test_no_key_is_asked_where_numbers_say_enough(
    external: MakeRow, chat: dict[str, Any], monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    healthy = {"health_status": "healthy", "pricing_type": "per_token"}
    rows = [
        external(
            f"m{number:04}",
            provider_id="pq"[number % 2],
            avg_latency_ms=(300, 10 + number)[number % 2],
            input_cost_per_1k=f"0.{number + 1:06}",
            output_cost_per_1k="0",
            **healthy,
        )
        for number in range(2_000)
    ]
    selector = a_selector()
    index = selector.build(rows)
    selector.swap(index)
    assert selector.select(**chat, profile=profile) is not None
    asked: list[str] = []
    key_of = RememberedKeys.__call__

    def counted(self: RememberedKeys, candidate: Any) -> Any:
        asked.append(candidate.model_id)
        return key_of(self, candidate)

    monkeypatch.setattr(RememberedKeys, "__call__", counted)
    for latency in (310, 90, 1500):
        index = selector.build_measured(
            index, [{"provider_id": "p", "health_status": "healthy", "avg_latency_ms": latency}]
        )
        selector.swap(index)
        by_profile = [it for key, it in index._rankings.items() if key[0] == profile]
        assert by_profile
        asked_of_them = len(asked)
        asked.clear()
        assert asked_of_them < 200, "the default profile, which has a block of one provider, asks for a few"
        found = [it.model_id for it in selector.rank(**chat, profile=profile, limit=5)]
        anew = a_selector()
        anew.swap(
            anew.build([row | ({"avg_latency_ms": latency} if row["provider_id"] == "p" else {}) for row in rows])
        )
        assert found == [it.model_id for it in anew.rank(**chat, profile=profile, limit=5)]


def test_weights_keep_their_proportions_and_become_whole(external: MakeRow) -> None:
    selector = Selector.from_rows([external("m")])
    order = selector._index.picker("balanced", None, "chat").order
    weights = order._weights
    assert all(isinstance(it, int) for it in weights.values())
    stated = selector._index.profiles["balanced"].weights
    assert len({Fraction(stated[name]) / weight for name, weight in weights.items()}) == 1
