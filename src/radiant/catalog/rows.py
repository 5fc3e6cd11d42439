"""Turns catalog entries into rows of the registry's tables. Pure."""

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from radiant.domain.compliance import Terms
from radiant.domain.external import Compliance, ExternalModel, Price, Provider
from radiant.domain.hardware import Runtime
from radiant.domain.license import License, Rights
from radiant.domain.self_hosted import Precision, SelfHostedModel
from radiant.domain.units import BY_KEY, COLUMNS, NATURAL_UNIT, UNITS, PricingType
from radiant.domain.vocabulary import CommercialUse, Task

from .load import Catalog

Row = dict[str, Any]

_BYTES = {Precision.FP32: Decimal(4), Precision.FP16: Decimal(2), Precision.BF16: Decimal(2),
          Precision.INT8: Decimal(1), Precision.INT4: Decimal("0.5")}  # fmt: skip

#: GPU memory beyond the weights: runtime context and activations, in GB, where nothing else is known.
WORKING_MEMORY_GB = 2

#: The first estimate of a warm-up where nothing is known of the runtime: what the schema says of such a row.
UNKNOWN_START_SECONDS = 60

#: Fragmentation and buffers, as a factor on the weights.
OVERHEAD = Decimal("1.2")


def provider_row(id: str, provider: Provider) -> Row:
    """A row of `providers`."""
    return {
        "id": id,
        "display_name": provider.display_name,
        "api_base_url": provider.api_base_url,
        "compliance": sorted({item.standard for item in provider.compliance if item.unconditional}),
        "conditional_compliance": _conditional(provider.compliance),
        "declared_compliance": [],
        "litellm_prefix": provider.litellm_prefix,
        "key_variables": list(provider.key_variables),
        "auth": _plain(provider.auth),
        "regions": list(provider.regions),
        "website": provider.website,
        "docs_url": provider.docs_url,
        "pricing_url": provider.pricing_url,
        "status_url": provider.status_url,
        "models_url": provider.models_url,
    }


def _conditional(stated: Iterable[Compliance]) -> dict[str, Row]:
    """By standard, the terms of what does not hold as it is, or not of all models; of several statements the one about
    this API."""
    nearest = sorted(stated, key=lambda item: item.covers is None)
    terms = {
        item.standard: Terms(
            url=item.url,
            condition=item.condition,
            covers=item.covers,
            models=item.models,
            excepted=item.excepted,
        )
        for item in nearest
        if item.has_terms
    }
    return {standard: _plain(it) for standard, it in terms.items()}


def external_row(provider: str, model_id: str, model: ExternalModel) -> Row:
    """A row of `models`."""
    price = model.price or Price()
    return {
        "provider_id": provider,
        "model_id": model_id,
        "litellm_id": model.litellm_id,
        "name": model_id,
        "display_name": model.display_name,
        "description": model.description,
        "category": model.category,
        "primary_mode": model.task.value,
        "capabilities": sorted(model.capabilities),
        "input_modalities": [modality.value for modality in model.input_modalities],
        "output_modalities": [modality.value for modality in model.output_modalities],
        "context_window": model.context_window,
        "max_input": model.max_input,
        "max_output": model.max_output,
        "embedding_dimension": model.embedding_dimension,
        "class": model.model_class.value if model.model_class else None,
        "throughput_tps": model.throughput_tps,
        **price_columns(price, model.task),
        "released": model.released,
        "retires": model.retires,
        "successor": model.successor,
        "aliases": list(model.aliases),
        "origin": "curated",
    }


def price_columns(price: Price, task: Task) -> Row:
    """The price columns of `models`, of a price in USD; what has no column of its own is in `price_details`, as exact
    text."""
    columns: dict[str, Decimal | None] = {}
    for key, meter in BY_KEY.items():
        if meter.column is not None:
            amount = getattr(price, key)
            columns[meter.column] = None if amount is None else meter.in_column(amount)
    details = {key: value for key, value in _plain(price).items() if value not in (None, []) and key != "currency"}
    return {"pricing_type": _pricing_type(columns, task), **columns, "price_details": details}


def self_hosted_row(model_id: str, model: SelfHostedModel, catalog: Catalog) -> Row:
    """A row of `self_hosted_models`."""
    instance = catalog.instances.get(model.hardware.instance_type)
    container = catalog.containers.get(model.serving.container or "")
    artifact = model.license.weights or model.license.code
    return {
        "model_id": model_id,
        "name": model.name,
        "display_name": model.display_name,
        "description": model.description,
        "category": catalog.categories[model_id].value,
        "specialty": model.specialty,
        "capabilities": sorted(model.capabilities),
        "input_modalities": [modality.value for modality in model.input_modalities],
        "output_modalities": [modality.value for modality in model.output_modalities],
        "primary_mode": model.task.value,
        "sagemaker_image": container.image if container else None,
        "instance_type": model.hardware.instance_type,
        "gpu_memory_gb": gpu_memory_gb(model),
        "environment": dict(model.serving.environment),
        "serving": model.serving.readiness.value,
        "serving_note": model.serving.note,
        "key_variables": list(model.serving.key_variables),
        "parameters": model.parameters,
        "accuracy": model.benchmark.value if model.benchmark else None,
        "benchmark": f"{model.benchmark.name} ({model.benchmark.metric})" if model.benchmark else None,
        "context_window": model.context_window,
        "model_context_window": model.model_context_window or model.context_window,
        "max_output": model.max_output,
        "embedding_dimension": model.embedding_dimension,
        "input_formats": list(model.input_formats),
        "output_formats": list(model.output_formats),
        "license": artifact.license if artifact else None,
        "license_url": artifact.url if artifact else None,
        **rights_columns(model.license),
        "upstream": _plain(model.upstream),
        "hourly_rate": instance.hourly_rate if instance else None,
        "per_request": model.price.per_request,
        "per_image": model.price.per_image,
        "per_minute_audio": model.price.per_minute_audio,
        "per_minute_video": model.price.per_minute_video,
        "per_3d_model": model.price.per_3d_model,
        "markup_percent": model.markup_percent,
        "min_tier": model.min_tier,
        "default_thermal_state": model.thermal.default_state.value,
        "warmup_time_seconds": warmup_seconds(model, catalog.runtimes.get(model.serving.runtime)),
        "scale_to_zero_minutes": model.thermal.scale_to_zero_minutes,
        "min_instances": model.thermal.min_instances,
        "max_instances": model.thermal.max_instances,
        "origin": "curated",
    }


def rights_columns(license: License) -> Row:
    """What legal teams and selection read. Allowed is only what is plainly allowed, for code and for weights."""
    artifacts = [rights for rights in (license.code, license.weights) if rights]
    kinds = {condition.kind.value for rights in artifacts for condition in rights.conditions}
    kinds |= {"non_commercial" for rights in artifacts if rights.commercial_use is CommercialUse.NO}
    kinds |= {"unestablished" for rights in artifacts if rights.commercial_use is CommercialUse.UNKNOWN}
    return {
        "commercial_use_allowed": bool(artifacts)
        and all(rights.commercial_use is CommercialUse.YES for rights in artifacts),
        "commercial_use_notes": _notes(license) or None,
        "attribution_required": any(rights.attribution_required for rights in artifacts),
        "license_conditions": sorted(kinds),
        "license_rights": _plain(license),
    }


def weights_gb(model: SelfHostedModel) -> Decimal | None:
    """The weights in memory, in GB of 10⁹ bytes."""
    if model.parameters is None:
        return None
    return model.parameters * _BYTES[model.hardware.precision] / 10**9


def gpu_memory_gb(model: SelfHostedModel) -> int | None:
    """What serving needs: the weights with a fifth on top, and working memory; or what a source measured."""
    if model.hardware.gpu_memory_gb is not None:
        return model.hardware.gpu_memory_gb
    weights = weights_gb(model)
    if weights is None:
        return None
    return math.ceil(weights * OVERHEAD) + (model.hardware.working_memory_gb or WORKING_MEMORY_GB)


def warmup_seconds(model: SelfHostedModel, runtime: Runtime | None) -> int:
    """What somebody measured for the model; else, until the thermal stage has learned it, the time its runtime takes to
    start and to load the weights."""
    if model.thermal.warmup_seconds is not None:
        return model.thermal.warmup_seconds
    if runtime is None:
        return UNKNOWN_START_SECONDS
    return runtime.start_seconds + math.ceil((weights_gb(model) or 0) / runtime.gb_per_second)


def _pricing_type(columns: Mapping[str, Decimal | None], task: Task) -> str | None:
    """The natural unit of the task, else tokens, else any other unit that has a price."""

    def has(name: str) -> bool:
        return columns.get(COLUMNS[name]) is not None

    natural = NATURAL_UNIT.get(task)
    if natural is not None and has(natural.list_price):
        return natural.type.value
    if has("output"):
        return PricingType.PER_TOKEN.value
    return next((unit.type.value for unit in UNITS.values() if has(unit.list_price)), None)


def _notes(license: License) -> str:
    said = []
    for artifact, rights in (("Code", license.code), ("Weights", license.weights)):
        if rights is not None:
            said.append(f"{artifact}: {_rights_in_words(rights)}")
    if license.note:
        said.append(license.note)
    if license.advisory:
        said.append(f"Advisory: {license.advisory}")
    return " ".join(said)


def _rights_in_words(rights: Rights) -> str:
    words = {
        CommercialUse.YES: "commercial use allowed",
        CommercialUse.NO: "no commercial use",
        CommercialUse.CONDITIONAL: "commercial use under conditions",
        CommercialUse.UNKNOWN: "no license established",
    }[rights.commercial_use]
    sentences = [f"{rights.name or rights.license}, {words}.", *(condition.text for condition in rights.conditions)]
    return " ".join([*sentences, rights.note] if rights.note else sentences)


def _plain(struct: msgspec.Struct) -> Row:
    """As JSON would hold it, which is how it comes back from the database."""
    plain: Row = msgspec.json.decode(msgspec.json.encode(struct))
    return plain
