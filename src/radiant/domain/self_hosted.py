"""A self-hosted model: what it is, what it needs, what its license allows."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

import msgspec

from .license import License
from .vocabulary import Modality, Task, ThermalState


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where facts were read, and when: a page, or a released package (`pkg:pypi/litellm@1.106.2`).

    `fields` names the facts it supports. `second_hand` says that it is neither the provider's, nor the maker's, nor a
    public catalog, but somebody who repeats them: a reseller, a survey, a blog.
    """

    url: str
    read: dt.date
    fields: tuple[str, ...]
    second_hand: bool = False
    note: str | None = None


class Precision(StrEnum):
    """How the weights are held in GPU memory."""

    FP32 = "fp32"
    FP16 = "fp16"
    BF16 = "bf16"
    INT8 = "int8"
    INT4 = "int4"


class Upstream(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where code and weights come from; `official` is false for a reimplementation."""

    repository: str
    official: bool
    weights: str | None = None
    note: str | None = None


class Benchmark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A value its authors published: data set, metric with unit, number."""

    name: str
    metric: str
    value: Decimal


class Hardware(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What serving needs.

    GPU memory follows from weights and `precision` (`catalog/rows.py`); `gpu_memory_gb` overrides that
    only with a `gpu_memory_basis` that says who measured or stated it.
    """

    instance_type: str
    precision: Precision = Precision.FP16
    working_memory_gb: int | None = None
    gpu_memory_gb: int | None = None
    gpu_memory_basis: str | None = None


class Readiness(StrEnum):
    """Whether a container serves the model by its environment alone."""

    READY = "ready"
    BRING_YOUR_OWN_CODE = "bring_your_own_code"  #: inference code has to be written and put beside the weights


class Serving(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The container (an id of `containers.toml`) and its environment.

    `container` is absent where no image of the list can run the model, and `note` says what an own image has to hold.
    `key_variables` are environment variables whose value is a secret of one's own, such as the token of a gated model;
    `runtime` is an id of `runtimes.toml`.
    """

    readiness: Readiness
    container: str | None = None
    runtime: str = "sagemaker"
    environment: dict[str, str] = {}
    key_variables: tuple[str, ...] = ()
    note: str | None = None


class Thermal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Operating defaults; not facts about the model."""

    default_state: ThermalState = ThermalState.COLD
    warmup_seconds: int | None = None
    scale_to_zero_minutes: int = 15
    min_instances: int = 0
    max_instances: int = 3


class UnitPrices(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Prices in USD beside the hourly rate, where an operator sells by the unit."""

    per_request: Decimal | None = None
    per_image: Decimal | None = None
    per_minute_audio: Decimal | None = None
    per_minute_video: Decimal | None = None
    per_3d_model: Decimal | None = None


class SelfHostedModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One file below `catalog/self_hosted/<category>/`; the file's name is the model's id.

    A fact that was looked for and not found stands in `unknown`, by its key; one that means nothing for this model
    stands in `not_applicable`, and a number that its source rounds in `approximate`.

    `context_window` is what the endpoint serves in tokens, as `serving` starts it; `model_context_window` what the
    model could take, where that is more.
    """

    name: str
    display_name: str
    description: str
    specialty: str
    task: Task
    capabilities: tuple[str, ...]
    input_modalities: tuple[Modality, ...]
    output_modalities: tuple[Modality, ...]
    input_formats: tuple[str, ...]
    output_formats: tuple[str, ...]
    upstream: Upstream
    hardware: Hardware
    serving: Serving
    license: License
    sources: tuple[Source, ...]
    parameters: int | None = None
    context_window: int | None = None
    model_context_window: int | None = None
    max_output: int | None = None
    embedding_dimension: int | None = None
    benchmark: Benchmark | None = None
    min_tier: int = 3
    markup_percent: Decimal = Decimal("75.00")
    thermal: Thermal = Thermal()
    price: UnitPrices = UnitPrices()
    unknown: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    approximate: tuple[str, ...] = ()
