"""How warm self-hosted models are, and what people want of that."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import UNSET

from radiant.domain.errors import RuleViolated
from radiant.domain.thermal import Target
from radiant.domain.vocabulary import ThermalState
from radiant.domain.warmth import (
    Asked,
    BulkChange,
    KeptWindow,
    ModelWarmth,
    NewWindow,
    NotSelfHosted,
    Warmth,
    WarmthChange,
    WarmthMetrics,
    Warmup,
)
from radiant.registry import thermal
from radiant.registry.database import Connection, Database
from radiant.thermal.durations import Learned, remaining
from radiant.thermal.savings import break_even
from radiant.thermal.windows import Window, checked_window

from .own_models import own_model, own_models

#: Days that savings are shown of.
DAYS: Final = 30

_HELD: Final = (Target.COLD, Target.OFF)


class Warmths:
    """Reads how warm models are, and says how warm they are to be; whoever keeps them warm hears of it at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(
        self, *, state: str | None = None, after: str | None = None, limit: int | None = None
    ) -> list[ModelWarmth]:
        """Self-hosted models by id, those in a state, those after an id."""
        async with self._database.connection() as connection:
            rows = await thermal.listed(connection, days=DAYS, state=state, after=after, limit=limit)
        now = dt.datetime.now(dt.UTC)
        return [_warmth(row, now) for row in rows]

    async def of(self, model: str) -> Warmth:
        """The one of that name, with its last warm-ups and its windows. Raises NotSelfHosted and AmbiguousModel."""
        async with self._database.connection() as connection:
            return await _of(connection, await own_model(connection, model))

    async def set(self, model: str, change: WarmthChange, *, by: str) -> Warmth:
        """Set what is given. Raises NotSelfHosted, AmbiguousModel, and RuleViolated for a window that cannot be."""
        windows = () if change.windows is UNSET else tuple(_window(it) for it in change.windows)
        async with self._database.connection() as connection, connection.transaction():
            model_id = await own_model(connection, model)
            if change.target is not UNSET:
                await thermal.told(connection, "set_target", model_id=model_id, target=change.target, by=by)
            if change.scale_to_zero_minutes is not UNSET:
                minutes = change.scale_to_zero_minutes
                await thermal.told(connection, "set_idle", model_id=model_id, minutes=minutes)
            if change.windows is not UNSET:
                await thermal.told(connection, "drop_windows", model_id=model_id)
                for it in windows:
                    await thermal.told(connection, "add_window", model_id=model_id, **msgspec.structs.asdict(it))
            return await _of(connection, model_id)

    async def set_many(self, change: BulkChange, *, by: str) -> list[ModelWarmth]:
        """Give many models one target, all or none of them. Raises NotSelfHosted and AmbiguousModel."""
        if (change.model_ids is None) == (change.state is None):
            raise RuleViolated("bulk", "invalid", "Say which models: `model_ids`, or all that are in a `state`.")
        async with self._database.connection() as connection, connection.transaction():
            if change.model_ids is None:
                named = [row["model_id"] for row in await thermal.listed(connection, days=DAYS, state=change.state)]
            else:
                named = sorted(set(await own_models(connection, change.model_ids)))
            for model_id in named:
                await thermal.told(connection, "set_target", model_id=model_id, target=change.target, by=by)
            after = {row["model_id"]: row for row in await thermal.listed(connection, days=DAYS)}
        now = dt.datetime.now(dt.UTC)
        return [_warmth(after[model_id], now) for model_id in named]

    async def warm(self, model: str, minutes: int, *, by: str, anew: bool = False) -> Asked:
        """Ask for a model for so many minutes. With `anew` one that was given up is tried again.

        Raises NotSelfHosted and AmbiguousModel.
        """
        async with self._database.connection() as connection, connection.transaction():
            model_id = await own_model(connection, model)
            before = (await _of(connection, model_id)).model
            if anew and before.phase == "failed":
                await thermal.told(connection, "release", model_id=model_id)
            row = await thermal.asked(connection, "demand", model_id=model_id, by=by, minutes=minutes)
            after = (await _of(connection, model_id)).model
        started = bool(row and row[0]["started"])
        return Asked(
            model_id=model_id,
            started=started,
            state=after.state,
            until=after.demanded_until,
            expected_seconds=after.expected_seconds,
            problem=None if started else _why_not(after),
        )

    async def cool(self, model: str, *, by: str) -> Warmth:
        """Send a model to sleep once nothing is in flight: whoever asked for it does no longer, and what it did before
        keeps it up no longer. Raises NotSelfHosted and AmbiguousModel."""
        async with self._database.connection() as connection, connection.transaction():
            model_id = await own_model(connection, model)
            await thermal.told(connection, "release", model_id=model_id)
            await thermal.told(connection, "cool", model_id=model_id, by=by)
            return await _of(connection, model_id)

    async def metrics(self) -> WarmthMetrics:
        """All models together."""
        async with self._database.connection() as connection:
            rows = await thermal.listed(connection, days=DAYS)
            counts = await thermal.asked(connection, "counts")
            outcomes = await thermal.asked(connection, "outcomes", days=DAYS)
        return WarmthMetrics(
            days=DAYS,
            models={it.value: 0 for it in ThermalState} | {row["current_state"]: row["models"] for row in counts},
            transitioning=sum(row["moving"] for row in counts),
            warmups={row["outcome"]: row["warmups"] for row in outcomes},
            hours_asleep=round(sum(row["hours_asleep"] for row in rows), 3),
            saved_usd=_cents(sum((row["saved_usd"] or Decimal(0) for row in rows), Decimal(0))),
            handovers=sum(row["handovers"] for row in rows),
            handover_usd=sum((row["handover_usd"] for row in rows), Decimal(0)),
        )


async def _of(connection: Connection, model_id: str) -> Warmth:
    rows = await thermal.listed(connection, days=DAYS, model_id=model_id)
    if not rows:
        raise NotSelfHosted(model_id)
    warmups = await thermal.asked(connection, "warmups", model_id=model_id)
    windows = await thermal.asked(connection, "windows", model_id=model_id)
    return Warmth(
        model=_warmth(rows[0], dt.datetime.now(dt.UTC)),
        warmups=tuple(msgspec.convert(row, Warmup) for row in warmups),
        windows=tuple(map(_kept, windows)),
    )


def _kept(row: dict[str, Any]) -> KeptWindow:
    told = {name: row[name] for name in NewWindow.__struct_fields__}
    try:
        checked_window(Window(**told))
    except RuleViolated as error:
        return KeptWindow(**told, problem=str(error))
    return KeptWindow(**told)


def _warmth(row: dict[str, Any], now: dt.datetime) -> ModelWarmth:
    told = {**row, "state": row["current_state"], "target": row["target_state"], "problem": row["error_message"]}
    saved, priced = row["saved_usd"], row["priced_handovers"]
    mean = row["handover_usd"] / priced if priced else None
    pays = break_even(row["hourly_rate"], row["expected_seconds"], row["scale_to_zero_minutes"], mean)
    told |= {
        "instances": row["instance_count"],
        "ready_in_seconds": _left(row, now),
        "hours_asleep": round(row["hours_asleep"], 3),
        "saved_usd": None if saved is None else _cents(saved),
        "break_even": None if pays is None else str(pays),
    }
    return msgspec.convert({name: told[name] for name in ModelWarmth.__struct_fields__}, ModelWarmth)


def _left(row: dict[str, Any], now: dt.datetime) -> float | None:
    """Seconds until a warm-up under way is over, as the last ones went."""
    if row["warming_since"] is None:
        return None
    known = row["p50_seconds"], row["p95_seconds"]
    found = None if None in known else Learned(p50=known[0], p95=known[1], count=1)
    left = remaining(found, row["expected_seconds"], (now - row["warming_since"]).total_seconds())
    return None if left is None else round(left, 1)


def _window(it: NewWindow) -> NewWindow:
    given = msgspec.structs.asdict(it)
    return NewWindow(**msgspec.structs.asdict(checked_window(Window(**given))))


def _why_not(it: ModelWarmth) -> str | None:
    """Why a wish began nothing; None where the model is up, or somebody asked before."""
    if it.state in (ThermalState.WARM, ThermalState.HOT) or it.demanded_until is not None:
        return None
    if it.target in _HELD:
        return f"an operator holds it {it.target}; `radiant thermal set {it.model_id} --target AUTOMATIC` lets it wake"
    if it.endpoint_id is None:
        return f"it has no endpoint; `radiant endpoints add {it.model_id}` makes one"
    return it.problem or f"it is {it.state}, and cannot be woken"


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.0001"))
