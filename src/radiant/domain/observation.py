"""Observations: what one probe or one request of real traffic saw of a provider, and of a model."""

import datetime as dt
from enum import StrEnum

import msgspec

from .vocabulary import HealthStatus

#: Characters of what a provider said that are kept.
LONGEST_MESSAGE = 500

#: The region of what has no other.
GLOBAL = "global"

#: The provider of all that runs on one's own hardware.
SELF_HOSTED = "self_hosted"


class Source(StrEnum):
    """Who saw it."""

    PROBE = "probe"
    TRAFFIC = "traffic"


class Reason(StrEnum):
    """Why something failed, is degraded, or cannot be told."""

    KEY = "key"  #: 401 or 403; 402 or 412: the account is to be settled
    RATE_LIMITED = "rate limited"  #: 429: alive
    TIMEOUT = "timeout"
    REFUSED = "refused"  #: nobody listens there
    TLS = "tls"
    DNS = "dns"
    UNREACHABLE = "unreachable"
    SERVER = "server error"  #: 5xx
    NOT_FOUND = "model not found"  #: 404, 410 or model_not_found
    UNREADABLE = "unreadable answer"
    CONTENT = "content"  #: refused for what it says
    CLIENT = "client error"  #: the request was wrong
    CANCELLED = "cancelled"  #: whoever asked did not wait for the answer
    COLD = "cold"  #: of one's own hardware: nothing of the model runs there
    NO_KEY = "no key"  #: nobody asked, there is no key to ask with
    ADDRESS = "nothing at its address"  #: a probe got 404: the base URL is wrong, or the provider has moved
    OFFLINE = "this host seems offline"


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """One answer, or its absence. Latencies are milliseconds: of all of it, and until the first token.

    `retry_after` are the seconds after which the provider wants to be asked again. `message` is what it said, without
    keys, at most `LONGEST_MESSAGE` characters. `model_id` is None where no model was asked.
    """

    provider_id: str
    region: str = GLOBAL
    model_id: str | None = None
    source: Source
    at: dt.datetime
    ok: bool
    reason: Reason | None = None
    latency_ms: float | None = None
    ttft_ms: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    retry_after: float | None = None
    message: str | None = None

    @property
    def began_at(self) -> dt.datetime:
        """When it was asked; when it ended, where nobody told how long it took."""
        return self.at - dt.timedelta(milliseconds=self.latency_ms or 0.0)


class StatusChange(msgspec.Struct, frozen=True, kw_only=True):
    """A status that became another. `model_id` is None for that of the provider in a region."""

    provider_id: str
    region: str | None
    model_id: str | None
    before: HealthStatus
    after: HealthStatus
    reason: Reason | None
