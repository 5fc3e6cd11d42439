"""Accelerated instances, serving containers, and the runtimes that start them."""

import datetime as dt
from decimal import Decimal

import msgspec


class Instance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One SageMaker hosting instance type; `gpu_memory_gb` is the sum over its GPUs, `hourly_rate` is
    on-demand USD in us-east-1."""

    gpu: str
    gpu_count: int
    gpu_memory_gb: int
    source: str
    read: dt.date
    hourly_rate: Decimal | None = None
    rate_source: str | None = None


class Container(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A container image that serves models, by its full name in the registry of us-east-1.

    `default_window` is the most tokens of one request that it serves where its environment does not say otherwise;
    absent, that is what the model's own configuration says.
    """

    image: str
    description: str
    source: str
    read: dt.date
    default_window: int | None = None


class Runtime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What starts a model. `start_seconds` is how long it takes from nothing to a container that begins to load
    weights, our estimate on what `note` says of the source; `gb_per_second` how fast weights come then."""

    start_seconds: int
    gb_per_second: Decimal
    source: str
    read: dt.date
    note: str
