"""The fake providers of the demo: what they list, and what changes the next times they are asked."""

from typing import Any

from radiant.catalog.load import load_catalog

#: A model that vanishes, and comes back; one that is new later.
GONE, LATER = "acme/acme-nano", "acme/acme-ultra"

#: What the providers of the demo take for their key.
KEYS = {
    "OPENROUTER_API_KEY": "simulated-openrouter",
    "ANTHROPIC_API_KEY": "simulated-anthropic",
    "GLOBEX_API_KEY": "simulated-globex",
}

#: A server of self-hosted models, what it calls one of ours, and how that is called here.
RUNTIME, THERE, OWN = "gpu-1", "mistral:7b", "mistral-7b-v0.3"

#: After so many lists they begin to change.
_CALM = 1


def script() -> dict[str, Any]:
    """What `radiant simulate` plays: OpenRouter and Anthropic with what we know of them and more, a server that speaks
    OpenAI's API and fails, and one of self-hosted models."""
    names = ("acme-large", "acme-medium", "acme-small", "acme-coder", "acme-large-2026-10-01")
    acme = [_priced(f"acme/{name}") for name in names]
    return {
        "seed": 1,
        "runtimes": [{"id": RUNTIME, "runtime": "ollama", "models": [{"name": THERE, "load_seconds": 3}]}],
        "providers": [
            {
                "id": "openrouter",
                "models": [*_known("openrouter"), *acme, _priced(GONE)],
                "changes": [
                    {"lists": _CALM, "add": [_priced(LATER)]},
                    {"lists": _CALM + 1, "remove": [GONE]},
                    {"lists": _CALM + 8, "add": [_priced(GONE)]},
                ],
            },
            {
                "id": "anthropic",
                "page_size": 5,
                "models": [
                    *_known("anthropic"),
                    {"id": "claude-demo-1", "display_name": "Claude Demo", "context_window": 400_000},
                ],
            },
            {
                "id": "globex",
                "count": 2,
                "changes": [{"lists": _CALM, "behavior": "failing"}, {"lists": _CALM + 8, "behavior": "well"}],
            },
        ],
    }


def _known(provider: str) -> list[str]:
    """What the catalog has of a provider: a list without them would speak against them."""
    return sorted(model for of, model in load_catalog().external if of == provider)


def _priced(id: str) -> dict[str, Any]:
    """An entry as OpenRouter writes it, with all that is needed to serve the model."""
    fields = {
        "name": id.partition("/")[2],
        "context_length": 128_000,
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "pricing": {"prompt": "0.0000005", "completion": "0.0000015"},
        "supported_parameters": ["tools"],
    }
    return {"id": id, "fields": fields}
