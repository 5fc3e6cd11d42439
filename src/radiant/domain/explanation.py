"""How a request is answered, model by model: who fits and why, who is refused and why."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from .choice import ChoiceDocument, Diagnosis, ModelName, to_dict
from .compliance import Remedy
from .counted import counted
from .notebook import paragraphs, table

#: Models that fit, and reasons for refusals, in one table of a notebook.
_SHOWN = 20


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why one model cannot serve. `reason` is the same for all models refused for it; `found` is this model's own.

    `remedy` is what a person can do about it beside asking for less.
    """

    criterion: str
    reason: str
    found: str | None = None
    remedy: Remedy | None = None

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


class RefusalGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many models are refused for one reason, and which: all by id, or a few examples, first who comes foremost in
    the order of the request, then others of its task. `other_tasks` counts those of other tasks among them. `advice`
    says `remedy` in a face's words."""

    criterion: str
    reason: str
    count: int
    models: tuple[ModelName, ...]
    other_tasks: int = 0
    remedy: Remedy | None = None
    advice: str | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """How a request is answered, over `models` models of which `eligible` fit.

    With a limit, `verdicts` are the best that fit, and `refused` has a few examples for each reason. Without one,
    `verdicts` are all models, the eligible in the order of the answer, then the refused by id. `refused` has the
    reasons criterion by criterion. `notes`
    say where the profile's first measure is known of no model, and what decides instead.
    """

    profile: str
    order: str
    models: int
    eligible: int
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
        return f"<Explanation {chosen}; {self.eligible:,} of {counted(self.models, 'model')} fit>"

    def _repr_html_(self) -> str:
        """In a notebook: the models that fit with their reasons, then every reason for a refusal."""
        eligible = [it for it in self.verdicts if it.position is not None]
        fit = [(it.position, f"{it.provider_id}/{it.model_id}", "; ".join(it.reasons)) for it in eligible[:_SHOWN]]
        refused = [(it.count, it.reason) for it in self.refused[:_SHOWN]]
        why_none = [] if self.diagnosis is None else [f"No model fits: {self.diagnosis}."]
        told = paragraphs(*why_none, *self.notes)
        return told + table(("", "eligible", "because"), fit) + table(("refused", "because"), refused)


class AtLength(NamedTuple):
    """An explanation of every model, piece by piece: each is made when it is asked for.

    `summary` has neither verdicts nor refused models; `groups` are its reasons in the same sequence, each with all
    that are refused for it.
    """

    summary: Explanation
    verdicts: Iterator[Verdict]
    groups: Iterator[tuple[RefusalGroup, Iterator[ModelName]]]
