"""What the ids of a provider's list are, beside those that are known. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import msgspec

from radiant.domain.review_rule import RuleTerms
from radiant.providers.listing import Kind, ListedModel

SNAPSHOT: Final = "snapshot"

#: A date or a version of three digits at the end of an id: -2024-08-06, -20241022, -0613, @20250219, -001.
_DATED: Final = re.compile(r"[-@](\d{4}-\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|\d{2}-\d{4}|\d{2}-\d{2}|\d{3})$")

#: Ids that lead to the newest of a family.
_MOVING: Final = re.compile(r"[-:@](latest|default)$")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A listed id, what it is, and the model it belongs to (itself, where it belongs to none)."""

    id: str
    kind: str
    family: str


def found(models: Sequence[ListedModel], known: Collection[str]) -> tuple[Found, ...]:
    """Every id of a list and every other name in it, by id. `known` are the ids of models that the registry has.

    What the provider says an id is holds. Where it says nothing, an id that is another one with a date behind it is a
    snapshot of that, and one that ends in `latest` another name of it; the other one has to be listed or known, for a
    number at the end alone says nothing.
    """
    listed = {model.id for model in models}
    names = listed | set(known)
    told = {model.id: _found(model, names) for model in models}
    for model in models:
        for alias in model.aliases:
            if alias not in names and alias not in told:
                told[alias] = Found(id=alias, kind=Kind.ALIAS.value, family=told[model.id].family)
    return tuple(
        msgspec.structs.replace(it, family=_head(it, told)) for it in sorted(told.values(), key=lambda it: it.id)
    )


def _found(model: ListedModel, names: Collection[str]) -> Found:
    if model.kind is not Kind.MODEL:
        return Found(id=model.id, kind=model.kind.value, family=model.of or model.id)
    for pattern, kind in ((_DATED, SNAPSHOT), (_MOVING, Kind.ALIAS.value)):
        base = pattern.sub("", model.id)
        if base != model.id and base in names:
            return Found(id=model.id, kind=kind, family=base)
    return Found(id=model.id, kind=Kind.MODEL.value, family=model.id)


def _head(it: Found, told: Mapping[str, Found]) -> str:
    """Where families lead: a fine-tune of a snapshot belongs to the model. A circle ends where it began."""
    seen, family = {it.id}, it.family
    while family in told and family not in seen:
        seen.add(family)
        family = told[family].family
    return family


def missing(facts: Mapping[str, Any]) -> list[str]:
    """What is not known of a model and needed to serve it."""
    lacking = [] if facts.get("task") not in (None, "other") else ["task"]
    if not (facts.get("input_modalities") and facts.get("output_modalities")):
        lacking.append("modalities")
    if not any(field.startswith("price.") and not field.endswith(".note") for field in facts):
        lacking.append("price")
    return lacking


def approves(rule: RuleTerms, provider: str, model: str, facts: Mapping[str, Any]) -> bool:
    """Whether all that the rule says holds of a model with which nothing is missing to serve it."""
    if rule.provider_id not in (None, provider) or not matches(rule.pattern, model) or missing(facts):
        return False
    if rule.task is not None and facts["task"] != rule.task:
        return False
    return all(most is None or (facts.get(field) is not None and facts[field] <= most) for field, most in rule.ceilings)


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern, in which * stands for any text and ? for one character, is all of `text`."""
    parts = (".*" if it == "*" else "." if it == "?" else re.escape(it) for it in re.sub(r"\*+", "*", pattern))
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None
