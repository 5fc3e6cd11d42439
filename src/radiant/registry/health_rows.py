"""Rows of health as what is folded, and back."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from radiant.domain.observation import GLOBAL, Reason
from radiant.domain.vocabulary import HealthStatus
from radiant.health.circuit import Circuit
from radiant.health.fold import Folded, Published
from radiant.health.histogram import Histogram
from radiant.health.standing import Standing
from radiant.health.tally import Tally

Row = dict[str, Any]


class Key(NamedTuple):
    """Of whom: a provider in a region, or a model wherever it is asked."""

    provider: str
    region: str = GLOBAL
    model: str | None = None

    @property
    def place(self) -> tuple[str, str]:
        """The key of its row of health."""
        return self.provider, self.region if self.model is None else self.model


def standing_of(row: Mapping[str, Any]) -> Standing:
    """How a row stands."""
    return Standing(
        status=HealthStatus(row["status"]),
        reason=_reason(row["reason"]),
        failures=row["failures"],
        refusals=row["refusals"],
        failing_model=row.get("failing_model"),
        successes=row["successes"],
        latency=_number(row["exact_latency_ms"]),
        ttft=_number(row["avg_ttft_ms"]),
        last_check_at=row["last_check_at"],
        last_success_at=row["last_success_at"],
        last_failure_at=row["last_failure_at"],
        last_traffic_at=row["last_traffic_at"],
        last_error=row["last_error"],
        retry_at=row["retry_at"],
    )


def published_of(row: Mapping[str, Any]) -> Published:
    """What selection was told."""
    return Published(_number(row["avg_latency_ms"]), _number(row["error_rate"]))


def circuit_of(row: Mapping[str, Any]) -> Circuit:
    """The circuit of a model's row."""
    return Circuit(
        failures=row["circuit_failures"],
        reason=_reason(row["circuit_reason"]),
        rests=row["rests"],
        resting_until=row["resting_until"],
    )


def health_row(key: Key, folded: Folded) -> Row:
    """The row of a provider or of a model."""
    standing, counted = folded.standing, folded.counted
    row = {
        "provider_id": key.provider,
        "region": key.region,
        "status": standing.status,
        "reason": standing.reason,
        "failures": standing.failures,
        "refusals": standing.refusals,
        "failing_model": standing.failing_model,
        "successes": standing.successes,
        "avg_latency_ms": folded.published.latency,
        "exact_latency_ms": standing.latency,
        "avg_ttft_ms": standing.ttft,
        "p95_latency_ms": counted.latencies.quantile(0.95),
        "p99_latency_ms": counted.latencies.quantile(0.99),
        "error_rate": folded.published.error_rate,
        "success_rate": counted.success_rate,
        "last_check_at": standing.last_check_at,
        "last_success_at": standing.last_success_at,
        "last_failure_at": standing.last_failure_at,
        "last_traffic_at": standing.last_traffic_at,
        "last_error": standing.last_error,
        "retry_at": standing.retry_at,
    }
    return row if key.model is None else row | {"model_id": key.model} | _circuit_row(folded.circuit)


def _circuit_row(circuit: Circuit) -> Row:
    resting = circuit.resting_until is not None
    return {
        "resting_until": circuit.resting_until,
        "resting_because": f"{circuit.failures:,} failures in a row, last: {circuit.reason or 'failed'}"
        if resting
        else None,
        "circuit_failures": circuit.failures,
        "circuit_reason": circuit.reason,
        "rests": circuit.rests,
    }


def tally_of(row: Mapping[str, Any]) -> Tally:
    """What a row of `health_minutes` counted."""
    return Tally(
        ok=row["ok"],
        failed=row["failed"],
        latencies=Histogram.decode(row["latencies"]),
        latency_sum=row["latency_sum"],
        ttft_sum=row["ttft_sum"],
        ttft_count=row["ttft_count"],
        input_tokens=row["input_tokens"],
        output_tokens=row["output_tokens"],
    )


def minute_row(key: Key, minute: dt.datetime, tally: Tally, seconds: int = 60) -> Row:
    """A row of `health_minutes`."""
    return {
        "provider_id": key.provider,
        "region": key.region,
        "model_id": key.model,
        "minute": minute,
        "seconds": seconds,
        "ok": tally.ok,
        "failed": tally.failed,
        "latencies": f"\\x{tally.latencies.encode().hex()}",
        "latency_sum": tally.latency_sum,
        "ttft_sum": tally.ttft_sum,
        "ttft_count": tally.ttft_count,
        "input_tokens": tally.input_tokens,
        "output_tokens": tally.output_tokens,
    }


def minutes_of(rows: Iterable[Mapping[str, Any]]) -> dict[Key, dict[dt.datetime, Tally]]:
    """By whom and by minute."""
    found: dict[Key, dict[dt.datetime, Tally]] = {}
    for row in rows:
        key = Key(row["provider_id"], row["region"], row["model_id"])
        found.setdefault(key, {})[row["minute"]] = tally_of(row)
    return found


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _reason(value: str | None) -> Reason | None:
    """A word of a newer program, or of `psql`, is none that is known here."""
    return _REASONS.get(value) if value is not None else None


_REASONS = {reason.value: reason for reason in Reason}
