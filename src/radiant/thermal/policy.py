"""How many instances of a model are to be up, why, and which of its endpoints has to do it."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence

import msgspec

from radiant.domain.counted import counted
from radiant.domain.thermal import Phase, Target
from radiant.domain.vocabulary import ThermalState

from .standing import UP, Standing
from .windows import Window, in_force

#: Requests at once that one instance takes, where nothing else is said.
PER_INSTANCE = 8

#: An instance less is wanted only when the rest would be no fuller than this: load that swings scales nothing.
ROOM = 0.5


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wants it warm until then."""

    by: str
    until: dt.datetime


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a model when it is decided how warm it is to be. `last_active` is when it was last known to
    work, `cooled_at` when somebody last sent it to sleep; `lead` are the seconds that a warm-up takes."""

    model_id: str
    target: Target = Target.AUTOMATIC
    default_state: ThermalState = ThermalState.COLD
    min_instances: int = 0
    max_instances: int = 1
    idle_minutes: int = 15
    demand: Demand | None = None
    last_active: dt.datetime | None = None
    cooled_at: dt.datetime | None = None
    windows: tuple[Window, ...] = ()
    lead: float = 0.0


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint of a model as the policy sees it. `usual_seconds` is how long it takes to come up."""

    endpoint_id: int
    standing: Standing
    in_flight: int | None = None
    min_instances: int = 0
    max_instances: int = 1
    per_instance: int = PER_INSTANCE
    usual_seconds: float | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """So many instances are wanted over all endpoints, and why. What is not `firm` gives way to what is, where both do
    not fit on one machine."""

    instances: int
    why: str
    firm: bool = True


def verdict(model: Model, places: Sequence[Place], at: dt.datetime) -> Verdict:
    """The operator's word first; then who asked, the timetable, the catalog's default, the work there is."""
    floor = max(model.min_instances, sum(it.min_instances for it in places))
    most = max(model.max_instances, sum(it.max_instances for it in places), 1)
    least = max(1, floor)
    match model.target:
        case Target.OFF | Target.COLD:
            return Verdict(instances=0, why=f"held {model.target} by an operator")
        case Target.HOT:
            return Verdict(instances=max(most, least), why="held HOT by an operator")
        case Target.WARM:
            return Verdict(instances=least, why="held WARM by an operator")
    up = [it for it in places if _serves(it)]
    for instances, why in _reasons(model, places, up, floor, at):
        if instances:
            return Verdict(instances=max(instances, _loaded(up, most)), why=why)
    if up and (since := idle_since(model, up)) is not None:
        ends = since + dt.timedelta(minutes=model.idle_minutes)
        if at < ends:
            why = f"it worked until {since:%H:%M:%S} UTC, and is idle from {ends:%H:%M:%S} on"
            return Verdict(instances=max(least, _loaded(up, most)), why=why, firm=False)
    return Verdict(instances=0, why="nobody asks for it")


def _reasons(
    model: Model, places: Sequence[Place], up: Sequence[Place], floor: int, at: dt.datetime
) -> list[tuple[int, str]]:
    """What keeps it up whoever else needs the place."""
    least = max(1, floor)
    busy = sum(it.in_flight or 0 for it in up)
    found: list[tuple[int, str]] = []
    if model.demand is not None and at < model.demand.until:
        found.append((least, f"asked for by {model.demand.by} until {model.demand.until:%H:%M:%S} UTC"))
    for window in model.windows:
        if (ends := in_force(window, at, lead=model.lead)) is not None:
            found.append((least, f"its window is open until {ends:%H:%M} UTC"))
    if model.default_state in UP:
        found.append((least, f"the catalog keeps it {model.default_state}"))
    found.append((floor, f"at least {counted(floor, 'instance stays up', 'instances stay up')}"))
    if any(it.standing.phase is Phase.WARMING for it in places):
        found.append((least, "it is on its way up, and who asked for it is not left alone"))
    if up and busy:
        found.append((least, f"{counted(busy, 'request')} in flight"))
    return found


def idle_since(model: Model, up: Sequence[Place]) -> dt.datetime | None:
    """When it last worked or came up, whichever is later; None where it is not up, or was sent to sleep since."""
    moments = [it.standing.since for it in up if it.standing.phase is Phase.IDLE]
    if model.last_active is not None:
        moments.append(model.last_active)
    since = max(moments, default=None)
    return None if since is not None and model.cooled_at is not None and since <= model.cooled_at else since


def _loaded(up: Sequence[Place], most: int) -> int:
    """How many instances the requests in flight need."""
    return min(sum(map(_needed, up)), most)


def _needed(it: Place) -> int:
    """How many instances the requests in flight at one endpoint need; 0 where the runtime does not tell."""
    if it.in_flight is None or not _serves(it):
        return 0
    have = max(1, it.standing.instances or 1)
    wanted = math.ceil(it.in_flight / it.per_instance)
    if wanted < have and it.in_flight > ROOM * it.per_instance * (have - 1):
        return have
    return wanted


def spread(wanted: Verdict, places: Sequence[Place]) -> Mapping[int, int]:
    """How many instances each endpoint is to have, by its id.

    Where any are wanted, each endpoint has its least, and one where it works, beyond `wanted.instances` if need be. The
    rest goes where requests need it; then to what is up, then to what is on its way; then to the one that comes up
    soonest. One that failed is not counted on where there is another.
    """
    if not wanted.instances:
        return {it.endpoint_id: 0 for it in places}
    ranked = sorted(places, key=_rank)
    found = {it.endpoint_id: 0 if _failing(it) else _floor(it) for it in ranked}
    left = wanted.instances - sum(found.values())
    for goal in (_needed, lambda it: it.max_instances):
        for it in ranked:
            more = max(0, min(left, min(goal(it), it.max_instances) - found[it.endpoint_id]))
            found[it.endpoint_id] += more
            left -= more
    return {it.endpoint_id: max(found[it.endpoint_id], _floor(it)) for it in ranked}


def _floor(it: Place) -> int:
    works = bool(it.in_flight) and _serves(it)
    return min(max(it.min_instances, int(works)), it.max_instances)


def _serves(it: Place) -> bool:
    return it.standing.up and it.standing.phase is not Phase.COOLING


def _failing(it: Place) -> bool:
    return not it.standing.up and (it.standing.state is ThermalState.OFF or it.standing.phase is Phase.FAILED)


def _rank(it: Place) -> tuple[int, float, int]:
    standing = it.standing
    if _serves(it):
        order = 0
    elif standing.phase is Phase.WARMING:
        order = 1
    elif standing.up:
        order = 2
    elif standing.state is ThermalState.OFF:
        order = 6
    elif standing.given_up:
        order = 5
    else:
        order = 4 if standing.phase is Phase.FAILED else 3
    usual = it.usual_seconds if it.usual_seconds is not None else math.inf
    return order, usual, it.endpoint_id
