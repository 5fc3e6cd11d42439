"""When models end and what follows them, by whoever is believed most; and which defaults are about to go."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from radiant.catalog.precedence import PROVIDER
from radiant.public_catalogs import roster
from radiant.registry import defaults, lists
from radiant.registry.database import Connection

from .lifecycle import WARNINGS

#: Who says what the registry's own row says.
REGISTRY = "registry"


class End(msgspec.Struct, frozen=True, kw_only=True):
    """The day from which a model is no longer served, who says so, and what follows it."""

    retires: dt.date | None = None
    source: str | None = None
    successor: str | None = None


def end_of(row: Mapping[str, Any]) -> End:
    """What holds of a row of `lists.ends`: a person's word, the provider's own, the registry's, then public catalogs in
    their order of trust. Pure."""
    day, source = _first(row, "retires")
    successor, _ = _first(row, "successor")
    return End(retires=_day(day), source=source, successor=successor)


def _first(row: Mapping[str, Any], field: str) -> tuple[Any, str | None]:
    own = (row[field], REGISTRY)
    if field in row["decided"]:
        return own
    told = {it["source"]: it["value"] for it in reversed(row["told"]) if it["field"] == field}
    nearer = sorted(source for source in told if source.startswith(PROVIDER))
    public = sorted((it for it in told if it not in nearer), key=lambda it: (roster.rank(it, field), it))
    said = [*((told[it], it) for it in nearer), own, *((told[it], it) for it in public)]
    return next(((value, source) for value, source in said if value is not None), (None, None))


def _day(said: Any) -> dt.date | None:
    """A fact is a day as text; what is none says nothing."""
    if not isinstance(said, str):
        return said if isinstance(said, dt.date) else None
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        return None


async def as_default(connection: Connection, provider: str, model: str, successor: str | None) -> dict[str, Any]:
    """What an event about the end of a model says of what follows, and of the tasks whose default it is."""
    rows = await lists.default_for(connection, provider, model)
    follows = successor or next((row["successor"] for row in rows if row["successor"] is not None), None)
    told: dict[str, Any] = {"successor": follows}
    return told | ({"default_for": [row["task"] for row in rows]} if rows else {})


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """A default model that is about to go: `model` is deprecated, or retires within 90 days or did already.

    `stays` are other models of the name that do not.
    """

    name: str
    tasks: tuple[str, ...]
    model: str
    deprecated: bool
    retires: dt.date | None
    successor: str | None
    stays: tuple[str, ...] = ()

    def sentence(self, today: dt.date) -> str:
        """In words, with what follows."""
        left = None if self.retires is None else (self.retires - today).days
        ends = None if left is None else f"retires on {self.retires} (in {left} days)"
        if self.retires is not None and left is not None and left <= 0:
            ends = f"retired on {self.retires}"
        fate = "is deprecated" if self.deprecated else ends
        follows = f"{self.successor} follows it" if self.successor else "nobody names what follows it"
        verb = "stays" if len(self.stays) == 1 else "stay"
        stays = f"; {', '.join(self.stays)} {verb}" if self.stays else ""
        return f"{self.name} for {' and '.join(self.tasks)}: {self.model} {fate}, {follows}{stays}"


async def leaving_defaults(connection: Connection, today: dt.date) -> list[Leaving]:
    """The default models that are about to go, by name."""
    ends = {(row["provider_id"], row["model_id"]): end_of(row) for row in await lists.ends(connection)}
    return leaving(await defaults.named(connection), ends, today)


def leaving(rows: Sequence[Mapping[str, Any]], ends: Mapping[tuple[str, str], End], today: dt.date) -> list[Leaving]:
    """Of the models that defaults name (`defaults.named`), those about to go. Pure."""
    horizon = today + dt.timedelta(days=max(WARNINGS))
    found: dict[tuple[str, str], Leaving] = {}
    stays: dict[str, list[str]] = {}
    for row in rows:
        end = ends.get((row["provider_id"], row["model_id"]), End())
        model = f"{row['provider_id']}/{row['model_id']}"
        if not row["deprecated"] and (end.retires is None or end.retires > horizon):
            if model not in stays.setdefault(row["name"], []):
                stays[row["name"]].append(model)
            continue
        before = found.get((row["name"], model))
        found[row["name"], model] = Leaving(
            name=row["name"],
            tasks=(*(before.tasks if before else ()), row["task"]),
            model=model,
            deprecated=row["deprecated"],
            retires=end.retires,
            successor=end.successor or row["successor"],
        )
    return [msgspec.structs.replace(it, stays=tuple(stays.get(it.name, ()))) for it in found.values()]
