"""The names of facts, and how they correspond to keys of catalog files, columns and struct fields. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from radiant.domain.currency import USD, in_currency, usual_field
from radiant.domain.external import ExternalModel, Price
from radiant.domain.self_hosted import SelfHostedModel, Source
from radiant.domain.units import BY_KEY
from radiant.domain.vocabulary import Task

#: Columns whose name differs from the fact's, with what one of the column is worth in the fact's unit.
_COLUMNS: dict[str, tuple[str, int | None]] = {
    **{meter.column: (meter.fact, meter.factor) for meter in BY_KEY.values() if meter.column and meter.fact},
    "primary_mode": ("task", None),
}

#: What says where facts come from, and is none itself.
_NO_FACTS = {"sources", "unknown", "not_applicable", "approximate", "thermal", "markup_percent", "min_tier"}

#: Our own words and choices, and LiteLLM's id, which follows from its prefix for the provider.
_OURS = frozenset(
    {
        "display_name",
        "description",
        "category",
        "specialty",
        "task",
        "input_formats",
        "output_formats",
        "upstream.official",
        "litellm_id",
    }
)

_FOLLOWS = {
    "input_modalities": frozenset({"capabilities"}),
    "output_modalities": frozenset({"capabilities"}),
    "name": frozenset({"upstream"}),
    "upstream.repository": frozenset({"name", "license.code"}),
    "upstream.weights": frozenset({"name", "license.weights"}),
}

_CATEGORIES = {
    Task.CHAT: "llm",
    Task.COMPLETION: "llm",
    Task.REALTIME: "audio",
    Task.TRANSCRIPTION: "speech",
    Task.AUDIO: "speech",
    Task.INFERENCE: "other",
}


def field_of_column(column: str) -> tuple[str, int | None]:
    """The fact a column holds, and the factor from the column's unit to the fact's (None: no number)."""
    return _COLUMNS.get(column, (column, None))


def facts_of(model: ExternalModel | SelfHostedModel) -> dict[str, Any]:
    """What a catalog file says, flat: `price.input_per_mtok`, `license.weights.commercial_use`, …; nothing unknown.

    A price in another currency than USD names it: `price_in_eur.input_per_mtok`."""
    plain = msgspec.to_builtins(model, builtin_types=(Decimal,))
    said = dict(_flat("", {key: value for key, value in plain.items() if key not in _NO_FACTS}))
    currency = said.pop("price.currency", None)
    return {in_currency(currency, field) if field.startswith("price.") else field: it for field, it in said.items()}


def in_other_currency(model: ExternalModel) -> bool:
    """Whether its price is told in another currency than USD."""
    return model.price is not None and model.price.currency not in (None, USD)


def is_ours(field: str) -> bool:
    """Whether a field holds our own words or choice, which need no source: descriptions, shelves, how we serve."""
    return field in _OURS or field.startswith(("serving.", "hardware.")) or field.endswith(".note")


def references_of(sources: tuple[Source, ...], fields: Mapping[str, Any]) -> dict[str, str]:
    """For each field, where it was read and when.

    A source supports the keys it names, and what lies below them (`price` supports each price); who repeats others is
    named only where nobody nearer is. Rights name their own address. What goes in and out of a model
    follows from what it can do.
    """
    found = {}
    for field in fields:
        if field.startswith(("license.code.", "license.weights.")):
            artifact = field.split(".")[1]
            found[field] = f"{fields[f'license.{artifact}.url']} ({fields[f'license.{artifact}.read']})"
            continue
        parts = usual_field(field).split(".")
        wanted = {".".join(parts[: end + 1]) for end in range(len(parts))} | _FOLLOWS.get(field, frozenset())
        able = [source for source in sources if wanted & set(source.fields)]
        if able:
            found[field] = _reference(min(able, key=lambda source: source.second_hand))
    return found


def model_from_facts(model_id: str, facts: Mapping[str, Any]) -> ExternalModel:
    """An external model as these facts describe it. Raises msgspec.ValidationError where a value is of no use."""
    task = Task(facts.get("task", Task.OTHER))
    prices = {key.removeprefix("price."): value for key, value in facts.items() if key.startswith("price.")}
    given = {key: value for key, value in facts.items() if key in _GIVEN}
    model = msgspec.convert(
        {
            "display_name": model_id.rsplit("/", 1)[-1],
            "description": "",
            "category": _CATEGORIES.get(task, task.value),
            "capabilities": (),
            "input_modalities": (),
            "output_modalities": (),
            **given,
            "task": task.value,
            "sources": (),
            "price": msgspec.convert(prices, Price, strict=False) if prices else None,
        },
        ExternalModel,
        strict=False,
        from_attributes=False,
    )
    if model.max_input is None or model.context_window is None or model.max_input < model.context_window:
        return model
    return msgspec.structs.replace(model, max_input=None)  # the window says it already


def _reference(source: Source) -> str:
    return f"{source.url} ({source.read}{', second-hand' if source.second_hand else ''})"


_GIVEN = set(ExternalModel.__struct_encode_fields__) - {"sources", "price", "unknown", "task"}


def _flat(above: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(f"{above}.{key}".lstrip("."), inner)
    elif value not in (None, "", [], (), {}):
        yield above, list(value) if isinstance(value, tuple) else value
