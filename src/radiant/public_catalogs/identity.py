"""Which model an entry is about: rules that turn a source's key into the id its provider uses.

An id is kept as its provider writes it: a dated or moving alias (`gpt-4o-2024-08-06`, `…-latest`) is not its family.
What only says how a model is bought (a size, a quality, a place, a term) is a variant: it stays in front of the id,
so that its prices never stand for the plain model's.
"""

import re
from typing import Final, NamedTuple

from .provider_ids import litellm_provider


class Identity(NamedTuple):
    """`model` is None where the entry names no single model, `callable` is LiteLLM's own id for it.

    `base` is the model that `variant` is a way to buy, set together with it.
    """

    provider: str | None
    model: str | None
    region: str | None = None
    variant: str | None = None
    base: str | None = None
    callable: str | None = None


#: Prefixes of LiteLLM's keys where they are not the `litellm_provider` itself.
_PREFIXES: Final = {
    "amazon_nova": "amazon-nova",
    "azure_text": "azure",
    "bedrock_converse": "bedrock",
    "fireworks_ai-embedding-models": "fireworks_ai",
}

#: Segments in front of an id that say how it is bought.
_VARIANT: Final = re.compile(
    r"(low|medium|high|xhigh|max|hd|standard|streaming|\d+-x-\d+|max-x-max|\d+-steps|max-steps|\d+-month-commitment)\Z"
)

#: Entries that price something else than a model: by parameter count, add-ons, tools.
_NO_MODEL: Final = re.compile(
    r"(together-ai|fireworks-ai)-|deepgram/streaming/(redact|keyterm|detect_entities|diarize)\Z"
    r"|(azure|openai)/container\Z|bedrock/guardrails\Z|vertex_ai/search_api\Z"
)

_AZURE_REGIONS: Final = {
    "us": "us",
    "eu": "eu",
    "apac": "apac",
    "us-gov": "us-gov",
    "global": "global",
    "global-standard": "global",
}
_AWS_REGION: Final = re.compile(r"(\*|[a-z]{2}(-gov)?-[a-z]+-\d)\Z")
_AWS_GEOGRAPHY: Final = re.compile(r"(us-gov|us|eu|apac|au|jp|in|ca|sa|global)\.(?=[a-z])")

#: LiteLLM's routes to one and the same model.
_ROUTES: Final = {"bedrock": ("invoke", "converse", "converse_like"), "nvidia_nim": ("ranking",)}

_FIREWORKS_ROUTERS: Final = re.compile(r".*(-fast|-us)\Z|(auto|auto-instant|firerouter)\Z")


def litellm_identity(key: str, provider: str) -> Identity:
    """Read a key of LiteLLM's map; `provider` is the entry's `litellm_provider`."""
    ours = litellm_provider(provider)
    if _NO_MODEL.match(key):
        return Identity(ours, None)
    prefix = "vertex_ai" if provider.startswith("vertex_ai") else _PREFIXES.get(provider, provider)
    segments = key.split("/")
    variant = _leading_variant(segments)
    if len(segments) > 1 and segments[0] == prefix:
        del segments[0]
    if len(segments) > 1 and segments[0] in _ROUTES.get(prefix, ()):
        del segments[0]
    place = _leading_place(segments, ours)
    variant += _leading_variant(segments)
    base = "/".join(segments)
    region = _AZURE_REGIONS.get(place, place) if place and place != "*" else None
    if ours == "fireworks":
        base = _fireworks_id(base)
    elif ours in ("bedrock", "bedrock_mantle") and region is None:
        region = bedrock_region(base)
    bought = "/".join(part for part in (place, *variant) if part)
    # A price for a place is one LiteLLM key among many; only Bedrock's keys with a region can be called.
    called = not variant and (not place or ours in ("bedrock", "bedrock_mantle")) and place != "*"
    return Identity(
        provider=ours,
        model=f"{bought}/{base}" if bought else base,
        region=region,
        variant=bought or None,
        base=base if bought else None,
        callable=(key if key.startswith(f"{prefix}/") else f"{prefix}/{key}") if called else None,
    )


def bedrock_region(model: str) -> str | None:
    """The geography of a cross-region inference profile, whose id begins with it."""
    found = _AWS_GEOGRAPHY.match(model)
    return found[1] if found else None


def without_geography(model: str) -> str:
    """The id of Amazon's model itself, without the geography of an inference profile."""
    return _AWS_GEOGRAPHY.sub("", model, count=1)


def _leading_variant(segments: list[str]) -> list[str]:
    """Take leading variant segments off, never the last segment."""
    taken = []
    while len(segments) > 1 and _VARIANT.match(segments[0]):
        taken.append(segments.pop(0))
    return taken


def _leading_place(segments: list[str], provider: str | None) -> str | None:
    """Take a leading region off, where the provider's keys have one."""
    if len(segments) < 2:
        return None
    if (provider == "azure_openai" and segments[0] in _AZURE_REGIONS) or (
        provider in ("bedrock", "bedrock_mantle") and _AWS_REGION.match(segments[0])
    ):
        return segments.pop(0)
    return None


def _fireworks_id(short: str) -> str:
    """LiteLLM lets people write only the last part of Fireworks' ids."""
    if "/" in short:
        return short
    kind = "routers" if _FIREWORKS_ROUTERS.match(short) else "models"
    return f"accounts/fireworks/{kind}/{short}"
