"""Metrics as text, read back by Prometheus's own parser."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from radiant.api.exposition import exposition
from radiant.domain.metric import Metric, Sample

VALUES = st.one_of(st.integers(-(10**15), 10**15).map(float), st.floats(allow_nan=False, allow_infinity=False))

#: Line ends other than \n do not separate lines of the format, but the parser's own `splitlines` takes them for that.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"))


def test_a_metric_is_its_help_its_type_and_a_line_per_sample() -> None:
    jobs = Metric("radiant_jobs", "Jobs.", (Sample(2, {"state": "waiting"}), Sample(0, {"state": "running"})))
    asked = Metric("radiant_selects_total", "Requests.", (Sample(1_000_000.0),), "counter")
    age = Metric("radiant_age_seconds", "Age.", (Sample(0.25),))
    assert exposition([jobs, asked, age, Metric("radiant_nothing", "Has no value.", ())]) == (
        "# HELP radiant_jobs Jobs.\n"
        "# TYPE radiant_jobs gauge\n"
        'radiant_jobs{state="waiting"} 2\n'
        'radiant_jobs{state="running"} 0\n'
        "# HELP radiant_selects_total Requests.\n"
        "# TYPE radiant_selects_total counter\n"
        "radiant_selects_total 1000000\n"
        "# HELP radiant_age_seconds Age.\n"
        "# TYPE radiant_age_seconds gauge\n"
        "radiant_age_seconds 0.25\n"
    )


@given(value=VALUES, label=TEXTS, help=TEXTS)
def test_whatever_a_label_says_is_read_back_as_it_was(value: float, label: str, help: str) -> None:
    text = exposition([Metric("radiant_x", help, (Sample(value, {"sink": label, "more": "a"}),))])
    (family,) = text_string_to_metric_families(text)
    (sample,) = family.samples
    assert (sample.name, sample.labels, sample.value) == ("radiant_x", {"sink": label, "more": "a"}, value)
    assert text.count("\n") == 3
