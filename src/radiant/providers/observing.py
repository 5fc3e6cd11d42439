"""What was asked of a provider and what came, as an observation of its health."""

import datetime as dt
from types import MappingProxyType
from typing import Final

from radiant.domain.observation import LONGEST_MESSAGE, Observation, Reason, Source

from . import failures
from .failures import Failed

#: What speaks against whom. A key that is not accepted and an account that is not paid are ours to settle.
_REASONS: Final = MappingProxyType(
    {
        failures.Reason.KEY: Reason.KEY,
        failures.Reason.BILLING: Reason.KEY,
        failures.Reason.THROTTLED: Reason.RATE_LIMITED,
        failures.Reason.NOT_THERE: Reason.NOT_FOUND,
        failures.Reason.FAILING: Reason.SERVER,
        failures.Reason.SLOW: Reason.TIMEOUT,
        failures.Reason.UNKNOWN_HOST: Reason.DNS,
        failures.Reason.CLOSED: Reason.REFUSED,
        failures.Reason.TLS: Reason.TLS,
        failures.Reason.UNREACHABLE: Reason.UNREACHABLE,
        failures.Reason.UNREADABLE: Reason.UNREADABLE,
        failures.Reason.MOVED: Reason.UNREADABLE,
    }
)


def answered(
    provider: str, region: str, at: dt.datetime, latency_ms: float, *, source: Source, model: str | None = None
) -> Observation:
    """That it answered well."""
    return Observation(
        provider_id=provider, region=region, model_id=model, source=source, at=at, ok=True, latency_ms=latency_ms
    )


def failed(
    provider: str, region: str, at: dt.datetime, failure: Failed, *, source: Source, model: str | None = None
) -> Observation:
    """That it did not, and why. Without a `model` there is none that could not be found."""
    reason = _REASONS.get(failure.reason, Reason.CLIENT)
    return Observation(
        provider_id=provider,
        region=region,
        model_id=model,
        source=source,
        at=at,
        ok=False,
        reason=Reason.ADDRESS if model is None and reason is Reason.NOT_FOUND else reason,
        retry_after=failure.retry_after,
        message=f"{failure.place}: {failure.problem}"[:LONGEST_MESSAGE],
    )
