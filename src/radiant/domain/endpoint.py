"""Where a self-hosted model runs, and what was seen there."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from .vocabulary import ThermalState


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One place at which one model is or can be served. `name` is what the model is called there, `url` the root of the
    server (None for what has a name only, such as a SageMaker endpoint in `region`). `secret_env` names the environment
    variable of its key. `may_create` allows creating and deleting what serves it."""

    id: int
    model_id: str
    runtime: str
    name: str
    url: str | None = None
    region: str | None = None
    min_instances: int = 0
    max_instances: int = 1
    may_create: bool = False
    enabled: bool = True
    secret_env: str | None = None
    options: Mapping[str, Any] = {}


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at an endpoint saw. `state` None: it could not be seen, `problem` says why. `progress` is 0 to 1."""

    at: dt.datetime
    state: ThermalState | None
    transitioning: bool = False
    instances: int | None = None
    in_flight: int | None = None
    progress: float | None = None
    problem: str | None = None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A model that a server has, as a scan finds it."""

    name: str
    state: ThermalState
    context_window: int | None = None
