"""Which provider of ours, if any, each source's provider is.

A provider we do not describe gets an id of its own, made from its name, so that it can be adopted. One company is
several providers where hosts, keys and prices differ: Vertex AI is not the Gemini API, a Chinese host is not the
international one, and a subscription is not pay-as-you-go.
"""

import re
from typing import Final

LONGEST: Final = 50

#: LiteLLM's `litellm_provider`.
LITELLM: Final = {
    "ai21_chat": "ai21",
    "azure": "azure_openai",
    "azure_text": "azure_openai",
    "bedrock_converse": "bedrock",
    "black_forest_labs": "bfl",
    "cohere_chat": "cohere",
    "fireworks_ai": "fireworks",
    "fireworks_ai-embedding-models": "fireworks",
    "gemini": "google",
    "jina_ai": "jina",
    "lumaai": "luma",
    "nvidia_nim": "nvidia",
    "runwayml": "runway",
    "text-completion-codestral": "codestral",
    "text-completion-inception": "inception",
    "text-completion-openai": "openai",
    "together_ai": "together",
}

#: models.dev's provider ids. `azure` and `azure-cognitive-services` are told apart by model, see `on_azure`.
MODELS_DEV: Final = {
    "alibaba": "dashscope",
    "alibaba-cn": "dashscope_cn",
    "amazon-bedrock": "bedrock",
    "black-forest-labs": "bfl",
    "cloudflare-workers-ai": "cloudflare",
    "fireworks-ai": "fireworks",
    "friendli": "friendliai",
    "gmicloud": "gmi",
    "google-vertex": "vertex_ai",
    "google-vertex-anthropic": "vertex_ai",
    "jina-ai": "jina",
    "llama": "meta_llama",
    "luma-ai": "luma",
    "moonshotai": "moonshot",
    "moonshotai-cn": "moonshot_cn",
    "novita-ai": "novita",
    "perplexity-agent": "perplexity",
    "stability-ai": "stability",
    "togetherai": "together",
    "vercel": "vercel_ai_gateway",
    "voyageai": "voyage",
    "xiaomi": "xiaomi_mimo",
    "zhipuai": "zhipu",
}

#: genai-prices' provider ids. `azure` and `google` are told apart by model, `huggingface_…` names who serves.
GENAI_PRICES: Final = {
    "aws": "bedrock",
    "moonshotai": "moonshot",
    "voyageai": "voyage",
    "x-ai": "xai",
    "zhipuai": "zhipu",
}

#: Microsoft serves OpenAI's models as Azure OpenAI, all others through Azure AI Foundry.
_OPENAI_ON_AZURE: Final = re.compile(
    r"(chat)?gpt-|o\d(-|$)|codex-|computer-use|model-router|(text-)?(ada|babbage|curie|davinci)(-|$)|text-embedding-"
    r"|whisper|tts-|dall-e-|sora-"
)

#: Google's own API serves only Google's models; those of others are on Vertex AI.
_ON_GEMINI_API: Final = re.compile(
    r"gemini|gemma|imagen|veo-|lyria|learnlm|text-embedding-0|aqa$|nano-banana|embedding-0"
)


#: LiteLLM's prefixes that our ids do not spell, for providers that our catalog does not describe. Where LiteLLM has
#: several names for one provider, the one that is called.
_PREFIXES: Final = {
    **{ours: theirs for theirs, ours in LITELLM.items()},
    "abliteration_ai": "abliteration",
    "azure_openai": "azure",
    "bedrock": "bedrock",
    "cohere": "cohere",
    "fireworks": "fireworks_ai",
    "github_models": "github",
    "lmstudio": "lm_studio",
    "nano_gpt": "nano-gpt",
    "openai": "openai",
    "sap_ai_core": "sap",
    "venice": "veniceai",
}

#: Providers that LiteLLM has a prefix for, and we the same id.
_SAME_PREFIX: Final = frozenset(
    {
        "aiand", "aihubmix", "aiml", "amazon_nova", "baseten", "bedrock_mantle", "chatgpt", "chutes",
        "clarifai", "codestral", "cognition", "cometapi", "compactifai", "cortecs", "crusoe", "featherless_ai",
        "friendliai", "galadriel", "github_copilot", "gmi", "gradient_ai", "helicone", "heroku", "hyperbolic",
        "inferenceapis", "kyma", "lambda_ai", "libertai", "llamagate", "meta_llama", "modelscope", "morph",
        "nscale", "ollama", "opencode_go", "ovhcloud", "parasail", "pinstripes", "poe", "publicai", "qwencloud",
        "reka", "sail", "sarvam", "scaleway", "snowflake", "soniox", "synthetic", "tencent", "v0", "volcengine",
        "wandb", "watsonx", "xiaomi_mimo",
    }
)  # fmt: skip


def litellm_prefix(provider: str) -> str | None:
    """What LiteLLM writes before the models of one of our providers, or None where it does not serve it."""
    return provider if provider in _SAME_PREFIX else _PREFIXES.get(provider)


def own_id(name: str) -> str | None:
    """An id made from a source's name for a provider, or None where nothing is left of it."""
    made = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return made if made and len(made) <= LONGEST else None


def litellm_provider(name: str) -> str | None:
    """Our id for a `litellm_provider`."""
    if name.startswith("vertex_ai"):
        return "vertex_ai"
    return LITELLM.get(name) or own_id(name)


def models_dev_provider(name: str, model: str) -> str | None:
    """Our id for a provider of models.dev, which may depend on the model."""
    if name == "azure":
        return on_azure(model)
    return MODELS_DEV.get(name) or own_id(name)


def genai_prices_provider(name: str, model: str) -> str | None:
    """Our id for a provider of genai-prices, which may depend on the model."""
    if name == "azure":
        return on_azure(model)
    if name == "google":
        return "google" if _ON_GEMINI_API.match(model) else "vertex_ai"
    if name.startswith("huggingface_"):
        return "huggingface"
    return GENAI_PRICES.get(name) or own_id(name)


def on_azure(model: str) -> str:
    """Which of Microsoft's two services has this model."""
    return "azure_openai" if _OPENAI_ON_AZURE.match(model) and "gpt-oss" not in model else "azure_ai"
