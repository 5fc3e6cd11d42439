"""Every provider of the catalog, and how it lists its models: one line each.

What differs is data. A line that has no shape in OpenAI's form has one in the file named after its provider.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import anthropic, azure_openai, bedrock, cohere, compatible, fireworks, google, huggingface, media, openrouter
from .lister import Lister, Request
from .paging import Numbered
from .shape import Shape


def _one(path: str = "models", shape: Shape = compatible.PLAIN, *, partial: str | None = None) -> Lister:
    """One list on one page."""
    return Lister(requests=(Request(path=path, shape=shape),), partial=partial)


def _none(why: str, base_path: str = "") -> Lister:
    return Lister(silent=why, base_path=base_path)


#: What any server that speaks OpenAI's API needs: a base URL.
OPENAI_COMPATIBLE: Final = Lister(requests=(Request(path="models", shape=compatible.ANY),), keyless=True)

_UNDOCUMENTED: Final = "it documents no list of models"
_UNKNOWN: Final = "whether it lists its models is not known"

_DASHSCOPE: Final = Shape(
    arrays=("output.models",),
    id=("model",),
    facts={
        "display_name": "name",
        "context_window": "model_info.context_window",
        "max_output": "model_info.max_output_tokens",
    },
    created="published_time",
)
_DASHSCOPE_PAGING: Final = Numbered(
    page="page_no", size=("page_size", 20), sized="output.page_size", total="output.total"
)

LISTERS: Final[Mapping[str, Lister]] = MappingProxyType(
    {
        "anthropic": Lister(
            requests=(Request(path="v1/models", shape=anthropic.SHAPE, paging=anthropic.PAGING),),
        ),
        "azure_openai": _one(azure_openai.PATH, azure_openai.SHAPE),
        "bedrock": Lister(
            requests=(
                Request(path="/foundation-models", shape=bedrock.MODELS, host=bedrock.HOST),
                Request(
                    path="/inference-profiles",
                    shape=bedrock.PROFILES,
                    paging=bedrock.PROFILES_PAGING,
                    host=bedrock.HOST,
                ),
            ),
        ),
        "cerebras": Lister(
            requests=(
                Request(path="models"),
                Request(path="/public/v1/models", shape=compatible.CEREBRAS, exists=False),
            ),
            base_path="/v1",
        ),
        "cohere": Lister(requests=(Request(path="v1/models", shape=cohere.SHAPE, paging=cohere.PAGING),)),
        "dashscope": Lister(requests=(Request(path="models", shape=_DASHSCOPE, paging=_DASHSCOPE_PAGING),)),
        "deepgram": _one(
            "v1/models?include_outdated=true",
            media.DEEPGRAM,
            partial="short names such as nova-3 are not known to be in its list",
        ),
        "deepseek": _one(shape=compatible.DEEPSEEK),
        "elevenlabs": _one(
            "v1/models", media.ELEVENLABS, partial="its list is of voices; transcription and music are not known in it"
        ),
        "fireworks": Lister(
            requests=(Request(path="/v1/accounts/fireworks/models", shape=fireworks.SHAPE, paging=fireworks.PAGING),),
            base_path="/inference/v1",
        ),
        "google": Lister(requests=(Request(path="v1beta/models", shape=google.SHAPE, paging=google.PAGING),)),
        "groq": _one(shape=compatible.GROQ),
        "huggingface": Lister(
            requests=(
                Request(path="models", shape=huggingface.ROUTER),
                Request(
                    path=huggingface.HUB_PATH,
                    shape=huggingface.MODELS,
                    paging=huggingface.PAGING,
                    host=huggingface.HUB,
                ),
            ),
            base_path="/v1",
            keyless=True,
        ),
        "jina": _one(),
        "minimax": _one(),
        "mistral": _one(shape=compatible.MISTRAL),
        "moonshot": _one(shape=compatible.MOONSHOT),
        "nvidia": _one(),
        "openai": _one(shape=compatible.OPENAI),
        "openrouter": Lister(
            requests=(Request(path=openrouter.PATH, shape=openrouter.SHAPE, paging=openrouter.PAGING),),
            keyless=True,
        ),
        "perplexity": _one("v1/models", partial="its list is of the Agent API; Sonar and embeddings are not in it"),
        "replicate": Lister(
            requests=(Request(path="v1/models", shape=media.REPLICATE, paging=media.REPLICATE_PAGING),),
        ),
        "sambanova": _one(shape=compatible.SAMBANOVA),
        "stability": _one(
            "v1/engines/list", media.STABILITY, partial="its list is of the first API; models of v2beta are not in it"
        ),
        # Without the word it lists what only endpoints of one's own serve, and most of that is refused (HeyPuter/puter,
        # issue 3168; the word: BerriAI/litellm, pull request 38257).
        "together": _one("models?serverless", compatible.TOGETHER),
        "vercel_ai_gateway": _one(shape=compatible.VERCEL),
        "xai": Lister(
            requests=(
                Request(path="models"),
                Request(path="language-models", shape=compatible.XAI, exists=False),
            ),
        ),
        "ai21": _none(_UNDOCUMENTED),
        "assemblyai": _none("it lists the models of its LLM gateway, and none of speech"),
        "bfl": _none(_UNDOCUMENTED),
        "ideogram": _none(_UNDOCUMENTED),
        "luma": _none(_UNDOCUMENTED),
        "meshy": _none(_UNDOCUMENTED),
        "recraft": _none(_UNDOCUMENTED),
        "runway": _none(_UNDOCUMENTED),
        "voyage": _none(_UNDOCUMENTED),
        "zai": _none(_UNDOCUMENTED),
        "azure_ai": _none(_UNKNOWN),
        "cloudflare": _none(_UNKNOWN, "/ai/v1"),
        "databricks": _none(_UNKNOWN, "/serving-endpoints"),
        "deepinfra": _none(_UNKNOWN, "/v1/openai"),
        "fal_ai": _none(_UNKNOWN),
        "github_models": _none("it was retired on 2026-07-30", "/inference"),
        "inception": _none(_UNKNOWN),
        "meta": _none(_UNKNOWN),
        "nebius": _none(_UNKNOWN),
        "novita": _none(_UNKNOWN, "/openai"),
        "oci": _none(_UNKNOWN),
        "parallel_ai": _none(_UNKNOWN),
        "tavily": _none(_UNKNOWN),
        "vertex_ai": _none(_UNKNOWN),
    }
)


def lister(provider: str) -> Lister:
    """How a provider lists; one that nobody described is taken for a server that speaks OpenAI's API."""
    return LISTERS.get(provider, OPENAI_COMPATIBLE)
