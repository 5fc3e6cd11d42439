"""The answer to a request for a model, and why it is that one."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Why)

    def __hash__(self) -> int:
        return hash(Why)


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
    retires: dt.date | None = None
    successor: str | None = None
    connected: bool | None = None
    broken: tuple[str, ...] = ()


class ChoiceDocument(_Chosen, frozen=True, kw_only=True):
    """A choice as it goes over the wire, with the age of the snapshot at that moment."""

    snapshot_age_seconds: float | None


class Choice(_Chosen, frozen=True, kw_only=True):
    """The chosen model. `estimated_cost` is USD for what `estimated_for` says, None if unknown.

    `warming` is the model whose warm-up was asked for on the way, `warmup_started` says whether this call
    started it, `warmup_problem` why it could not be asked for. `retires` is the day from which its provider no longer
    serves it, `successor` what the provider names in its place. `connected` says whether a key for it is present in
    this process, None where nobody looked. `broken` are the limits and preferences that a model of last resort does
    not keep; every other choice keeps all. Encode `document()`.
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
        shared = {name: getattr(self, name) for name in _Chosen.__struct_fields__}
        return ChoiceDocument(**shared, snapshot_age_seconds=self.freshness.age)

    def to_dict(self) -> dict[str, Any]:
        """The same for `json.dumps`: money is an exact decimal in a string."""
        return to_dict(self.document())

    def __repr__(self) -> str:
        cost = "cost unknown" if self.estimated_cost is None else f"{self.estimated_cost:f} USD"
        return f"<Choice {self.model_id} at {self.provider_name}, {cost}, {self.thermal_state or 'ready'}>"

    def _repr_html_(self) -> str:
        from .notebook import choice_html

        return choice_html(self)


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
        count = f"{self.models} model{'' if self.models == 1 else 's'}"
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
            return f"none of the {self.usable} usable models in the registry is for that task"
        count = "1 model is" if self.usable == 1 else f"{self.usable} models are"
        emptied_by = names.get(self.emptied_by or "", self.emptied_by)
        nothing = f"{count} usable, {emptied_by} leaves nothing, and dropping two demands does not help"
        return "; ".join([*notes, nothing])


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why one model cannot serve. `reason` is the same for all models refused for it; `found` is this model's own."""

    criterion: str
    reason: str
    found: str | None = None

    def __str__(self) -> str:
        return self.reason if self.found is None else f"{self.reason} ({self.found})"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One model in the light of a request. `position` counts the eligible ones from 1; refused ones have none.

    `reasons` say what places it where it is, most important first; `scores` (0 to 1) only in weighted profiles.
    """

    id: str
    model_id: str
    provider_id: str
    display_name: str
    position: int | None
    reasons: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    estimated_cost: Decimal | None
    scores: dict[str, float] | None = None


class RefusalGroup(msgspec.Struct, frozen=True, kw_only=True):
    """All models refused for one reason, in rank order."""

    criterion: str
    reason: str
    models: tuple[ModelName, ...]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """How a request is answered: eligible models in the order of the answer, then the refused in rank order.

    `notes` say where the profile's first measure is known of no model, and what decides instead.
    """

    profile: str
    order: str
    choice: ChoiceDocument | None
    verdicts: tuple[Verdict, ...]
    refused: tuple[RefusalGroup, ...]
    diagnosis: Diagnosis | None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same for `json.dumps`: money is an exact decimal in a string."""
        return to_dict(self)

    def __repr__(self) -> str:
        chosen = "nothing fits" if self.choice is None else f"{self.choice.model_id} at {self.choice.provider_name}"
        fit = sum(it.position is not None for it in self.verdicts)
        return f"<Explanation {chosen}; {fit} of {len(self.verdicts)} models fit>"

    def _repr_html_(self) -> str:
        from .notebook import explanation_html

        return explanation_html(self)


def to_dict(struct: msgspec.Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(struct)
    return plain
