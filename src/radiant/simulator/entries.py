"""Models as a provider writes them: the inverse of its shape. Pure."""

import datetime as dt
from typing import Any, Final

from radiant.providers.shape import Shape

from .script import Model

#: Providers that write dates otherwise than as an ISO day.
_SECONDS: Final = frozenset({"azure_openai"})
_PARTS: Final = frozenset({"fireworks"})

#: What entries of a provider always have, by its id.
_ALWAYS: Final[dict[str, dict[str, Any]]] = {
    "anthropic": {"type": "model", "lifecycle": "active"},
    "cohere": {"endpoints": ["chat"], "finetuned": False},
    "google": {"supportedGenerationMethods": ["generateContent", "countTokens"]},
    "replicate": {"visibility": "public", "run_count": 1},
}


def entry(provider: str, shape: Shape, model: Model, created: dt.datetime) -> dict[str, Any]:
    """The entry of a model in a list of that shape."""
    made: dict[str, Any] = {}
    parts = model.id.rsplit("/", len(shape.id) - 1) if len(shape.id) > 1 else [model.id]
    for key, part in zip(shape.id, [*parts, *["model"] * (len(shape.id) - len(parts))], strict=True):
        made[key] = f"{shape.strip}{part}"
    for key, path in shape.facts.items():
        value = getattr(model, key, None)
        if isinstance(value, dt.date):
            value = _date(provider, value)
        if value is not None:
            _put(made, path, value)
    if shape.deprecated is not None:
        _put(made, shape.deprecated, model.deprecated)
    if shape.created is not None:
        stamp = int(created.timestamp())
        _put(made, shape.created, stamp if shape.created == "created" else created.isoformat())
    if "data" in shape.arrays:
        made["object"] = "model"
    if provider == "bedrock" and model.of is not None:
        arn = f"arn:aws:bedrock:us-east-1::foundation-model/{model.of}"
        made |= {"type": "SYSTEM_DEFINED", "status": "ACTIVE", "models": [{"modelArn": arn}]}
    if provider == "anthropic" and model.deprecated:
        return {**made, **_ALWAYS[provider], "lifecycle": "deprecated", **model.fields}
    return {**made, **_ALWAYS.get(provider, {}), **model.fields}


def _date(provider: str, day: dt.date) -> Any:
    if provider in _SECONDS:
        return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
    return {"year": day.year, "month": day.month, "day": day.day} if provider in _PARTS else day.isoformat()


def _put(made: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for name in above:
        made = made.setdefault(name, {})
    made[last] = value
