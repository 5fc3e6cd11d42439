"""An index in which some models changed equals one built from nothing."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from radiant import Selector
from radiant.domain.choice import Choice
from radiant.domain.criteria import Criteria
from radiant.domain.errors import RadiantError
from radiant.selection.answer import index as indexes
from radiant.selection.answer import plain
from radiant.selection.answer.fallback import decide
from radiant.selection.answer.index import Index
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.order.profile import Profile
from radiant.turning import Trials
from tests.examples import examples
from tests.unit.selection.silent import SILENT
from tests.unit.selection.strategies import (
    CAPABILITIES,
    CLASSES,
    CONNECTED,
    NOW,
    PRICES,
    PROVIDERS,
    TODAY,
    Row,
    asked_strategy,
    registry,
    rows_strategy,
)

MakeRow = Callable[..., Row]
Key = tuple[str, str]

#: Weighted by everything, so that every extreme counts.
MIXED = Profile(
    description="",
    weights={name: Decimal(weight) for weight, name in enumerate(("latency", "cost", "context", "class", "health"), 1)},
)
PROFILES = ("ready-first", "cheapest", "fastest", "largest-context", "best", "balanced", "mixed", "silent")
STATES = ["HOT", "WARM", "COLD", "OFF"]
LATENCIES = [None, 0, 50, 100, 100.5, 900, 2000]

#: What changes in a model, by column; `thermal_state` in self-hosted ones only.
COLUMNS: Mapping[str, st.SearchStrategy[Any]] = {
    "health_status": st.sampled_from([None, "unknown", "healthy", "degraded", "unhealthy"]),
    "avg_latency_ms": st.sampled_from(LATENCIES),
    "input_cost_per_1k": st.sampled_from(PRICES),
    "output_cost_per_1k": st.sampled_from(PRICES),
    "cost_per_request": st.sampled_from(PRICES),
    "further_prices": st.sampled_from([None, {"audio_input_per_mtok": "5"}, {"per_input_image": "0.002"}]),
    "thermal_state": st.sampled_from(STATES),
    "enabled": st.booleans(),
    "deprecated": st.booleans(),
    "retires": st.sampled_from([None, TODAY, TODAY + dt.timedelta(30), TODAY + dt.timedelta(31)]),
    "class": st.sampled_from([None, *CLASSES]),
    "context_window": st.sampled_from([None, 0, 4000, 9000, 10**6]),
    "max_output": st.sampled_from([None, 2, 500]),
    "min_tier": st.sampled_from([None, 1, 3, 5]),
    "capabilities": st.lists(st.sampled_from([*CAPABILITIES, "computer_use"]), unique=True, max_size=2),
    "output_modalities": st.sampled_from([["text"], ["image"], ["text", "audio"]]),
    "primary_mode": st.sampled_from(["chat", "chat", "embedding", "image"]),
    "compliance": st.sampled_from([None, ["HIPAA"]]),
    "display_name": st.sampled_from(["One", "Other"]),
    "litellm_id": st.sampled_from([None, "a", "nobody"]),
    "aliases": st.sampled_from([[], ["m2"], ["nobody", "a"]]),
    "throughput_tps": st.sampled_from([None, 50, 900.5]),
    "id": st.sampled_from(["x", "p#a"]),
    "resting_until": st.sampled_from([None, *(NOW + dt.timedelta(seconds=seconds) for seconds in (10, 30, 40, 90))]),
    "error_rate": st.sampled_from([None, 0, 0.25]),
}
one_column = st.sampled_from(sorted(COLUMNS)).flatmap(lambda column: st.tuples(st.just(column), COLUMNS[column]))

#: How many seconds pass: so few that no rest ends, as many as one takes, or a day on which models retire.
seconds_strategy = st.sampled_from([0, 0, 0, 1, 10, 30, 86_400])

#: One committed change: of some models by their place, of all of a provider, models that go, models that come, and one
#: that cannot be read; after some seconds. What was measured of the provider is told by its models' rows, or apart.
changes_strategy = st.fixed_dictionaries(
    {
        "models": st.lists(st.tuples(st.integers(0, 24), one_column), max_size=3),
        "provider": st.one_of(
            st.none(),
            st.tuples(
                st.sampled_from(["p", "q", "Q", "self_hosted"]),
                COLUMNS["health_status"],
                st.sampled_from(LATENCIES),
            ),
        ),
        "gone": st.lists(st.integers(0, 24), max_size=1),
        "came": st.one_of(st.just([]), st.just([]), rows_strategy.map(lambda rows: rows[:2])),
        "broken": st.one_of(st.none(), st.none(), st.none(), st.integers(0, 24)),
        "seconds": seconds_strategy,
        "apart_from_rows": st.booleans(),
    }
)


def applied(rows: dict[Key, Row], change: dict[str, Any]) -> tuple[set[Key], list[Row]]:
    """Change `rows`; the keys of those that did, and the health of a provider that others have in common."""
    keys: set[Key] = set()
    health: list[Row] = []
    for row in registry(change["came"]):
        keys.add(key_of(row))
        rows[key_of(row)] = row
    places = sorted(rows)
    for place, (column, value) in change["models"]:
        if places and (column != "thermal_state" or rows[places[place % len(places)]]["hosting_type"] == "self_hosted"):
            key = places[place % len(places)]
            rows[key] = rows[key] | {column: value}
            keys.add(key)
    if change["provider"] is not None:
        provider, status, latency = change["provider"]
        measured = {"health_status": status, "avg_latency_ms": latency, "error_rate": None}
        theirs = [key for key in places if key[0] == provider]
        if change["apart_from_rows"] and provider != "self_hosted":
            health.append(measured | {"provider_id": provider})
            theirs = [key for key in theirs if key not in keys and rows[key]["hosting_type"] == "external"]
        else:
            keys.update(theirs)
        for key in theirs:
            rows[key] = rows[key] | measured
    if places and change["broken"] is not None:
        key = places[change["broken"] % len(places)]
        rows[key] = rows[key] | {"context_window": -1}
        keys.add(key)
    for place in change["gone"]:
        if places:
            rows.pop(places[place % len(places)], None)
            keys.add(places[place % len(places)])
    return keys, health


def key_of(row: Row) -> Key:
    return row["provider_id"], row["model_id"]


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def today(self) -> dt.date:
        return self.now.date()

    def forward(self, seconds: int) -> None:
        self.now += dt.timedelta(seconds=seconds)


def a_selector(clock: Hands | None = None, *, silent: bool = False) -> Selector:
    clock = clock or Hands()
    profiles = {"mixed": MIXED, "silent": Profile(description="", order=("errors",) if silent else ("latency",))}
    roster = (*ROSTER, SILENT) if silent else ROSTER
    return Selector(today=clock.today, now=lambda: clock.now, profiles=profiles, criteria=roster)


def anew(selector: Selector, rows: Iterable[Row]) -> Index:
    return selector.build(rows, connected=CONNECTED, providers=PROVIDERS, defaults={"chat": "a"})


def answers(selector: Selector, index: Index, asked: Row) -> list[Any]:
    """Everything that can be learned of a request, errors too. Nobody has tried a model before."""
    selector.swap(index)
    selector._trials = Trials(lambda: 0.0)
    found: list[Any] = []
    asks: tuple[Callable[[], object], ...] = (
        lambda: told(selector.select(**asked)),
        lambda: told(selector.select(**asked)),
        lambda: told(plain.choose(index, selector.read(asked))),
        lambda: [told(choice) for choice in selector.rank(limit=99, **asked)],
        lambda: selector.explain(**asked, limit=None),
        lambda: selector.diagnose(**asked),
        lambda: selector.remarks(**asked),
        lambda: decided(index, selector.read(asked)),
    )
    for ask in asks:
        try:
            found.append(ask())
        except RadiantError as error:
            found.append((type(error), str(error)))
    return found


def decided(index: Index, criteria: Criteria) -> object:
    decision = decide(index, index.meant(criteria).criteria)
    return told(decision.choice), decision.warm


def told(choice: Choice | None) -> object:
    """What a choice says; two of different indexes differ in their freshness."""
    return None if choice is None else (choice.document(), choice.reasons)


def assert_same(selector: Selector, changed: Index, built: Index, requests: list[Row]) -> None:
    assert list(changed.candidates) == list(built.candidates)
    assert (changed.wakes_at, changed.tried) == (built.wakes_at, built.tried)
    assert {(it.provider_id, it.model_id, it.column) for it in changed.refused} == {
        (it.provider_id, it.model_id, it.column) for it in built.refused
    }
    for asked in requests:
        assert answers(selector, changed, asked) == answers(selector, built, asked)
        for profile in PROFILES:
            for blind in (False, True):
                criteria = selector.read(asked | {"profile": profile})
                pickers = [index.picker_for(criteria, blind=blind) for index in (changed, built)]
                assert list(pickers[0].candidates) == list(pickers[1].candidates), profile


asked_any = st.tuples(asked_strategy, st.sampled_from(PROFILES)).map(lambda it: it[0] | {"profile": it[1]})


@pytest.fixture
def always_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much changes: small registries are made anew otherwise."""
    monkeypatch.setattr(indexes, "WHOLE", 2.0)


@pytest.mark.usefixtures("always_repaired")
@settings(
    max_examples=examples(25),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    drawn=rows_strategy,
    changes=st.lists(changes_strategy, min_size=1, max_size=8),
    requests=st.lists(asked_any, min_size=1, max_size=3),
    silent=st.booleans(),
)
def test_any_sequence_of_changes_leads_to_what_a_whole_load_gives(
    space: str, drawn: list[Row], changes: list[dict[str, Any]], requests: list[Row], silent: bool
) -> None:
    clock = Hands()
    selector = a_selector(clock, silent=silent)
    rows = {key_of(row): row for row in registry(drawn)}
    index = anew(selector, rows.values())
    for change in changes:
        keys, health = applied(rows, change)
        clock.forward(change["seconds"])
        changed = [rows[key] for key in keys if key in rows]
        index = selector.build_changed(index, changed, keys, connected=CONNECTED, health=health)
        assert_same(selector, index, anew(selector, rows.values()), requests)


@pytest.mark.usefixtures("always_repaired")
@settings(
    max_examples=examples(20),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    drawn=rows_strategy,
    measured=st.lists(
        st.tuples(
            st.sampled_from(["p", "q", "Q"]),
            COLUMNS["health_status"],
            st.sampled_from(LATENCIES),
            st.sampled_from([None, 0, 0.25]),
            st.lists(st.integers(0, 24), max_size=1),
            seconds_strategy,
        ),
        min_size=1,
        max_size=8,
    ),
    requests=st.lists(asked_any, min_size=1, max_size=3),
    silent=st.booleans(),
)
def test_the_health_of_a_provider_is_that_of_its_models_but_for_those_measured_themselves(
    space: str, drawn: list[Row], measured: list[tuple[Any, ...]], requests: list[Row], silent: bool
) -> None:
    clock = Hands()
    selector = a_selector(clock, silent=silent)
    rows = {key_of(row): row for row in registry(drawn)}
    index = anew(selector, rows.values())
    for provider, status, latency, errors, places, seconds in measured:
        health = {"health_status": status, "avg_latency_ms": latency, "error_rate": errors}
        apart = {sorted(rows)[place % len(rows)] for place in places if rows}
        for key in rows.keys() - apart:
            if key[0] == provider:
                rows[key] = rows[key] | health
        index = selector.build_measured(index, [health | {"provider_id": provider}], apart=apart)
        assert_same(selector, index, anew(selector, rows.values()), requests)
        clock.forward(seconds)
        index = selector.build_turned(index)
        assert_same(selector, index, anew(selector, rows.values()), requests)
