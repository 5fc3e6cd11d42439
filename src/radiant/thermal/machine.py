"""One step of an endpoint: what becomes of it after an event, and what is to be done.

Every event has an answer in every state and phase; `docs/reference/thermal-states.md` shows all of them.
"""

import datetime as dt
from typing import Final, NamedTuple

from msgspec.structs import replace

from radiant.domain.thermal import Outcome, Phase
from radiant.domain.vocabulary import ThermalState

from .standing import UP, Cool, Effect, Ended, Event, Limits, Overdue, Refused, Seen, Standing, Wanted, Warm

#: Seconds before the first attempt after a failure, and the most before a later one.
FIRST_PAUSE: Final = 10.0
LONGEST_PAUSE: Final = 600.0

COLD, OFF = ThermalState.COLD, ThermalState.OFF
IDLE, WARMING, COOLING, FAILED = Phase.IDLE, Phase.WARMING, Phase.COOLING, Phase.FAILED


class Step(NamedTuple):
    standing: Standing
    effects: tuple[Effect, ...] = ()


def step(standing: Standing, event: Event, limits: Limits) -> Step:
    """After `event`. Total: what means nothing where it comes changes nothing."""
    match event:
        case Wanted():
            wished = max(0, min(event.instances, limits.max_instances))
            return _wanted_up(standing, event, wished) if wished else _wanted_down(standing, event)
        case Seen(state=None):
            return _unseen(standing, event, limits)
        case Seen():
            return _seen(standing, event, limits)
        case Refused():
            if not standing.changing:
                return Step(standing)
            pause = None if event.permanent else event.retry_after or 0.0
            return _failed(standing, event.at, event.problem, limits, Outcome.FAILED, pause)
        case Overdue():
            if not standing.changing:
                return Step(standing)
            what = "coming up" if standing.phase is WARMING else "going to sleep"
            limit = limits.warm_seconds if standing.phase is WARMING else limits.cool_seconds
            return _failed(standing, event.at, f"{what} took longer than {limit:,.0f} s", limits, Outcome.TIMED_OUT)


def _wanted_up(it: Standing, event: Wanted, wished: int) -> Step:
    have = it.instances if it.instances is not None else wished
    match it.phase:
        case Phase.IDLE if it.state is COLD or (it.up and have < wished):
            return _begin(it, event.at, WARMING, wished, Warm(wished))
        case Phase.IDLE if it.up and have > wished:
            return _begin(it, event.at, COOLING, wished, Warm(wished))
        case Phase.COOLING if it.aim < wished and it.state is not OFF:
            return _begin(it, event.at, WARMING, wished, Warm(wished))
        case Phase.FAILED if it.up and _due(it, event.at):
            return Step(replace(it, phase=IDLE, since=event.at, next_try_at=None, problem=None))
        case Phase.FAILED if it.state is COLD and _asked_anew(it, event):
            return _begin(replace(it, attempt=0), event.at, WARMING, wished, Warm(wished))
        case Phase.FAILED if it.state is COLD and _due(it, event.at):
            return _begin(it, event.at, WARMING, wished, Warm(wished))
    return Step(it)


def _wanted_down(it: Standing, event: Wanted) -> Step:
    match it.phase:
        case Phase.IDLE if it.up:
            return _begin(it, event.at, COOLING, 0, Cool())
        case Phase.WARMING:
            ended = () if it.up else (Ended(Outcome.CANCELLED, "nobody wants it any longer"),)
            return _begin(it, event.at, COOLING, 0, Cool(), *ended)
        case Phase.COOLING if it.aim:
            return _begin(it, event.at, COOLING, 0, Cool())
        case Phase.FAILED if it.up and _due(it, event.at):
            return _begin(it, event.at, COOLING, 0, Cool())
        case Phase.FAILED if not it.up:
            return Step(_settled(it, event.at))
    return Step(it)


def _unseen(it: Standing, event: Seen, limits: Limits) -> Step:
    """One look that fails says nothing; where none succeeds for a while, nothing is there."""
    since = it.blind_since or event.at
    it = replace(it, blind_since=since)
    if event.at - since <= dt.timedelta(seconds=limits.blind_seconds):
        return Step(replace(it, problem=event.problem))
    return _seen_off(it, replace(event, problem=event.problem or "it cannot be reached"), limits)


def _seen(it: Standing, event: Seen, limits: Limits) -> Step:
    seen = replace(it, seen_at=event.at, blind_since=None, instances=event.instances)
    if event.state is OFF:
        return _seen_off(seen, event, limits)
    if event.state in UP:
        return _seen_up(seen, event, limits)
    return _seen_loading(seen, event) if event.transitioning else _seen_cold(seen, event, limits)


def _seen_loading(it: Standing, event: Seen) -> Step:
    """On its way; where nobody here sent it, somebody else did, and it is followed all the same."""
    if it.phase is WARMING and it.up:
        return Step(replace(it, state=COLD, since=event.at, problem=event.problem))
    if it.phase is not IDLE:
        return Step(replace(it, state=COLD, problem=event.problem or it.problem))
    return Step(replace(_settled(it, event.at), state=COLD, phase=WARMING, aim=1, problem=event.problem))


def _seen_up(it: Standing, event: Seen, limits: Limits) -> Step:
    was_up, state = it.up, event.state or it.state
    now = replace(it, state=state, problem=event.problem)
    match it.phase:
        case Phase.WARMING:
            ended = () if was_up else (Ended(Outcome.READY),)
            reached = event.instances is None or event.instances >= it.aim
            return Step(replace(now, phase=IDLE, since=event.at, aim=0) if reached else now, ended)
        case Phase.COOLING if it.aim and (event.instances is None or event.instances <= it.aim):
            return Step(replace(now, phase=IDLE, since=event.at, aim=0))
        case Phase.FAILED if not was_up:
            return Step(replace(now, phase=IDLE, since=event.at, next_try_at=None))
        case Phase.FAILED:
            return Step(replace(now, problem=it.problem))
        case Phase.IDLE if not was_up:
            return Step(replace(now, since=event.at))
        case Phase.IDLE if event.at - it.since >= dt.timedelta(seconds=limits.settle_seconds):
            return Step(replace(now, attempt=0))
    return Step(now)


def _seen_cold(it: Standing, event: Seen, limits: Limits) -> Step:
    match it.phase:
        case Phase.IDLE if it.up and event.at - it.since < dt.timedelta(seconds=limits.settle_seconds):
            problem = event.problem or f"it fell asleep {(event.at - it.since).total_seconds():,.0f} s after it was up"
            return _failed(replace(it, state=COLD), event.at, problem, limits)
        case Phase.WARMING if it.up:
            # It had come up before: what failed is to have more of it.
            return Step(_failed(replace(it, state=COLD), event.at, event.problem or "it fell asleep", limits).standing)
        case Phase.WARMING:
            return Step(replace(it, state=COLD, problem=event.problem))
        case Phase.FAILED if not it.up:
            return Step(replace(it, state=COLD))
        case Phase.IDLE if it.state is COLD:
            return Step(replace(it, problem=event.problem))
    return Step(replace(_settled(it, event.at), state=COLD, problem=event.problem))


def _seen_off(it: Standing, event: Seen, limits: Limits) -> Step:
    match it.phase:
        case Phase.WARMING:
            ended = () if it.up else (Ended(Outcome.FAILED, event.problem or "nothing is there any longer"),)
            problem = event.problem or "nothing is there any longer"
            return Step(_failed(replace(it, state=OFF), event.at, problem, limits).standing, ended)
        case Phase.FAILED if not it.up:
            return Step(replace(it, state=OFF))
        case Phase.IDLE if it.state is OFF:
            return Step(replace(it, problem=event.problem))
    return Step(replace(_settled(it, event.at), state=OFF, problem=event.problem))


def _failed(
    it: Standing,
    at: dt.datetime,
    problem: str,
    limits: Limits,
    outcome: Outcome = Outcome.FAILED,
    least: float | None = 0.0,
) -> Step:
    """It rests, each time twice as long; `least` is the pause that was asked for, None where trying again is no use.

    What is up and does not go to sleep costs money: that is never given up.
    """
    attempt = it.attempt + 1
    pause = max(min(FIRST_PAUSE * 2 ** min(attempt - 1, 10), LONGEST_PAUSE), least or 0.0)
    if not it.up and (least is None or attempt >= limits.attempts):
        next_try = None
        problem = f"{problem}; given up" + ("" if least is None else f" after {attempt} attempts")
    else:
        next_try = at + dt.timedelta(seconds=LONGEST_PAUSE if least is None else pause)
    ended = (Ended(outcome, problem),) if it.phase is WARMING and not it.up else ()
    failed = replace(it, phase=FAILED, since=at, aim=0, attempt=attempt, next_try_at=next_try, problem=problem)
    return Step(failed, ended)


def _begin(it: Standing, at: dt.datetime, phase: Phase, aim: int, *effects: Effect) -> Step:
    return Step(replace(it, phase=phase, since=at, aim=aim, next_try_at=None, problem=None), effects)


def _settled(it: Standing, at: dt.datetime) -> Standing:
    """Nothing is under way, and what failed before counts no longer."""
    return replace(it, phase=IDLE, since=at, aim=0, attempt=0, next_try_at=None, problem=None)


def _due(it: Standing, at: dt.datetime) -> bool:
    return it.next_try_at is not None and at >= it.next_try_at


def _asked_anew(it: Standing, event: Wanted) -> bool:
    """Who asks after it was given up does not know that, or has changed something."""
    return it.next_try_at is None and event.asked_at is not None and event.asked_at > it.since
