"""What is to become of endpoints after a look at them: the pure part of keeping models warm."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from radiant.domain.endpoint import Observed
from radiant.domain.thermal import Phase, Target
from radiant.domain.vocabulary import ThermalState
from radiant.providers.places import origin
from radiant.registry.thermal import Kept
from radiant.thermal.durations import expected, limit
from radiant.thermal.machine import Step, step
from radiant.thermal.policy import PER_INSTANCE, Place, Verdict, spread, verdict
from radiant.thermal.room import Tenant, make_room
from radiant.thermal.standing import Effect, Event, Limits, Overdue, Seen, Standing, Wanted, Warm, overdue


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint after a round: where it stands now, what was seen, what is to be done, and why."""

    kept: Kept
    after: Standing
    seen: Observed | None
    effects: tuple[Effect, ...]
    why: str | None

    @property
    def news(self) -> bool:
        """Whether it is written down: more than that the same was seen again a moment later."""
        before, after = self.kept.standing, self.after
        if before == after and self.seen is None:
            return False
        quiet = before.seen_at is not None and after.seen_at is not None
        if quiet and (after.seen_at or after.since) - (before.seen_at or before.since) < _QUIET:
            before = replace(before, seen_at=after.seen_at)
        told = (self.kept.in_flight, self.kept.progress)
        return before != after or (self.seen is not None and told != (self.seen.in_flight, self.seen.progress))


#: For how long it is not written down again that the same was seen.
_QUIET = dt.timedelta(seconds=10)


def limits(it: Kept) -> Limits:
    """Those of one endpoint; `warmup_timeout_seconds` of its options goes before what was learned."""
    seconds = _number(it.endpoint.options, "warmup_timeout_seconds")
    return Limits(
        max_instances=max(1, it.endpoint.max_instances),
        warm_seconds=limit(it.learned, it.guess) if seconds is None else seconds,
    )


def place(it: Kept, standing: Standing, seen: Observed | None) -> Place:
    """An endpoint as the policy sees it."""
    return Place(
        endpoint_id=it.endpoint.id,
        standing=standing,
        in_flight=it.in_flight if seen is None else seen.in_flight,
        min_instances=it.endpoint.min_instances,
        max_instances=max(1, it.endpoint.max_instances),
        per_instance=int(_number(it.endpoint.options, "requests_per_instance") or PER_INSTANCE),
        usual_seconds=expected(it.learned, it.guess),
    )


def wish(kept: Sequence[Kept], at: dt.datetime) -> Verdict:
    """What is wanted of one model, by what is known without another look."""
    return verdict(kept[0].model, [place(it, it.standing, None) for it in kept], at)


def by_model(kept: Iterable[Kept]) -> list[list[Kept]]:
    """Endpoints by their models."""
    return [list(group) for _, group in groupby(kept, key=lambda it: it.endpoint.model_id)]


def after_looks(kept: Sequence[Kept], seen: Mapping[int, Observed], at: dt.datetime) -> list[Moved]:
    """Each endpoint after what was seen of it and the time that passed."""
    return [_looked(it, seen.get(it.endpoint.id), at) for it in kept]


def _looked(it: Kept, seen: Observed | None, at: dt.datetime) -> Moved:
    bounds, standing = limits(it), it.standing
    effects: list[Effect] = []
    events: list[Event] = []
    if seen is not None:
        events.append(_seen(it, seen))
    for event in events:
        standing, told = step(standing, event, bounds)
        effects += told
    if overdue(standing, at, bounds):
        standing, told = step(standing, Overdue(at=at), bounds)
        effects += told
    return Moved(kept=it, after=standing, seen=seen, effects=tuple(effects), why=None)


def _seen(it: Kept, seen: Observed) -> Seen:
    """Where something may be created, nothing there means that it sleeps."""
    state = ThermalState.COLD if seen.state is ThermalState.OFF and it.endpoint.may_create else seen.state
    return Seen(
        at=seen.at,
        state=state,
        transitioning=seen.transitioning,
        instances=seen.instances,
        problem=seen.problem,
    )


def decided(moved: Sequence[Moved], at: dt.datetime) -> list[Moved]:
    """The same with what the policy wants of every model. An endpoint that nobody looked at yet is left alone."""
    groups = [list(group) for _, group in groupby(moved, key=lambda it: it.kept.endpoint.model_id)]
    wishes = {group[0].kept.endpoint.model_id: _wish(group, at) for group in groups}
    firm = {id: it for id, it in wishes.items() if it.firm}
    # What nobody needs makes room first, or it would be cooled a round later than it could.
    ordered = sorted(groups, key=lambda group: group[0].kept.endpoint.model_id not in firm)
    asleep: set[int] = set()
    found: dict[int, Moved] = {}
    for group in ordered:
        wished = wishes[group[0].kept.endpoint.model_id]
        counts = spread(wished, [place(it.kept, it.after, it.seen) for it in group])
        for it in group:
            id = it.kept.endpoint.id
            count, problem = (0 if id in asleep else counts[id]), None
            if it.after.state is ThermalState.COLD and _begins(it, count, at):
                room = _room(it, moved, wishes)
                asleep.update(room.sleep)
                problem = room.problem or _waits(room.sleep, moved)
            found[id] = _wanted(it, count, problem, wished.why, at)
    # Who has to sleep may have been asked before who needs the room.
    for id in asleep:
        if (it := found[id]).after.phase is Phase.IDLE and it.after.up:
            found[id] = _wanted(it, 0, None, "it makes room for another model on its machine", at)
    return [found[it.kept.endpoint.id] for it in moved]


def _wish(group: Sequence[Moved], at: dt.datetime) -> Verdict:
    return verdict(group[0].kept.model, [place(it.kept, it.after, it.seen) for it in group], at)


def _wanted(it: Moved, count: int, problem: str | None, why: str, at: dt.datetime) -> Moved:
    if problem is not None:
        return replace(it, why=problem, after=replace(it.after, problem=problem))
    standing, effects = _step(it, count, at)
    return replace(it, after=standing, effects=(*it.effects, *effects), why=why)


def _begins(it: Moved, count: int, at: dt.datetime) -> bool:
    """Whether it would be brought up now: it may rest after a failure, be given up, or be on its way."""
    return any(isinstance(effect, Warm) for effect in _step(it, count, at).effects)


def _step(it: Moved, count: int, at: dt.datetime) -> Step:
    """What becomes of it where so many instances are wanted. One that nobody looked at yet is left alone."""
    if not it.kept.looked and (it.seen is None or it.seen.state is None):
        return Step(it.after)
    return step(it.after, Wanted(at=at, instances=count, asked_at=it.kept.asked_at), limits(it.kept))


class _Room(NamedTuple):
    sleep: tuple[int, ...]
    problem: str | None


def _room(it: Moved, moved: Sequence[Moved], wishes: Mapping[str, Verdict]) -> _Room:
    """Who has to sleep at the same machine. Its memory in GB is `host_gpu_memory_gb` of an endpoint's options; what one
    takes is `gpu_memory_gb` there, else what the catalog says of the model."""
    host = _host(it.kept)
    if host is None:
        return _Room((), None)
    there = [other for other in moved if other is not it and _host(other.kept) == host]
    budgets = [_number(other.kept.endpoint.options, "host_gpu_memory_gb") for other in [it, *there]]
    budget = min((found for found in budgets if found is not None), default=None)
    tenants = [_tenant(other, wishes) for other in there if other.after.up or other.after.phase is Phase.WARMING]
    room = make_room(it.kept.endpoint.model_id, _memory(it.kept), tenants, budget)
    return _Room(room.sleep, room.problem)


def _tenant(it: Moved, wishes: Mapping[str, Verdict]) -> Tenant:
    wished = wishes[it.kept.endpoint.model_id]
    busy = (it.kept.in_flight if it.seen is None else it.seen.in_flight) or 0
    return Tenant(
        endpoint_id=it.kept.endpoint.id,
        model_id=it.kept.endpoint.model_id,
        gpu_memory_gb=_memory(it.kept) or 0.0,
        spare=it.after.up and not busy and (not wished.firm or not wished.instances),
        last_active=it.kept.model.last_active,
    )


def _waits(sleep: Iterable[int], moved: Sequence[Moved]) -> str | None:
    names = [it.kept.endpoint.model_id for it in moved if it.kept.endpoint.id in set(sleep)]
    return f"it waits for room: {', '.join(sorted(names))} goes to sleep first" if names else None


def _memory(it: Kept) -> float | None:
    found = _number(it.endpoint.options, "gpu_memory_gb")
    return found if found is not None or it.gpu_memory_gb is None else float(it.gpu_memory_gb)


def _host(it: Kept) -> str | None:
    return None if it.endpoint.url is None else str(origin(it.endpoint.url))


def _number(options: Mapping[str, Any], name: str) -> float | None:
    """A positive number of an endpoint's options, where one stands: people write them."""
    found = options.get(name)
    if isinstance(found, str):
        try:
            found = float(found)
        except ValueError:
            return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found < 1e9:
        return None
    return float(found)


def about_to_sleep(kept: Sequence[Kept], at: dt.datetime) -> bool:
    """Whether an endpoint of a model would be put to sleep unless another look shows that it works."""
    if kept[0].model.target in (Target.COLD, Target.OFF) or not any(it.standing.up for it in kept):
        return False
    counts = spread(wish(kept, at), [place(it, it.standing, None) for it in kept])
    return any(it.standing.up and not counts[it.endpoint.id] for it in kept)
