"""Which of several claims about a field holds, and why. Pure.

An administrator's word comes first, then catalog folders of people's own, then our catalog, then the provider's own
API, then the public catalogs in a stated order. Within one public catalog, the entry that bears the model's own id
speaks before its aliases.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from radiant.claims.agreement import agree
from radiant.domain.fact import Claim, Fact
from radiant.public_catalogs import roster

from .fields import field_of_column

CURATED = "curated"  #: the source of what our catalog says; that of a folder is this, a colon and its name
PROVIDER = "provider:"


def rank(source: str, field: str) -> tuple[int, int]:
    """Smaller speaks first. A source nobody knows speaks last."""
    if source == CURATED:
        return 1, 1
    if source.startswith(f"{CURATED}:"):
        return 1, 0
    if source.startswith(PROVIDER):
        return 2, 0
    return 3, roster.rank(source, field)


def holding(facts: Iterable[Fact]) -> dict[str, Fact]:
    """For each field the fact that holds, among facts about one model."""
    found: dict[str, Fact] = {}
    for fact in sorted(facts, key=_order):
        found.setdefault(fact.field, fact)
    return found


def fillings(facts: Sequence[Fact]) -> dict[str, Any]:
    """What holds among facts of public catalogs, as far as it may fill what a catalog of ours leaves open.

    Their notes are about their own prices. A `max_input` that its source also calls the window may be just that, and
    takes nothing off a window that we know.
    """
    found = {field: fact for field, fact in holding(facts).items() if not field.endswith(".note")}
    limit = found.get("max_input")
    windows = [(fact.source, fact.entry, fact.value) for fact in facts if fact.field == "context_window"]
    if limit is not None and (limit.source, limit.entry, limit.value) in windows:
        del found["max_input"]
    return {field: fact.value for field, fact in found.items()}


def claims(facts: Sequence[Fact], overrides: Sequence[Mapping[str, Any]]) -> list[Claim]:
    """Every claim about one model: by field, the one that holds first, each with the reason.

    `overrides` are rows of that table whose `value` is decoded.
    """
    told = [_override(row) for row in overrides if row["field"] != "*"]
    decided = {claim.field: claim for claim in told}
    first = holding(facts)
    for fact in sorted(facts, key=lambda fact: (fact.field, *_order(fact))):
        holds = fact.field not in decided and first[fact.field] is fact
        winner = decided.get(fact.field) or first[fact.field]
        told.append(
            Claim(
                field=fact.field,
                value=fact.value,
                source=fact.source,
                holds=holds,
                why=_reason(fact) if holds else _refusal(fact, winner),
                entry=fact.entry,
                reference=fact.reference,
                source_date=fact.source_date,
                seen_at=fact.seen_at,
            )
        )
    return sorted(told, key=lambda claim: (claim.field, not claim.holds))


def _order(fact: Fact) -> tuple[tuple[int, int], int, str]:
    own = fact.entry in (fact.model_id, f"{fact.provider_id}/{fact.model_id}")
    return rank(fact.source, fact.field), 0 if own else 1, fact.entry


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


def _reason(fact: Fact) -> str:
    if fact.source == CURATED:
        return "curated, with its source"
    if fact.source.startswith(f"{CURATED}:"):
        return "from a catalog folder of one's own, which speaks before ours"
    if fact.source.startswith(PROVIDER):
        return "the provider's own word, and the catalog is silent"
    order = sorted(roster.BY_ID, key=lambda source: roster.rank(source, fact.field))
    return f"nobody nearer says it; public catalogs in the order {', '.join(order)}"


def _refusal(fact: Fact, winner: Fact | Claim) -> str:
    agrees = agree(fact.field, fact.value, winner.value)
    speaker = "an administrator" if isinstance(winner, Claim) else winner.source
    if not isinstance(winner, Claim) and winner.source == fact.source:
        speaker = f"{winner.source}'s own entry {winner.entry}"
    return f"agrees with {speaker}" if agrees else f"{speaker} speaks first, and says otherwise"
