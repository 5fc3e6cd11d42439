"""LiteLLM's keys: which provider and model each names, and what it is a variant of."""

import pytest

from radiant.public_catalogs.identity import litellm_identity

IDENTITIES = [
    # key, litellm_provider → provider, model, region, variant, what it is a variant of, LiteLLM's id
    ("gpt-4o-mini", "openai", "openai", "gpt-4o-mini", None, None, None, "openai/gpt-4o-mini"),
    ("gpt-4o-2024-08-06", "openai", "openai", "gpt-4o-2024-08-06", None, None, None, "openai/gpt-4o-2024-08-06"),
    ("chatgpt-4o-latest", "openai", "openai", "chatgpt-4o-latest", None, None, None, "openai/chatgpt-4o-latest"),
    ("openai/sora-2", "openai", "openai", "sora-2", None, None, None, "openai/sora-2"),
    ("davinci-002", "text-completion-openai", "openai", "davinci-002", None, None, None,
     "text-completion-openai/davinci-002"),
    (
        "1024-x-1024/dall-e-2", "openai",
        "openai", "1024-x-1024/dall-e-2", None, "1024-x-1024", "dall-e-2", None,
    ),
    (
        "hd/1024-x-1792/dall-e-3", "openai",
        "openai", "hd/1024-x-1792/dall-e-3", None, "hd/1024-x-1792", "dall-e-3", None,
    ),
    ("azure/gpt-4o", "azure", "azure_openai", "gpt-4o", None, None, None, "azure/gpt-4o"),
    ("azure/gpt-35-turbo-instruct", "azure_text", "azure_openai", "gpt-35-turbo-instruct", None, None, None,
     "azure/gpt-35-turbo-instruct"),
    ("azure/eu/gpt-4o", "azure", "azure_openai", "eu/gpt-4o", "eu", "eu", "gpt-4o", None),
    ("azure/us-gov/o3-mini", "azure", "azure_openai", "us-gov/o3-mini", "us-gov", "us-gov", "o3-mini", None),
    (
        "azure/global-standard/gpt-4o", "azure",
        "azure_openai", "global-standard/gpt-4o", "global", "global-standard", "gpt-4o", None,
    ),
    (
        "azure/standard/1024-x-1024/dall-e-3", "azure",
        "azure_openai", "standard/1024-x-1024/dall-e-3", None, "standard/1024-x-1024", "dall-e-3", None,
    ),
    ("azure/speech/azure-tts", "azure", "azure_openai", "speech/azure-tts", None, None, None, "azure/speech/azure-tts"),
    ("azure_ai/claude-opus-5", "azure_ai", "azure_ai", "claude-opus-5", None, None, None, "azure_ai/claude-opus-5"),
    (
        "anthropic.claude-opus-5", "bedrock_converse",
        "bedrock", "anthropic.claude-opus-5", None, None, None, "bedrock/anthropic.claude-opus-5",
    ),
    (
        "us.anthropic.claude-opus-5", "bedrock_converse",
        "bedrock", "us.anthropic.claude-opus-5", "us", None, None, "bedrock/us.anthropic.claude-opus-5",
    ),
    (
        "us-gov.xai.grok-4.6", "bedrock_converse",
        "bedrock", "us-gov.xai.grok-4.6", "us-gov", None, None, "bedrock/us-gov.xai.grok-4.6",
    ),
    (
        "bedrock/us-east-1/anthropic.claude-v2:1", "bedrock",
        "bedrock", "us-east-1/anthropic.claude-v2:1", "us-east-1", "us-east-1", "anthropic.claude-v2:1",
        "bedrock/us-east-1/anthropic.claude-v2:1",
    ),
    (
        "bedrock/us-west-2/6-month-commitment/anthropic.claude-v1", "bedrock",
        "bedrock", "us-west-2/6-month-commitment/anthropic.claude-v1", "us-west-2", "us-west-2/6-month-commitment",
        "anthropic.claude-v1", None,
    ),
    (
        "bedrock/*/1-month-commitment/cohere.command-text-v14", "bedrock",
        "bedrock", "*/1-month-commitment/cohere.command-text-v14", None, "*/1-month-commitment",
        "cohere.command-text-v14", None,
    ),
    (
        "bedrock/invoke/anthropic.claude-3-5-sonnet-20240620-v1:0", "bedrock",
        "bedrock", "anthropic.claude-3-5-sonnet-20240620-v1:0", None, None, None,
        "bedrock/invoke/anthropic.claude-3-5-sonnet-20240620-v1:0",
    ),
    (
        "1024-x-1024/50-steps/bedrock/amazon.nova-canvas-v1:0", "bedrock",
        "bedrock", "1024-x-1024/50-steps/amazon.nova-canvas-v1:0", None, "1024-x-1024/50-steps",
        "amazon.nova-canvas-v1:0", None,
    ),
    (
        "bedrock_mantle/us-gov-west-1/openai.gpt-5.4", "bedrock_mantle",
        "bedrock_mantle", "us-gov-west-1/openai.gpt-5.4", "us-gov-west-1", "us-gov-west-1", "openai.gpt-5.4",
        "bedrock_mantle/us-gov-west-1/openai.gpt-5.4",
    ),
    ("gemini/gemini-2.5-pro", "gemini", "google", "gemini-2.5-pro", None, None, None, "gemini/gemini-2.5-pro"),
    ("gemini-2.5-pro", "vertex_ai-language-models", "vertex_ai", "gemini-2.5-pro", None, None, None,
     "vertex_ai/gemini-2.5-pro"),
    ("vertex_ai/claude-opus-4@20250514", "vertex_ai-anthropic_models", "vertex_ai", "claude-opus-4@20250514",
     None, None, None, "vertex_ai/claude-opus-4@20250514"),
    ("xai/grok-4.7", "xai", "xai", "grok-4.7", None, None, None, "xai/grok-4.7"),
    ("together_ai/zai-org/GLM-5.3", "together_ai", "together", "zai-org/GLM-5.3", None, None, None,
     "together_ai/zai-org/GLM-5.3"),
    ("together-ai-up-to-4b", "together_ai", "together", None, None, None, None, None),
    ("fireworks-ai-embedding-up-to-150m", "fireworks_ai-embedding-models", "fireworks", None, None, None, None, None),
    (
        "fireworks_ai/accounts/fireworks/models/kimi-k3", "fireworks_ai",
        "fireworks", "accounts/fireworks/models/kimi-k3", None, None, None,
        "fireworks_ai/accounts/fireworks/models/kimi-k3",
    ),
    ("fireworks_ai/kimi-k3", "fireworks_ai", "fireworks", "accounts/fireworks/models/kimi-k3", None, None, None,
     "fireworks_ai/kimi-k3"),
    ("fireworks_ai/kimi-k3-fast", "fireworks_ai", "fireworks", "accounts/fireworks/routers/kimi-k3-fast",
     None, None, None, "fireworks_ai/kimi-k3-fast"),
    ("fireworks_ai/kimi-k3-us", "fireworks_ai", "fireworks", "accounts/fireworks/routers/kimi-k3-us",
     None, None, None, "fireworks_ai/kimi-k3-us"),
    ("fireworks_ai/thenlper/gte-base", "fireworks_ai-embedding-models", "fireworks", "thenlper/gte-base",
     None, None, None, "fireworks_ai/thenlper/gte-base"),
    ("perplexity/perplexity/sonar", "perplexity", "perplexity", "perplexity/sonar", None, None, None,
     "perplexity/perplexity/sonar"),
    ("command-a-03-2025", "cohere_chat", "cohere", "command-a-03-2025", None, None, None,
     "cohere_chat/command-a-03-2025"),
    ("jina-reranker-v2-base-multilingual", "jina_ai", "jina", "jina-reranker-v2-base-multilingual", None, None, None,
     "jina_ai/jina-reranker-v2-base-multilingual"),
    ("nvidia_nim/ranking/nvidia/rerank-1b", "nvidia_nim", "nvidia", "nvidia/rerank-1b", None, None, None,
     "nvidia_nim/ranking/nvidia/rerank-1b"),
    ("runwayml/gen4.5", "runwayml", "runway", "gen4.5", None, None, None, "runwayml/gen4.5"),
    ("black_forest_labs/flux-dev", "black_forest_labs", "bfl", "flux-dev", None, None, None,
     "black_forest_labs/flux-dev"),
    ("deepgram/streaming/nova-3", "deepgram", "deepgram", "streaming/nova-3", None, "streaming", "nova-3", None),
    ("deepgram/streaming/diarize", "deepgram", "deepgram", None, None, None, None, None),
    ("codestral/codestral-latest", "codestral", "codestral", "codestral-latest", None, None, None,
     "codestral/codestral-latest"),
    ("aws_polly/standard", "aws_polly", "aws_polly", "standard", None, None, None, "aws_polly/standard"),
    ("scx-ai/GLM-5.3", "scx-ai", "scx_ai", "GLM-5.3", None, None, None, "scx-ai/GLM-5.3"),
    ("deepinfra/Qwen/QwQ-32B", "deepinfra", "deepinfra", "Qwen/QwQ-32B", None, None, None, "deepinfra/Qwen/QwQ-32B"),
    (
        "fal_ai/low/1024-x-768/gpt-image-2", "fal_ai",
        "fal_ai", "low/1024-x-768/gpt-image-2", None, "low/1024-x-768", "gpt-image-2", None,
    ),
    ("amazon-nova/nova-pro-v1", "amazon_nova", "amazon_nova", "nova-pro-v1", None, None, None,
     "amazon-nova/nova-pro-v1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "name", "provider", "model", "region", "variant", "base", "callable"),
    IDENTITIES,
    ids=lambda value: str(value),
)
def test_a_key_names_a_provider_and_its_model(
    key: str,
    name: str,
    provider: str,
    model: str | None,
    region: str | None,
    variant: str | None,
    base: str | None,
    callable: str | None,
) -> None:
    assert litellm_identity(key, name) == (provider, model, region, variant, base, callable)
