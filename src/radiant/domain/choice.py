"""The answer to a request for a model, and the diagnosis where there is none."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any

import msgspec

from .counted import counted
from .notebook import heading, table
from .vocabulary import HealthStatus, Hosting, Task, ThermalState


class Via(StrEnum):
    """How the model came to be chosen."""

    PREFERRED = "preferred"  #: the best one
    HANDOVER = "handover"  #: the best ready one while the best one is not ready
    DEFAULT = "default"  #: the task's model of last resort


class Freshness:
    """When the registry was last known to look like this. `clock` returns seconds and is handed in."""

    __slots__ = ("_clock", "_taken_at")

    def __init__(self, taken_at: float | None = None, clock: Callable[[], float] | None = None) -> None:
        self._taken_at, self._clock = taken_at, clock

    def confirm(self, at: float) -> None:
        """The registry was seen again and had not changed."""
        self._taken_at = at

    @property
    def age(self) -> float | None:
        """Seconds, or None where nobody keeps time (rows given by hand)."""
        if self._taken_at is None or self._clock is None:
            return None
        return max(0.0, self._clock() - self._taken_at)


class Why:
    """The reasons of a choice, put into words when somebody asks. Choices do not differ by them."""

    __slots__ = ("_of", "_subject")

    def __init__(self, of: Callable[[Any], Sequence[str]] = lambda _: (), subject: Any = None) -> None:
        self._of, self._subject = of, subject

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(self._of(self._subject))

    def __repr__(self) -> str:
        return "; ".join(self.reasons)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Why)

    def __hash__(self) -> int:
        return hash(Why)


class UnmatchedName(msgspec.Struct, frozen=True, kw_only=True):
    """A name that no model bears, and those that are most like it."""

    name: str
    nearest: tuple[str, ...] = ()

    def __str__(self) -> str:
        hint = f"; the nearest is {' or '.join(self.nearest)}" if self.nearest else ""
        return f"no model is called {self.name}{hint}"


class _Chosen(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    model_id: str
    display_name: str
    hosting_type: Hosting
    provider_id: str
    provider_name: str
    primary_mode: Task
    thermal_state: ThermalState | None
    warmup_required: bool
    warmup_time_seconds: int | None
    health_status: HealthStatus
    litellm_id: str | None
    estimated_cost: Decimal | None
    estimated_for: str
    via: Via = Via.PREFERRED
    warming: str | None = None
    warmup_started: bool = False
    warmup_problem: str | None = None
    warming_seconds: int | None = None
    extra_cost: Decimal | None = None
    retires: dt.date | None = None
    successor: str | None = None
    connected: bool | None = None
    broken: tuple[str, ...] = ()
    unmatched_exclusions: tuple[UnmatchedName, ...] = ()
    doubts: tuple[str, ...] = ()
    endpoint_id: int | None = None
    endpoint_url: str | None = None
    instance_type: str | None = None
    cost_per_hour: Decimal | None = None
    license: str | None = None


_NAMES = _Chosen.__struct_fields__
#: All of them at once: one by one they would cost as much as the choice.
_values = attrgetter(*_NAMES)


class ChoiceDocument(_Chosen, frozen=True, kw_only=True):
    """A choice as it goes over the wire, with the age of the snapshot at that moment."""

    snapshot_age_seconds: float | None


class Choice(_Chosen, frozen=True, kw_only=True):
    """The chosen model. `estimated_cost` is USD for what `estimated_for` says, None if unknown.

    `warming` is the model whose warm-up was asked for on the way, `warmup_started` says whether this call started it,
    `warmup_problem` why it could not be asked for, `warming_seconds` how long its warm-ups take, as learned from the
    last ones, else as the catalog guesses. `extra_cost` is what the model that stands in costs more than the one it
    stands in for, USD; one that is paid by the hour costs a request nothing more. `retires` is the day from which its
    provider no longer serves it, `successor` what the provider names in its place. `connected` says whether a key for
    it is present in this process, None where nobody looked. `broken` are the limits and preferences that a model of
    last resort does not keep; every other choice keeps all. `unmatched_exclusions` are names in `exclude` that no model
    bears. `doubts` says what is in doubt of what public catalogs say of the model, and what the choice trusts instead.
    `endpoint_id` and `endpoint_url` say where a self-hosted model is called, None where it has no endpoint; the address
    is None, too, where the endpoint has a name only. `instance_type`, `cost_per_hour` in USD with markup, and `license`
    are of a self-hosted model, too. Encode `document()`.
    """

    freshness: Freshness
    why: Why = Why()

    @property
    def reasons(self) -> tuple[str, ...]:
        """What places it first, the most important first."""
        return self.why.reasons

    @property
    def snapshot_age_seconds(self) -> float | None:
        """The age of the snapshot now, None where it has none."""
        return self.freshness.age

    def document(self) -> ChoiceDocument:
        shared = dict(zip(_NAMES, _values(self), strict=True))
        return ChoiceDocument(**shared, snapshot_age_seconds=self.freshness.age)

    def to_dict(self) -> dict[str, Any]:
        """The same for `json.dumps`: money is an exact decimal in a string."""
        return to_dict(self.document())

    def __repr__(self) -> str:
        cost = "cost unknown" if self.estimated_cost is None else f"{self.estimated_cost:f} USD"
        return f"<Choice {self.model_id} at {self.provider_name}, {cost}, {self.thermal_state or 'ready'}>"

    def _repr_html_(self) -> str:
        """In a notebook: the model, what it costs, and why it is the one."""
        facts = [
            ("provider", self.provider_name),
            ("cost", "unknown" if self.estimated_cost is None else f"{self.estimated_cost:f} USD {self.estimated_for}"),
            ("state", self.thermal_state or "ready"),
            ("health", self.health_status),
            *([("retires", f"{self.retires}")] if self.retires else []),
            ("because", "; ".join(self.reasons)),
        ]
        return heading(self.model_id) + table((), facts)


class ModelName(msgspec.Struct, frozen=True, kw_only=True):
    """Enough to point at one row."""

    id: str
    model_id: str
    provider_id: str


class Priced(ModelName, frozen=True, kw_only=True):
    """One row, and what the request costs there in USD."""

    cost: Decimal


class Relief(msgspec.Struct, frozen=True, kw_only=True):
    """What dropping the demands `without` would bring back; where one of them is a limit of cost, the least of that."""

    without: tuple[str, ...]
    models: int
    first: ModelName
    cheapest: Priced | None = None

    def __str__(self) -> str:
        return self.words({})

    def words(self, names: Mapping[str, str]) -> str:
        """`names` says what fields are called, where it is not by their own names."""
        changes: dict[str, list[str]] = {}
        for field in self.without:
            changes.setdefault(_CHANGE.get(field, "without"), []).append(names.get(field, field))
        change = " and ".join(f"{how} {' and '.join(what)}" for how, what in changes.items())
        count = counted(self.models, "model")
        if self.cheapest is None:
            return f"{change}: {count}, first {self.first.model_id}"
        first = "" if self.cheapest.id == self.first.id else f", first {self.first.model_id}"
        return f"{change}: {count}{first}; the cheapest is {self.cheapest.model_id} at {self.cheapest.cost:f} USD"


#: What helps with a demand that every request has to make; others are dropped.
_CHANGE = {
    "tenant_tier": "with a higher",
    "input_modalities": "with other",
    "output_modalities": "with other",
    "usage": "with a smaller",
}


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing is left. `usable` counts the models that could serve any request at all.

    `emptied_by` is the demand that left nothing when they are applied one after the other; `reliefs` are the
    single demands, or where no single one helps the pairs, that would bring models back if dropped; the task is never
    among them. `notes` are reasons that lie in what the registry does not know yet.
    """

    usable: int
    emptied_by: str | None
    reliefs: tuple[Relief, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.words({})

    def words(self, names: Mapping[str, str]) -> str:
        """`names` says what fields are called, where it is not by their own names."""
        if not self.usable:
            return "the registry has no usable model at all"
        notes = [" ".join(names.get(it, it) if "_" in it else it for it in note.split()) for note in self.notes]
        if self.reliefs:
            return "; ".join([*notes, *(relief.words(names) for relief in self.reliefs)])
        if self.emptied_by == "task":
            if self.usable == 1:
                return "the only usable model in the registry is not for that task"
            return f"none of the {self.usable:,} usable models in the registry is for that task"
        count = counted(self.usable, "model is", "models are")
        emptied_by = names.get(self.emptied_by or "", self.emptied_by)
        nothing = f"{count} usable, {emptied_by} leaves nothing, and dropping two demands does not help"
        return "; ".join([*notes, nothing])


def to_dict(struct: msgspec.Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(struct)
    return plain
