"""What a caller asks of a model."""

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from .vocabulary import Modality, ModelClass, Task

HostingPreference = Literal["external", "self_hosted", "any"]

Count = Annotated[int, Meta(ge=0, le=10**12)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]

#: Decimals have bounds too; the type checker does not know them, so the reader of requests looks at `extra`.
Amount = Annotated[Decimal, Meta(extra={"least": 0, "most": 10**12})]
Seconds = Annotated[Decimal | float, Meta(extra={"least": 0, "most": 10**12})]
Share = Annotated[Decimal | float, Meta(extra={"least": 0, "most": 1})]


class Usage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much one request consumes; what is left out is assumed: 1,000 input and 500 output tokens, one image, 1,000
    characters, one page, 5 seconds of video, a minute of everything else that has a length.

    `cached_share` is the part of the input tokens that is read from the provider's cache, 0 to 1. `images` come out of
    a model that makes some, and go into any other. `seconds` left out leaves the cost of a model that is paid by the
    hour unknown.

    Stated tokens are a demand besides: they have to fit the model's context window and its limits.
    """

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cached_share: Share = Decimal(0)
    images: Count | None = None
    seconds: Seconds | None = None
    characters: Count | None = None
    pages: Count | None = None


class Criteria(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One request for a model: the one list of what can be asked. An empty list, `None` and `False` demand nothing.

    `prefer_hosting`, `only_providers` and `exclude_providers` restrict; `prefer_providers` only orders. Limits are in
    milliseconds, and in USD with markup: for one request of `usage`, and for 1,000 tokens. `exclude` takes names of
    models; those of none are told in the answer. `min_class` is small, standard or flagship, from below.
    `connected_only` wants a model that a key is present for where Radiant runs; None is as that process was set up.
    `include_off` is for planning: models that are off count too, such as those without an endpoint, after all others.
    """

    task: Task
    input_modalities: Annotated[tuple[Modality, ...], Meta(max_length=64)]
    output_modalities: Annotated[tuple[Modality, ...], Meta(max_length=64)]
    tenant_tier: Annotated[int, Meta(ge=1, le=5)]
    prefer_hosting: HostingPreference = "any"
    prefer_providers: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()
    only_providers: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()
    exclude_providers: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()
    connected_only: bool | None = None
    max_latency_ms: Annotated[float, Meta(ge=0, le=1e15)] | None = None
    max_cost_per_request: Amount | None = None
    max_input_cost_per_1k: Amount | None = None
    max_output_cost_per_1k: Amount | None = None
    required_capabilities: Annotated[tuple[Name, ...], Meta(max_length=64)] = ()
    min_context_window: Count | None = None
    min_class: ModelClass | None = None
    require_hipaa: bool = False
    require_commercial_use: bool = False
    exclude: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=600)], ...], Meta(max_length=1000)] = ()
    include_off: bool = False
    profile: Annotated[str, Meta(max_length=200)] = "ready-first"
    usage: Usage | None = None

    def keywords(self) -> dict[str, Any]:
        """The fields by name."""
        return {name: getattr(self, name) for name in self.__struct_fields__}
