"""Writes what was found into the review queue, where a rule or a person decides about it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from radiant.claims.reading import Refusal
from radiant.domain.review_rule import ReviewRule
from radiant.registry import lists, review
from radiant.registry.database import Connection
from radiant.registry.events import News
from radiant.registry.exact_json import as_json, from_json

from .discovery import Found, approves, missing
from .offers import described, said_of, why_none
from .telling import Tell

#: Of no id anything is claimed.
NOBODY: Mapping[str, Sequence[str]] = {}

#: Who decided, where a rule did.
_BY_RULE = "review rule {}"


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A run at one instant. `interval` is how far apart lists have to be to count as evidence."""

    run: UUID
    at: dt.datetime
    interval: dt.timedelta


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where one list is held against the registry."""

    connection: Connection
    provider: str
    moment: Moment
    tell: Tell | None

    async def told(self, type: str, of: Mapping[str, Mapping[str, Any]]) -> None:
        """Tell the same kind of news of models, by their ids."""
        if self.tell is not None and of:
            about = {"provider_id": self.provider, "run_id": str(self.moment.run)}
            news = [
                News(type, f"{self.provider}/{model}", {**about, "model_id": model, **data})
                for model, data in of.items()
            ]
            await self.tell(self.connection, news)


class Kept(NamedTuple):
    """How many ids are new, those that a rule approved, models that were approved before and have another name now, and
    what a rule would have approved, had it made a model."""

    new: int
    approved: list[str]
    named: list[str]
    refused: list[Refusal]


async def keep(
    place: Place,
    here: Sequence[Found],
    kept: Mapping[str, Any],
    names: Collection[str],
    claimed: Mapping[str, Sequence[str]] = NOBODY,
) -> Kept:
    """Write the ids that are new or say something new.

    `kept` is what the queue has, `names` are what models of the registry are called, `claimed` are the public catalogs
    that claim an id which stands in no list.
    """
    waiting = [it.id for it in here if kept.get(it.id, _PENDING)["status"] == "pending"]
    said = await said_of(place.connection, place.provider, waiting)
    rules = [rule for rule in await review.rules(place.connection) if rule.enabled]
    made = {
        it.id: _row(place.provider, it, kept.get(it.id), said.get(it.id, {}), names, rules, claimed.get(it.id, ()))
        for it in here
    }
    approved = [id for id, row in made.items() if row.by is not None]
    rulings = {rule.id for rule in rules}
    ruled = {id: row for id, row in kept.items() if row["status"] == "approved" and row["rule_id"] in rulings}
    named: list[str] = []
    rows: list[lists.Listed] = []
    new: list[lists.Listed] = []
    for it in here:
        before = kept.get(it.id)
        row = _with_its_model(made[it.id], made, ruled) if _is_free(before) else made[it.id]
        if row.by is not None and row.family in ruled:
            named.append(row.family)
        if before is None or before["absent_since"] is not None or _says_more(row, before):
            rows.append(row)
        if before is None and row.status != "known":
            new.append(row)
    await place.told("model.discovered", {row.id: _news(row) for row in new if _is_model(row)})
    await lists.keep(place.connection, place.provider, rows, place.moment.at)
    refused = [
        Refusal(f"{place.provider}/{id}", row.reason) for id, row in made.items() if row.reason and row.by is None
    ]
    return Kept(len(new), approved, named, refused)


def _is_model(row: lists.Listed) -> bool:
    """Whether it is a model for itself, be it one that is called by other ids only."""
    return row.kind == "model" or (row.kind == "regional" and row.family == row.id)


def _news(row: lists.Listed) -> dict[str, Any]:
    return {
        "status": row.status,
        "task": row.proposed.get("task"),
        "missing": list(row.missing),
        "claimed_by": row.claimed_by or None,
    }


_PENDING: Mapping[str, Any] = {"status": "pending"}
_KEPT = ("status", "kind", "family", "proposed", "missing", "claimed_by")


def _says_more(row: lists.Listed, before: Mapping[str, Any]) -> bool:
    """Whether the queue does not have it so; a reason that is there stays until there is another."""
    return row[1:7] != tuple(before[name] for name in _KEPT) or row.reason not in (None, before["reason"])


def _is_free(before: Mapping[str, Any] | None) -> bool:
    """Whether rules may decide: what a person reopened, none does."""
    return before is None or before["decided_by"] is None


def _row(
    provider: str,
    it: Found,
    before: Mapping[str, Any] | None,
    said: Mapping[str, Any],
    names: Collection[str],
    rules: Sequence[ReviewRule],
    claimed: Sequence[str],
) -> lists.Listed:
    """What is kept of a listed id. What a person decided stays, and what is known to the registry needs no review."""
    by = list(claimed)
    if before is not None and before["status"] != "pending":
        return lists.Listed(it.id, before["status"], it.kind, it.family, before["proposed"], before["missing"], by)
    if it.id in names:
        return lists.Listed(it.id, "known", it.kind, it.family, {}, [], by)
    waits = lists.Listed(it.id, "pending", it.kind, it.family, from_json(as_json(said)), missing(said), by)
    if it.kind == "model" and _is_free(before):
        rule = next((rule for rule in rules if approves(rule, provider, it.id, said)), None)
        if rule is not None:
            model = described(provider, it.id, said)
            if isinstance(model, Refusal):
                return waits._replace(reason=why_none(model))
            return waits._replace(status="approved", rule=rule.id, by=_BY_RULE.format(rule.id), reason=str(rule))
    return waits


def _with_its_model(
    row: lists.Listed, made: Mapping[str, lists.Listed], ruled: Mapping[str, Mapping[str, Any]]
) -> lists.Listed:
    """Another name of a model that a rule approves now, or did before (`ruled`), is approved with it."""
    if row.kind != "alias" or row.status != "pending":
        return row
    if (before := ruled.get(row.family)) is not None:
        return row._replace(status="approved", rule=before["rule_id"], by=before["decided_by"], reason=before["reason"])
    model = made.get(row.family)
    if model is None or model.by is None:
        return row
    return row._replace(status=model.status, rule=model.rule, by=model.by, reason=model.reason)
