"""Public catalogs as they are published: the inverse of their readers. Pure.

The shapes are those of the files of each catalog, as of 2026-11-26 (`public_catalogs.roster` says where).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from radiant.domain.vocabulary import Task
from radiant.public_catalogs.vocabulary import LITELLM_MODES

from .answers import Answer
from .script import CatalogModel, Model

_MILLION: Final = Decimal(1_000_000)
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_MODES: Final = {task: mode for mode, task in reversed(LITELLM_MODES.items())}

#: What goes in and out, where a catalog tells that.
_FLOWS: Final[Mapping[Task, tuple[list[str], list[str]]]] = {
    Task.IMAGE: (["text"], ["image"]),
    Task.VIDEO: (["text"], ["video"]),
    Task.TRANSCRIPTION: (["audio"], ["text"]),
}


def published(id: str, models: Sequence[Model], headers: Mapping[str, str]) -> Answer:
    """The catalog of that id with these entries; 304 where `headers` name its ETag."""
    body = _ENCODER.encode(_SHAPES[id]([it for it in models if isinstance(it, CatalogModel)]))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if headers.get("if-none-match") == etag:
        return Answer(status=304, headers={"etag": etag})
    return Answer(status=200, headers={"content-type": "application/json", "etag": etag}, body=body)


def _litellm(models: Iterable[CatalogModel]) -> dict[str, Any]:
    return {f"{it.provider}/{it.id}": _entry(it) for it in models}


def _entry(it: CatalogModel) -> dict[str, Any]:
    said = _said(
        litellm_provider=it.provider,
        mode=_MODES.get(it.task),
        max_input_tokens=it.context_window,
        max_output_tokens=it.max_output,
        input_cost_per_token=_each(it.input_per_mtok),
        output_cost_per_token=_each(it.output_per_mtok),
        deprecation_date=it.retires,
        successor_model=it.successor and f"{it.provider}/{it.successor}",
    )
    return {**said, **it.fields}


def _models_dev(models: Iterable[CatalogModel]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for it in models:
        place = found.setdefault(it.provider, {"id": it.provider, "name": it.provider, "env": [], "models": {}})
        into, out = _FLOWS.get(it.task, (["text"], ["text"]))
        said = _said(
            id=it.id,
            name=it.display_name or it.id,
            modalities={"input": into, "output": out},
            limit=_said(context=it.context_window, output=it.max_output),
            cost=_said(input=it.input_per_mtok, output=it.output_per_mtok),
            status="deprecated" if it.deprecated else None,
        )
        place["models"][it.id] = {**said, **it.fields}
    return found


def _openrouter(models: Iterable[CatalogModel]) -> dict[str, Any]:
    """Its own offerings: `provider` is who made the model."""
    return {"data": [_offering(it) for it in models]}


def _offering(it: CatalogModel) -> dict[str, Any]:
    into, out = _FLOWS.get(it.task, (["text"], ["text"]))
    prices = {"prompt": _each(it.input_per_mtok), "completion": _each(it.output_per_mtok)}
    said = _said(
        id=f"{it.provider}/{it.id}",
        name=it.display_name or it.id,
        context_length=it.context_window,
        architecture={"input_modalities": into, "output_modalities": out},
        top_provider=_said(max_completion_tokens=it.max_output),
        pricing={name: str(price) for name, price in prices.items() if price is not None},
        expiration_date=it.retires,
    )
    return {**said, **it.fields}


def _genai_prices(models: Iterable[CatalogModel]) -> list[Any]:
    found: dict[str, Any] = {}
    for it in models:
        place = found.setdefault(it.provider, {"id": it.provider, "name": it.provider, "models": []})
        prices = _said(input_mtok=it.input_per_mtok, output_mtok=it.output_per_mtok)
        said = _said(
            id=it.id,
            name=it.display_name,
            match={"equals": it.id},
            context_window=it.context_window,
            deprecated=it.deprecated or None,
            prices=prices,
        )
        place["models"].append({**said, **it.fields})
    return list(found.values())


def _said(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _each(price: Decimal | None) -> Decimal | None:
    """The price of one token."""
    return None if price is None else price / _MILLION


_SHAPES: Final[Mapping[str, Callable[[Iterable[CatalogModel]], Any]]] = {
    "litellm": _litellm,
    "models.dev": _models_dev,
    "openrouter": _openrouter,
    "genai-prices": _genai_prices,
}
