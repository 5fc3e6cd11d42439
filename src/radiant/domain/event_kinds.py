"""The types of events there are, and what each of them tells."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec


class EventKind(msgspec.Struct, frozen=True):
    """One type of event. `detail_type` is its name at AWS EventBridge, `data` says what each member holds."""

    type: str
    detail_type: str
    happens: str
    subject: str
    data: Mapping[str, str]


_MODEL: Final = {"provider_id": "its provider, `self_hosted` for one's own", "model_id": "its id there"}
_DECISION: Final = {
    **_MODEL,
    "kind": "what the id is: model, alias, snapshot, fine_tune …; an alias is decided with its model",
    "family": "the model it belongs to: itself, where it belongs to none",
    "decided_by": "who decided; `review rule 3` where that rule did",
    "reason": "why, or null",
    "rule_id": "the rule that approved it, or null",
}
_RUN: Final = {
    "sync_id": "the id of the run",
    "sync_type": "full, models, health, thermal or pricing",
    "providers_updated": "how many providers changed",
    "models_added": "how many models came",
    "models_updated": "how many models changed",
    "models_deprecated": "how many models were deprecated",
    "duration_ms": "milliseconds",
    "errors": "what failed, a sentence each",
}
_ENDPOINT: Final = {
    "model_id": "the model",
    "endpoint_id": "its number; its address is told nobody but administrators who ask for it",
    "runtime": "what serves it, such as ollama",
    "name": "what the model is called there",
    "region": "where it is, or null",
}
_WARMUP: Final = {"model_id": "the model", "endpoint_id": "the endpoint at which it is brought up"}
_STATES: Final = {"before": "what it was", "after": "what it is"}

_KINDS: Final = (
    EventKind(
        "radiant.sync.completed", "RegistrySyncCompleted", "A run has finished, a seed too.", "kind of run", _RUN
    ),
    EventKind("radiant.sync.failed", "RegistrySyncFailed", "A run has failed as a whole.", "kind of run", _RUN),
    EventKind(
        "radiant.catalog.imported",
        "CatalogImported",
        "A public catalog was imported that says something else than before.",
        "source",
        {
            "source": "the catalog",
            "entries": "how many entries it has",
            "facts_added": "facts that are new",
            "facts_changed": "facts that say something else",
            "facts_removed": "facts that are gone",
        },
    ),
    EventKind(
        "radiant.model.discovered",
        "ModelDiscovered",
        "A provider lists a model that the registry does not know; it waits for review.",
        "provider/model",
        {
            **_MODEL,
            "run_id": "the run that found it",
            "claimed_by": "the public catalogs that claim it, where its provider has no list; else null",
        },
    ),
    EventKind(
        "radiant.model.approved",
        "ModelApproved",
        "A discovered model or another name of one was approved, by a person or a rule: the registry has it now.",
        "provider/model",
        _DECISION,
    ),
    EventKind(
        "radiant.model.rejected",
        "ModelRejected",
        "A discovered model was rejected, and stays so.",
        "provider/model",
        _DECISION,
    ),
    EventKind(
        "radiant.model.reopened",
        "ModelReopened",
        "A decision about a discovered model was taken back: it waits for review again.",
        "provider/model",
        _DECISION,
    ),
    EventKind(
        "radiant.model.retiring",
        "ModelRetiring",
        "A model retires within 90, 60 or 30 days.",
        "provider/model",
        {
            **_MODEL,
            "retires": "the day from which it is no longer served",
            "source": "who names that day: `registry`, `provider:` and its id, or a public catalog",
            "days": "which of the three warnings it is",
            "left": "how many days are left",
            "successor": "what its provider names instead, or for a default what follows it; or null",
            "default_for": "the tasks whose model of last resort it is, or null",
        },
    ),
    EventKind(
        "radiant.model.deprecated",
        "ModelDeprecated",
        "A model is no longer chosen.",
        "provider/model",
        {
            **_MODEL,
            "successor": "what its provider names instead, or for a default what follows it; or null",
            "default_for": "the tasks whose model of last resort it is, or null",
        },
    ),
    EventKind(
        "radiant.model.restored",
        "ModelRestored",
        "A deprecated model is chosen again.",
        "provider/model",
        {**_MODEL, "successor": "what its provider names instead, or null"},
    ),
    EventKind(
        "radiant.model.price_changed",
        "ModelPriceChanged",
        "What a model costs has changed.",
        "provider/model",
        {**_MODEL, "prices": "by column, `before` and `after`: US dollars as text, null where unknown"},
    ),
    EventKind(
        "radiant.provider.status_changed",
        "ProviderStatusChanged",
        "The health of a provider in a region has changed.",
        "provider",
        {"provider_id": "the provider", "region": "where", **_STATES, "reason": "why it is not healthy, or null"},
    ),
    EventKind(
        "radiant.model.status_changed",
        "ModelStatusChanged",
        "The health of a model itself has changed.",
        "provider/model",
        {**_MODEL, **_STATES, "reason": "why it is not healthy, or null"},
    ),
    EventKind(
        "radiant.model.resting",
        "ModelResting",
        "A model has failed so often in a row that nobody is sent there for a while.",
        "provider/model",
        {
            **_MODEL,
            "until": "when it is tried again",
            "because": "how many failures in a row, and what the last one was",
        },
    ),
    EventKind(
        "radiant.price.held",
        "PriceHeld",
        "A new price of a model waits for approval: something speaks against it.",
        "provider/model",
        {**_MODEL, "reasons": "what speaks against it, a sentence each after the name of the guard"},
    ),
    EventKind(
        "radiant.price.rising",
        "PriceRising",
        "A price of a model rises by more than a tenth; tenants pay it later than we do.",
        "provider/model",
        {
            **_MODEL,
            "factor": "by how much at the most, such as 1.25; null where it was free",
            "sold_from": "from when tenants pay it",
        },
    ),
    EventKind(
        "radiant.price.below_cost",
        "PriceBelowCost",
        "A model is sold below what it costs us.",
        "provider/model",
        {
            **_MODEL,
            "tenant": "the tenant, or null for all who have no terms of their own",
            "meters": "what is sold below its cost: by meter, `purchase` and `sale` in US dollars as text for `per`",
            "until": "when prices are others again, or null",
        },
    ),
    EventKind(
        "radiant.usage.cost_differs",
        "UsageCostDiffers",
        "A provider reports a cost that is more than a fiftieth off what was computed; told of a model once a day.",
        "provider/model",
        {
            **_MODEL,
            "day": "of the usage, UTC",
            "request_id": "the first usage of that day of which it does",
            "reported_usd": "what the provider says",
            "computed_usd": "what its usage costs by the prices that are stored",
        },
    ),
    EventKind(
        "radiant.usage.rerated",
        "UsageRerated",
        "Usages were rated again, and cost something else.",
        "none",
        {
            "run": "the run of ratings",
            "since": "from when on usages were looked at",
            "until": "until just before when, or null",
            "changed": "how many cost something else",
            "difference_usd": "by how much, of what we pay",
            "difference_sale_usd": "by how much, of what tenants pay",
            "models": "of which models, at most 200",
        },
    ),
    EventKind(
        "radiant.host.offline",
        "HostOffline",
        "Nobody can be reached from this host, so that the health of providers is unknown.",
        "none",
        {"providers": "the providers that were asked"},
    ),
    EventKind(
        "radiant.provider.compliance_declared",
        "ProviderComplianceDeclared",
        "An operator has declared the condition of a standard met, or taken that back.",
        "provider",
        {"provider_id": "the provider", "before": "the standards before", "after": "the standards now"},
    ),
    EventKind(
        "radiant.endpoint.added",
        "EndpointAdded",
        "A self-hosted model has one more endpoint: a place at which it runs or may be brought up.",
        "self_hosted/model",
        {**_ENDPOINT, "enabled": "whether it is used"},
    ),
    EventKind(
        "radiant.endpoint.changed",
        "EndpointChanged",
        "Something that is said of an endpoint was changed.",
        "self_hosted/model",
        {**_ENDPOINT, "enabled": "whether it is used", "changed": "the names of what is different now"},
    ),
    EventKind(
        "radiant.endpoint.removed",
        "EndpointRemoved",
        "An endpoint was removed, by itself or with its model; what runs there goes on.",
        "self_hosted/model",
        _ENDPOINT,
    ),
    EventKind(
        "radiant.thermal.state_changed",
        "ThermalStateChanged",
        "The thermal state of a self-hosted model has changed.",
        "self_hosted/model",
        {"model_id": "the model", **_STATES, "is_transitioning": "whether a change is under way"},
    ),
    EventKind(
        "radiant.thermal.warmup_requested",
        "WarmupRequested",
        "Somebody wants a COLD model warm.",
        "self_hosted/model",
        {"model_id": "the model", "requested_by": "who", "until": "how long that holds"},
    ),
    EventKind(
        "radiant.thermal.warmup_started",
        "WarmupStarted",
        "A model is being brought up.",
        "self_hosted/model",
        {**_WARMUP, "requested_by": "why it is to be warm"},
    ),
    EventKind(
        "radiant.thermal.warmup_progress",
        "WarmupProgress",
        "A model that is being brought up has come on by a tenth, where its runtime tells.",
        "self_hosted/model",
        {**_WARMUP, "progress": "how much is loaded, 0 to 1", "seconds": "since it began"},
    ),
    EventKind(
        "radiant.thermal.warmup_ended",
        "WarmupEnded",
        "A model is up, or bringing it up failed.",
        "self_hosted/model",
        {
            **_WARMUP,
            "outcome": "ready, failed, timed_out or cancelled",
            "problem": "why it is not up, or null",
            "seconds": "since it began",
        },
    ),
)

#: Every kind of event by its type. `docs/reference/events.md` shows them.
KINDS: Final[Mapping[str, EventKind]] = MappingProxyType({kind.type: kind for kind in _KINDS})
