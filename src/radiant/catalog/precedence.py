"""Which of several claims about a field holds, and why. Pure.

An administrator's word comes first, then catalog folders of people's own, then our catalog, then the provider's own
API, then the public catalogs in a stated order; a price on which two of them agree comes before one that only one says.
Within one public catalog, the entry that bears the model's own id speaks before its aliases. Numbers of public catalogs
that are in doubt speak after all others. Each kind of requests is a field of its own. The price of a part goes with
that of its whole: where another price of the whole holds than its source says, it is none of this price list.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec

from radiant.claims.agreement import agree
from radiant.claims.doubt import Doubt, Kind, Place
from radiant.claims.kinds import apart, together
from radiant.claims.wholes import WHOLE, going_together
from radiant.domain.fact import Claim, Fact
from radiant.domain.units import BY_KEY
from radiant.public_catalogs import roster

from . import shelf
from .fields import field_of_column

Doubts = Mapping[Place, Doubt]

CURATED = "curated"  #: the source of what our catalog says; that of a folder is this, a colon and its name
PROVIDER = "provider:"

#: The ranks of public catalogs, and of what they say that is in doubt.
PUBLIC, DOUBTED = 3, 4

NO_DOUBTS: Doubts = MappingProxyType({})

#: Where public catalogs agree, with which of them do.
Agreed = Mapping[Place, tuple[str, ...]]

#: What two can agree on: a price. Of limits the order itself says who knows best.
_AGREEABLE = frozenset({"price.tiers", *(f"price.{key}" for key in BY_KEY)})


def rank(source: str, field: str) -> tuple[int, int]:
    """Smaller speaks first. A source nobody knows speaks last."""
    if _is_ours(source):
        return 1, 1
    if source.startswith(f"{CURATED}:"):
        return 1, 0
    if source.startswith(PROVIDER):
        return 2, 0
    return PUBLIC, roster.rank(source, field)


def holding(
    facts: Iterable[Fact],
    doubts: Doubts = NO_DOUBTS,
    *,
    first: Collection[Place] = (),
    given: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Fact]:
    """For each field the fact that holds, among facts about one model; each kind of requests is a field of its own.

    What stands at one of the places `first` speaks before all others. `given` are values that hold already.
    """
    facts = _each(facts)
    agreed = _agreed(facts, doubts)
    ordered = sorted(facts, key=lambda fact: (place_of(fact) not in first, *_order(fact, doubts, agreed)))
    return going_together(ordered, given)


def _each(facts: Iterable[Fact]) -> list[Fact]:
    """The facts, those of kinds of requests one by one."""
    found: list[Fact] = []
    for fact in facts:
        for field, value in apart(fact.field, fact.value):
            found.append(fact if field == fact.field else msgspec.structs.replace(fact, field=field, value=value))
    return found


def used(
    facts: Iterable[Fact], doubts: Doubts, *, first: Collection[Place] = ()
) -> tuple[dict[str, Any], dict[str, Fact]]:
    """The value that is used of each field, and by field the fact that holds, as `holding` says it."""
    held = holding(facts, doubts, first=first)
    return together(_used(held, doubts).items()), held


def trusted(facts: Iterable[Fact], doubts: Doubts) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The value that is used of each field, and by field what is in doubt, in words.

    Where everything said of a limit is in doubt, what the maker or most others say of the model takes its place. A
    price in doubt by its unit, and the tiers beside it, are left open: they are of this offering alone, and nobody
    else can say them.
    """
    facts = list(facts)
    held = holding(facts, doubts)
    found = _used(held, doubts)
    remarks: dict[str, list[str]] = {}
    for fact in sorted(facts, key=place_of):
        doubt = doubts.get(place_of(fact))
        public = fact.field not in held or rank(held[fact.field].source, fact.field)[0] >= PUBLIC
        if doubt is not None and public:
            remarks.setdefault(fact.field, []).append(f"{doubt.sentence}. {_use(fact.field, found)}")
    return together(found.items()), remarks


def _used(held: Mapping[str, Fact], doubts: Doubts) -> dict[str, Any]:
    """The values of what holds, as far as they are used."""
    found: dict[str, Any] = {}
    for field, fact in held.items():
        doubt = doubts.get(place_of(fact)) if doubts else None
        if doubt is None:
            found[field] = fact.value
        elif doubt.kind is not Kind.OTHER_UNIT:
            found[field] = fact.value if doubt.instead is None else doubt.instead
    if doubts and any(
        doubts[place].kind is Kind.OTHER_UNIT for place in map(place_of, held.values()) if place in doubts
    ):
        found.pop("price.tiers", None)
    return found


def _use(field: str, found: Mapping[str, Any]) -> str:
    if field not in found:
        return "It is left out."
    value = found[field]
    return f"{value:,} is used." if isinstance(value, int) else f"{value:f} is used."


def place_of(fact: Fact) -> Place:
    """Where a fact stands."""
    return fact.source, fact.entry, fact.field


def filled(said: Mapping[str, Any], facts: Iterable[Fact], doubts: Doubts = NO_DOUBTS) -> dict[str, Any]:
    """What a catalog of ours says, and what public catalogs fill in where it leaves something open.

    Their notes are about their own prices. A `max_input` that its source also calls the window may be just that, and
    takes nothing off a window that we know.
    """
    facts = list(facts)
    ours = dict(pair for field, value in said.items() for pair in apart(field, value))
    found = {field: fact for field, fact in holding(facts, doubts, given=ours).items() if not field.endswith(".note")}
    limit = found.get("max_input")
    windows = [(fact.source, fact.entry, fact.value) for fact in facts if fact.field == "context_window"]
    if limit is not None and (limit.source, limit.entry, limit.value) in windows:
        del found["max_input"]
    return together({**_used(found, doubts), **ours}.items())


def claims(facts: Sequence[Fact], overrides: Sequence[Mapping[str, Any]], doubts: Doubts = NO_DOUBTS) -> list[Claim]:
    """Every claim about one model: by field, the one that holds first, each with the reason.

    `overrides` are rows of that table whose `value` is decoded. Of a number in doubt the claim says what speaks
    against it, and what is used instead.
    """
    told = [_override(row) for row in overrides if row["field"] != "*"]
    decided = {claim.field: claim for claim in told}
    facts = _each(facts)
    first = holding(facts, doubts)
    agreed = _agreed(facts, doubts)
    found, _ = trusted(facts, doubts)
    for fact in sorted(facts, key=lambda fact: (fact.field, *_order(fact, doubts, agreed))):
        heard = first.get(fact.field)
        holds = fact.field not in decided and heard is not None and place_of(heard) == place_of(fact)
        winner = decided.get(fact.field) or heard
        why = _reason(fact, agreed) if holds else _refusal(fact, winner)
        doubt = doubts.get(place_of(fact))
        if doubt is not None:
            why = f"in doubt: {doubt.why}" + (f". {_use(fact.field, found)}" if holds else f"; {why}")
        told.append(
            Claim(
                field=fact.field,
                value=fact.value,
                source=fact.source,
                holds=holds,
                why=why,
                entry=fact.entry,
                reference=fact.reference,
                source_date=fact.source_date,
                seen_at=fact.seen_at,
            )
        )
    return sorted(told, key=lambda claim: (claim.field, not claim.holds))


def _is_ours(source: str) -> bool:
    """Our catalog and its shelves, which describe other models, speak with one voice."""
    return source == CURATED or source.startswith(f"{CURATED}:{shelf.PREFIX}")


def _order(fact: Fact, doubts: Doubts, agreed: Agreed) -> tuple[tuple[int, int], int, str]:
    own = fact.entry in (fact.model_id, f"{fact.provider_id}/{fact.model_id}")
    speaks = rank(fact.source, fact.field)
    if place_of(fact) in doubts:
        speaks = (DOUBTED, speaks[1])
    elif place_of(fact) in agreed:
        speaks = (PUBLIC, speaks[1] - len(roster.SOURCES) - 1)
    elif fact.source == fact.provider_id:
        speaks = (PUBLIC - 1, speaks[1])  # who sells it is no third party
    return speaks, 0 if own else 1, fact.entry


def _agreed(facts: Iterable[Fact], doubts: Doubts) -> Agreed:
    """The prices of one model that public catalogs agree on, each with those catalogs: two cannot both have mistyped
    the same, and what they say was charged by somebody, which an average never was."""
    said: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.field in _AGREEABLE and fact.source in roster.BY_ID and place_of(fact) not in doubts:
            said.setdefault(fact.field, []).append(fact)
    found: dict[Place, tuple[str, ...]] = {}
    for field, some in said.items():
        words: dict[str, Fact] = {}
        for fact in sorted(some, key=lambda fact: _order(fact, NO_DOUBTS, {})):
            words.setdefault(fact.source, fact)
        for fact in words.values() if len(words) > 1 else ():
            alike = tuple(it.source for it in words.values() if agree(field, it.value, fact.value))
            if len(alike) > 1:
                found[place_of(fact)] = alike
    return found


def _override(row: Mapping[str, Any]) -> Claim:
    field, factor = field_of_column(row["field"])
    value = row["value"]
    if factor is not None and isinstance(value, int | Decimal):
        value = Decimal(value) * factor
    reason = f": {row['reason']}" if row["reason"] else ""
    return Claim(
        field=field,
        value=value,
        source="administrator",
        holds=True,
        why=f"set by {row['set_by']}{reason}; an administrator's word comes first",
        entry=None,
        reference=None,
        source_date=None,
        seen_at=row["set_at"],
    )


def _reason(fact: Fact, agreed: Agreed) -> str:
    alike = agreed.get(place_of(fact))
    if alike is not None:
        return f"nobody nearer says it, and {' and '.join(alike)} agree"
    if _is_ours(fact.source):
        return "curated, with its source"
    if fact.source.startswith(f"{CURATED}:"):
        return "from a catalog folder of one's own, which speaks before ours"
    if fact.source.startswith(PROVIDER):
        return "the provider's own word, and the catalog is silent"
    order = sorted(roster.BY_ID, key=lambda source: roster.rank(source, fact.field))
    return f"nobody nearer says it; public catalogs in the order {', '.join(order)}"


def _refusal(fact: Fact, winner: Fact | Claim | None) -> str:
    if winner is None:
        whole = WHOLE.get(fact.field.removeprefix("price."))
        return (
            f"another price.{whole} holds than {fact.source} says" if whole else "other usual prices hold than it says"
        )
    agrees = agree(fact.field, fact.value, winner.value)
    speaker = "an administrator" if isinstance(winner, Claim) else winner.source
    if not isinstance(winner, Claim) and winner.source == fact.source:
        speaker = f"{winner.source}'s own entry {winner.entry}"
    return f"agrees with {speaker}" if agrees else f"{speaker} speaks first, and says otherwise"
