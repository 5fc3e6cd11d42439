"""Amazon Bedrock: two lists of the control plane. Many models are called through an inference profile only."""

from typing import Final

from radiant.claims.entries import shown
from radiant.domain.vocabulary import Modality, Task

from .entry import Entry
from .listing import Kind
from .paging import Cursor
from .shape import Shape

#: Calls go to bedrock-runtime, lists come from bedrock.
HOST: Final = ("bedrock-runtime.", "bedrock.")

PROFILES_PAGING: Final = Cursor(field="nextToken", parameter="nextToken", size=("maxResults", 1000))

#: How a model is called that is called by its own id; every other way has an id of its own, and AWS refuses this one
#: (maximhq/bifrost, issue 1998).
_BY_ITS_ID: Final = "ON_DEMAND"

_ARN: Final = "foundation-model/"


def _foundation(entry: Entry) -> None:
    status = entry.at("modelLifecycle.status")
    if status == "LEGACY":
        entry.facts.known("deprecated", True)
    elif status not in (None, "ACTIVE"):
        entry.facts.refuse(f"`modelLifecycle.status` is {shown(status)}, which is not known")
    if entry.facts.values.get("output_modalities") == [Modality.EMBEDDING.value]:
        entry.task(Task.EMBEDDING)
    ways = entry.at("inferenceTypesSupported")
    if isinstance(ways, list) and ways and _BY_ITS_ID not in ways:
        entry.is_made_from(None, Kind.REGIONAL)


def _profile(entry: Entry) -> None:
    models = entry.at("models")
    arns = [it.get("modelArn") for it in models if isinstance(it, dict)] if isinstance(models, list) else []
    bases = {arn.partition(_ARN)[2] for arn in arns if type(arn) is str and _ARN in arn}
    base = next(iter(bases)) if len(bases) == 1 else None
    entry.is_made_from(base, Kind.ALIAS if entry.at("type") == "APPLICATION" else Kind.REGIONAL)


MODELS: Final = Shape(
    arrays=("modelSummaries",),
    id=("modelId",),
    facts={"display_name": "modelName", "retires": "modelLifecycle.endOfLifeTime"},
    modalities=("inputModalities", "outputModalities"),
    created="modelLifecycle.startOfLifeTime",
    more=_foundation,
)
PROFILES: Final = Shape(
    arrays=("inferenceProfileSummaries",),
    id=("inferenceProfileId",),
    facts={"display_name": "inferenceProfileName"},
    created="createdAt",
    more=_profile,
    absent_is_empty=True,
)
