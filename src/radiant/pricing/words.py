"""What sources said of the prices of a model before they said otherwise. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import msgspec

from radiant.catalog.precedence import Doubts
from radiant.domain.currency import PRICE, PRICE_IN, USD
from radiant.domain.fact import Fact

from .wanted import Said


class Before(msgspec.Struct, frozen=True):
    """All that would be said of the prices of a model, and be in doubt of it, if the sources that had spoken of it
    still said what was taken over of them, beside what others say for the first time."""

    said: Said
    doubts: Doubts


def as_before(said: Said, counting: Mapping[str, Sequence[Mapping[str, Any]]], now: dt.datetime) -> Said:
    """What is said of a model with, for some sources, their claims that still count in place of what they say now."""
    now_said = {(it.source, it.entry, it.field): it for it in said.facts}
    facts = [it for it in said.facts if it.source not in counting]
    dated = [it for it in said.dated if it["source"] not in counting]
    for claims in counting.values():
        dated += [it for it in claims if it["said"] is not None]
        for fact in facts_of(claims, now):
            same = now_said.get((fact.source, fact.entry, fact.field))
            facts.append(same if same is not None and same.value == fact.value else fact)
    return msgspec.structs.replace(said, facts=tuple(facts), dated=tuple(dated))


def facts_of(claims: Iterable[Mapping[str, Any]], now: dt.datetime) -> Iterable[Fact]:
    """The facts that claims say, each entry's in the order of their dates: of dated ones, the last that has begun."""
    for _, of_entry in groupby(claims, key=lambda it: (it["entry"], it["currency"])):
        begun = [it for it in of_entry if it["starts"] is None or it["starts"] <= now]
        for claim in begun[-1:]:
            before = PRICE if claim["currency"] == USD else f"{PRICE_IN}{claim['currency'].lower()}."
            for key, value in claim["prices"].items():
                yield Fact(
                    source=claim["source"],
                    entry=claim["entry"],
                    field=before + key,
                    value=Decimal(value) if type(value) is int else value,
                    provider_id=claim["provider_id"],
                    model_id=claim["model_id"],
                    reference=None,
                    source_date=None,
                    seen_at=claim["seen_at"],
                )
