"""What is decided of endpoints in one round, beyond what the policy says of one model."""

import datetime as dt
from typing import Any

from radiant.domain.endpoint import Endpoint
from radiant.domain.thermal import Phase, Target
from radiant.domain.vocabulary import ThermalState
from radiant.registry.thermal import Kept
from radiant.sync.warmth import about_to_sleep
from radiant.thermal.policy import Model
from radiant.thermal.standing import Standing

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
