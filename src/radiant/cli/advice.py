"""Which command to type next after an error. Errors themselves name no commands where other faces show them."""

from radiant.domain.compliance import Remedy, Step
from radiant.domain.endpoint_state import EndpointNotFound
from radiant.domain.errors import CatalogInvalid, ModelNotFound, RadiantError, SourceUnreachable
from radiant.domain.markups import MarkupNotFound
from radiant.domain.prices import NothingHeld, NothingSet
from radiant.domain.warmth import NotSelfHosted


def advice(error: RadiantError) -> str:
    """A sentence with the space before it, or nothing."""
    if isinstance(error, ModelNotFound) and not error.close:
        return " `radiant models` lists all."
    if isinstance(error, EndpointNotFound):
        return " `radiant endpoints list` shows them."
    if isinstance(error, NotSelfHosted) and not error.close:
        return " `radiant models --hosting self_hosted` lists all."
    if isinstance(error, MarkupNotFound):
        return " `radiant prices markup list` shows those that do."
    if isinstance(error, NothingHeld):
        return " `radiant prices held` lists what does."
    if isinstance(error, NothingSet):
        return f" `radiant prices show {error.name}` says where its prices are from."
    if isinstance(error, SourceUnreachable):
        return " Give a file you have with --file."
    if isinstance(error, CatalogInvalid) and error.hidden:
        return "\n`radiant catalog check` shows all."
    return ""


def advice_on(remedy: Remedy, model_id: str) -> str:
    """What to do about a refusal of which `model_id` is an example."""
    if remedy.step is Step.DECLARE:
        return f"once it is met, declare so: radiant providers declare {remedy.provider_id} {remedy.standard}"
    return f"decide for yourself, for example: radiant db psql -c {remedy.decision(model_id)}"
