"""What is true of a model wherever it is served, and what one provider says when it serves it."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import msgspec

from .external import ExternalModel, ModelFacts, Price
from .self_hosted import Source
from .vocabulary import Modality


class SharedModel(ModelFacts, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`catalog/models/<maker>/<id>.toml`: the facts about one model that several providers serve.

    The limits are the model's own; an endpoint that serves less says so.
    """


class Offering(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file below `catalog/providers/<provider>/` that begins with `offers`: price, limits, id and status.

    What it does not say is as in the shared model; what it names in `unknown` is known of the model, but not of this
    endpoint. Capabilities and modalities stand here only where the endpoint serves others than the model has.
    """

    offers: str
    sources: tuple[Source, ...] = ()
    litellm_id: str | None = None
    capabilities: tuple[str, ...] | None = None
    input_modalities: tuple[Modality, ...] | None = None
    output_modalities: tuple[Modality, ...] | None = None
    context_window: int | None = None
    max_input: int | None = None
    max_output: int | None = None
    embedding_dimension: int | None = None
    throughput_tps: Decimal | None = None
    price: Price | None = None
    retires: dt.date | None = None
    successor: str | None = None
    aliases: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


#: What an offering may say otherwise than the model it offers.
DIFFERING: Final = (
    "capabilities",
    "input_modalities",
    "output_modalities",
    "context_window",
    "max_input",
    "max_output",
    "embedding_dimension",
)

#: What an offering has of its own.
_OWN: Final = ("litellm_id", "throughput_tps", "price", "retires", "successor", "aliases")

_INHERITED: Final = ("display_name", "description", "category", "task", "model_class", "released")

#: The key of a file for each field that is written otherwise.
_KEYS: Final = {"model_class": "class"}


def offered(offering: Offering, model: SharedModel) -> ExternalModel:
    """The model as this provider serves it. Sources come with it for the facts that are inherited, theirs first."""
    values: dict[str, Any] = {name: getattr(model, name) for name in _INHERITED}
    values |= {name: getattr(offering, name) for name in _OWN}
    inherited = [_KEYS.get(name, name) for name in _INHERITED]
    for name in DIFFERING:
        own = getattr(offering, name)
        values[name] = own
        if own is None and name not in offering.unknown:
            values[name] = getattr(model, name)
            inherited.append(name)
    unknown = [name for name in (*offering.unknown, *model.unknown) if name in offering.unknown or name in inherited]
    return ExternalModel(
        **values,
        unknown=tuple(dict.fromkeys(unknown)),
        sources=(*_about(model.sources, inherited), *offering.sources),
    )


def repeated(offering: Offering, model: SharedModel) -> list[str]:
    """What the offering says just as its model does."""
    return [name for name in DIFFERING if getattr(offering, name) is not None and _same(offering, model, name)]


def _same(offering: Offering, model: SharedModel, name: str) -> bool:
    own, shared = getattr(offering, name), getattr(model, name)
    return set(own) == set(shared) if isinstance(own, tuple) else bool(own == shared)


def _about(sources: tuple[Source, ...], fields: list[str]) -> tuple[Source, ...]:
    kept = [(source, tuple(field for field in source.fields if field in fields)) for source in sources]
    return tuple(msgspec.structs.replace(source, fields=fields) for source, fields in kept if fields)
