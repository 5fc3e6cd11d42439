"""Providers and the models they serve."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

import msgspec

from .image_prices import ImagePrices
from .self_hosted import Source
from .vocabulary import Modality, ModelClass, Task


class AuthScheme(StrEnum):
    """How a provider wants its key."""

    BEARER = "bearer"  #: `Authorization: Bearer <key>`
    PREFIXED = "token"  #: `Authorization: Token <key>`
    HEADER = "header"  #: the bare key in the header named by `header`
    SIGV4 = "sigv4"  #: AWS Signature Version 4
    KEY = "key"  #: `Authorization: Key <key>`


class Auth(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`headers` are sent with every request besides (a version, for instance)."""

    scheme: AuthScheme
    header: str = "Authorization"
    headers: dict[str, str] = {}


class Compliance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A standard the provider states on a page of its own (HIPAA: that it signs a BAA).

    `covers` names the product the page speaks of, where that is not the API the provider's models are called through;
    such a standard is told and satisfies no demand. `condition` is what a customer must have or do: a plan, an
    agreement, settings. Where there is one, the standard counts once an operator has declared it met. `models` are the
    only models the page covers, `except` those it leaves out; `*` in an id stands for any characters. A model that is
    not covered satisfies no demand, whatever is declared.
    """

    standard: str
    url: str
    read: dt.date
    covers: str | None = None
    condition: str | None = None
    models: tuple[str, ...] = ()
    excepted: tuple[str, ...] = msgspec.field(default=(), name="except")
    note: str | None = None

    @property
    def unconditional(self) -> bool:
        """Whether it holds without anybody's doing, of those models that it covers."""
        return self.covers is None and self.condition is None

    @property
    def has_terms(self) -> bool:
        return not self.unconditional or bool(self.models or self.excepted)


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`catalog/providers/<id>/provider.toml`; the folder's name is the provider's id."""

    display_name: str
    api_base_url: str
    key_variables: tuple[str, ...]
    auth: Auth
    docs_url: str
    sources: tuple[Source, ...]
    litellm_prefix: str | None = None
    website: str | None = None
    pricing_url: str | None = None
    status_url: str | None = None
    models_url: str | None = None
    regions: tuple[str, ...] = ("global",)
    compliance: tuple[Compliance, ...] = ()
    unknown: tuple[str, ...] = ()


class PriceTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Other prices for requests with more than `above_input_tokens` input tokens."""

    above_input_tokens: int
    input_per_mtok: Decimal | None = None
    output_per_mtok: Decimal | None = None
    cache_read_per_mtok: Decimal | None = None
    cache_write_per_mtok: Decimal | None = None
    cache_write_1h_per_mtok: Decimal | None = None
    audio_input_per_mtok: Decimal | None = None


class Prices(ImagePrices, frozen=True, kw_only=True):
    """List prices in USD, or in the file's currency, exact decimals; `mtok` is a million tokens. Absent is unknown, 0
    is free.

    `per_search` is one web search the model makes for a request, `per_input_image` one image that goes in.
    `cache_write_per_mtok` is of the shortest time that a cache is kept where one of an hour has a price of its own.

    The three counts are tokens as the provider documents them: of one image of 1024x1024 at the default quality, of a
    second of video that comes out, and of a second of speech (that comes out of a voice, that goes into a
    transcription).
    """

    input_per_mtok: Decimal | None = None
    output_per_mtok: Decimal | None = None
    cache_read_per_mtok: Decimal | None = None
    cache_write_per_mtok: Decimal | None = None
    cache_write_5m_per_mtok: Decimal | None = None
    cache_write_1h_per_mtok: Decimal | None = None
    batch_input_per_mtok: Decimal | None = None
    batch_output_per_mtok: Decimal | None = None
    reasoning_per_mtok: Decimal | None = None
    citation_per_mtok: Decimal | None = None
    audio_input_per_mtok: Decimal | None = None
    audio_output_per_mtok: Decimal | None = None
    audio_cache_read_per_mtok: Decimal | None = None
    audio_cache_write_per_mtok: Decimal | None = None
    audio_tokens_per_second: Decimal | None = None
    image_input_per_mtok: Decimal | None = None
    image_output_per_mtok: Decimal | None = None
    image_cache_read_per_mtok: Decimal | None = None
    image_tokens: int | None = None
    video_input_per_mtok: Decimal | None = None
    video_output_per_mtok: Decimal | None = None
    video_tokens_per_second: Decimal | None = None
    per_request: Decimal | None = None
    per_text_message: Decimal | None = None
    per_search: Decimal | None = None
    per_social_search: Decimal | None = None
    per_storage_search: Decimal | None = None
    per_map_search: Decimal | None = None
    per_code_execution: Decimal | None = None
    per_tool_call: Decimal | None = None
    per_image: Decimal | None = None
    per_input_image: Decimal | None = None
    per_input_audio_second: Decimal | None = None
    per_input_video_second: Decimal | None = None
    per_second: Decimal | None = None
    per_minute: Decimal | None = None
    per_million_characters: Decimal | None = None
    per_thousand_pages: Decimal | None = None
    per_thousand_annotated_pages: Decimal | None = None
    per_gpu_hour: Decimal | None = None
    tiers: tuple[PriceTier, ...] = ()
    note: str | None = None


#: Those of `Prices` that count tokens instead of naming a price.
TOKEN_COUNTS = frozenset({"audio_tokens_per_second", "image_tokens", "video_tokens_per_second"})


class PriceStep(Prices, frozen=True):
    """What changes on the day `from`; what the step does not name stays."""

    since: dt.date = msgspec.field(name="from")


class PriceHours(Prices, frozen=True):
    """Other prices at hours of the week: `utc` names spans such as `04:00-06:00`, `weekdays` from 1 (Monday) to 7."""

    weekdays: tuple[int, ...]
    utc: tuple[str, ...]


class PriceVariant(Prices, frozen=True):
    """Other prices for requests of a kind: `when` names it, such as `{service_tier = "priority"}` or
    `{processing = "batch"}`. What a variant does not name costs what it always does."""

    when: dict[str, str]


class Price(Prices, frozen=True, omit_defaults=False):
    """What a model costs, the changes its provider has announced, the earliest first, hours with other prices, and
    kinds of requests that have.

    Where hours differ, the prices are those of the dearest, so that no cost is told too low. All of it is in `currency`
    (ISO 4217: `EUR`), US dollars where there is none; another is reckoned in USD once somebody states its rate.
    """

    currency: str | None = None
    steps: tuple[PriceStep, ...] = ()
    hours: tuple[PriceHours, ...] = ()
    variants: tuple[PriceVariant, ...] = ()


class ModelFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said of an external model whoever serves it.

    A fact that was looked for and not found stands in `unknown`, by its key; `max_input` is the most input tokens where
    that is less than the context window.
    """

    display_name: str
    description: str
    category: str
    task: Task
    capabilities: tuple[str, ...]
    input_modalities: tuple[Modality, ...]
    output_modalities: tuple[Modality, ...]
    sources: tuple[Source, ...]
    model_class: ModelClass | None = msgspec.field(default=None, name="class")
    context_window: int | None = None
    max_input: int | None = None
    max_output: int | None = None
    embedding_dimension: int | None = None
    released: dt.date | None = None
    unknown: tuple[str, ...] = ()


class ExternalModel(ModelFacts, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One file below `catalog/providers/<provider>/`; the path without `.toml` is the provider's own model id.

    `throughput_tps` is the output tokens per second that the provider publishes, `successor` the model that it names in
    this one's place.
    """

    litellm_id: str | None = None
    throughput_tps: Decimal | None = None
    price: Price | None = None
    retires: dt.date | None = None
    successor: str | None = None
    aliases: tuple[str, ...] = ()
