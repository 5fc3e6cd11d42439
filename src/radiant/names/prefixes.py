"""What the first part of a name stands for: a provider, by its own name or another catalog's, or only a way to it."""

import re
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from radiant.public_catalogs.identity import litellm_identity
from radiant.public_catalogs.provider_ids import GENAI_PRICES, LITELLM, MODELS_DEV, litellm_prefix, own_id

#: How providers name their models as resources: https://ai.google.dev/api/models (`models/{model}`),
#: https://cloud.google.com/vertex-ai/docs/reference/rest/v1/publishers.models, both read 2026-11-26, and
#: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-use.html, read 2026-11-27.
_RESOURCES: Final = (
    (
        re.compile(
            r"(?:bedrock/)?(?:converse/|invoke/)?arn:aws[a-z-]*:bedrock:[^:/]*:[0-9]*:(?:inference-profile|foundation-model)/",
            re.IGNORECASE,
        ),
        "bedrock",
    ),
    (re.compile(r"(?:projects/[^/]+/locations/[^/]+/)?publishers/[^/]+/models/", re.IGNORECASE), "vertex_ai"),
    (re.compile(r"models/", re.IGNORECASE), "google"),
)

#: Gateways: what stands behind their name is a name of its own.
GATEWAYS: Final = frozenset({"openrouter", "vercel_ai_gateway", "litellm_proxy", "litellm", "cloudflare_ai_gateway"})

#: Names that stand for more providers than one of ours, or that no catalog has as its own.
_FURTHER: Final = {
    "azure": ("azure_openai", "azure_ai"),
    "gemini": ("google",),
    "vertex": ("vertex_ai",),
    "vercel": ("vercel_ai_gateway",),
}


def _known() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {
        theirs: (ours,) for table in (GENAI_PRICES, MODELS_DEV, LITELLM) for theirs, ours in table.items()
    }
    found |= _FURTHER
    return MappingProxyType({str(own_id(theirs)): ours for theirs, ours in found.items()})


#: Our ids of providers by the names that other catalogs have for them, written as our ids are.
ELSEWHERE: Final = _known()


#: Ours that have another name there.
_NAMED: Final = frozenset(ours for several in ELSEWHERE.values() for ours in several)


class Reading(NamedTuple):
    """One way to read a name: as `name` at one of `providers`, or at any where that is None."""

    providers: frozenset[str] | None
    name: str


def providers_called(name: str, here: Collection[str]) -> tuple[str, ...]:
    """Those of `here` that another catalog, or another spelling, calls `name`."""
    own = name if name in here else own_id(name)
    if own is None:
        return ()
    return (own,) if own in here else tuple(it for it in ELSEWHERE.get(own, ()) if it in here)


def readings(name: str, here: Collection[str]) -> Iterator[Reading]:
    """Every way to read `name` in a registry with the providers `here`, the most literal first.

    What stands behind a provider of this registry is looked for there and nowhere else. What stands behind a gateway,
    or behind a provider that is known but not here, is a name of its own.
    """
    for resource, provider in _RESOURCES:
        if found := resource.match(name):
            rest = name[found.end() :]
            if provider in here:
                yield Reading(frozenset({provider}), rest)
            yield Reading(None, rest)
            return
    head, slash, rest = name.partition("/")
    if not slash or not rest:
        yield Reading(None, name)
        return
    own, providers = own_id(head), providers_called(head, here)
    if own in providers or head in providers:
        yield Reading(frozenset(providers), rest)
    yield Reading(None, name)
    for resource, provider in _RESOURCES:
        if provider in providers and (found := resource.match(rest)):
            yield Reading(frozenset({provider}), rest[found.end() :])
    if providers:
        yield Reading(frozenset(providers), rest)
        yield from _as_litellm(name, head, providers)
    if own in GATEWAYS or own == "vercel" or (not providers and own is not None and _is_provider(own)):
        yield from readings(rest, here)


def _is_provider(own: str) -> bool:
    return own in ELSEWHERE or own in _NAMED or litellm_prefix(own) is not None


def _as_litellm(name: str, head: str, providers: Collection[str]) -> Iterator[Reading]:
    """As LiteLLM writes the models of a provider, with routes and short forms. A way to buy a model is no model."""
    found = litellm_identity(name, head.lower())
    if found.model is not None and found.variant is None and found.provider in providers:
        yield Reading(frozenset({str(found.provider)}), found.model)
