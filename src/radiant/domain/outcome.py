"""Outcomes: what a caller tells of a request that it sent to a model."""

import datetime as dt
from typing import Annotated

import msgspec
from msgspec import Meta

#: Outcomes in one batch.
LARGEST_BATCH = 1000

Milliseconds = Annotated[float, Meta(ge=0, le=1e8)]
Tokens = Annotated[int, Meta(ge=0, le=10**12)]
Name = Annotated[str, Meta(min_length=1, max_length=700)]

_UNSEEN = "\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069"
_BLANK = " \\u00a0\\u2000-\\u200f\\u202f\\u205f\\u3000\\ufeff"

#: What is_name() of the schema takes, which would refuse the outcome later, when nobody is there to be told.
REGION = f"^[^{_UNSEEN}]*[^{_UNSEEN}{_BLANK}][^{_UNSEEN}]*$(?!\\n)"


class Outcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` is the caller's own: the same one again is counted once. `provider` and `model` are names as everywhere;
    the provider may be left out where one alone has the model, and the model where none was asked.

    `error` is a class of errors or an HTTP status; without it the request succeeded, unless `ok` is false.
    `latency_ms` is the time of the whole answer, `ttft_ms` that until its first token; `at` is when it ended, now if
    absent. `retry_after` are seconds, `message` is what the provider said, without keys.
    """

    id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    provider: Name | None = None
    model: Name | None = None
    region: Annotated[str, Meta(min_length=1, max_length=100, pattern=REGION)] | None = None
    ok: bool | None = None
    error: Annotated[str, Meta(min_length=1, max_length=50)] | Annotated[int, Meta(ge=100, le=599)] | None = None
    latency_ms: Milliseconds | None = None
    ttft_ms: Milliseconds | None = None
    input_tokens: Tokens | None = None
    output_tokens: Tokens | None = None
    at: dt.datetime | None = None
    retry_after: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    message: str | None = None


class Buffered(msgspec.Struct, frozen=True, kw_only=True):
    """Of this process: how many outcomes wait to be written, were written since it started, and were lost because the
    database was away for too long or refused them; how many the database had seen before."""

    waiting: int
    written: int
    dropped: int
    duplicate: int
