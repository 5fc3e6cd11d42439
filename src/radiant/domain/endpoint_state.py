"""Endpoints as people make and change them, and as they stand: with what was seen there, and what a scan found."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from .endpoint import Endpoint
from .errors import RadiantError
from .vocabulary import ThermalState

_PRINTED = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]*$"
Name = Annotated[str, Meta(min_length=1, max_length=150, pattern=_PRINTED)]
Url = Annotated[str, Meta(min_length=1, max_length=1000, pattern=_PRINTED)]
Region = Annotated[str, Meta(min_length=1, max_length=100, pattern="^[a-z0-9-]+$")]
Variable = Annotated[str, Meta(min_length=1, max_length=200, pattern="^[A-Z_][A-Z0-9_]*$")]
Instances = Annotated[int, Meta(ge=0, le=10_000)]


class NewEndpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a model runs, or may be brought up. `model_id` is any of the model's names. `name` is what it is called
    there; where it is left out, what it is called here. `secret_env` is the environment variable with the key."""

    model_id: Name
    runtime: Name
    url: Url | None = None
    name: Name | None = None
    region: Region | None = None
    min_instances: Instances = 0
    max_instances: Instances = 1
    may_create: bool = False
    enabled: bool = True
    secret_env: Variable | None = None
    options: dict[str, Any] = {}


class EndpointChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to set; what is left out stays, null takes it away. `options` are set one by one, null takes one away."""

    runtime: Name | UnsetType = UNSET
    url: Url | UnsetType | None = UNSET
    name: Name | UnsetType = UNSET
    region: Region | UnsetType | None = UNSET
    min_instances: Instances | UnsetType = UNSET
    max_instances: Instances | UnsetType = UNSET
    may_create: bool | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    secret_env: Variable | UnsetType | None = UNSET
    options: dict[str, Any] | UnsetType = UNSET


class EndpointState(Endpoint, frozen=True, kw_only=True):
    """An endpoint with what was seen there. `state` is how it counts for its model: the catalog's default where nobody
    looked yet (`observed_at` None), OFF where nothing was seen, COLD where nothing is there and may be created.
    `called`: requests for the model are sent there, because it is the best of its endpoints. `phase` is idle, warming,
    cooling or failed; after `attempt` failures in a row the next try waits until `next_try_at`."""

    litellm_id: str | None
    called: bool
    state: ThermalState
    is_transitioning: bool
    instances: int | None
    in_flight: int | None
    progress: float | None
    problem: str | None
    observed_at: dt.datetime | None
    changed_at: dt.datetime | None
    phase: str
    attempt: int
    next_try_at: dt.datetime | None

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return self.url or self.region or "–"


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A model that a scan found. `model_id` is the model of the registry that it is; `why` says by what, or why it is
    none. `endpoint_id` is that of an endpoint which is there already, or was added; `in_review` whether it waits for
    somebody to make a model of it."""

    name: str
    state: ThermalState
    context_window: int | None
    model_id: str | None
    why: str
    endpoint_id: int | None = None
    in_review: bool = False


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """What runs at `url`. `runtime` None: no runtime was recognized, `problem` says what was tried."""

    url: str
    runtime: str | None
    models: tuple[Offered, ...] = ()
    problem: str | None = None


class EndpointNotFound(RadiantError):
    """No endpoint of that number; `known` are those there are."""

    def __init__(self, id: int, known: tuple[int, ...] = ()) -> None:
        self.id, self.known = id, known
        there = f"there are: {', '.join(map(str, known[:20]))}" if known else "there is none yet"
        super().__init__(f"No endpoint {id}; {there}.")
