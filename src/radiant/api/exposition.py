"""Metrics as Prometheus reads them: its text format 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format, read on 2026-11-26.
"""

from collections.abc import Iterable

from radiant.domain.metric import Metric, Sample

#: How the format is called on the wire; the framework adds the charset.
MEDIA_TYPE = "text/plain; version=0.0.4"

_IN_HELP = str.maketrans({"\\": r"\\", "\n": r"\n"})
_IN_LABEL = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


def exposition(metrics: Iterable[Metric]) -> str:
    """All metrics that have a value, each with its help and type."""
    return "".join(_family(metric) for metric in metrics if metric.samples)


def _family(metric: Metric) -> str:
    head = f"# HELP {metric.name} {metric.help.translate(_IN_HELP)}\n# TYPE {metric.name} {metric.kind}\n"
    return head + "".join(_line(metric.name, sample) for sample in metric.samples)


def _line(name: str, sample: Sample) -> str:
    labels = ",".join(f'{label}="{value.translate(_IN_LABEL)}"' for label, value in sample.labels.items())
    return f"{name}{f'{{{labels}}}' if labels else ''} {_number(sample.value)}\n"


def _number(value: float) -> str:
    """Whole numbers without a point, all others so that they are read back exactly."""
    return str(int(value)) if value == value // 1 and abs(value) < 2**53 else repr(float(value))
