"""Throughput: the output tokens per second that the provider publishes."""

from ..criterion import Criterion, Measure

criterion = Criterion(
    name="throughput",
    measure=Measure(
        by_health=False,
        of=lambda candidate, _: candidate.throughput_tps,
        high=True,
        words=lambda candidate, _: (
            "no published throughput"
            if candidate.throughput_tps is None
            else f"{candidate.throughput_tps:g} tokens a second, as published"
        ),
    ),
)
