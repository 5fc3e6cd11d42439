"""How many instances are wanted, why, and where."""

import datetime as dt

from msgspec.structs import replace

from radiant.domain.thermal import Phase, Target
from radiant.domain.vocabulary import ThermalState
from radiant.thermal.policy import Demand, Model, Place, Verdict, spread, verdict
from radiant.thermal.standing import Standing
from radiant.thermal.windows import Window

NOON = dt.datetime(2031, 5, 6, 12, tzinfo=dt.UTC)
MODEL = Model(model_id="it", max_instances=3, idle_minutes=15)


def ago(minutes: float) -> dt.datetime:
    return NOON - dt.timedelta(minutes=minutes)


def place(
    id: int = 1,
    state: ThermalState = ThermalState.COLD,
    *,
    phase: Phase = Phase.IDLE,
    since: float = 60,
    instances: int | None = None,
    in_flight: int | None = None,
    most: int = 3,
    usual: float | None = None,
    failed: bool = False,
) -> Place:
    standing = Standing(
        state=state,
        phase=phase,
        since=ago(since),
        instances=instances,
        next_try_at=NOON if failed else None,
    )
    return Place(endpoint_id=id, standing=standing, in_flight=in_flight, max_instances=most, usual_seconds=usual)


def warm(**given: object) -> Place:
    return place(1, ThermalState.WARM, **{"instances": 1, **given})  # type: ignore[arg-type]


def wished(model: Model, *places: Place) -> int:
    return verdict(model, places or (place(),), NOON).instances


def test_nobody_asks_and_it_sleeps() -> None:
    assert verdict(MODEL, [place()], NOON) == Verdict(instances=0, why="nobody asks for it")


def test_the_word_of_an_operator_goes_before_everything() -> None:
    asked = replace(MODEL, demand=Demand(by="selector", until=ago(-5)))
    for held in (Target.COLD, Target.OFF):
        found = verdict(replace(asked, target=held), [warm(in_flight=9)], NOON)
        assert found == Verdict(instances=0, why=f"held {held} by an operator")
    assert wished(replace(MODEL, target=Target.WARM)) == 1
    assert wished(replace(MODEL, target=Target.WARM, min_instances=2)) == 2
    assert wished(replace(MODEL, target=Target.HOT)) == 3


def test_a_demand_holds_until_it_ends() -> None:
    asked = replace(MODEL, demand=Demand(by="selector", until=ago(-5)))
    assert verdict(asked, [place()], NOON).why == "asked for by selector until 12:05:00 UTC"
    assert wished(asked) == 1
    assert wished(replace(MODEL, demand=Demand(by="selector", until=NOON))) == 0


def test_what_is_held_during_loading_is_not_cooled_away() -> None:
    asked = replace(MODEL, demand=Demand(by="selector", until=ago(-1)))
    assert wished(asked, place(phase=Phase.WARMING, since=30)) == 1
    assert wished(asked, warm(since=30)) == 1


def test_it_is_idle_after_so_many_minutes_without_work() -> None:
    assert wished(MODEL, warm(since=14.9)) == 1, "it has just come up"
    assert wished(MODEL, warm(since=15)) == 0
    assert wished(replace(MODEL, last_active=ago(14.9)), warm()) == 1
    assert wished(replace(MODEL, last_active=ago(15)), warm()) == 0
    assert wished(replace(MODEL, idle_minutes=60), warm(since=59)) == 1
    assert wished(replace(MODEL, last_active=ago(1))) == 0, "work of before wakes nothing"


def test_nothing_is_put_to_sleep_with_requests_in_flight() -> None:
    assert wished(MODEL, warm(in_flight=1)) == 1
    assert wished(MODEL, warm(in_flight=0)) == 0


def test_the_catalogs_default_and_least_instances_hold() -> None:
    assert wished(replace(MODEL, default_state=ThermalState.WARM)) == 1
    assert wished(replace(MODEL, min_instances=2)) == 2
    assert verdict(replace(MODEL, min_instances=2), [place()], NOON).why == "at least 2 instances stay up"


def test_a_window_opens_early_by_as_long_as_coming_up_takes() -> None:
    window = Window(cron="5 12 * * *", duration_minutes=30)
    assert wished(replace(MODEL, windows=(window,))) == 0
    early = replace(MODEL, windows=(window,), lead=300.0)
    assert verdict(early, [place()], NOON).why == "its window is open until 12:35 UTC"


def test_load_adds_instances_and_takes_them_away_with_hesitation() -> None:
    busy = replace(MODEL, last_active=NOON)
    assert [wished(busy, warm(in_flight=n)) for n in (1, 8, 9, 17, 99)] == [1, 1, 2, 3, 3]
    hot = [wished(busy, warm(instances=3, in_flight=n)) for n in (17, 16, 9, 8, 0)]
    assert hot == [3, 3, 3, 1, 1]


def test_what_is_up_goes_on_and_one_endpoint_is_woken() -> None:
    one = Verdict(instances=1, why="")
    slow, quick = place(1, usual=90.0), place(2, usual=9.0)
    assert spread(one, [slow, quick, place(3)]) == {1: 0, 2: 1, 3: 0}
    assert spread(one, [slow, quick, place(3, ThermalState.WARM)]) == {1: 0, 2: 0, 3: 1}
    assert spread(one, [place(1, phase=Phase.WARMING), quick]) == {1: 1, 2: 0}
    assert spread(Verdict(instances=5, why=""), [slow, quick]) == {1: 2, 2: 3}


def test_where_an_endpoint_failed_another_is_woken() -> None:
    one = Verdict(instances=1, why="")
    resting, given_up = place(1, phase=Phase.FAILED, failed=True), place(2, phase=Phase.FAILED)
    assert spread(one, [resting, given_up, place(3)]) == {1: 0, 2: 0, 3: 1}
    assert spread(one, [resting, given_up]) == {1: 1, 2: 0}
    assert spread(one, [place(1, ThermalState.OFF), given_up]) == {1: 0, 2: 1}


def test_no_endpoint_with_requests_in_flight_is_put_to_sleep() -> None:
    idle, works = warm(in_flight=0), place(2, ThermalState.WARM, instances=1, in_flight=5)
    found = verdict(MODEL, [idle, works], NOON)
    assert found.instances == 1
    assert spread(found, [idle, works]) == {1: 0, 2: 1}
    both = [warm(in_flight=1), works]
    held = verdict(replace(MODEL, target=Target.WARM), both, NOON)
    assert spread(held, both) == {1: 1, 2: 1}, "an operator's WARM, too, ends no request"
    held = verdict(replace(MODEL, target=Target.COLD), both, NOON)
    assert spread(held, both) == {1: 0, 2: 0}


def test_load_at_two_endpoints_is_served_where_it_is() -> None:
    model = replace(MODEL, max_instances=1)
    for most, each in ((1, 1), (3, 2)):
        places = [place(id, ThermalState.WARM, instances=1, in_flight=16, most=most) for id in (1, 2)]
        found = verdict(model, places, NOON)
        assert found.instances == 2 * each
        assert spread(found, places) == {1: each, 2: each}


def test_each_endpoint_keeps_its_least_instances() -> None:
    places = [replace(place(id), min_instances=1) for id in (1, 2)]
    found = verdict(MODEL, places, NOON)
    assert found == Verdict(instances=2, why="at least 2 instances stay up")
    assert spread(found, places) == {1: 1, 2: 1}
    assert verdict(MODEL, places[:1], NOON).why == "at least 1 instance stays up"
    away = replace(places[0], standing=place(1, ThermalState.OFF).standing)
    assert spread(Verdict(instances=1, why=""), [away, place(2)]) == {1: 1, 2: 1}, "what is away serves nobody"
