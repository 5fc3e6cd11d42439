"""What is measured of a running registry, for whoever watches it."""

import datetime as dt
from typing import Literal

import msgspec


class Sample(msgspec.Struct, frozen=True):
    """One value, told from others of its metric by its labels."""

    value: float
    labels: dict[str, str] = {}


class Metric(msgspec.Struct, frozen=True):
    """`name` has its unit at the end, `_total` for a counter; `help` is one line for people."""

    name: str
    help: str
    samples: tuple[Sample, ...]
    kind: Literal["gauge", "counter"] = "gauge"


class SinkBacklog(msgspec.Struct, frozen=True, kw_only=True):
    """What a sink has not been told yet, and what it did not take after all attempts; counted to a bound."""

    name: str
    waiting: int
    dead: int


class KindOfRun(msgspec.Struct, frozen=True, kw_only=True):
    """How whole runs of one kind went last: no dry ones, and none of a single provider."""

    kind: str
    running: int
    last_success: dt.datetime | None
    last_failure: dt.datetime | None


class FetchedSource(msgspec.Struct, frozen=True, kw_only=True):
    """How fetching a public catalog went in the newest run that did, dry ones apart."""

    id: str
    failing: bool
    last_success: dt.datetime | None


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """What the database says of itself in one look. `counts` are those of the last run, by the columns of
    `unified_model_stats`; `tables` are the bytes of each table with its indexes."""

    runs: tuple[KindOfRun, ...]
    sources: tuple[FetchedSource, ...]
    providers: dict[str, int]
    counts: dict[str, int]
    sinks: tuple[SinkBacklog, ...]
    review_pending: int
    tables: dict[str, int]
