"""Large registries: what says nothing is asked of nobody, and one of many that are alike is asked for all."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from radiant import Selector
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.criterion import Criterion
from radiant.selection.demand import Names, Rule
from radiant.selection.reading.candidate import Candidate
from radiant.selection.terms import Terms

MakeRow = Callable[..., dict[str, Any]]

STATUSES = ("healthy", "degraded", "unknown", "unhealthy")

IDLE = [it for it in ROSTER if isinstance(it.demand, Rule) and it.demand.idle is not None]


def rows(external: MakeRow) -> list[dict[str, Any]]:
    return [external(f"m{number:02}", health_status=STATUSES[number % len(STATUSES)]) for number in range(40)]


def test_standing_is_asked_of_one_of_each_kind(external: MakeRow) -> None:
    asked: Counter[str] = Counter()

    def watched(criterion: Criterion) -> Criterion:
        refusal = criterion.standing
        if criterion.name != "health" or refusal is None:
            return criterion
        return replace(criterion, standing=lambda it: (asked.update([str(it.health_status)]), refusal(it))[1])

    terms = Terms(map(watched, ROSTER))
    candidates = Selector.from_rows(rows(external)).candidates
    assert terms.passing_flags(candidates) == bytes(map(ord, "1110" * 10))
    assert asked == dict.fromkeys(STATUSES, 1)


@pytest.mark.parametrize("criterion", IDLE, ids=lambda it: it.name)
def test_an_idle_value_asks_nobody_and_refuses_nobody(
    external: MakeRow, chat: dict[str, Any], criterion: Criterion
) -> None:
    demand = criterion.demand
    assert isinstance(demand, Rule)
    candidates = Selector.from_rows(rows(external)).candidates
    assert all(demand.admits(it, demand.idle) for it in candidates)

    def refuse(*_: object) -> bool:
        raise AssertionError(f"{criterion.name} asks a candidate where it asks for nothing")

    selector = Selector.from_rows(
        rows(external),
        criteria=[replace(it, demand=replace(demand, admits=refuse)) if it is criterion else it for it in ROSTER],
    )
    choice = selector.select(**chat, **{demand.field: demand.idle})
    assert choice is not None and choice.model_id == "m00"


def test_there_are_idle_values() -> None:
    assert {it.name for it in IDLE} == {"hosting", "connected", "hipaa", "commercial_use"}


def test_the_first_request_finds_what_every_request_needs(external: MakeRow, chat: dict[str, Any]) -> None:
    looked: Counter[str] = Counter()

    def watched(criterion: Criterion) -> Criterion:
        demand = criterion.demand
        if not isinstance(demand, Names) or criterion.name != "input_modalities":
            return criterion
        return replace(criterion, demand=replace(demand, of=lambda it: (looked.update("x"), it.input_modalities)[1]))

    selector = Selector.from_rows(rows(external), criteria=map(watched, ROSTER))
    before = looked.total()
    assert before >= 40
    assert selector.select(**chat) is not None
    assert looked.total() == before


def test_of_who_only_follows_what_every_request_asks_is_asked_of_what_changed(external: MakeRow) -> None:
    """One model changes with a provider that has more models than masks are carried over for, and nobody chooses."""
    asked = 0

    def watched(criterion: Criterion) -> Criterion:
        refusal = criterion.standing

        def standing(candidate: Candidate) -> str | None:
            nonlocal asked
            asked += 1
            return refusal(candidate) if refusal is not None else None

        return criterion if refusal is None else replace(criterion, standing=standing)

    models = [external(f"m{number:04}") for number in range(600)]
    models += [external(f"m{number:04}", provider_id="other", avg_latency_ms=number + 1) for number in range(2_000)]
    selector = Selector(criteria=map(watched, ROSTER))
    selector.swap(selector.build(models))
    spent = []
    for number in range(6):
        health = {"provider_id": "p", "health_status": STATUSES[number % 2], "avg_latency_ms": 100 + number}
        row = external("m0700", provider_id="other", avg_latency_ms=900 + number)
        before = asked
        selector.swap(selector.build_changed(selector._index, [row], [("other", "m0700")], health=[health]))
        spent.append(asked - before)
    assert max(spent) < 100
