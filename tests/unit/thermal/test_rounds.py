"""What is decided of endpoints in one round, beyond what the policy says of one model."""

import datetime as dt
from typing import Any

from msgspec.structs import replace

from radiant.domain.endpoint import Endpoint
from radiant.domain.thermal import Phase, Target
from radiant.domain.vocabulary import ThermalState
from radiant.registry.thermal import Kept
from radiant.sync.warmth import Moved, about_to_sleep, after_looks, decided
from radiant.thermal.policy import Demand, Model
from radiant.thermal.standing import Cool, Standing, Warm

SHARED = {"host_gpu_memory_gb": 80, "gpu_memory_gb": 60}
NOON = dt.datetime(2031, 5, 6, 12, tzinfo=dt.UTC)
LONG_AGO = NOON - dt.timedelta(hours=1)


def kept(
    id: int,
    model: Model,
    state: ThermalState = ThermalState.COLD,
    *,
    options: dict[str, Any] | None = None,
    **more: Any,
) -> Kept:
    given: dict[str, Any] = {"phase": Phase.IDLE, "since": LONG_AGO, "instances": 1, **more}
    in_flight = given.pop("in_flight", None)
    return Kept(
        endpoint=Endpoint(
            id=id, model_id=model.model_id, runtime="ollama", name=f"it-{id}", url="http://gpu:1", options=options or {}
        ),
        model=model,
        standing=Standing(state=state, **given),
        generation=1,
        looked=True,
        in_flight=in_flight,
        progress=None,
        asked_at=None,
        learned=None,
        guess=None,
        gpu_memory_gb=None,
        why=None,
    )


def test_what_would_sleep_is_looked_at_first_though_its_model_stays_up() -> None:
    model = Model(model_id="it", min_instances=1)
    one, two = (kept(id, model, ThermalState.WARM, in_flight=0) for id in (1, 2))
    assert not about_to_sleep([one], NOON)
    assert about_to_sleep([one, two], NOON), "requests may have come to the second since it was seen"
    held = Model(model_id="it", target=Target.COLD)
    assert not about_to_sleep([kept(1, held, ThermalState.WARM)], NOON), "an operator said so, whatever is seen"


def test_only_what_would_come_up_now_sends_its_neighbor_to_sleep() -> None:
    wanted = Model(model_id="a", demand=Demand(by="test", until=NOON + dt.timedelta(hours=1)))
    tenant = kept(2, Model(model_id="b", idle_minutes=90), ThermalState.WARM, options=SHARED)

    def told(**more: Any) -> list[Moved]:
        return decided(after_looks([kept(1, wanted, options=SHARED, **more), tenant], {}, NOON), NOON)

    asleep, up = told()
    assert up.effects == (Cool(),) and (asleep.after.problem or "").startswith("it waits for room")
    failed: dict[str, Any] = {"phase": Phase.FAILED, "problem": "no such model"}
    for resting in (failed, {**failed, "next_try_at": NOON + dt.timedelta(seconds=9)}):
        down, up = told(**resting)
        assert up.effects == () and down.after.problem == "no such model"
    due, up = told(**failed, next_try_at=NOON)
    assert up.effects == (Cool(),) and Warm(1) not in due.effects
    assert told(phase=Phase.WARMING)[1].effects == (), "it has its place"
    unseen = replace(kept(1, wanted, options=SHARED), looked=False)
    assert decided(after_looks([unseen, tenant], {}, NOON), NOON)[1].effects == (), "nobody knows yet what is there"
