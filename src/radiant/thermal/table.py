"""Every answer of the state machine, for whoever wants to read or to check it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from radiant.domain.thermal import Outcome, Phase
from radiant.domain.vocabulary import ThermalState

from .machine import step
from .standing import Cool, Effect, Ended, Event, Limits, Overdue, Refused, Seen, Standing, Wanted, Warm

#: The table's own moment, long after each phase in it began and each pause in it ended.
_AT: Final = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
_LONG_AGO: Final = _AT - dt.timedelta(hours=1)
_SOON: Final = _AT + dt.timedelta(minutes=1)

_LIMITS: Final = Limits(max_instances=4)

#: Each kind of event; those of a failed endpoint say whether its pause is over.
EVENTS: Final[Mapping[str, Event]] = MappingProxyType(
    {
        "up wanted": Wanted(at=_AT, instances=1),
        "up, due": Wanted(at=_AT, instances=1),
        "up, asked anew": Wanted(at=_AT, instances=1, asked_at=_AT),
        "more wanted": Wanted(at=_AT, instances=3),
        "sleep wanted": Wanted(at=_AT, instances=0),
        "asleep, due": Wanted(at=_AT, instances=0),
        "seen HOT": Seen(at=_AT, state=ThermalState.HOT, instances=3),
        "seen WARM": Seen(at=_AT, state=ThermalState.WARM, instances=1),
        "seen COLD": Seen(at=_AT, state=ThermalState.COLD, instances=0),
        "seen OFF": Seen(at=_AT, state=ThermalState.OFF),
        "seen loading": Seen(at=_AT, state=ThermalState.COLD, transitioning=True),
        "not seen": Seen(at=_AT, state=None, problem="no answer"),
        "not seen for long": Seen(at=_AT, state=None, problem="no answer"),
        "refused": Refused(at=_AT, problem="it is full"),
        "refused for good": Refused(at=_AT, problem="no such model", permanent=True),
        "overdue": Overdue(at=_AT),
    }
)

_INSTANCES: Final = {ThermalState.OFF: None, ThermalState.COLD: 0, ThermalState.WARM: 1, ThermalState.HOT: 3}


def standing(state: ThermalState, phase: Phase, event: str) -> Standing:
    """Where an endpoint stands when `event` of `EVENTS` meets it in this state and phase."""
    failed = phase is Phase.FAILED
    given_up = "anew" in event and state in (ThermalState.OFF, ThermalState.COLD)
    pause = None if given_up or not failed else _AT if event.endswith("due") else _SOON
    return Standing(
        state=state,
        phase=phase,
        since=_LONG_AGO,
        aim=1 if phase is Phase.WARMING else 0,
        attempt=1 if failed else 0,
        next_try_at=pause,
        instances=_INSTANCES[state],
        seen_at=_AT,
        blind_since=_LONG_AGO if event.endswith("for long") else None,
    )


def cell(state: ThermalState, phase: Phase, event: str) -> str:
    """What becomes of it, in words: the new state and phase, then what is done."""
    found, effects = step(standing(state, phase, event), EVENTS[event], _LIMITS)
    phase_said = "given up" if found.given_up else found.phase.value
    return "; ".join([f"{found.state}, {phase_said}", *map(_said, effects)])


def rows(phase: Phase) -> Iterator[tuple[str, ...]]:
    """Each kind of event, and what becomes of it in every state of this phase."""
    for event in EVENTS:
        yield event, *(cell(state, phase, event) for state in ThermalState)


def _said(effect: Effect) -> str:
    match effect:
        case Warm(instances):
            return f"warm {instances}"
        case Cool():
            return "cool"
        case Ended(outcome):
            return outcome.value if outcome is Outcome.CANCELLED else f"wake-up {outcome.value}"
