"""How self-hosted models are kept warm: what is known of each endpoint, its next step, and what people ask."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec

from radiant.domain.endpoint import Endpoint, Observed
from radiant.domain.thermal import Outcome, Phase, Target
from radiant.domain.vocabulary import ThermalState
from radiant.sql import queries
from radiant.thermal.durations import Learned, learned
from radiant.thermal.policy import Demand, Model
from radiant.thermal.standing import Standing
from radiant.thermal.windows import Window

from .address import Address
from .connection import Connection
from .exact_json import as_json
from .listening import listening as listening_to

#: What `announce_thermal` announces on.
CHANNEL: Final = "radiant_thermal"

_SQL = queries("thermal")

#: How an announcement begins of a model that a caller found asleep; others are the id of one alone.
_COLD: Final = "cold "

#: A problem is kept as far as its column takes it.
_LONGEST: Final = 2000


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as it is kept warm. `looked` is whether it was ever seen, `asked_at` when somebody began to want its
    model; `generation` is that of `standing`."""

    endpoint: Endpoint
    model: Model
    standing: Standing
    generation: int
    looked: bool
    in_flight: int | None
    progress: float | None
    asked_at: dt.datetime | None
    learned: Learned | None
    guess: float | None
    gpu_memory_gb: int | None
    why: str | None


async def kept(connection: Connection, models: Sequence[str] | None = None) -> list[Kept]:
    """Every enabled endpoint, or those of some models; by model, then by id."""
    given = None if models is None else list(models)
    rows = await (await connection.execute(_SQL["kept"], {"models": given})).fetchall()
    return [_kept(row) for row in rows]


class Step(NamedTuple):
    """Where an endpoint stands next, after what was seen of it."""

    it: Kept
    after: Standing
    seen: Observed | None


async def advance(connection: Connection, steps: Sequence[Step]) -> frozenset[int]:
    """Write the next steps of endpoints; the ids of those of which nobody else took one meanwhile."""
    given = as_json([_advanced(*step) for step in steps])
    rows = await (await connection.execute(_SQL["advance"], {"rows": given})).fetchall()
    return frozenset(row["endpoint_id"] for row in rows)


def _advanced(it: Kept, after: Standing, seen: Observed | None) -> dict[str, Any]:
    return {
        "id": it.endpoint.id,
        "generation": it.generation,
        "state": after.state,
        "phase": after.phase,
        "since": after.since,
        "aim": after.aim,
        "attempt": after.attempt,
        "next_try_at": after.next_try_at,
        "instances": after.instances,
        "in_flight": it.in_flight if seen is None else seen.in_flight,
        "progress": it.progress if seen is None else seen.progress,
        "problem": None if after.problem is None else after.problem[:_LONGEST],
        "seen_at": after.seen_at,
        "blind_since": after.blind_since,
        "moving": after.changing or bool(seen and seen.transitioning),
    }


async def begin_warmup(connection: Connection, it: Kept, at: dt.datetime, by: str) -> None:
    """Write that a model is being brought up."""
    given = {"id": it.endpoint.id, "model_id": it.endpoint.model_id, "at": at, "by": by[:_LONGEST]}
    await connection.execute(_SQL["begin_warmup"], given)


async def end_warmup(
    connection: Connection, it: Kept, at: dt.datetime, outcome: Outcome, problem: str | None = None
) -> None:
    """Write how a warm-up ended, where one goes on; from one that is ready is learned."""
    told = None if problem is None else problem[:_LONGEST]
    given = {"id": it.endpoint.id, "at": at, "outcome": outcome, "problem": told}
    ended = (await connection.execute(_SQL["end_warmup"], given)).rowcount
    if not ended or outcome is not Outcome.READY:
        return
    rows = await (await connection.execute(_SQL["durations"], {"id": it.endpoint.id})).fetchall()
    found = learned([row["seconds"] for row in rows])
    if found is not None:
        times = {"p50": math.ceil(found.p50), "p95": math.ceil(found.p95), "model_id": it.endpoint.model_id}
        await connection.execute(_SQL["learn"], times)


async def worked(connection: Connection, models: Sequence[str], at: dt.datetime) -> None:
    """Write that models did some work."""
    if models:
        await connection.execute(_SQL["worked"], {"models": list(models), "at": at})


async def found_cold(connection: Connection, models: Sequence[str]) -> None:
    """Tell who keeps models warm that callers found these asleep."""
    if models:
        await connection.execute(_SQL["found_cold"], {"said": [f"{_COLD}{it}" for it in models]})


def cold_ones(announced: Iterable[str]) -> frozenset[str]:
    """The models that were found asleep, of what was announced on `CHANNEL`."""
    return frozenset(it.removeprefix(_COLD) for it in announced if it.startswith(_COLD))


async def explain(connection: Connection, whys: Mapping[str, str]) -> None:
    """Write why each model is to be as warm as it is to be, where that is news."""
    if whys:
        await connection.execute(_SQL["explain"], {"models": list(whys), "whys": list(whys.values())})


async def lead(connection: Connection) -> bool:
    """Whether this connection is the one that keeps models warm, from now until it ends."""
    row = await (await connection.execute(_SQL["lead"])).fetchone()
    await connection.commit()
    return bool(row and row["leads"])


async def may_call(connection: Connection) -> bool:
    """Whether this connection is the one that calls for somebody who keeps models warm, until it ends."""
    row = await (await connection.execute(_SQL["may_call"])).fetchone()
    return bool(row and row["calls"])


async def unheeded(connection: Connection) -> list[str]:
    """The models that somebody wants, that are COLD, and that nobody keeps warm."""
    rows = await (await connection.execute(_SQL["unheeded"])).fetchall()
    return [row["model_id"] for row in rows]


def listening(address: str | Address) -> Any:
    """A connection of its own that hears of what changes how warm models are to be. Raises DatabaseUnreachable."""
    return listening_to(address, CHANNEL)


async def count_handovers(connection: Connection, model_id: str, served: int, priced: int, cost: Decimal) -> None:
    """Add to how often others stood in for a model, for how many of these the cost is known, and that cost in USD."""
    given = {"model_id": model_id, "served": served, "priced": priced, "cost": cost}
    await connection.execute(_SQL["handover"], given)


async def listed(
    connection: Connection,
    *,
    days: int,
    model_id: str | None = None,
    state: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Self-hosted models as they are kept, by id, with savings and hand-overs of the last `days`."""
    given = {"days": days, "model_id": model_id, "state": state, "after": after, "limit": limit}
    return await (await connection.execute(_SQL["listed"], given)).fetchall()


async def asked(connection: Connection, name: str, **given: Any) -> list[dict[str, Any]]:
    """The rows of a question of `sql/queries/thermal.sql`."""
    return await (await connection.execute(_SQL[name], given)).fetchall()


async def told(connection: Connection, name: str, **given: Any) -> int:
    """Carry out a statement of `sql/queries/thermal.sql`; how many rows it touched."""
    return (await connection.execute(_SQL[name], given)).rowcount


def _kept(row: dict[str, Any]) -> Kept:
    looked = row["state"] is not None
    state = ThermalState(row["state"] or ThermalState.OFF)
    if state is ThermalState.OFF and row["may_create"]:
        state = ThermalState.COLD
    known = learned(row["seconds"])
    guess = float(row["warmup_time_seconds"])
    options = dict(row["options"])
    deploy = {
        "image": row["sagemaker_image"],
        "instance_type": row["instance_type"],
        "environment": row["environment"],
        "model_data_url": row["model_data_url"],
    }
    options["deploy"] = {**deploy, **options.get("deploy", {})}
    named = ("id", "model_id", "runtime", "name", "url", "region", "min_instances", "max_instances", "may_create")
    demand = None if row["until"] is None else Demand(by=row["requested_by"], until=row["until"])
    return Kept(
        endpoint=Endpoint(**{name: row[name] for name in named}, secret_env=row["secret_env"], options=options),
        model=Model(
            model_id=row["model_id"],
            target=Target(row["target_state"]) if row["model_enabled"] else Target.OFF,
            default_state=ThermalState(row["default_thermal_state"]),
            min_instances=row["model_min"],
            max_instances=row["model_max"],
            idle_minutes=row["scale_to_zero_minutes"],
            demand=demand,
            last_active=row["last_activity"],
            cooled_at=row["cool_asked_at"],
            windows=tuple(Window(**it) for it in row["windows"]),
            lead=known.p95 if known is not None else guess,
        ),
        standing=Standing(
            state=state,
            since=row["phase_since"],
            phase=Phase(row["phase"]),
            aim=row["aim"],
            attempt=row["attempt"],
            next_try_at=row["next_try_at"],
            instances=row["instances"],
            seen_at=row["observed_at"],
            blind_since=row["blind_since"],
            problem=row["problem"],
        ),
        generation=row["generation"],
        looked=looked,
        in_flight=row["in_flight"],
        progress=row["progress"],
        asked_at=row["requested_at"],
        learned=known,
        guess=guess,
        gpu_memory_gb=row["gpu_memory_gb"],
        why=row["why"],
    )
