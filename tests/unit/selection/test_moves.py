"""Sequences and masks after a change, beside the same done one by one."""

from random import Random

import pytest

from radiant.selection import sequence
from radiant.selection.masks import bits, moves
from radiant.selection.masks.moves import Moves
from radiant.selection.sequence import Chunked, places_for, places_of


def a_change(dice: Random, count: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """Places that go, places before which items come, and what stands there afterwards, with where the new ones are."""
    gone = sorted(dice.sample(range(count), dice.randrange(min(count, 6) + 1)))
    places = sorted(dice.choices(range(count + 1), k=dice.randrange(6)))
    after: list[int] = []
    came: list[int] = []
    for place in range(count + 1):
        for _ in range(places.count(place)):
            came.append(len(after))
            after.append(-1 - len(came))
        if place < count and place not in gone:
            after.append(place)
    return gone, places, after, came


@pytest.mark.parametrize("few", [0, 100], ids=["as text", "by shifts"])
def test_masks_are_carried_as_their_bits_one_by_one(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(moves, "FEW_STRETCHES", few)
    dice = Random(3)  # noqa: S311
    for _ in range(500):
        count = dice.randrange(20)
        gone, _, after, came = a_change(dice, count)
        made = Moves(count, gone, came)
        mask = dice.getrandbits(count) if count else 0
        expected = bits.some((rank for rank, old in enumerate(after) if old >= 0 and mask >> old & 1), len(after))
        assert made.carry(mask) == expected
        assert made.back.carry(expected) == mask & ~bits.some(gone, count)
        assert [made.rank(old) for old in range(count)] == [
            None if old in gone else after.index(old) for old in range(count)
        ]
        later_gone, _, later_after, later_came = a_change(dice, len(after))
        later = Moves(len(after), later_gone, later_came)
        both = made.then(later)
        touched = {rank for rank, old in enumerate(later_after) if old < 0 or after[old] < 0}
        assert set(both.came) == touched
        assert both.carry(mask) == later.carry(made.carry(mask))


def test_a_changed_sequence_is_what_a_list_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence, "CHUNK", 3)
    dice = Random(4)  # noqa: S311
    held = Chunked.of(range(0))
    for _ in range(2000):
        before = list(held)
        gone, places, after, _ = a_change(dice, len(before))
        items = [-1 - number for number in range(1, len(places) + 1)]
        made = held.edited(gone, places, items)
        assert list(made) == [before[it] if it >= 0 else it for it in after]
        assert [made[place] for place in range(len(made))] == list(made)
        assert list(held) == before
        if made:
            some = sorted(dice.sample(range(len(made)), dice.randrange(len(made))))
            seen = made.renewed(lambda item: item + 1000)
            assert seen.held(some) == [made[place] for place in some]
            assert list(seen) == [item + 1000 for item in made] == [seen[place] for place in range(len(made))]
            assert list(seen.edited(some, [], [])) == [
                item + 1000 for place, item in enumerate(made) if place not in some
            ]
        held = made if len(made) < 40 else Chunked.of(range(5))
        assert len(held._chunks) <= sequence.CROWDED * (1 + len(held) // 3)


def test_places_are_found_by_key(monkeypatch: pytest.MonkeyPatch) -> None:
    items = Chunked.of([1000 * number for number in range(50)])
    for walk in (1, 10**9):
        monkeypatch.setattr(sequence, "WALK", walk)
        assert places_of(items, [items[7], items[3]], lambda it: it) == [3, 7]
        assert places_of(items, [500], lambda it: it) == []
    assert places_for(items, [-1, 0, 1, 2, 1500, 99_999], lambda it: it) == [0, 0, 1, 1, 2, 50]


@pytest.mark.parametrize("few", [0, 100], ids=["as text", "by shifts"])
def test_bits_of_those_that_were_measured_go_along_with_them(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(moves, "FEW_STRETCHES", few)
    dice = Random(6)  # noqa: S311
    for _ in range(500):
        count = dice.randrange(1, 20)
        gone = sorted(dice.sample(range(count), dice.randrange(1, count + 1)))
        came = sorted(dice.sample(range(count), len(gone)))
        made = Moves(count, gone, came, paired=True)
        staying = iter(rank for rank in range(count) if rank not in gone)
        after = [gone[came.index(rank)] if rank in came else next(staying) for rank in range(count)]
        mask, letters = dice.getrandbits(count), bytes(range(count))
        assert made.carry_along(mask) == bits.some((rank for rank, old in enumerate(after) if mask >> old & 1), count)
        assert made.relay_along(letters) == bytes(after)
        later = Moves(count, came, gone, paired=True)
        assert made.then(later).carry_along(mask) == mask
